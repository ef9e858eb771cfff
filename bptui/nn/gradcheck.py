"""Backpropagation judged by methods that share no code with it, always in float64.

Complex step: ∂L/∂w = Im L(w + ih) / h with h so small that nothing is lost (Squire, Trapp 1998); it alone
decides. Central differences, (L(w + ε) − L(w − ε)) / 2ε, are told beside it; where a step crosses a
corner of an activation (ReLU's at 0) they do not apply, and the parameter is left out and counted.

A parameter's error is relative to the size of the terms of its gradient, not to their sum, which may
cancel: |Δ| / (the layer's largest batch mean of |δ||a|, plus the penalty's share; 1 where that is 0).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.nn import reference
from bptui.nn.activations import OUTPUTS
from bptui.nn.losses import loss_for
from bptui.nn.network import Network
from bptui.nn.optimizers import Sgd
from bptui.nn.tape import Examples, Penalty, Tape

Array = NDArray[Any]

COMPLEX_STEP = 1e-20
CENTRAL_STEP = 6e-6
TOLERANCE = 1e-12
SAMPLE_ABOVE = 10_000
SAMPLE = 1_000


@dataclass(frozen=True, eq=False)
class Problem:
    """A network, its loss and a batch, as plain arrays: inputs (batch, n_0), targets (batch, n_L).

    off: of each hidden layer which units (n_l,) are switched off; () where none is.
    """

    weights: Sequence[Array]
    biases: Sequence[Array]
    activations: Sequence[str]
    loss: str
    inputs: Array
    targets: Array
    l1: float = 0.0
    l2: float = 0.0
    off: Sequence[Array] = ()


@dataclass(frozen=True)
class Worst:
    """The parameter that differs most; index is (row, column) of W or (unit,) of b, from 0."""

    layer: int
    parameter: str
    index: tuple[int, ...]
    backprop: float
    reference: float


@dataclass(frozen=True)
class GradientCheck:
    """sampled: how many parameters were looked at, None = all. The central figures are None where no
    parameter could be compared. kinks: pre-activations that lie within the difference's step of a corner."""

    parameters: int
    sampled: int | None
    max_relative_error: float
    worst: Worst
    passed: bool
    central_max_relative_error: float | None
    kinks: int


def check(problem: Problem, seed: int = 0) -> GradientCheck:
    """Compare every parameter's gradient, or above 10,000 a sample of 1,000 drawn with `seed`."""
    network, tape = backpropagate(problem)
    return compare(problem, network, tape, sample(network.parameters.size, seed))


def sample(count: int, seed: int = 0) -> Sequence[int]:
    """The places in a flat vector of `count` parameters that are looked at."""
    if count <= SAMPLE_ABOVE:
        return range(count)
    chosen = np.random.default_rng(seed).choice(count, SAMPLE, replace=False)
    return sorted(chosen.tolist())


def compare(
    problem: Problem,
    network: Network,
    tape: Tape,
    chosen: Sequence[int] | None = None,
    differences: bool = True,
) -> GradientCheck:
    """Judge the gradient that stands in `network`, with the δ and a of `tape`, whoever put them there.

    chosen: places in the flat vector, all where none are given; differences: the central ones beside.
    """
    checking = Checking(problem, network, tape, chosen, differences)
    while checking.done < checking.total:
        checking.step()
    return checking.result()


class Checking:
    """A comparison under way, a parameter at a step. Its arguments are those of `compare`; problem, network
    and tape are to stand still.

    done of total parameters were looked at; max_relative_error, passed: so far.
    """

    def __init__(
        self,
        problem: Problem,
        network: Network,
        tape: Tape,
        chosen: Sequence[int] | None = None,
        differences: bool = True,
    ) -> None:
        self.problem, self.network, self.judge = problem, network, Judge(problem)
        self.done = 0
        self.max_relative_error = 0.0
        self._worst: Worst | None = None
        self._chosen = range(network.parameters.size) if chosen is None else chosen
        self._differences = differences
        self._central: float | None = None
        self._terms = sizes_of_terms(problem, network, tape)

    @property
    def total(self) -> int:
        return len(self._chosen)

    @property
    def passed(self) -> bool:
        return self.max_relative_error <= TOLERANCE

    def step(self) -> None:
        """Look at the next parameter. IndexError where there is none."""
        index = self._chosen[self.done]
        layer, row, column = self.network.locate(index)
        found, size = float(self.network.gradient[index]), self._terms[layer - 1]
        exact = self.judge.complex_step(layer, row, column)
        error = _relative(found - exact, size)
        if self._worst is None or error > self.max_relative_error:
            self.max_relative_error = error
            self._worst = _worst(self.network, layer, row, column, found, exact)
        difference = self.judge.central(layer, row, column) if self._differences else None
        if difference is not None:
            self._central = max(self._central or 0.0, _relative(found - difference, size))
        self.done += 1

    def result(self) -> GradientCheck:
        """Of what was looked at; at least one parameter."""
        assert self._worst is not None
        count = self.network.parameters.size
        return GradientCheck(
            parameters=count,
            sampled=None if self.total == count else self.total,
            max_relative_error=self.max_relative_error,
            worst=self._worst,
            passed=self.passed,
            central_max_relative_error=self._central,
            kinks=len(self.judge.kinks),
        )


def backpropagate(problem: Problem) -> tuple[Network, Tape]:
    """A float64 network whose gradient the tape has just computed on the problem's batch."""
    sizes = (problem.inputs.shape[1], *(len(b) for b in problem.biases))
    network = Network(sizes, problem.activations)
    network.load(problem.weights, problem.biases)
    if problem.off:
        network.off = tuple(np.asarray(off, bool) for off in problem.off)
    inputs, targets = np.asarray(problem.inputs, float), np.asarray(problem.targets, float)
    loss = loss_for(problem.loss, network.activations[-1], targets)
    optimizer = Sgd(network.parameters, network.gradient, 0.0, {})
    tape = Tape(
        network,
        Examples(inputs, targets, loss, network.dtype),
        len(inputs),
        optimizer,
        Penalty(problem.l1, problem.l2),
    )
    for call in tape.load(np.arange(len(inputs))):
        call()
    for operation in tape.operations[: tape.gradients]:
        operation.run()
    return network, tape


def sizes_of_terms(problem: Problem, network: Network, tape: Tape) -> list[float]:
    """Per layer the largest batch mean of |δ||a| (a bias's a is 1), plus the penalty's largest share."""
    sizes, entering = [], [tape.inputs, *tape.a[:-1]]
    for delta, a, w in zip(tape.delta, entering, network.weights, strict=True):
        mean = np.abs(delta).T @ np.abs(a) / len(a)
        terms = max(float(mean.max()), float(np.abs(delta).mean(axis=0).max()))
        share = problem.l1 * np.abs(np.sign(w)) + problem.l2 * np.abs(w)
        sizes.append(terms + float(share.max()))
    return sizes


def _relative(difference: float, size: float) -> float:
    # A number that is not finite on either side is no agreement.
    error = abs(difference) / (size or 1.0)
    return error if error == error else float("inf")


def _worst(network: Network, layer: int, row: int, column: int, found: float, exact: float) -> Worst:
    if column == network.sizes[layer - 1]:
        return Worst(layer, "b", (row,), found, exact)
    return Worst(layer, "W", (row, column), found, exact)


class Judge:
    """Plain forward passes with one parameter moved: its unit's z moves by what the parameter then adds,
    and the layers above follow; all below is computed once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.weights = [np.array(w, float) for w in problem.weights]
        self.biases = [np.array(b, float) for b in problem.biases]
        layers = reference.forward(
            self.weights, self.biases, problem.activations, problem.inputs, problem.off
        )
        self.entering = [np.asarray(problem.inputs, float), *(a for _, a in layers)]
        self.z = [z for z, _ in layers]
        self.kinks: set[tuple[int, int, int]] = set()

    def complex_step(self, layer: int, row: int, column: int) -> float:
        _, loss = self._moved(layer, row, column, 1j * COMPLEX_STEP)
        return float(loss.imag / COMPLEX_STEP)

    def central(self, layer: int, row: int, column: int) -> float | None:
        """None where the step crosses a corner: of an activation, or |w|'s under an L1 penalty."""
        above, high = self._moved(layer, row, column, CENTRAL_STEP)
        below, low = self._moved(layer, row, column, -CENTRAL_STEP)
        crossed = set(self._crossed(layer, above, below))
        self.kinks |= crossed
        is_bias = column == self.weights[layer - 1].shape[1]
        at_corner = (
            self.problem.l1 and not is_bias and abs(self.weights[layer - 1][row, column]) <= CENTRAL_STEP
        )
        return None if crossed or at_corner else float((high - low) / (2 * CENTRAL_STEP))

    def _moved(
        self, layer: int, row: int, column: int, step: complex
    ) -> tuple[list[tuple[Array, Array]], Any]:
        z = self.z[layer - 1].astype(complex if isinstance(step, complex) else float)
        w, entering, names = self.weights[layer - 1], self.entering[layer - 1], self.problem.activations
        is_bias = column == w.shape[1]
        z[:, row] += step if is_bias else step * entering[:, column]
        a = reference.activation(names[layer - 1], z, self._off(layer))
        off = self.problem.off[layer:]
        above = reference.forward(self.weights[layer:], self.biases[layer:], names[layer:], a, off)
        layers = [(z, a), *above]
        loss = reference.loss(self.problem.loss, names[-1], *layers[-1], self.problem.targets)
        # Of the penalty the moved weight's own share is enough: the others' is the same in every pass.
        moved = [] if is_bias else [w[row : row + 1, column : column + 1] + step]
        return layers, loss + reference.penalty(moved, self.problem.l1, self.problem.l2)

    def _off(self, layer: int) -> Array | None:
        """(n_l,) which of its units are switched off; None where that is not told."""
        return self.problem.off[layer - 1] if layer <= len(self.problem.off) else None

    def _crossed(
        self, layer: int, above: list[tuple[Array, Array]], below: list[tuple[Array, Array]]
    ) -> Iterator[tuple[int, int, int]]:
        """(layer, example, unit) of each pre-activation that has a corner between the two; what a unit that
        is switched off goes through counts nowhere."""
        for offset, ((high, _), (low, _)) in enumerate(zip(above, below, strict=True)):
            for corner in OUTPUTS[self.problem.activations[layer - 1 + offset]].corners:
                hit = (high - corner) * (low - corner) <= 0
                hit &= high != low
                off = self._off(layer + offset)
                hit &= off is None or ~np.asarray(off, bool)
                for example, unit in np.argwhere(hit):
                    yield layer + offset, int(example), int(unit)
