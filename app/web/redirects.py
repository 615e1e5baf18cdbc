"""Where a form may send its sender next: a path of this site, nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(target: str | None, default: str) -> str:
    """Return the target if it is a plain path of this site, else the default.

    Addresses with a scheme or host, `//host`, backslashes and control characters are not.
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if "\\" in target or any(ord(letter) < 32 for letter in target):  # noqa: PLR2004
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
