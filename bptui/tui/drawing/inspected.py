"""What the inspector draws: a weight with all that is told of it, in sections of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bptui.explain.paths import Paths
from bptui.explain.update import UpdateView
from bptui.explain.weight import WeightChain
from bptui.tui.drawing.canvas import Canvas

NOT_YET = "·"
INDENT = 2


@dataclass(frozen=True)
class CheckLine:
    """A number found by a method that shares no code with backpropagation, beside backpropagation's; value
    is None where the method does not apply: a corner lies within its step."""

    method: str
    value: float | None
    difference: float
    agrees: bool


@dataclass(frozen=True, eq=False)
class Inspected:
    """All that is drawn of a weight. check: lines, or why there are none; paths: listed in place of the
    chain where they are there."""

    view: UpdateView
    chain: WeightChain
    example: int
    check: tuple[CheckLine, ...] | str
    update: str
    said: str = ""  # what the number says
    paths: Paths | None = None
    history: tuple[tuple[float, float], ...] = ()  # weight and gradient at the updates seen, oldest first


class Section:
    """Rows that stay or fall away together; `rank` 0 never does, else the highest goes first."""

    def __init__(self, rank: int, rows: int, draw: Callable[[Canvas, int], None]) -> None:
        self.rank, self.rows, self.draw = rank, rows, draw
