"""An operation of a training step: what it is called, what it reads and writes, its prepared calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

Call = Callable[[], Any]


class Kind(Enum):
    """The seven kinds of elementary step."""

    PRE_ACTIVATION = "weighted sum"
    ACTIVATION = "activation"
    LOSS = "loss"
    DELTA = "error signal"
    GRADIENT = "gradient"
    PENALTY = "penalty"
    UPDATE = "update"


FORWARD = frozenset({Kind.PRE_ACTIVATION, Kind.ACTIVATION})


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One elementary step of the tape.

    layer is l from 1, None for the loss, the penalty and the update, which concern all layers.
    equation is the article's form for one example. reads and writes name arrays with their layer, in
    the notation: "W¹", "a⁰", "z¹", "slope¹", "δ²", "∂W¹", "y", "L", "W".
    """

    kind: Kind
    layer: int | None
    equation: str
    reads: tuple[str, ...]
    writes: str
    calls: tuple[Call, ...]

    def run(self) -> None:
        """Execute it."""
        for call in self.calls:
            call()
