"""The tape: one training step as an ordered list of elementary operations.

Training runs all their calls without a pause, stepping runs the same operations one at a time; what
is shown is what was executed. `training_step` is the textbook's order: z and a layer by layer, the
loss, the output's δ, then from the top each layer's gradient and the δ below it, the penalty where
there is one, at last the update.

Arrays are kept features first, (n_l, batch), and what enters a layer has a last row of ones (see
network.py). The views `z`, `a`, `slope`, `delta` have the notation's shapes, (batch, n_l). Any prefix of
the list before the update can be run again without changing a bit.

A unit that is switched off (network.off) says 0 and has slope 0: its layer's activation ends by writing
that over what was computed, and so does its slope, after which its δ and all its gradients are 0. A layer
that is held (network.held) has gradients like any other; the update alone leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial as call
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.nn.activations import Softmax
from bptui.nn.losses import Loss, OutputArrays, PreparedLoss
from bptui.nn.network import Network
from bptui.nn.operation import Call, Kind, Operation
from bptui.nn.optimizers import BLOCK, Optimizer

Array = NDArray[Any]


class Examples:
    """Inputs by rows with a last column of ones, targets by units with what the loss needs beside them.

    inputs: (n, n_0), targets: (n, n_L). A batch of inputs is then one `take` of rows, of targets one
    of columns, which keeps them aligned with the arrays they meet.
    """

    def __init__(self, inputs: Array, targets: Array, loss: Loss, dtype: np.dtype[Any]) -> None:
        self.inputs = np.ones((len(inputs), inputs.shape[1] + 1), dtype)
        self.inputs[:, :-1] = inputs
        self.targets: Array = np.ascontiguousarray(loss.prepare(np.asarray(targets, float)), dtype=dtype)
        self.units = targets.shape[1]
        self.loss = loss

    def __len__(self) -> int:
        return len(self.inputs)


class Penalty(NamedTuple):
    """λ₁ Σ|w| + ½ λ₂ Σ w² over weights, not biases."""

    l1: float = 0.0
    l2: float = 0.0

    def of(self, network: Network) -> float:
        """Its value for the weights as they are."""
        return self.of_flat(network, network.parameters)

    def of_flat(self, network: Network, parameters: Array) -> float:
        """Its value for a vector like the network's parameters."""
        total = 0.0
        for block in network.layers_of(parameters) if self.l1 or self.l2 else ():
            weights = block[:, :-1]
            total += self.l1 * float(np.abs(weights).sum()) + 0.5 * self.l2 * float(np.square(weights).sum())
        return total

    def calls(self, network: Network) -> list[Call]:
        """Add its gradient, λ₁ sign(w) + λ₂ w, to the flat gradient."""
        factor = network.is_weight()
        calls: list[Call] = []
        for start in range(0, factor.size, BLOCK):
            part = slice(start, min(start + BLOCK, factor.size))
            p, g, mask = network.parameters[part], network.gradient[part], factor[part]
            work = np.empty_like(p)
            for strength, source in ((self.l2, None), (self.l1, call(np.sign, p, work))):
                if strength:
                    scale = mask * factor.dtype.type(strength)
                    calls += [] if source is None else [source]
                    calls += [
                        call(np.multiply, p if source is None else work, scale, work),
                        call(np.add, g, work, g),
                    ]
        return calls


class ForwardPass:
    """From the inputs to the output: for each layer the weighted sum and the activation.

    It is the first part of every tape, and by itself it predicts. z, a: a view a layer, (batch, n_l).
    """

    def __init__(self, network: Network, batch: int) -> None:
        self.network, self.batch = network, batch
        sizes, dtype = network.sizes, network.dtype
        self._rows = np.ones((batch, sizes[0] + 1), dtype)
        hidden = [np.ones((n + 1, batch), dtype) for n in sizes[1:-1]]
        self._z = [np.zeros((n, batch), dtype) for n in sizes[1:]]
        self._a = [*(a[:-1] for a in hidden), np.zeros((sizes[-1], batch), dtype)]
        self._shifted, self._total = np.zeros_like(self._z[-1]), np.zeros_like(self._z[-1])
        self._entering = [self._rows.T, *hidden]
        self.inputs: Array = self._rows[:, :-1]
        self.z = [z.T for z in self._z]
        self.a = [a.T for a in self._a]
        self.forward = tuple(self._forward_pass())

    def predict(self, inputs: Array) -> Array:
        """The output for inputs (batch, n_0): (batch, n_L), a view that the next call overwrites."""
        self.inputs[...] = inputs
        for operation in self.forward:
            operation.run()
        return self.a[-1]

    def _forward_pass(self) -> Iterator[Operation]:
        for l in range(1, self.network.depth + 1):
            yield self._pre_activation(l)
            yield self._activation(l)

    def _pre_activation(self, l: int) -> Operation:
        block, entering = self.network.blocks[l - 1], self._entering[l - 1]
        return Operation(
            Kind.PRE_ACTIVATION,
            l,
            f"z{_sup(l)} = W{_sup(l)} a{_sup(l - 1)} + b{_sup(l)}",
            (f"W{_small(l)}", f"a{_small(l - 1)}"),
            f"z{_small(l)}",
            (call(block.dot, entering, self._z[l - 1]),),
        )

    def _activation(self, l: int) -> Operation:
        activation = self.network.activations[l - 1]
        of = f"{activation.symbol}(z{_sup(l)})" if activation.symbol else f"z{_sup(l)}"
        z, a = self._z[l - 1], self._a[l - 1]
        if isinstance(activation, Softmax):
            calls = activation.value_and_parts(z, a, self._shifted, self._total)
        else:
            calls = activation.value(z, a)
        return Operation(
            Kind.ACTIVATION,
            l,
            f"a{_sup(l)} = {of}{self._switches(l)}",
            (f"z{_small(l)}",),
            f"a{_small(l)}",
            (*calls, *self._switched_off(l, a)),
        )

    def _switched_off(self, l: int, array: Array) -> list[Call]:
        """0 into the rows of the units that are switched off, a call for neighbours; none where none is off.
        It is written, not multiplied: what was computed there may be inf."""
        off = self.network.off_in(l)
        if off is None:
            return []
        units = np.flatnonzero(off)
        runs = np.split(units, np.flatnonzero(np.diff(units) > 1) + 1)
        return [call(array[run[0] : run[-1] + 1].fill, 0.0) for run in runs]

    def _switches(self, l: int) -> str:
        """The end of an equation: "on" is 0 for a unit that is switched off, else 1."""
        return "" if self.network.off_in(l) is None else " ⊙ on"


class Tape(ForwardPass):
    """The prepared operations of a step on batches of one size.

    operations: in their order; the update is the last, gradients is how many come before it.
    slope, delta: a view a layer, (batch, n_l).
    """

    def __init__(
        self, network: Network, examples: Examples, batch: int, optimizer: Optimizer, penalty: Penalty
    ) -> None:
        if examples.inputs.shape[1] != network.sizes[0] + 1 or examples.units != network.sizes[-1]:
            raise ValueError("the examples do not fit the network")
        super().__init__(network, batch)
        self.examples, self.optimizer, self.penalty = examples, optimizer, penalty
        self._gathered = np.empty((len(examples.targets), batch), network.dtype)
        self._slope = [np.zeros_like(z) for z in self._z]
        self._delta = [np.zeros_like(z) for z in self._z]
        self.targets: Array = self._gathered[: examples.units].T
        self.slope = [s.T for s in self._slope]
        self.delta = [d.T for d in self._delta]
        self._prepared = self._prepare_loss()
        self.read_loss = self._prepared.read
        self.output_uses_slope = self._prepared.uses_slope
        self.operations = tuple(self._training_step())
        self.gradients = len(self.operations) - 1
        self.calls = tuple(c for operation in self.operations for c in operation.calls)

    def load(self, rows: Array) -> tuple[Call, ...]:
        """The calls that gather the examples `rows`, (batch,) numbers; a view may be permuted in place.

        Gathering comes before the first operation; it is no operation that a person steps through.
        read_loss() after the loss operation is the batch's data loss.
        """
        return (
            call(self.examples.inputs.take, rows, 0, self._rows, "clip"),
            call(self.examples.targets.take, rows, 1, self._gathered, "clip"),
        )

    def example_losses(self) -> Array:
        """ℓ of each example, (batch,)."""
        return self.examples.loss.each(self.z[-1], self.a[-1], self.targets)

    def _training_step(self) -> Iterator[Operation]:
        """The operations of one training step, in the order of a textbook."""
        yield from self.forward
        yield self._loss()
        yield self._output_delta()
        for l in range(self.network.depth, 0, -1):
            yield self._gradient(l)
            if l > 1:
                yield self._hidden_delta(l - 1)
        if self.penalty.l1 or self.penalty.l2:
            yield Operation(
                Kind.PENALTY,
                None,
                self._penalty_equation(),
                ("W", "∂W"),
                "∂W",
                tuple(self.penalty.calls(self.network)),
            )
        yield Operation(Kind.UPDATE, None, self._update_equation(), ("∂W", "W"), "W", self.optimizer.calls)

    def _loss(self) -> Operation:
        reads = (f"a{_small(self.network.depth)}", "y")
        equation = "L = mean of ℓ(ŷ, y) over the batch"
        return Operation(Kind.LOSS, None, equation, reads, "L", tuple(self._prepared.loss_calls))

    def _output_delta(self) -> Operation:
        l = self.network.depth
        form = self._prepared.delta_equation.format(slope=self._slope_of(l))
        reads = (f"a{_small(l)}", "y", *((f"slope{_small(l)}",) if self._prepared.uses_slope else ()))
        calls = tuple(self._prepared.delta_calls)
        return Operation(Kind.DELTA, l, f"δ{_sup(l)} = {form}", reads, f"δ{_small(l)}", calls)

    def _gradient(self, l: int) -> Operation:
        """δ aᵀ summed over the batch by one product, then divided by the batch's real size."""
        gradient, entering = self.network.grad_blocks[l - 1], self._entering[l - 1].T
        calls: list[Call] = [call(self._delta[l - 1].dot, entering, gradient), self._mean(gradient)]
        return Operation(
            Kind.GRADIENT,
            l,
            f"∂L/∂W{_sup(l)} = mean of δ{_sup(l)} a{_sup(l - 1)}ᵀ",
            (f"δ{_small(l)}", f"a{_small(l - 1)}"),
            f"∂W{_small(l)}",
            tuple(calls),
        )

    def _mean(self, total: Array) -> Call:
        """Divide a sum over the batch by its size, in place."""
        if self.batch & (self.batch - 1) == 0:
            # A power of two: multiplying gives the same bits in half the time.
            return call(np.multiply, total, np.array(1.0 / self.batch, total.dtype), total)
        return call(np.divide, total, np.array(self.batch, total.dtype), total)

    def _hidden_delta(self, l: int) -> Operation:
        """[W b]ᵀ δ has one row too many, the ones' own: it is written apart and its first n_l rows read."""
        above, activation = self.network.blocks[l], self.network.activations[l - 1]
        sent_back = np.empty((above.shape[1], self.batch), self.network.dtype)
        calls: list[Call] = [
            call(above.T.dot, self._delta[l], sent_back),
            *activation.slope(self._z[l - 1], self._a[l - 1], self._slope[l - 1]),
            *self._switched_off(l, self._slope[l - 1]),
            call(np.multiply, sent_back[:-1], self._slope[l - 1], self._delta[l - 1]),
        ]
        slope = f"{self._slope_of(l)}{self._switches(l)}"
        equation = f"δ{_sup(l)} = (W{_sup(l + 1)}ᵀ δ{_sup(l + 1)}) ⊙ {slope}"
        reads = (f"δ{_small(l + 1)}", f"W{_small(l + 1)}", f"slope{_small(l)}")
        return Operation(Kind.DELTA, l, equation, reads, f"δ{_small(l)}", tuple(calls))

    def _slope_of(self, l: int) -> str:
        symbol = self.network.activations[l - 1].symbol
        return f"{symbol}′(z{_sup(l)})" if symbol else "1"

    def _penalty_equation(self) -> str:
        parts = [f"{self.penalty.l1:g} sign(W)"] if self.penalty.l1 else []
        parts += [f"{self.penalty.l2:g} W"] if self.penalty.l2 else []
        return f"∂L/∂W ← ∂L/∂W + {' + '.join(parts)}"

    def _update_equation(self) -> str:
        held = ", ".join(f"W{_sup(l)}" for l in sorted(self.network.held))
        return self.optimizer.equation + (f" ({held} held)" if held else "")

    def _prepare_loss(self) -> PreparedLoss:
        units = self.examples.units
        return self.examples.loss.build(
            OutputArrays(
                self._z[-1],
                self._a[-1],
                self._shifted,
                self._total,
                self._gathered[:units],
                self._gathered[units:],
                self._slope[-1],
                self._delta[-1],
            )
        )


def _sup(l: int) -> str:
    """A layer's number as the article writes it: ⁽²⁾."""
    return f"⁽{_small(l)}⁾"


def _small(l: int) -> str:
    return str(l).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
