"""Where the arrays of an equation stand: windows around the choice, side by side, their operators between.

A matrix takes a heading row and its rows; brackets turn into … and ⋮ where it is cut. Screen and saved
texts draw from the same places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bptui.explain.numbers import s5, s7
from bptui.explain.point import Matrix, Piece

WINDOW = 4  # rows and columns of a matrix that are shown where there is no more room


class Placed(NamedTuple):
    """A window of a matrix: its bracket at (x, y), y the heading's row; rows and columns from 0."""

    matrix: Matrix
    x: int
    y: int
    rows: range
    columns: range

    @property
    def width(self) -> int:
        return max(_body_width(self.matrix, len(self.columns)), len(self.matrix.heading) + 1)

    @property
    def whole(self) -> bool:
        return (len(self.rows), len(self.columns)) == self.matrix.values.shape

    def cell_x(self, column: int) -> int:
        """Where the number of the window's column stands."""
        return self.x + 1 + column * (self.matrix.digits + 1)

    def number(self, row: int, column: int) -> str:
        """The number in the window's cell."""
        form = s7 if self.matrix.digits == 7 else s5
        return form(self.matrix.values[self.rows[row], self.columns[column]])

    def edges(self, row: int) -> tuple[str, str]:
        """What stands left and right of the window's row: a bracket, or that it goes on there."""
        all_rows, all_columns = self.matrix.values.shape
        first, last = row == 0, row == len(self.rows) - 1
        left, right = _brackets(first, last)
        if (first and self.rows.start > 0) or (last and self.rows.stop < all_rows):
            left = "⋮"
        elif self.columns.start > 0:
            left = "…"
        if self.columns.stop < all_columns:
            right = "…"
        elif (first and self.rows.start > 0) or (last and self.rows.stop < all_rows):
            right = "⋮"
        return left, right

    def is_chosen(self, row: int, column: int) -> bool:
        """Whether the window's cell is the chosen element, or in the chosen row or column."""
        m = self.matrix
        by_row = m.row is None or self.rows[row] == m.row
        by_column = m.column is None or self.columns[column] == m.column
        return by_row and by_column and not (m.row is None and m.column is None)


class Layout(NamedTuple):
    """Windows and the operators between them (x, y, text)."""

    placed: tuple[Placed, ...]
    operators: tuple[tuple[int, int, str], ...]
    width: int

    @property
    def whole(self) -> bool:
        """Nothing is cut."""
        return all(placed.whole for placed in self.placed)


def lay_out(pieces: Sequence[Piece], width: int, rows: int = WINDOW, columns: int = WINDOW) -> Layout:
    """As many columns of each matrix as fit into `width`, at most `columns`; `rows` rows of each."""
    for most in range(columns, 0, -1):
        for kept in (pieces, _without_below(pieces)):
            made = _place(kept, rows, most)
            if made.width <= width:
                return made
    return made


def _without_below(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """What may fall away does, with the operator before it."""
    last = pieces[-1]
    return pieces[:-2] if isinstance(last, Matrix) and last.below else pieces


def _place(pieces: Sequence[Piece], rows: int, columns: int) -> Layout:
    placed: list[Placed] = []
    operators: list[tuple[int, int, str]] = []
    tallest = max(min(p.values.shape[0], rows) for p in pieces if isinstance(p, Matrix))
    x, operator_row, end = 0, 1 + min(1, tallest - 1), 0
    for i, piece in enumerate(pieces):
        following = pieces[i + 1] if i + 1 < len(pieces) else None
        if isinstance(piece, str):
            if placed and isinstance(following, Matrix) and _fits_below(following, placed[-1], tallest):
                operators.append((max(placed[-1].x - 2, 0), tallest, piece))
            else:
                operators.append((x + 1, operator_row, piece))
                x += len(piece) + (2 if piece else 1)
                end = max(end, x - 1)
            continue
        if piece.below and placed and _fits_below(piece, placed[-1], tallest):
            window = _window(piece, placed[-1].x, tallest - 1, rows, columns)
        else:
            window = _window(piece, x, 0, rows, columns)
        placed.append(window)
        x = max(x, window.x + window.width)
        end = max(end, x)
    return Layout(tuple(placed), tuple(operators), end)


def _fits_below(piece: Matrix, above: Placed, tallest: int) -> bool:
    return piece.below and above.y == 0 and len(above.rows) + 2 <= tallest


def _window(matrix: Matrix, x: int, y: int, rows: int, columns: int) -> Placed:
    height, width = matrix.values.shape
    row = matrix.near_row if matrix.row is None else matrix.row
    column = matrix.near_column if matrix.column is None else matrix.column
    return Placed(matrix, x, y, _around(row, height, rows), _around(column, width, columns))


def _around(chosen: int, length: int, room: int) -> range:
    """At most `room` numbers with the chosen second among them."""
    first = max(0, min(chosen - 1, length - room))
    return range(first, min(first + room, length))


def _body_width(matrix: Matrix, columns: int) -> int:
    return columns * (matrix.digits + 1) + 1


def _brackets(first: bool, last: bool) -> tuple[str, str]:
    if first and last:
        return "[", "]"
    return ("⎡", "⎤") if first else ("⎣", "⎦") if last else ("⎢", "⎥")
