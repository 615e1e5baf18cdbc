"""Budget elections in the format of Pabulib, the library of real ones: `.pb` in and out."""

from app.ballots.rules.counting.formats.pabulib.file import PabulibFile
from app.ballots.rules.counting.formats.pabulib.notes import Note, Oddity
from app.ballots.rules.counting.formats.pabulib.publishing import (
    Difference,
    Reason,
    count_pabulib,
    difference,
)
from app.ballots.rules.counting.formats.pabulib.reading import read_pabulib
from app.ballots.rules.counting.formats.pabulib.writing import write_pabulib

__all__ = [
    "Difference",
    "Note",
    "Oddity",
    "PabulibFile",
    "Reason",
    "count_pabulib",
    "difference",
    "read_pabulib",
    "write_pabulib",
]
