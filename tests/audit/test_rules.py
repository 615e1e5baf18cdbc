"""What is hashed, and what breaks a chain."""

from datetime import UTC, datetime, timedelta

import pytest

from app.audit.models import AuditRow
from app.audit.rules import GENESIS, canonical, first_broken, row_digest

AT = datetime(2021, 3, 2, 1, tzinfo=UTC)


def chain(length, *, salt=True):
    rows, previous = [], GENESIS
    for seq in range(1, length + 1):
        row = {
            "chain": "topic",
            "subject_id": 1,
            "seq": seq,
            "at": AT + timedelta(minutes=seq),
            "by": seq,
            "act": "OpinionEndorsed",
            "details": canonical({"count": seq}),
            "previous": previous,
            "salt": salt and bytes([seq]) * 16,
        }
        previous = row_digest(**row)
        rows.append(AuditRow(**row, digest=previous))
    return rows


def test_a_chain_as_written_holds():
    assert first_broken(chain(5)) is None
    assert first_broken(chain(5, salt=None)) is None, "as rows were written before"
    assert first_broken([]) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", AT),
        ("by", 99),
        ("by", None),
        ("act", "OpinionWritten"),
        ("details", '{"count":4}'),
        ("chain", "ballot"),
        ("subject_id", 2),
        ("seq", 9),
        ("previous", GENESIS),
        ("salt", None),
        ("salt", b"\x09" * 16),
        ("digest", b"\1" * 32),
    ],
)
def test_any_changed_column_breaks_the_chain_at_its_row(column, value):
    rows = chain(5)
    setattr(rows[2], column, value)
    assert first_broken(rows) == 3


def test_a_removed_doubled_or_swapped_row_breaks_the_chain():
    rows = chain(5)
    assert first_broken(rows[1:]) == 1
    assert first_broken([*rows[:2], *rows[3:]]) == 3
    assert first_broken([*rows[:2], rows[1], *rows[2:]]) == 3
    assert first_broken([rows[0], rows[2], rows[1], *rows[3:]]) == 2


def test_equal_details_are_equal_bytes_and_unknown_kinds_are_refused():
    assert canonical({"b": 1, "a": "x"}) == '{"a":"x","b":1}' == canonical({"a": "x", "b": 1})
    with pytest.raises(TypeError):
        canonical({"when": AT})


@pytest.mark.parametrize("typed", ["홍길동", "010-1234-5678", "hong@example.kr", "two words", ""])
def test_what_somebody_typed_is_never_chained(typed):
    with pytest.raises(TypeError, match="never text"):
        canonical({"reason": typed})
    with pytest.raises(TypeError, match="never text"):
        canonical({"heads": (("place", 1), ("place", typed))})
