"""What may stand in no file of this repository, whoever writes it."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tools.pins import complaints, project_files

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "app" / "static" / "vendor"
LONGEST_MODULE = 450

RICH_TEXT_DOOR = {"app/core/richtext.py", "app/web/templating.py"}
MARKUP = re.compile(r"\bMarkup\(|\|\s*safe\b|\bautoescape\s+false\b")
INLINE_STYLE = re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<(script|style)\b(?P<attributes>[^>]*)>", re.IGNORECASE)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
NONCE = re.compile(r"\bnonce\s*=")
ASKS_FOR_GET = re.compile(r"""method\s*[!=]=\s*["']GET["']""")
SLEEP = re.compile(
    r"\b(time|gevent|asyncio|eventlet)\.sleep\(\s*(?!0\s*\))|from time import .*\bsleep\b"
)
# Written so that this file does not hold them itself.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|home/[a-z]\w*|Users/\w+|tmp)/[\w.-]")


def files(*suffixes: str, under: str = "") -> list[Path]:
    return [
        path
        for path in project_files()
        if path.suffix in suffixes
        and path.is_relative_to(ROOT / under)
        and not path.is_relative_to(VENDOR)
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def without_jinja(text: str) -> str:
    """The same text, as many characters long, with dashes where the template computes."""
    return JINJA.sub(lambda found: re.sub(r"[^\n]", "-", found.group()), text)


def lines_with(pattern: re.Pattern[str], paths: list[Path], *, jinja: bool = True) -> Iterator[str]:
    """Each place of ``pattern``, also where it spans lines, as ``path:line``."""
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if not jinja:
            text = without_jinja(text)
        for found in pattern.finditer(text):
            yield f"{name(path)}:{text.count(chr(10), 0, found.start()) + 1}"


@pytest.mark.parametrize(
    ("pattern", "offence", "innocent"),
    [
        (MARKUP, "{{ body|safe }}", "{{ body|safely }}"),
        (INLINE_STYLE, '<p {% if a > b %}x{% endif %} style="color:red">', '{{ row(style="a") }}'),
        (INLINE_HANDLER, "<a href='#'\n  onclick='go()'>", '<a data-on="x" class="on">'),
        (SLEEP, "time.sleep(0.1)", "gevent.sleep(0)"),
        (MACHINE_PATH, "open('/" + "root/x')", "url('/static/home/alice/x')"),
    ],
)
def test_the_patterns_see_an_offence_and_spare_the_innocent(pattern, offence, innocent):
    assert pattern.search(without_jinja(offence) if pattern is INLINE_STYLE else offence)
    assert not pattern.search(without_jinja(innocent) if pattern is INLINE_STYLE else innocent)


def test_markup_is_made_only_behind_the_rich_text_door():
    paths = [
        path for path in files(".py", ".html", under="app") if name(path) not in RICH_TEXT_DOOR
    ]
    assert list(lines_with(MARKUP, paths)) == []


@pytest.mark.parametrize("pattern", [INLINE_STYLE, INLINE_HANDLER])
def test_templates_carry_no_inline_style_and_no_inline_handler(pattern):
    assert list(lines_with(pattern, files(".html", ".svg", under="app"), jinja=False)) == []


def test_every_inline_script_and_style_carries_the_nonce():
    bare = [
        f"{name(path)}: {found.group()}"
        for path in files(".html", under="app/templates")
        for found in SCRIPT.finditer(path.read_text(encoding="utf-8"))
        if not NONCE.search(found["attributes"])
    ]
    assert bare == []


def test_a_page_asked_for_its_headers_alone_is_not_forgotten():
    """HEAD answers as GET: what is no POST is a look, so pages ask for POST and nothing else."""
    paths = files(".py", ".html", under="app")
    assert list(lines_with(ASKS_FOR_GET, paths)) == []


def test_nothing_waits_by_sleeping():
    paths = files(".py", under="app") + files(".py", under="tests")
    here = Path(__file__).resolve()
    assert list(lines_with(SLEEP, [path for path in paths if path != here])) == []


def test_no_file_knows_a_path_of_one_machine():
    kinds = (".py", ".html", ".md", ".toml", ".sh", ".js", ".css", ".json", ".cfg", ".ini", ".txt")
    here = Path(__file__).resolve()
    assert list(lines_with(MACHINE_PATH, [path for path in files(*kinds) if path != here])) == []


def test_pins_are_exact_hashed_and_name_no_package_host():
    assert list(complaints()) == []


KEPT = re.compile(r"remembered(?:_here)?\((\w+)\)")
OWN = re.compile(
    r"\b(request|session|g|current_user|viewer|visitor|csrf_token|csp_nonce|now|days_left|page_url)\b"
)
MACRO = re.compile(r"{%-? macro (\w+)\((.*?)\) -?%}(.*?){%-? endmacro", re.DOTALL)


def test_what_a_template_keeps_knows_nothing_of_who_asks():
    """A drawing that is kept serves everybody: no visitor, token or clock in it or in its parts."""
    texts = {
        path: path.read_text(encoding="utf-8") for path in files(".html", under="app/templates")
    }
    bare = {path: re.sub(r"{#.*?#}", "", text, flags=re.DOTALL) for path, text in texts.items()}
    macros = {
        path: {one: code_of(body) for one, _, body in MACRO.findall(text)}
        for path, text in bare.items()
    }
    everywhere = {one: code for of_file in macros.values() for one, code in of_file.items()}
    found = 0
    for path, text in bare.items():
        for kept in KEPT.findall(text):
            assert kept in macros[path], f"{name(path)}: {kept} is no macro of this file"
            waiting, seen = [kept], set()
            while waiting:
                one = waiting.pop()
                code = macros[path].get(one) or everywhere[one]
                assert not OWN.search(code), f"{name(path)}: {kept} is not the same for everybody"
                seen.add(one)
                called = set(re.findall(r"\b(\w+)\(", code)) & set(everywhere)
                waiting += called - seen
            found += 1
    assert found >= 15


def code_of(body: str) -> str:
    """Return what of a macro is code, without its texts."""
    code = " ".join(re.findall(r"{[{%].*?[%}]}", body, re.DOTALL))
    return re.sub(r"\"[^\"]*\"|'[^']*'", "", code)


def test_a_template_imports_what_it_uses_and_nothing_else():
    environment = Environment(extensions=["jinja2.ext.i18n"])
    idle = set()
    for path in files(".html", under="app/templates"):
        template = environment.parse(path.read_text(encoding="utf-8"))
        imported = {
            one[1] if isinstance(one, tuple) else one
            for line in template.find_all(nodes.FromImport)
            for one in line.names
        } | {line.target for line in template.find_all(nodes.Import)}
        used = {one.name for one in template.find_all(nodes.Name) if one.ctx == "load"}
        idle |= {f"{name(path)}: {one}" for one in imported - used}
    assert idle == set()


def test_every_module_fits_on_a_few_screens():
    lengths = {
        name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(".py")
        if not name(path).startswith("migrations/")  # written once, by the migration tool
    }
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_vendored_files_are_the_ones_in_the_manifest():
    packages = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))["packages"]
    stated = {path: digest for package in packages for path, digest in package["files"].items()}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "MANIFEST.json"
    }
    assert found == stated
    assert all(package["licence"] for package in packages)
