"""One page of a long list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
PAGE_SIZE = 20
MOST_PAGES = 5_000  # further back nobody turns page by page


@dataclass(frozen=True)
class Page(Generic[T]):
    """Items of one page, numbered from 1, and whether there are more."""

    items: Sequence[T]
    number: int
    has_next: bool
    total: int | None = None

    @property
    def has_previous(self) -> bool:
        """Say whether a page stands before this one."""
        return self.number > 1

    @property
    def is_past_end(self) -> bool:
        """Say whether the list ended before this page; nothing on the first page is no end."""
        return self.number > 1 and not self.items


def page_of(
    rows: Sequence[T], *, number: int, size: int = PAGE_SIZE, total: int | None = None
) -> Page[T]:
    """Make a page from up to size + 1 rows; the extra row only tells that more follow.

    The last page that can be asked for leads no further.
    """
    return Page(rows[:size], number, len(rows) > size and number < MOST_PAGES, total)
