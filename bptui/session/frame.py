"""What the screen reads: read-only views, true for this turn of the event loop.

A frame is no checkpoint: its arrays are the trainer's own, and the next operation writes into
them. Draw from it at once, or copy. Shapes are the notation's: z, a, δ are (batch, n_l), weights
(n_l, n_{l-1}).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.explain.update import UpdateView
from bptui.nn.health import LayerHealth
from bptui.session.divergence import Divergence
from bptui.session.history import Column, History
from bptui.session.marks import Mark

__all__ = [
    "CheckBadge",
    "Divergence",
    "Ending",
    "Forecast",
    "Frame",
    "LastUpdate",
    "Mark",
    "OutputFrame",
    "Promise",
    "Sample",
    "State",
    "WeightJudgement",
]

Array = NDArray[Any]


class State(Enum):
    """What the run is doing."""

    PAUSED = "paused"
    RUNNING = "running"
    STEPPING = "stepping"  # inside a step, between two operations
    FINISHED = "finished"  # a stop rule held
    DIVERGED = "diverged"


@dataclass(frozen=True, eq=False)
class OutputFrame:
    """The network's answers at this moment, with the weights as they are now, apart from the batch."""

    part: str  # "training" or "test": the part these examples are
    rows: Array  # (n,) number of each example in the file, from 0
    raw_inputs: Array  # (n, d) in the data's own units
    input_names: tuple[str, ...]  # (d,)
    targets: Array  # (n, k) as the network sees them
    predictions: Array  # (n, k)
    right: NDArray[np.bool_] | None  # (n,), None for numbers
    classes: tuple[str, ...]  # empty for numbers
    output_names: tuple[str, ...]  # (k,)
    regression: bool
    image: tuple[int, int] | None  # rows, columns where the inputs are pixels
    finite: bool  # False: the weights are not finite, there is nothing to draw
    evaluate: Callable[[Array], Array]  # raw inputs (m, d) -> predictions (m, k), of this moment
    # the extent of the raw inputs, training and test together: (d,) each
    low: Array
    high: Array
    losses: Array | None = None  # (n,) ℓ of each example
    hidden: Callable[[Array, int], Array] | None = None  # raw inputs (m, d), layer l -> a⁽ˡ⁾ (m, n_l)
    other: Callable[[], OutputFrame] | None = None  # the test part, of this moment, where there is one


class Promise(NamedTuple):
    """What the last update promised for its own batch by first order, and what it kept.

    Both are changes of data loss plus penalty (negative: it falls). `verdict` is a sentence, empty
    where there is nothing to say.
    """

    promised: float
    kept: float
    verdict: str


class Forecast(NamedTuple):
    """What the next update would do to data loss plus penalty of its own batch with another η (negative: it
    falls): by first order, and really. inf or nan where it overflows."""

    first_order: float
    reached: float


class LastUpdate(NamedTuple):
    """One of the last updates before a divergence, or the one that broke (what it did not come to: None)."""

    update: int  # from 1
    largest: float  # max|w| of the layer before it
    gradient: float | None = None  # ‖∂L/∂W‖ of the layer
    ratio: float | None = None  # ‖ΔW‖/‖W‖


class Ending(NamedTuple):
    """How large it was before a divergence, in one layer (from 1); the last update is the one that broke."""

    layer: int
    updates: tuple[LastUpdate, ...]


class WeightJudgement(NamedTuple):
    """∂L/∂w of one weight or bias by three ways; central is None where a corner lies within its step."""

    backprop: float
    complex_step: float
    central: float | None


class Sample(NamedTuple):
    """What was told of whole parts of the data at `step`; None where there is no such part or measure."""

    step: int
    accuracy: float | None  # of the training part
    test_loss: float | None
    test_accuracy: float | None


class CheckBadge(NamedTuple):
    """Backpropagation against complex step: `done` of `total` parameters were looked at so far, the largest
    relative error among them is that of `bptui check`."""

    done: int
    total: int
    max_relative_error: float
    passed: bool  # so far


@dataclass(frozen=True, eq=False)
class Frame:
    """One moment of a session."""

    name: str  # the preset's name or path
    title: str
    sizes: tuple[int, ...]  # n_0 … n_L
    parameters: int
    seed: int
    state: State
    stop_reason: str  # "" or such as "loss ≤ 0.01 at step 1,871"
    step: int  # updates done
    epoch: int  # whole epochs done
    eta: float
    optimizer: str
    batch_label: str  # "full batch" or "batch 32"
    speed: str  # "1 op/s" … "1,000/s", "full"
    rate: float | None  # measured updates a second while running
    loss: float | None  # data loss of the batch that comes next; None before anything was run
    penalty: float  # of the same weights; 0 where there is none
    trend: str  # ↓ → ↑ of the last tenth of the run, or ""
    accuracy: float | None  # over the training part, 0 to 1
    rmse: float | None
    test_accuracy: float | None
    test_rmse: float | None
    test_loss: float | None
    update: UpdateView  # the tape: its operations, where it stands, the arrays it works on
    batch_rows: Array  # (batch,) rows of the training part that are in the batch
    health: tuple[LayerHealth, ...]  # one a layer; empty before the first backward pass
    network_verdict: str  # plateau or symmetry in words, or ""
    trends: tuple[Array, ...]  # per layer: recent ‖∂L/∂W‖, oldest first (log-spaced samples are told)
    history: History
    marks: tuple[Mark, ...]
    output: OutputFrame
    promise: Promise | None
    divergence: Divergence | None
    first_loss: float | None  # of the first batch, for the empty curve
    future: tuple[Column, ...] = ()  # in the past: the losses that came after this step, on this branch
    left_behind: tuple[Column, ...] = ()  # those of the branch that this one left, from there on
    end: int = 0  # updates made on this branch; over `step` in the past
    looking: bool = False  # at a step to come back from
    branch: int = 1  # its number
    branch_name: str = ""
    branches: int = 1  # how many there are
    samples: tuple[Sample, ...] = ()  # whole parts of the data, where they were looked at; past this step too
    check: CheckBadge | None = None  # of the gradients on screen; None while running
    ending: Ending | None = None  # of a divergence
