"""Of a worked example: the error signals, the gradients and the penalty's share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bptui.explain import names
from bptui.explain.backward import slopes_of
from bptui.explain.chain import Chain, Factor, add_up
from bptui.explain.document import Formulas, Grid, Paragraph, Part
from bptui.explain.followed import ROOM, Followed
from bptui.explain.forward import mean_of
from bptui.explain.forward_pass import columns, of_example
from bptui.explain.grids import EXAMPLES
from bptui.explain.numbers import layer_sup
from bptui.explain.point import Matrix, known
from bptui.explain.update import LayerView
from bptui.explain.workings import of_chain
from bptui.nn.activations import OUTPUTS
from bptui.nn.operation import Kind


def backward_pass(f: Followed) -> Iterator[Part]:
    """From the output down: a layer's error signal, then the gradient of its weights and biases."""
    for layer in reversed(f.before.layers):
        yield from _error_signal(f, layer)
        yield from _gradient(f, layer)
    if f.before.l1 or f.before.l2:
        yield from _penalty(f)


def _error_signal(f: Followed, layer: LayerView) -> Iterator[Part]:
    l, top = layer.number, len(f.before.layers)
    made = f.worked(Kind.DELTA, l)
    yield from f.begin(Kind.DELTA, l, made)
    activation = OUTPUTS[layer.activation]
    if activation.symbol and f"{activation.symbol}′" in made.equation:
        yield Formulas((f"{activation.symbol}′(z) = {activation.slope_formula}",))
    if l == top:
        yield from f.axes.equation(columns(f, made.pieces, l), l)
    else:
        yield from f.axes.equation(_sent_back(f, layer), l, l + 1)
    yield Paragraph(f"Unit {f.unit(l)}:")
    yield of_chain(made.chain, f.number)
    yield Paragraph(made.last)


def _sent_back(f: Followed, layer: LayerView) -> tuple[Grid | str, ...]:
    """δ = (Wᵀ δ above) ⊙ σ′(z), of the example."""
    l, above = layer.number, names.layer(f.before, layer.number + 1)
    here, over = layer_sup(l), layer_sup(l + 1)
    symbol = OUTPUTS[layer.activation].symbol
    return (
        f.axes.column(f"δ{here}", of_example(layer.delta, f, layer.units), l),
        "= (",
        f.axes.matrix(f"W{over}ᵀ", above.weights.T, l, l + 1),
        f.axes.column(f"δ{over}", of_example(above.delta, f, above.units), l + 1),
        ") ⊙",
        f.axes.column(f"{symbol}′(z{here})" if symbol else "1", slopes_of(layer)[f.example], l),
    )


def _gradient(f: Followed, layer: LayerView) -> Iterator[Part]:
    l = layer.number
    made, here, below = f.worked(Kind.GRADIENT, l), layer_sup(l), layer_sup(l - 1)
    yield from f.begin(Kind.GRADIENT, l, made)
    if f.batch > 1:
        yield Paragraph(
            f"Here δ{here} and a{below} have a row for each of the {f.batch} examples: the product "
            f"δ{here}ᵀ a{below} adds up what each of them says about each weight."
        )
    gradient, delta = made.arrays[0], known(layer.delta, (f.batch, layer.units))
    one = f.batch == 1
    pieces = (
        f.axes.matrix(gradient.name, gradient.values, l, l - 1),
        "=" if one else f"= 1/{f.batch}",
        f.axes.matrix(f"δ{here}" if one else f"δ{here}ᵀ", delta.T, l, EXAMPLES),
        f.axes.matrix(f"a{below}ᵀ" if one else f"a{below}", names.entering(f.before, l), EXAMPLES, l - 1),
    )
    yield from f.axes.equation(pieces, l, l - 1, EXAMPLES)
    weight = names.weight(f.before, l, f.units[l], f.units[l - 1])
    yield Paragraph(f"The weight {weight}, from {f.unit(l - 1)} to {f.unit(l)}:")
    yield of_chain(made.chain, f.number, "" if one else f"mean of {made.chain.factors[0].symbols}")
    yield Paragraph(made.last)
    yield Paragraph(f"The bias of {f.unit(l)} is a weight from a unit that always says 1:")
    bias = _of_bias(f, layer)
    yield of_chain(bias, f.number, "" if one else f"mean of {bias.factors[0].symbols}")
    biases = known(None if layer.grad_biases is None else layer.grad_biases[:, np.newaxis], (layer.units, 1))
    if layer.units > 1:
        yield from f.axes.equation((f.axes.column(f"∂L/∂b{here}", biases[:, 0], l),), l)


def _of_bias(f: Followed, layer: LayerView) -> Chain:
    """∂L/∂b of the unit that is followed: the mean of its δ."""
    l, j = layer.number, f.units[layer.number]
    values = known(layer.delta, (f.batch, layer.units))[:, j]
    delta = names.indexed("δ", f.before, l, j)

    def term(example: int) -> Factor:
        number = f.number(float(values[example]))
        return Factor(f"example {example + 1}", delta, number, number)

    prefix, suffix = mean_of(f.batch)
    total = add_up(values, term, f"Σ {delta}", ROOM, f.writing_along(EXAMPLES))
    bias = names.indexed("b", f.before, l, j)
    made = float("nan") if layer.grad_biases is None else float(layer.grad_biases[j])
    return Chain(f"∂L/∂{bias}", total.factors, made, "", prefix, suffix)


def _penalty(f: Followed) -> Iterator[Part]:
    view = f.before
    for number, layer in enumerate(view.layers):
        made, l = f.worked(Kind.PENALTY, layer.number, of_all=True), layer.number
        if not number:
            yield from f.begin(Kind.PENALTY, None, made)
        pieces = tuple(
            f.axes.matrix(p.name, p.values, l, l - 1) if isinstance(p, Matrix) else p for p in made.pieces
        )
        yield from f.axes.equation(pieces, l, l - 1)
        weight = names.weight(view, l, f.units[l], f.units[l - 1])
        yield Paragraph(f"The weight {weight} of layer {l}:")
        yield of_chain(made.chain, f.number)
        yield Paragraph(made.last)
