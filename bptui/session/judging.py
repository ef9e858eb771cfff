"""The gradients on screen before the judge, complex step: a parameter at a time, while nothing else runs.

What is judged, where the step's backward pass is whole: ∂L/∂W as it stands in the trainer, and stands on
screen. Before that, and for float32 (which no complex step can judge to the last digits), what
backpropagation finds in float64 for the same weights and batch, as `bptui check` does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bptui.session.frame import CheckBadge, WeightJudgement
from bptui.session.trainer import Trainer

if TYPE_CHECKING:
    from bptui.nn.gradcheck import Checking, Problem

Array = NDArray[Any]


class Judging:
    """Of one trainer. What was found is kept while the weights and the batch in hand are the same."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._checking: Checking | None = None
        self._weights: Array = np.empty(0)  # those it is about
        self._place = (-1, -1)  # restores and step: the same place, the same weights
        self._rows: Array = np.empty(0)
        self._penalty = trainer.penalty
        self._switches = b""
        self._agrees = False  # with the gradient shown, at that place

    @property
    def wanted(self) -> bool:
        """There are parameters that were not looked at."""
        known = _weights_in_hand(self._trainer) is not None and not self._trainer.divergence
        return known and (not self._holds() or not self._is_whole())

    def look(self, deadline: Callable[[], bool]) -> None:
        """At one parameter or more, until `deadline()` or all are done. Disturbs nothing."""
        with np.errstate(all="ignore"):  # what overflows is no agreement, and told as such
            checking = self._of_now()
            while checking.done < checking.total:
                checking.step()
                if deadline():
                    return

    def badge(self) -> CheckBadge | None:
        """Of the gradients in hand; None where nothing was looked at."""
        checking = self._checking
        if checking is None or not checking.done or not self._holds():
            return None
        return CheckBadge(checking.done, checking.total, checking.max_relative_error, checking.passed)

    def of_weight(self, layer: int, row: int, column: int) -> WeightJudgement:
        """Of one, in the batch in hand; column n_{l-1} is the bias. IndexError where there is none."""
        sizes = self._trainer.network.sizes
        if not (0 < layer < len(sizes) and 0 <= row < sizes[layer] and 0 <= column <= sizes[layer - 1]):
            raise IndexError(f"no weight ({row}, {column}) in layer {layer}")
        with np.errstate(all="ignore"):
            checking = self._of_now()
            return WeightJudgement(
                float(checking.network.grad_blocks[layer - 1][row, column]),
                checking.judge.complex_step(layer, row, column),
                checking.judge.central(layer, row, column),
            )

    def _of_now(self) -> Checking:
        if self._checking is None or not self._holds():
            self._begin()
        assert self._checking is not None
        return self._checking

    def _begin(self) -> None:
        from bptui.nn import gradcheck  # the judge: not needed to train

        given, shown, weights = problem(self._trainer), self._shown(), _weights_in_hand(self._trainer)
        assert weights is not None
        network, tape = gradcheck.backpropagate(given)
        if shown is not None:
            network.gradient[...] = shown
        chosen = gradcheck.sample(network.parameters.size)
        self._checking = gradcheck.Checking(given, network, tape, chosen, differences=False)
        self._weights, self._place = weights.copy(), self._here()
        self._rows, self._penalty = self._trainer.rows.copy(), self._trainer.penalty
        self._switches = self._trainer.network.switches
        self._agrees = shown is not None

    def _is_whole(self) -> bool:
        return self._checking is not None and self._checking.done == self._checking.total

    def _holds(self) -> bool:
        """What was begun is about the weights, the batch and the gradient of now."""
        return self._checking is not None and self._is_of_this_problem() and self._is_of_what_is_shown()

    def _is_of_this_problem(self) -> bool:
        if self._place != self._here():
            # The same step perhaps, gone back to or gone through again, with other weights or a new batch.
            weights = _weights_in_hand(self._trainer)
            if weights is None or self._place[1] != self._trainer.step_in_hand:
                return False
            same_weights = np.array_equal(self._weights, weights)
            if not (same_weights and np.array_equal(self._rows, self._trainer.rows)):
                return False
            self._place, self._agrees = self._here(), False
        trainer = self._trainer
        return self._penalty == trainer.penalty and self._switches == trainer.network.switches

    def _is_of_what_is_shown(self) -> bool:
        shown, checking = self._shown(), self._checking
        if checking is None or shown is None or self._agrees:
            return checking is not None
        self._agrees = np.array_equal(checking.network.gradient, shown)
        return self._agrees

    def _here(self) -> tuple[int, int]:
        return self._trainer.restores, self._trainer.step_in_hand

    def _shown(self) -> Array | None:
        """The trainer's own gradient, where it is whole and in float64."""
        trainer = self._trainer
        whole = trainer.computed >= trainer.tape.gradients and not trainer.piece_left
        return trainer.network.gradient if whole and trainer.network.dtype == np.float64 else None


def problem(trainer: Trainer) -> Problem:
    """The batch in hand and the weights that its gradients belong to, as plain copies."""
    from bptui.nn.gradcheck import Problem

    network, experiment = trainer.network, trainer.experiment
    weights = _weights_in_hand(trainer)
    blocks = network.layers_of((network.parameters if weights is None else weights).copy())
    part, rows = experiment.train, trainer.rows
    return Problem(
        [block[:, :-1] for block in blocks],
        [block[:, -1] for block in blocks],
        [activation.name for activation in network.activations],
        experiment.loss,
        part.inputs[rows].astype(network.dtype),
        part.targets[rows].astype(network.dtype),
        trainer.penalty.l1,
        trainer.penalty.l2,
        [off.copy() for off in network.off],
    )


def _weights_in_hand(trainer: Trainer) -> Array | None:
    """(P,) those that the gradients in hand belong to: right after a stepped update, the ones before it."""
    if trainer.step_in_hand < trainer.steps:
        return trainer.before(trainer.step_in_hand)
    return trainer.network.parameters
