"""How a table of text is written: what parts its cells, and whether its first row names the columns."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Sequence

from bptui.data.cells import is_missing, looks_numeric

DELIMITERS = {"\t": "tabs", ";": "semicolons", ",": "commas"}
_SAMPLE_ROWS = 50
_SAMPLE_CHARACTERS = 2**20

Row = Sequence[str]


def delimiter_of(text: str) -> str:
    """The tab, semicolon or comma that parts the cells of `text`, judged by its first rows.

    It must part the first row; then the one that gives the most rows as many cells as the first wins, then
    the one that makes the larger share of the cells numbers (so that `1,5;2,5` is two numbers with decimal
    commas), then the order tab, semicolon, comma. A single column counts as parted by commas.
    """
    best, found = (0.0, 0.0), ","
    for delimiter in DELIMITERS:
        score = _score(_sample(text, delimiter))
        if score > best:
            best, found = score, delimiter
    return found


def _sample(text: str, delimiter: str) -> list[list[str]]:
    start = io.StringIO(text[:_SAMPLE_CHARACTERS], newline="\n")
    reader = csv.reader(start, delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    try:
        rows.extend(itertools.islice((row for row in reader if row), _SAMPLE_ROWS))
    except csv.Error:
        return rows
    return rows


def _score(rows: list[list[str]]) -> tuple[float, float]:
    """(share of rows as wide as the first, share of cells that are numbers); nothing for a single column."""
    if not rows or len(rows[0]) < 2:
        return 0.0, 0.0
    even = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
    cells = [cell.strip() for row in rows for cell in row]
    return even, sum(map(looks_numeric, cells)) / len(cells)


def has_header(rows: Sequence[Row]) -> bool:
    """Whether the first of `rows` (all of the same length, at least one) names the columns.

    It does where none of its cells is a number or a missing mark (an empty cell may stand, for a column
    without a name; not all may be empty) and either some named column holds numbers and nothing else below,
    or its names are distinct and none of them is a cell further down. So a file of text alone has a header
    unless its first row looks like one of the others, and names that are numbers are never a header.
    """
    first, below = rows[0], rows[1:]
    names = [cell for cell in first if cell]
    if not names or any(looks_numeric(cell) or is_missing(cell) for cell in names):
        return False
    if any(cell and _numeric(below, column) for column, cell in enumerate(first)):
        return True
    return len(set(names)) == len(names) and not _recurs(frozenset(names), below)


def _numeric(rows: Sequence[Row], column: int) -> bool:
    present = [row[column] for row in rows if not is_missing(row[column])]
    return bool(present) and all(map(looks_numeric, present))


def _recurs(names: frozenset[str], rows: Sequence[Row]) -> bool:
    return any(not names.isdisjoint(row) for row in rows)
