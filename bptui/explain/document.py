"""What a worked example is made of, whatever it is written in.

Prose and mathematics are strings in the notation's signs (δ⁽²⁾, w₁₂, ∂L/∂W); a format is a function from
these parts to a text.
"""

from __future__ import annotations

from typing import NamedTuple


class Heading(NamedTuple):
    """level 1 is the title."""

    text: str
    level: int = 2


class Paragraph(NamedTuple):
    """Prose."""

    text: str


class Table(NamedTuple):
    """Cells are prose; the first row of them is the head."""

    rows: tuple[tuple[str, ...], ...]


class Formulas(NamedTuple):
    """Equations in symbols, one a line."""

    lines: tuple[str, ...]


class Grid(NamedTuple):
    """An array as it is written: cells in rows, with ⋯, ⋮ and ⋱ where some are left out."""

    name: str
    rows: int  # of the whole array
    columns: int
    cells: tuple[tuple[str, ...], ...]

    @property
    def shape(self) -> str:
        """4×2"""
        return f"{self.rows}×{self.columns}"

    @property
    def aligned(self) -> tuple[tuple[str, ...], ...]:
        """The cells of each column at their decimal points, equally wide."""
        made = [_at_points(column) for column in zip(*self.cells, strict=True)]
        return tuple(zip(*made, strict=True))

    @property
    def widths(self) -> tuple[int, ...]:
        """Of each column, in characters."""
        return tuple(map(len, self.aligned[0]))


class Arrays(NamedTuple):
    """An equation between arrays; a string is an operator."""

    pieces: tuple[Grid | str, ...]


class Working(NamedTuple):
    """left = a line of terms = a line of terms = … : each term begins with the sign that joins it."""

    left: str
    lines: tuple[tuple[str, ...], ...]


Part = Heading | Paragraph | Table | Formulas | Arrays | Working
Document = tuple[Part, ...]


def _at_points(column: tuple[str, ...]) -> list[str]:
    parts = [cell.partition(".") for cell in column]
    before = max(len(whole) for whole, _, _ in parts)
    after = max(len(point + digits) for _, point, digits in parts)
    return [whole.rjust(before) + (point + digits).ljust(after) for whole, point, digits in parts]


def beside(pieces: tuple[Grid | str, ...], width: int) -> list[list[Grid | str]]:
    """The pieces in rows of at most `width` characters; an operator goes with what comes after it."""
    rows: list[list[Grid | str]] = [[]]
    for unit in _units(pieces):
        if rows[-1] and wide([*rows[-1], *unit]) > width:
            rows.append([])
        rows[-1].extend(unit)
    return rows


def wide(pieces: list[Grid | str]) -> int:
    """Characters that pieces take beside each other: numbers with a blank between and brackets around."""
    return sum(grid_width(p) + 1 if isinstance(p, Grid) else len(p) + 1 for p in pieces) - 1


def grid_width(grid: Grid) -> int:
    """With its brackets, at least its name and shape."""
    return max(sum(grid.widths) + len(grid.widths) + 1, len(f"{grid.name} {grid.shape}") + 1)


def _units(pieces: tuple[Grid | str, ...]) -> list[list[Grid | str]]:
    """What stays together: operators, then an array, with a bracket that closes after it."""
    units: list[list[Grid | str]] = [[]]
    for piece in pieces:
        closes = isinstance(piece, str) and piece.startswith(")")
        if not closes and any(isinstance(p, Grid) for p in units[-1]):
            units.append([])
        units[-1].append(piece)
    return units


def wrapped(terms: tuple[str, ...], width: int) -> list[str]:
    """A line of terms in rows of at most `width` characters."""
    rows = [""]
    for term in terms:
        if rows[-1] and len(rows[-1]) + 1 + len(term) > width:
            rows.append("")
        rows[-1] = f"{rows[-1]} {term}".lstrip()
    return rows
