"""Forward: weighted sum, activation, loss."""

from __future__ import annotations

import numpy as np

from bptui.explain import names, words
from bptui.explain.chain import Chain, Factor, Sum, add_up
from bptui.explain.numbers import layer_sup, sub
from bptui.explain.point import Body, Matrix, Piece, Point, curve_at, known, switches, value_and_slope
from bptui.explain.update import Array, UpdateView
from bptui.nn.activations import OUTPUTS


def weighted_sum(p: Point) -> Body:
    """z = W a + b"""
    view, l, j = p.view, p.l, p.unit
    weights, bias, inputs = p.layer.weights[j], float(p.layer.biases[j]), p.entering[p.example]
    terms = weights * inputs

    def term(i: int) -> Factor:
        symbols = f"{names.weight(view, l, j, i)} · {names.activation(view, l - 1, i)}"
        numbers = f"{p.factor(weights[i])} × {p.factor(inputs[i])}"
        return Factor(f"from {names.unit(view, l - 1, i)}", symbols, numbers, p.value(terms[i]))

    left = names.quantity("z", view, l, j)
    total = add_up(terms, term, _more(p, "w", "a"), p.room - len(left) - 3 - 10, p.writing)
    last = Factor("bias", names.indexed("b", view, l, j), p.value(bias), p.value(bias), "+")
    z = known(p.layer.z, (p.batch, p.layer.units))
    result = float(z[p.example, j])
    chain = Chain(left, (*total.factors, last), result, p.place(f"z{layer_sup(l)}", told=True))
    return Body(_sum_arrays(p, z), chain, _of_sum(p, terms, result, total))


def _more(p: Point, weight: str, activation: str) -> str:
    j = "" if names.units(p.view, p.l) == 1 else sub(p.unit + 1)
    return f"Σ {weight}{j}ᵢ · {'x' if p.l == 1 and activation == 'a' else activation}ᵢ"


def _sum_arrays(p: Point, z: Array) -> tuple[Piece, ...]:
    here, below = layer_sup(p.l), layer_sup(p.l - 1)
    return (
        Matrix(f"z{here}", z, p.example, p.unit, written=True),
        "=",
        Matrix(f"a{below}", p.entering, p.example, None, least_scale=1.0, near_column=p.source),
        "·",
        Matrix(f"W{here}ᵀ", p.layer.weights.T, None, p.unit, near_row=p.source),
        "+",
        Matrix(f"b{here}", p.layer.biases[np.newaxis, :], None, p.unit, below=True),
    )


def _of_sum(p: Point, terms: Array, result: float, total: Sum) -> str:
    inputs, view, l = p.entering[p.example], p.view, p.l
    if len(terms) > p.writing.terms:
        made = float(terms[list(total.shown)].sum())
        return words.of_share(len(total.shown), made, total.more, total.rest, total.largest)
    return (
        words.of_zero_input(view, l, p.unit, inputs)
        or words.of_twins(view, l, inputs)
        or words.of_decider(terms, result, lambda i: names.unit(view, l - 1, i))
        or words.of_sign(
            result,
            f"Positive: together its inputs push {names.unit(view, l, p.unit)} up.",
            f"Negative: together its inputs push {names.unit(view, l, p.unit)} down.",
            "Exactly 0: nothing comes in.",
        )
    )


def activation(p: Point) -> Body:
    """a = σ(z)"""
    name, here = p.layer.activation, layer_sup(p.l)
    shape = (p.batch, p.layer.units)
    a, z = known(p.layer.a, shape), known(p.layer.z, shape)
    chosen = None if name == "softmax" else p.unit
    symbol = OUTPUTS[name].symbol
    pieces: tuple[Piece, ...] = (
        Matrix(f"a{here}", a, p.example, p.unit, written=True, least_scale=1.0),
        f"= {symbol} (" if symbol else "=",
        Matrix(f"z{here}", z, p.example, chosen),
        *([")"] if symbol else []),
        *switches(p),
    )
    goes_to = p.place(names.unit(p.view, p.l, p.unit) if _sole_output(p) else f"a{here}")
    result = float(a[p.example, p.unit])
    factors = _share(p, z[p.example]) if name == "softmax" else _bent(p, float(z[p.example, p.unit]), result)
    chain = Chain(names.quantity("a", p.view, p.l, p.unit), factors, result, goes_to)
    return Body(pieces, chain, _of_activation(p, z, a), curve=curve_at(p))


def _sole_output(p: Point) -> bool:
    return p.is_output and p.layer.units == 1


def _bent(p: Point, z: float, a: float) -> tuple[Factor, ...]:
    """σ(z), and 0 in its way where the unit is switched off."""
    if p.is_off:
        bent = float(value_and_slope(p.layer.activation, np.array([z]))[0][0])
        return (_activated(p, z, bent), Factor("switch", "off", "0", "0", "×"))
    return (_activated(p, z, a),)


def _activated(p: Point, z: float, a: float) -> Factor:
    symbol, z_name = OUTPUTS[p.layer.activation].symbol, names.indexed("z", p.view, p.l, p.unit)
    number = p.value(z)
    if not symbol:
        return Factor("activation", z_name, number, p.value(a))
    return Factor("activation", f"{symbol}({z_name})", f"{symbol}({number})", p.value(a))


def _share(p: Point, z: Array) -> tuple[Factor, ...]:
    """eᶻ over the sum of all eᶻ, the largest z taken off first, as it is computed."""
    top, z_name = float(z.max()), names.indexed("z", p.view, p.l, p.unit)
    with np.errstate(all="ignore"):
        powers = np.exp(z - top)
    number = f"e^({p.factor(z[p.unit])} − {p.factor(top)})"
    return (
        Factor("its own power", f"e^({z_name} − max z)", number, p.value(powers[p.unit])),
        Factor("of all", "Σₖ e^(zₖ − max z)", f"{len(z)} powers", p.value(powers.sum()), "÷"),
    )


def _of_activation(p: Point, z: Array, a: Array) -> str:
    e, j = p.example, p.unit
    if p.is_output:
        return words.of_prediction(p.view, e, j, a[e], p.view.targets[e])
    off, curve = words.of_off(p.view, p.l, j, back=False), curve_at(p)
    if off:
        return off
    if curve is None:
        return words.of_sign(
            float(a[e, j]),
            f"{names.unit(p.view, p.l, j)} passes a positive number on.",
            f"{names.unit(p.view, p.l, j)} passes a negative number on.",
            f"{names.unit(p.view, p.l, j)} says nothing in this example.",
        )
    said = words.of_slope(p.view, p.l, j, curve.z, curve.a, curve.slope, back=False)
    return said or words.of_following(p.view, p.l, j, curve.slope)


def loss(p: Point) -> Body:
    """L = mean of ℓ"""
    view = p.view
    losses = (
        np.full(p.batch, np.nan) if view.example_losses is None else np.asarray(view.example_losses, float)
    )

    def term(i: int) -> Factor:
        return Factor(f"example {i + 1}", f"ℓ{sub(i + 1)}", _cost(p, i), p.value(losses[i]))

    prefix, suffix = mean_of(p.batch)
    total = add_up(losses, term, "Σ ℓᵢ", p.room - 4 - len(prefix) - len(suffix) - 2, p.writing)
    value = float("nan") if view.loss is None else float(view.loss)
    chain = Chain("L", total.factors, value, "L", prefix, suffix, signed=False)
    equation = f"{_loss_equation(view)}      L = mean of ℓ"
    return Body(_loss_arrays(p, losses), chain, words.of_costliest(losses), equation)


def mean_of(batch: int) -> tuple[str, str]:
    """What stands around a sum that is divided by the batch."""
    return (f"1/{batch} (", ")") if batch > 1 else ("", "")


def _loss_equation(view: UpdateView) -> str:
    many = names.units(view, len(view.layers)) > 1
    if view.loss_name == "mse":
        return "ℓ = ½ Σₖ (ŷₖ − yₖ)²" if many else "ℓ = ½ (ŷ − y)²"
    if view.layers[-1].activation == "softmax":
        return "ℓ = −Σₖ yₖ ln ŷₖ"
    return "ℓ = −Σₖ [ yₖ ln ŷₖ + (1 − yₖ) ln(1 − ŷₖ) ]" if many else "ℓ = −[ y ln ŷ + (1 − y) ln(1 − ŷ) ]"


def _cost(p: Point, i: int) -> str:
    """An example's own loss in symbols with its numbers where they fit."""
    y, output = p.view.targets[i], known(p.layer.a, p.view.targets.shape)[i]
    if p.view.loss_name == "mse":
        return f"½ ({p.factor(float(output[0] - y[0]))})²" if len(y) == 1 else "½ Σ (ŷ − y)²"
    if p.layer.activation == "softmax":
        sure = np.flatnonzero(y == 1)
        return f"−ln ŷ{sub(int(sure[0]) + 1)}" if len(sure) == 1 and y.sum() == 1 else "−Σ y ln ŷ"
    if len(y) == 1 and y[0] in (0, 1):
        return "−ln ŷ" if y[0] else "−ln (1−ŷ)"
    return "−Σ [ … ]" if len(y) > 1 else "−[ … ]"


def _loss_arrays(p: Point, losses: Array) -> tuple[Piece, ...]:
    output, y, e = known(p.layer.a, p.view.targets.shape), p.view.targets, p.example
    digits, near = 7 if y.shape[1] == 1 else 5, int(np.argmax(y[e]))
    return (
        Matrix("ℓ", losses[:, np.newaxis], e, 0, written=True, digits=7),
        f"=  {_in_words(p)} ",
        Matrix(f"ŷ = a{layer_sup(p.l)}", output, e, None, digits=digits, least_scale=1.0, near_column=near),
        "",
        Matrix("y", y, e, None, digits=digits, least_scale=1.0, near_column=near),
    )


def _in_words(p: Point) -> str:
    if p.view.loss_name == "mse":
        return "½ Σ (ŷ − y)²" if p.layer.units > 1 else "½ (ŷ − y)²"
    if p.layer.activation == "softmax" or p.layer.units == 1:
        return "−ln(share of the right class)"
    return "−Σ ln(share of what is right)"
