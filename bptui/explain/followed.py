"""What a worked example follows through the network: an example, and a unit of each layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bptui.explain import names, words
from bptui.explain.chain import Writing
from bptui.explain.document import Formulas, Heading, Paragraph, Part
from bptui.explain.grids import EXAMPLES, WHOLE, Axes
from bptui.explain.numbers import significant
from bptui.explain.update import Array, UpdateView, WorkedUpdate
from bptui.explain.worked import Chosen, WorkedOperation, worked
from bptui.nn.operation import Kind

# Over which layer (or the batch) an operation of layer l adds up.
_SUMS: dict[Kind, Callable[[int], int]] = {
    Kind.PRE_ACTIVATION: lambda l: l - 1,
    Kind.DELTA: lambda l: l + 1,
    Kind.GRADIENT: lambda l: EXAMPLES,
    Kind.LOSS: lambda l: EXAMPLES,
}
ROOM = 10_000  # terms of a sum are limited by their number, not by a line


class Followed(NamedTuple):
    """before, after: the step up to its last gradient, and with the update made. units: of each layer
    (0 the inputs) the one that is worked out, from 0."""

    before: UpdateView
    after: UpdateView
    example: int
    units: tuple[int, ...]
    axes: Axes
    writing: Writing

    @property
    def batch(self) -> int:
        return len(self.before.inputs)

    def number(self, x: float) -> str:
        """As every number of the document is written."""
        return self.writing.value(x)

    def place(self, kind: Kind, l: int | None = None) -> int:
        """Which operation of the step it is, from 0."""
        operations = self.before.operations
        return next(i for i, op in enumerate(operations) if (op.kind, op.layer) == (kind, l))

    def worked(self, kind: Kind, l: int, of_all: bool = False) -> WorkedOperation:
        """The operation at the unit that is followed; of_all: it is one for all layers."""
        view = self.after if kind is Kind.UPDATE else self.before
        chosen = Chosen(self.example, l, self.units[l], self.units[l - 1])
        writing = self.writing_along(_SUMS[kind](l)) if kind in _SUMS else self.writing
        made = worked(view, chosen, self.place(kind, None if of_all else l), ROOM, writing)
        assert made is not None
        return made

    def writing_along(self, l: int) -> Writing:
        """For a sum over the units of a layer, or over EXAMPLES: of a long one the terms can be seen in the
        arrays."""
        known = self.axes.known(l)
        return self.writing._replace(among=known.shown if known else None)

    def unit(self, l: int) -> str:
        """The name of the unit that is followed."""
        return names.unit(self.before, l, self.units[l])

    def begin(self, kind: Kind, l: int | None, made: WorkedOperation) -> Iterator[Part]:
        """An operation's heading, what it does, and its equation."""
        index = self.place(kind, l)
        what = words.subject(self.before, index)
        yield Heading(f"{index + 1}. {what[0].upper()}{what[1:]}", 3)
        yield Paragraph(made.sentence)
        yield Formulas(tuple(part.strip() for part in made.equation.split("     ") if part.strip()))


def follow(
    update: WorkedUpdate, example: int | None, unit: tuple[int, int] | None, digits: int, most: int = WHOLE
) -> Followed:
    """example: a row of the batch, from 0; unit: a layer from 1 and a unit of it from 0; None chooses."""

    def number(x: float) -> str:
        return significant(x, digits)

    view = update.before
    row = _telling(view) if example is None else example
    units = _units(view, row, unit)
    axes = Axes(view, _weighty(view, row, units), number, most)
    return Followed(view, _after(update), row, units, axes, Writing(number, number, WHOLE))


def _after(update: WorkedUpdate) -> UpdateView:
    layers = tuple(
        replace(layer, weights=w, biases=b, old_weights=layer.weights, old_biases=layer.biases)
        for layer, w, b in zip(update.before.layers, update.new_weights, update.new_biases, strict=True)
    )
    position = len(update.before.operations)
    return replace(update.before, layers=layers, position=position, loss_after=update.loss_after)


def _telling(view: UpdateView) -> int:
    """The first example with an input that is not 0: there the numbers have something to say."""
    return next((row for row, inputs in enumerate(view.inputs) if inputs.any()), 0)


def _units(view: UpdateView, example: int, given: tuple[int, int] | None) -> tuple[int, ...]:
    """Of each layer the one with the largest |δ|, or the one that is given; of the inputs the one whose
    weight to it has the largest gradient."""
    chosen = []
    for layer in view.layers:
        if given is not None and given[0] == layer.number:
            chosen.append(given[1])
        else:
            chosen.append(_largest(np.zeros(layer.units) if layer.delta is None else layer.delta[example]))
    gradient = view.layers[0].grad_weights
    source = 0 if gradient is None else _largest(gradient[chosen[0]])
    return (source, *chosen)


def _weighty(view: UpdateView, example: int, units: tuple[int, ...]) -> dict[int, list[int]]:
    """Of the batch and of each layer, by weight in what is worked out: first the one that is followed."""
    found = {EXAMPLES: [example], **{l: [unit] for l, unit in enumerate(units)}}
    parts: dict[int, list[Array]] = {l: [] for l in found}
    if view.example_losses is not None:
        parts[EXAMPLES].append(view.example_losses)
    for layer in view.layers:
        l, j, i = layer.number, units[layer.number], units[layer.number - 1]
        entering = names.entering(view, l)
        parts[l - 1].append(layer.weights[j] * entering[example])
        if layer.delta is not None:
            parts[EXAMPLES].append(layer.delta[:, j] * entering[:, i])
            if l > 1:
                parts[l].append(layer.delta[example] * layer.weights[:, i])
    for l, terms in parts.items():
        orders = [np.argsort(-np.nan_to_num(np.abs(t)), kind="stable")[:WHOLE].tolist() for t in terms]
        found[l] += [number for largest in zip(*orders, strict=True) for number in largest]
    return found


def _largest(values: Array) -> int:
    return int(np.argmax(np.nan_to_num(np.abs(values), nan=np.inf)))
