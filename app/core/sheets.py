"""Cells that spreadsheets open: what people wrote stays text and never becomes a formula."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def inert(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before such."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_written(cell: str) -> str:
    """Return what was written before inert() made a cell of it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
