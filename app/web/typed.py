"""What was typed into a form that is refused, so that nobody has to write it again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug.exceptions import HTTPException
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectFieldBase

from app.web.forms import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from wtforms import Field

LONG = 20
LEFT_OUT = (BooleanField, RadioField, SelectMultipleField)
UNSHOWN = (HiddenField, PasswordField)
SECRET = ("csrf_token", "passphrase", "password", "state", "token", "code", "once", "nonce")


@dataclass(frozen=True)
class Typed:
    """One thing that was typed or chosen; the label is empty where we do not know the field."""

    text: str
    label: str = ""

    @property
    def is_long(self) -> bool:
        """Say whether it wants room to be read and copied."""
        return len(self.text) > LONG


def typed_fields() -> list[Typed]:
    """Return what was typed or chosen, under the labels of its form; nothing secret or hidden.

    Of a form that is none of ours longer texts alone are returned, and nothing of one that broke
    off on its way.
    """
    try:
        sent = {name: text for name, text in request.form.items() if _is_open(name)}
    except (HTTPException, OSError):
        return []
    kind = _kind_of(set(sent))
    if kind is None:
        return [Typed(text) for text in sent.values() if len(text) > LONG]
    told = [(field, _said(field, sent)) for field in kind(formdata=request.form)]
    return [Typed(text, str(field.label.text)) for field, text in told if text]


def _is_open(name: str) -> bool:
    return not any(word in name for word in SECRET)


def _kind_of(names: set[str]) -> type[Paper] | None:
    """Return the form that was sent: of those whose fields all came, the one with most of them."""
    sure = {
        kind: _always_sent(kind)  # type: ignore[arg-type] # a class is as hashable as any other
        for kind in _kinds(Paper)
    }
    fitting = [kind for kind, fields in sure.items() if fields and fields <= names]
    return max(fitting, key=lambda kind: len(sure[kind]), default=None)


def _kinds(above: type[Paper]) -> Iterator[type[Paper]]:
    for kind in above.__subclasses__():
        yield kind
        yield from _kinds(kind)


@cache
def _always_sent(kind: type[Paper]) -> frozenset[str]:
    """Return the fields that a browser sends even when they were left alone: boxes are not."""
    return frozenset(
        name
        for name in dir(kind)
        if _is_open(name)
        and hasattr(field := getattr(kind, name), "_formfield")
        and not issubclass(field.field_class, (*LEFT_OUT, *UNSHOWN))
    )


def _said(field: Field, sent: Mapping[str, str]) -> str:
    """Return what a field says to a reader: of a choice its word, of what is no text nothing."""
    if isinstance(field, (BooleanField, *UNSHOWN)) or field.name not in sent:
        return ""
    if getattr(field.widget, "input_type", "") in ("hidden", "password"):
        return ""
    if isinstance(field, SelectFieldBase):
        chosen = sent[field.name]
        offered: Iterable[Any] = field.iter_choices() if getattr(field, "choices", None) else ()
        return next((str(one.label) for one in offered if str(one.value) == chosen != ""), "")
    return sent[field.name]
