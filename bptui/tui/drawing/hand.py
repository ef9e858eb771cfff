"""The operation in hand: its words, its arrays, the equation of the chosen element."""

from __future__ import annotations

from textwrap import wrap

from bptui.explain.layout import WINDOW, Layout, lay_out
from bptui.explain.worked import Chosen, WorkedOperation, worked
from bptui.session.frame import Frame
from bptui.tui.drawing.arrays import draw_arrays
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import draw_chain, draw_wrapped, in_cells
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.listing import draw_listing

NARROWEST, LOWEST = 88, 16  # below, arrays become a list
NARROWEST_WHOLE = 60  # where the panel has the whole screen
ROOMY = 18  # rows with all the blank ones
BROAD = 110  # columns from which a window is wider
MOST_ROWS = 64  # of an array that are shown
CELL = 6  # columns of a number and its blank


def draw_hand(
    canvas: Canvas,
    frame: Frame,
    choice: Choice,
    focused: bool,
    compact: bool,
    mean: bool,
    whole: bool,
) -> None:
    """The whole panel, inside a step. mean: of the batch, in place of the chosen example; whole: arrays as
    large as there is room."""
    chosen = Chosen(choice.example, choice.layer, choice.unit, choice.source)
    made = worked(frame.update, chosen, width=canvas.width)
    assert made is not None
    if mean:
        from bptui.explain.batch import over_batch

        made = over_batch(frame.update, chosen, made, canvas.width)
    narrow = canvas.width < (NARROWEST_WHOLE if whole else NARROWEST)
    if narrow or canvas.height < LOWEST or (compact and not whole):
        draw_listing(canvas, made, focused)
    else:
        _draw_in_hand(canvas, made, focused, whole)


def _draw_in_hand(canvas: Canvas, made: WorkedOperation, focused: bool, whole: bool) -> None:
    """Title, words, equation, arrays, the chosen element, its curve, what the number says."""
    blank = 1 if canvas.height >= ROOMY else 0
    spare = max(canvas.height - ROOMY - 1, 0)
    wide = canvas.width // CELL if whole else WINDOW + (4 if spare or canvas.width >= BROAD else 0)
    layout = lay_out(made.pieces, canvas.width, min(WINDOW + spare, MOST_ROWS), wide)
    title = made.title if len(made.title) + len(made.at) + 4 <= canvas.width else made.short_title
    at = made.at if len(title) + len(made.at) + 4 <= canvas.width else made.short_at
    canvas.rule(0, title, at, focused)
    draw_wrapped(canvas, 1, made.sentence, "text", most=1 + blank)
    row = 2 + blank
    canvas.put(0, row, in_cells(made.equation), "bright")
    note = _array_note(made, layout)
    if len(made.equation) + len(note) + 2 <= canvas.width:
        canvas.right(canvas.width, row, note, "dim")
    row += 1 + blank
    draw_arrays(canvas, 0, row, layout)
    _draw_beside(canvas, made, layout, row + 1)
    row += 2 + max(_tallest(layout), WINDOW)
    draw_chain(canvas, row, made)
    draw_wrapped(canvas, row + 5 + blank, made.last, "text", most=2)


def _tallest(layout: Layout) -> int:
    return max(placed.y + len(placed.rows) for placed in layout.placed)


def _draw_beside(canvas: Canvas, made: WorkedOperation, layout: Layout, y: int) -> None:
    """What stands beside the arrays, where there is room for it."""
    room = canvas.width - layout.width - 3
    if made.beside and room >= 16:
        for row, line in enumerate(wrap(made.beside, min(room, 24))[:WINDOW]):
            canvas.put(layout.width + 3, y + row, line, "dim")


def _array_note(made: WorkedOperation, layout: Layout) -> str:
    if not layout.whole:
        rows = max(len(placed.rows) for placed in layout.placed)
        columns = max(len(placed.columns) for placed in layout.placed)
        return f"below: a window of {rows} × {columns} around the chosen"
    if not made.by_example or made.examples == 1:
        return ""
    return f"below: all {made.examples} examples, one a row"
