"""An operation worked out: its title, its words, its arrays and the equation of one chosen element.

`worked` reads the arrays of an UpdateView and gives a WorkedOperation, which the screen and the saved
texts only have to place. An operation of another layer than the chosen one takes what is nearest to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bptui.explain import backward, forward, names, words
from bptui.explain.chain import PANEL, Chain, Factor, Writing
from bptui.explain.numbers import count, layer_sup, plain
from bptui.explain.point import Body, Curve, Matrix, Piece, Point, known
from bptui.explain.update import Array, UpdateView
from bptui.nn.operation import Kind, Operation
from bptui.nn.optimizers import OPTIMIZERS

WIDTH = 94  # columns of the panel at 160x48


class Chosen(NamedTuple):
    """What is looked at: a row of the batch, a layer from 1, a unit of it and one of its inputs, from 0."""

    example: int = 0
    layer: int = 1
    unit: int = 0
    source: int = 0


class WorkedOperation(NamedTuple):
    """The seven parts of an operation in hand, and the choice they were made for."""

    title: str
    short_title: str
    at: str  # example 3 · unit h₃
    short_at: str  # example 3 · h₃
    sentence: str
    equation: str
    pieces: tuple[Piece, ...]
    chain: Chain
    curve: Curve | None
    last: str
    beside: str
    by_example: bool
    examples: int

    @property
    def arrays(self) -> tuple[Matrix, ...]:
        """The arrays, the written one first."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Matrix))


def worked(
    view: UpdateView,
    chosen: Chosen,
    index: int | None = None,
    width: int = WIDTH,
    writing: Writing = PANEL,
) -> WorkedOperation | None:
    """Operation `index` (from 0; the one in hand where None is given); None between steps.

    Sums are shortened until their columns fit into `width`.
    """
    index = view.position - 1 if index is None else index
    if not 0 <= index < len(view.operations):
        return None
    point = point_of(view, view.operations[index], chosen, width)._replace(writing=writing)
    with np.errstate(all="ignore"):
        body = _BODIES[point.operation.kind](point)
    unit = names.unit(view, point.l, point.unit)
    return WorkedOperation(
        title=words.title(view, index),
        short_title=words.short_title(view, index),
        at=f"example {point.example + 1} · unit {unit}",
        short_at=f"example {point.example + 1} · {unit}",
        sentence=words.sentence(view, point.operation),
        equation=body.equation or point.operation.equation,
        pieces=body.pieces,
        chain=body.chain,
        curve=body.curve,
        last=body.last,
        beside=body.beside,
        by_example=body.by_example,
        examples=point.batch,
    )


def point_of(view: UpdateView, operation: Operation, chosen: Chosen, width: int = WIDTH) -> Point:
    """The element of an operation that is nearest to the choice."""
    depth = len(view.layers)
    layer = min(max(chosen.layer, 1), depth)
    l = operation.layer or (depth if operation.kind is Kind.LOSS else layer)
    unit, source = chosen.unit, chosen.source
    if l == layer + 1:
        unit, source = 0, chosen.unit
    elif l == layer - 1:
        unit, source = chosen.source, 0
    elif l != layer:
        unit, source = 0, 0
    return Point(
        view,
        operation,
        _within(chosen.example, len(view.inputs)),
        l,
        _within(unit, names.units(view, l)),
        _within(source, names.units(view, l - 1)),
        width,
    )


def _within(number: int, count_of_them: int) -> int:
    return min(max(number, 0), count_of_them - 1)


def _update(p: Point) -> Body:
    """W ← W − its step; for plain sgd the step is η ∂L/∂W, else what the optimizer really took off."""
    new, here = p.layer.weights, layer_sup(p.l)
    old = known(p.layer.old_weights, (new.shape[0], new.shape[1]))
    gradient, j, i, w = known(p.layer.grad_weights, new.shape), p.unit, p.source, _weight(p)
    is_plain = p.view.optimizer == "sgd" and bool(np.allclose(old - p.view.eta * gradient, new, rtol=1e-5))
    if p.layer.held:
        form, numbers, step = "held", "0", 0.0
        taken: tuple[Piece, ...] = ("−", _element("step", old - new, p))
    elif is_plain:
        form, numbers = f"η · ∂L/∂{w}", f"{plain(p.view.eta)} × {p.value(gradient[j, i])}"
        taken = (f"− {plain(p.view.eta)} ·", _element(f"∂L/∂W{here}", gradient, p))
        step = p.view.eta * float(gradient[j, i])
    else:
        step = float(old[j, i] - new[j, i])
        form, numbers = OPTIMIZERS[p.view.optimizer].step, p.value(step)
        taken = ("−", _element("step", old - new, p))
    was = p.value(old[j, i])
    factors = (Factor("old", w, was, was), Factor("step", form, numbers, p.value(step), "−"))
    chain = Chain(f"{w} new", factors, float(new[j, i]), p.weight_place(f"W{here}"))
    pieces = (_element(f"W{here} new", new, p, written=True), "=", _element(f"W{here} old", old, p), *taken)
    last = words.of_update(p.view) or _of_step(step)
    if p.layer.held:
        last = words.of_held(p.view, p.l, w)
    return Body(pieces, chain, last, _update_equation(p), beside=_alike(p), by_example=False)


def _weight(p: Point) -> str:
    return names.weight(p.view, p.l, p.unit, p.source)


def _element(name: str, values: Array, p: Point, written: bool = False) -> Matrix:
    return Matrix(name, values, p.unit, p.source, written, digits=7)


def _of_step(step: float) -> str:
    return words.of_sign(
        step, "The weight is lowered.", "The weight is raised.", "The weight stays as it is."
    )


def _update_equation(p: Point) -> str:
    """Of sgd with the bias's, before what is said of layers that are held."""
    weights = OPTIMIZERS["sgd"].equation
    if p.view.optimizer == "sgd":
        return p.operation.equation.replace(weights, f"{weights}      b ← b − η ∂L/∂b")
    return p.operation.equation


def _alike(p: Point) -> str:
    """What else was updated by the same operation."""
    moved = [layer for layer in p.view.layers if not layer.held]
    if p.layer.held:
        return f"b{layer_sup(p.l)} is held too"
    others = [f"b{layer_sup(p.l)}"]
    for layer in moved:
        if layer.number != p.l:
            others += [f"W{layer_sup(layer.number)}", f"b{layer_sup(layer.number)}"]
    total = sum(layer.weights.size + layer.biases.size for layer in moved)
    listed = ", ".join(others) if len(others) <= 3 else f"{others[0]} and the other layers"
    return f"and so for {listed}: {count(total)} parameters at once"


_BODIES: dict[Kind, Callable[[Point], Body]] = {
    Kind.PRE_ACTIVATION: forward.weighted_sum,
    Kind.ACTIVATION: forward.activation,
    Kind.LOSS: forward.loss,
    Kind.DELTA: backward.error_signal,
    Kind.GRADIENT: backward.gradient,
    Kind.PENALTY: backward.penalty,
    Kind.UPDATE: _update,
}
