"""What the user has chosen: one example, one unit, one of the numbers that enter it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """The user's choice, shared by every panel.

    `example` is a row of the batch (from 0); `layer` runs from 1 to L; `unit` and `source`
    (the incoming weight in question) from 0; `output_example` is a row of the OutputFrame; `cursor`
    is the step where the cursor on the loss curve stands, None without one.
    """

    example: int = 0
    layer: int = 1
    unit: int = 0
    source: int = 0
    output_example: int = 0
    cursor: int | None = None
