"""What the user changed, on the loss curve: a dotted line each, and words where the curves leave room."""

from __future__ import annotations

from collections.abc import Sequence

from bptui.escape import safe
from bptui.session.frame import Mark
from bptui.tui.drawing import plot
from bptui.tui.drawing.canvas import Canvas

NEAR = 8  # columns: marks closer than that share a label
LONGEST = 20  # characters of a label

Rows = Sequence[str]


def draw_marks(
    canvas: Canvas, x: int, y: int, marks: Sequence[Mark], ends: tuple[int, int], curves: Sequence[Rows]
) -> None:
    """In the cells from (x, y) that `curves`, rows of one size, are drawn in; `ends`: of the axis, steps."""
    rows, columns = len(curves[0]), len(curves[0][0])
    places = [
        (plot.cell(mark.step, ends, columns), safe(mark.label, LONGEST))
        for mark in marks
        if ends[0] <= mark.step <= ends[1]
    ]
    for at, _ in places:
        for row in range(rows):
            canvas.put(x + at, y + row, "┊", "faint")
    taken: set[tuple[int, int]] = set()  # row and column of what other labels cover
    for group in _groups(places):
        label = group[0][1] if len(group) == 1 else f"{len(group)} changes"
        place = _free(group[-1][0], label, curves, taken)
        if place is not None:
            at, row = place
            canvas.put(x + at, y + row, label, "text")
            taken |= {(row, at + i) for i in range(len(label))}


def _groups(places: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    groups: list[list[tuple[int, str]]] = []
    for place in sorted(places, key=lambda place: place[0]):
        if groups and place[0] - groups[-1][-1][0] < NEAR:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _free(at: int, label: str, curves: Sequence[Rows], taken: set[tuple[int, int]]) -> tuple[int, int] | None:
    """Column and row: right of its line, else left of it; in the outermost row where nothing is yet."""
    rows, columns = len(curves[0]), len(curves[0][0])
    for start in (at + 1, at - len(label)):
        end = start + len(label)
        if start < 0 or end > columns:
            continue
        for row in sorted(range(rows), key=lambda row: min(row, rows - 1 - row)):
            if all(curve[row][start:end].isspace() for curve in curves) and not any(
                (row, column) in taken for column in range(start, end)
            ):
                return start, row
    return None
