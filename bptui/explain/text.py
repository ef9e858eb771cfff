"""A worked example as plain text for a terminal, a mail, a notebook: 80 columns, the notation's own signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from textwrap import wrap

from bptui.explain.document import (
    Arrays,
    Document,
    Formulas,
    Grid,
    Heading,
    Paragraph,
    Part,
    Table,
    Working,
    beside,
    grid_width,
    wide,
    wrapped,
)

WIDTH = 80
_INDENT = "  "
_BETWEEN = "  "  # columns of a table


def render(document: Document) -> str:
    """The whole text, a blank line between two parts."""
    return "\n\n".join("\n".join(line.rstrip() for line in _lines(part)) for part in document) + "\n"


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Heading():
            yield from _heading(part)
        case Paragraph():
            yield from _prose(part.text)
        case Table():
            yield from _table(part)
        case Formulas():
            yield from (f"{_INDENT}{line}" for line in part.lines)
        case Arrays():
            yield from _arrays(part)
        case Working():
            yield from _working(part)


def _prose(text: str) -> Iterator[str]:
    """In lines; what a sign joins stays on one of them."""
    joined = re.sub(r" ([=+−×·⊙<>→]) ", r"\0\1\0", text).replace("Σ ", "Σ\0")
    for line in wrap(joined, WIDTH, break_long_words=False, break_on_hyphens=False):
        yield line.replace("\0", " ")


def _heading(heading: Heading) -> Iterator[str]:
    if heading.level == 2:
        yield f"── {heading.text} ".ljust(WIDTH, "─")
        return
    yield heading.text
    yield ("=" if heading.level == 1 else "-") * columns(heading.text)


def columns(text: str) -> int:
    """How many a terminal gives it: an accent that stands on a letter takes none."""
    return sum(unicodedata.combining(character) == 0 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


def _table(table: Table) -> Iterator[str]:
    widths = [max(map(columns, column)) for column in zip(*table.rows, strict=True)]
    lead = sum(widths[:-1]) + len(_BETWEEN) * (len(widths) - 2)
    room = WIDTH - len(_INDENT) - lead - len(_BETWEEN)
    for number, row in enumerate(table.rows):
        start = _BETWEEN.join(_padded(cell, width) for cell, width in zip(row[:-1], widths, strict=False))
        # The last column takes what is left of the line, over several lines where it is long.
        for index, line in enumerate(wrap(row[-1], room) or [""]):
            yield f"{_INDENT}{start if index == 0 else ' ' * lead}{_BETWEEN}{line}"
        if number == 0:
            yield _INDENT + _BETWEEN.join("─" * width for width in (*widths[:-1], min(widths[-1], room)))


def _arrays(arrays: Arrays) -> Iterator[str]:
    room = WIDTH - len(_INDENT)
    for number, row in enumerate(beside(arrays.pieces, room)):
        for index, part in enumerate([row] if wide(row) <= room else _broken(row, room)):
            if number or index:
                yield ""
            yield from (_INDENT + line for line in _row(part))


def _broken(pieces: Sequence[Grid | str], room: int) -> list[list[Grid | str]]:
    """An array that is wider than a line, by its columns over several; what is before and after it stays
    with the first and the last."""
    place = next(i for i, piece in enumerate(pieces) if isinstance(piece, Grid))
    whole = pieces[place]
    assert isinstance(whole, Grid)
    columns_of_it = list(zip(*whole.cells, strict=True))
    for each in range(len(columns_of_it) - 1, 0, -1):
        starts = range(0, len(columns_of_it), each)
        parts: list[list[Grid | str]] = []
        for start in starts:
            cells = tuple(zip(*columns_of_it[start : start + each], strict=True))
            name = f"continued: {whole.name}" if start else whole.name
            parts.append([whole._replace(name=name, cells=cells)])
        parts = [[*pieces[:place], *parts[0]], *parts[1:-1], [*parts[-1], *pieces[place + 1 :]]]
        # As many on each line, but for one on the last.
        if len(columns_of_it) % each in (0, each - 1) and all(wide(part) <= room for part in parts):
            break
    return parts


def _row(pieces: Sequence[Grid | str]) -> Iterator[str]:
    """Arrays beside each other, each half way down the tallest, and the operators in the middle."""
    tallest = max(len(piece.cells) for piece in pieces if isinstance(piece, Grid))
    blocks = [_block(p, tallest) if isinstance(p, Grid) else _operator(p, tallest) for p in pieces]
    for line in range(tallest + 1):
        yield " ".join(block[line] for block in blocks)


def _operator(sign: str, tallest: int) -> list[str]:
    lines = [" " * columns(sign)] * (tallest + 1)
    lines[1 + (tallest - 1) // 2] = sign
    return lines


def _block(grid: Grid, tallest: int) -> list[str]:
    """Its name and shape, then its rows in brackets, among as many lines as the tallest has."""
    width = grid_width(grid)
    numbers = [" ".join(row) for row in grid.aligned]
    last = len(numbers) - 1
    rows = [f" {grid.name} {grid.shape}", *(_bracketed(line, i, last) for i, line in enumerate(numbers))]
    above = (tallest - len(numbers)) // 2
    lines = [*[""] * above, *rows, *[""] * (tallest - len(numbers) - above)]
    return [_padded(line, width) for line in lines]


def _bracketed(line: str, index: int, last: int) -> str:
    if last == 0:
        return f"[{line}]"
    left, right = ("⎡", "⎤") if index == 0 else ("⎣", "⎦") if index == last else ("⎢", "⎥")
    return f"{left}{line}{right}"


def _working(working: Working) -> Iterator[str]:
    lead = columns(working.left)
    for number, terms in enumerate(working.lines):
        left = working.left if number == 0 else " " * lead
        for index, row in enumerate(wrapped(terms, WIDTH - len(_INDENT) - lead - 3)):
            yield f"{_INDENT}{left} = {row}" if index == 0 else f"{_INDENT}{' ' * lead}   {row}"
