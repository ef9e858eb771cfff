"""The operation panel: the learning cycle between steps, the operation in hand inside one."""

from __future__ import annotations

from collections.abc import Mapping

from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.cycle import draw_cycle
from bptui.tui.drawing.diverged import KEYS, draw_diverged
from bptui.tui.drawing.palette import Palette

EXAMPLE, BATCH = "this example", "mean of the batch"
VIEWS = (EXAMPLE, BATCH)  # of the operation in hand


def draw_operation(
    frame: Frame,
    width: int,
    height: int,
    palette: Palette,
    choice: Choice,
    focused: bool = False,
    compact: bool = False,
    what: str = EXAMPLE,
    whole: bool = False,
    keys: Mapping[str, str] = KEYS,
) -> Canvas:
    """What the panel says at this moment; row 0 is its title. what: the view of the operation in hand;
    whole: the panel has the whole screen; keys: each action's, as it is written."""
    canvas = Canvas(width, height, palette)
    if height < 1 or width < 1:
        return canvas
    if frame.divergence is not None:
        draw_diverged(canvas, frame, focused, keys)
        return canvas
    if frame.update.in_hand is None:
        draw_cycle(canvas, frame, focused)
        return canvas
    from bptui.tui.drawing.hand import draw_hand  # start-up is felt; the first operation can wait

    draw_hand(canvas, frame, choice, focused, compact, what == BATCH, whole)
    return canvas
