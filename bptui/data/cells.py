"""What one cell of a table says: a number, nothing, or text."""

from __future__ import annotations

import re
from collections.abc import Sequence

# float() alone would take 1_000 and the digits of every script.
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?)", re.IGNORECASE)
# What float() reads exactly as number() does.
_PLAIN = re.compile(r"[0-9.eE+\-\n]*")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:e[+-]?[0-9]+)?", re.IGNORECASE)

MISSING = frozenset({"", "?", "na", "n/a", "nan", "+nan", "-nan", "null", "-"})


def is_missing(cell: str) -> bool:
    """Whether the cell says that there is no value: empty, ?, NA, N/A, NaN, null or -, in any case."""
    return cell.lower() in MISSING


def number(cell: str) -> float | None:
    """The number that a cell holds in ASCII digits with a decimal point, else None.

    `inf`, and numbers beyond the largest float, come as infinities; NaN is a missing cell, not a number.
    """
    return float(cell) if _NUMBER.fullmatch(cell) else None


def plain_numbers(cells: Sequence[str]) -> list[float] | None:
    """The numbers of a column in which every cell is one, much faster than cell by cell; else None."""
    if not _PLAIN.fullmatch("\n".join(cells)):
        return None
    try:
        return list(map(float, cells))
    except ValueError:
        return None


def has_decimal_comma(cell: str) -> bool:
    """Whether the cell would be a number if its comma were a point."""
    return _DECIMAL_COMMA.fullmatch(cell) is not None


def looks_numeric(cell: str) -> bool:
    """A number, or what its writer took for one."""
    return number(cell) is not None or has_decimal_comma(cell)
