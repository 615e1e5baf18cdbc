"""The index: photographs side by side, page after page, with a list to jump from."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tools.gallery.camera import Photograph

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1e2124}
body{display:grid;grid-template-columns:17rem 1fr}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1rem;border-right:1px solid #ddd}
nav a{display:block;padding:.15rem 0;color:inherit;text-decoration:none;font-size:14px}
nav h2{font-size:14px;margin:1rem 0 .25rem}main{padding:1rem 2rem;min-width:0}
section{margin-bottom:3rem;scroll-margin-top:1rem}section h3{margin:0}
section p{margin:0 0 .5rem;color:#555}
.shots{display:flex;gap:1rem;overflow-x:auto;align-items:flex-start;padding-bottom:.5rem}
figure{margin:0}figcaption{font-size:13px;color:#555}
img{height:38rem;max-width:60rem;object-fit:cover;object-position:top left;border:1px solid #ccc}
pre{white-space:pre-wrap;background:#f6f6f4;padding:1rem;max-width:44rem}
"""


def bind(
    folder: Path, taken: Sequence[Photograph], letters: Sequence[tuple[str, str, str]]
) -> Path:
    """Write the index and return its file."""
    rows: dict[tuple[str, str, str, str], list[Photograph]] = {}
    for each in taken:
        rows.setdefault((each.state, each.viewer, each.kind, each.address), []).append(each)
    menu, body, chapter = [], [], ("", "")
    for number, ((state, viewer, kind, address), photographs) in enumerate(rows.items()):
        if chapter != (state, viewer):
            chapter = (state, viewer)
            menu.append(f"<h2>{escape(state)} · {escape(viewer)}</h2>")
        menu.append(f"<a href='#p{number}'>{escape(kind)}</a>")
        title = f"{state} · {viewer} · {kind}"
        body.append(
            f"<section id='p{number}'><h3>{escape(title)}</h3>"
            f"<p>{escape(address)} · {photographs[0].status}</p><div class='shots'>"
        )
        body += [_figure(folder, each) for each in photographs]
        body.append("</div></section>")
    if letters:
        menu.append("<h2>mail</h2>")
    for kind, subject, text in letters:
        menu.append(f"<a href='#m-{escape(kind)}'>{escape(kind)}</a>")
        body.append(
            f"<section id='m-{escape(kind)}'><h3>mail · {escape(kind)}</h3>"
            f"<p>{escape(subject)}</p><pre>{escape(text)}</pre></section>"
        )
    index = folder / "index.html"
    index.write_text(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Gallery</title>"
        f"<style>{STYLE}</style><nav>{''.join(menu)}</nav><main>{''.join(body)}</main></html>",
        encoding="utf-8",
    )
    return index


def _figure(folder: Path, each: Photograph) -> str:
    source = escape(each.file.relative_to(folder).as_posix(), quote=True)
    return (
        f"<figure><a href='{source}'><img loading='lazy' src='{source}' alt='{each.frame}'></a>"
        f"<figcaption>{each.frame}</figcaption></figure>"
    )
