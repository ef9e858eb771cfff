"""A run's branches as a tree: where each left which other, what was changed there, how far it came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import NamedTuple

import numpy as np

from bptui.escape import cut
from bptui.explain.numbers import count, u7
from bptui.session.history import Column
from bptui.session.tree import BranchView
from bptui.tui.drawing.answers import narrow
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.gradients import sparkline
from bptui.tui.drawing.palette import Palette

CURVE, STEP, LOSS, FROM = 14, 9, 7, 22  # cells of the columns
MARKS = 4  # cells: the cursor's ▸, the state's ● or ✕
DETAIL = 3  # rows that tell all of the branch in question
HEAD = 2  # rows before the first branch
WITH_CURVE, WITH_FROM = 96, 76  # cells from which they are there
NAME = 30  # cells of tree, number and name at most
TREE = 12  # cells of the tree's lines at most; of more the last ones are seen

Losses = Callable[[int, int], Sequence[Column]]  # of a branch, in at most so many columns


class Row(NamedTuple):
    """lines: the tree's, before the branch."""

    branch: BranchView
    lines: str


class Chosen(NamedTuple):
    """The branches in question, marked, and about to be dropped, by their numbers; 0: none."""

    branch: int
    marked: int = 0
    dropped: int = 0


class Layout(NamedTuple):
    """Where the columns begin; 0: there is none."""

    name: int
    source: int
    why: int
    step: int  # where it ends
    loss: int  # where it ends
    curve: int


def rows_of(branches: Sequence[BranchView]) -> tuple[Row, ...]:
    """Each under the one that it left, in the order in which they began."""
    rows: list[Row] = []

    def hang(branch: BranchView, before: str, lines: str) -> None:
        rows.append(Row(branch, lines))
        below = [other for other in branches if other.parent == branch.number]
        for other in below:
            last = other is below[-1]
            hang(other, before + ("  " if last else "│ "), before + ("└ " if last else "├ "))

    for branch in branches:
        if branch.parent is None:
            hang(branch, "", "")
    return tuple(rows)


def layout(width: int) -> Layout:
    """What has its place in so many cells."""
    curve = width - CURVE if width >= WITH_CURVE else 0
    loss = (curve or width + 2) - 2
    step = loss - LOSS - 2
    room = step - STEP - 2 - MARKS
    name = min(room // 2 - 1, NAME) if width < WITH_FROM else min((room - FROM) // 2, NAME)
    source = MARKS + name + 1 if width >= WITH_FROM else 0
    return Layout(MARKS, source, (source + FROM if source else MARKS + name + 1), step, loss, curve)


def first_row(at: int, rows: int, height: int, first: int) -> int:
    """The first row to be shown, as near to `first` as shows row `at`."""
    first = min(max(first, at - height + 1), at)
    return max(min(first, rows - height), 0)


def list_height(height: int) -> int:
    """Rows of the list in a picture of that height."""
    return max(height - HEAD - DETAIL - 1, 1)


def draw_history(
    rows: Sequence[Row],
    chosen: Chosen,
    first: int,
    losses: Losses,
    size: tuple[int, int],
    palette: Palette,
) -> Canvas:
    """The list from its row `first` on, below it all about the branch in question. Rows are marked with the
    numbers of their branches."""
    width, height = size
    canvas = Canvas(width, height, palette)
    many = f"{count(len(rows))} branches" if len(rows) > 1 else "1 branch"
    canvas.rule(0, "History", many, focused=True)
    place = layout(width)
    _draw_heads(canvas, place)
    shown = list_height(height)
    for y, row in enumerate(rows[first : first + shown], start=HEAD):
        _draw_row(canvas, y, place, row, chosen, losses)
        canvas.mark(0, y, width, row.branch.number)
    for y, beyond in ((HEAD, first > 0), (HEAD + shown - 1, first + shown < len(rows))):
        if beyond and canvas.at(0, y) != "▸":
            canvas.put(1, y, "⋮", "dim")
    _draw_detail(canvas, height - DETAIL, rows, chosen)
    return canvas


def _draw_heads(canvas: Canvas, place: Layout) -> None:
    canvas.put(place.name, 1, "branch", "dim")
    if place.source:
        canvas.put(place.source, 1, "from", "dim")
    canvas.put(place.why, 1, "changed", "dim")
    canvas.right(place.step, 1, "at step", "dim")
    canvas.right(place.loss, 1, "loss", "dim")
    if place.curve:
        canvas.put(place.curve, 1, "its curve", "dim")


def _draw_row(canvas: Canvas, y: int, place: Layout, row: Row, chosen: Chosen, losses: Losses) -> None:
    branch = row.branch
    is_chosen = branch.number == chosen.branch
    ground = "accent" if is_chosen else "bg"

    def ink(token: str) -> str:
        return "ink" if is_chosen else token

    if is_chosen:
        canvas.put(0, y, " " * canvas.width, bg=ground)
    marked = branch.number == chosen.marked
    canvas.put(0, y, "▸" if is_chosen else "◆" if marked else " ", ink("accent_glyph"), ground)
    if marked and is_chosen:
        canvas.put(1, y, "◆", "ink", ground)
    state = "✕" if branch.diverged else "●" if branch.current else " "
    canvas.put(2, y, state, ink("accent_glyph" if branch.diverged else "bright"), ground)
    x = canvas.put(place.name, y, _lines(row), ink("dim"), ground)
    end = (place.source or place.why) - 1
    name = narrow(f"{branch.number} {branch.name}".rstrip(), max(end - x, 1))
    canvas.put(x, y, name, ink("bright" if branch.current else "text"), ground, bold=branch.current)
    if place.source:
        canvas.put(place.source, y, cut(source(branch), FROM - 1), ink("dim"), ground)
    room = place.step - STEP - 1 - place.why
    canvas.put(place.why, y, cut(_why(branch, short=not place.source), room), ink("text"), ground)
    canvas.right(place.step, y, count(branch.step), ink("text"), ground)
    loss = "–" if branch.loss is None else u7(branch.loss)
    canvas.right(place.loss, y, loss, ink("text"), ground)
    if place.curve:
        values = np.array([column.final for column in losses(branch.number, CURVE)])
        canvas.put(place.curve, y, sparkline(values, CURVE)[0], ink("dim"), ground)


def _lines(row: Row) -> str:
    return row.lines if len(row.lines) <= TREE else f"…{row.lines[1 - TREE :]}"


def name_cells(row: Row, width: int) -> tuple[int, int]:
    """Where a branch's name begins in its row, and how many cells it has."""
    place = layout(width)
    x = place.name + len(_lines(row)) + len(f"{row.branch.number} ")
    return x, max((place.source or place.why) - 1 - x, 1)


def source(branch: BranchView) -> str:
    """Where it left which."""
    if branch.parent is None:
        return ""
    if branch.anew:
        return f"anew, after {branch.parent}"
    return f"{branch.parent} at step {count(branch.left_at)}"


def _why(branch: BranchView, short: bool) -> str:
    """What was changed where it began; short: and where that was, which has no column of its own."""
    why = narrow(branch.why)
    later = f" +{count(branch.changes)}" if branch.changes else ""
    if short and branch.parent is not None:
        why = f"anew: {why}" if branch.anew else f"{count(branch.left_at)}: {why}"
    return f"{why}{later}"


def _draw_detail(canvas: Canvas, y: int, rows: Sequence[Row], chosen: Chosen) -> None:
    """All about the branch in question, in sentences."""
    branch = next((row.branch for row in rows if row.branch.number == chosen.branch), None)
    if branch is None:
        return
    dropped = chosen.dropped == branch.number
    told = dropping(branch) if dropped else in_words(branch)
    for row, line in enumerate(wrap(told, max(canvas.width, 1))[:DETAIL]):
        canvas.put(0, y + row, line, "accent_glyph" if dropped else "text")


def in_words(branch: BranchView) -> str:
    """Where it came from, what it made, how it stands."""
    name = f" '{narrow(branch.name)}'" if branch.name else ""
    if branch.parent is None:
        told = f"Branch {branch.number}{name}: the beginning."
    elif branch.anew:
        told = f"Branch {branch.number}{name} began anew from step 0, after branch {branch.parent}"
        told += f": {narrow(branch.why)}."
    else:
        told = f"Branch {branch.number}{name} left branch {branch.parent} at step {count(branch.left_at)}"
        told += f": {narrow(branch.why)}."
    if branch.changes:
        told += f" {_counted(branch.changes, 'change' if branch.parent is None else 'more change')} since."
    told += f" {_counted(branch.own, 'update')} of its own, to step {count(branch.step)}."
    if branch.diverged:
        told += " It diverged there."
    elif branch.loss is not None:
        told += f" Loss {u7(branch.loss).strip()}."
    return told + (" You are on it." if branch.current else "")


def dropping(branch: BranchView) -> str:
    """What the second press does."""
    lost = f" and {_counted(branch.own, 'update')} of its own" if branch.own else ""
    return (
        f"d once more forgets branch {branch.number}{lost}; those that left it stay. Any other key keeps it."
    )


def _counted(number: int, word: str) -> str:
    return f"{count(number)} {word}{'' if number == 1 else 's'}"
