"""Who took part is told so that neither a cell nor the number of all tells of fewer than five."""

from __future__ import annotations

from app.forum.rules.attendance import by_dong

DONGS = ["가동", "나동", "다동", "라동"]


def _told(*counts: int) -> list[int | None]:
    people = [
        (place * 100 + number, dong)
        for place, (dong, count) in enumerate(zip(DONGS, counts, strict=True))
        for number in range(count)
    ]
    return [cell.people for cell in by_dong(people, DONGS)]


def test_cells_under_five_are_hidden():
    assert _told(5, 9, 7, 6) == [5, 9, 7, 6]
    assert _told(3, 9, 4, 6) == [None, 9, None, 6]
    assert _told(0, 9, 7, 6) == [None, 9, 7, 6]


def test_no_small_cell_is_what_all_lack_of_those_told():
    assert _told(1, 9, 7, 6) == [None, 9, 7, None]
    assert _told(1, 9, 2, 6) == [None, 9, None, None]
    assert _told(4, 0, 0, 0) == [None, None, None, None]
