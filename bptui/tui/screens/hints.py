"""What the message line says where no key was pressed lately: what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from bptui.escape import safe
from bptui.session.frame import Frame, State
from bptui.tui.drawing.keys import Part


def hint(frame: Frame, newcomer: bool) -> Iterator[Part]:
    """What comes next; a newcomer, who has not pressed `s` yet, is led to it."""
    operations, position = frame.update.operations, frame.update.position
    if frame.state is State.FINISHED:
        yield f"stopped: {safe(frame.stop_reason)}. ", "text"
        yield "space", "bright"
        yield " trains on.", "text"
    elif frame.state is State.DIVERGED:
        yield "training stopped: a number became infinite.  ", "text"
        yield from (("b", "bright"), (" back   ", "dim"), ("r", "bright"), (" the same start", "dim"))
    elif frame.state is State.RUNNING:
        return
    elif frame.step == 0 and position == 0 and newcomer:
        yield from (("Press ", "text"), ("s", "key"))
        yield " to do the first operation and see its numbers, or ", "text"
        yield from (("space", "bright"), (" to train.", "text"))
    elif position == len(operations) and frame.step <= 1:
        yield from (("That was one update. ", "text"), ("n", "bright"), (" does one more, ", "text"))
        yield from (("space", "bright"), (" trains.", "text"))
    else:
        yield "s", "bright"
        yield " next  ", "dim"
        yield operations[position % len(operations)].equation, "text"
