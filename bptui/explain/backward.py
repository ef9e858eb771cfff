"""Backward: the error signals, the gradients, the penalty's share."""

from __future__ import annotations

import numpy as np

from bptui.explain import names, words
from bptui.explain.chain import Chain, Factor, Sum, add_up
from bptui.explain.forward import mean_of
from bptui.explain.numbers import layer_sup, plain, sub
from bptui.explain.point import Body, Matrix, Piece, Point, curve_at, known, value_and_slope
from bptui.explain.update import Array, LayerView, UpdateView
from bptui.nn.activations import OUTPUTS

_SLOPES = {"sigmoid": "a (1 − a)", "tanh": "1 − a²", "sin": "cos z", "elu": "1 or a + 1", "softplus": "σ(z)"}


def error_signal(p: Point) -> Body:
    """δ of the output or of a hidden layer."""
    if not p.is_output:
        return _hidden(p)
    form = p.operation.equation.split(" = ", 1)[-1]
    if "Σ (" in form:
        return _softmax_with_mse(p, form)
    if "⊙" in form:
        return _with_slope(p, form)
    return _plain_error(p, form)


def _output_arrays(p: Point) -> tuple[Array, Array, Array]:
    shape = p.view.targets.shape
    return known(p.layer.delta, shape), known(p.layer.a, shape), p.view.targets


def _delta_matrix(p: Point, delta: Array, digits: int = 5) -> Matrix:
    return Matrix(f"δ{layer_sup(p.l)}", delta, p.example, p.unit, written=True, digits=digits)


def _output_chain(p: Point, factors: tuple[Factor, ...], delta: Array) -> Chain:
    left, result = names.quantity("δ", p.view, p.l, p.unit), float(delta[p.example, p.unit])
    return Chain(left, factors, result, p.place(f"δ{layer_sup(p.l)}"))


def _output_equation(p: Point, form: str) -> str:
    here = layer_sup(p.l)
    return f"δ{here} = ∂ℓ/∂z{here} = {form}"


def _plain_error(p: Point, form: str) -> Body:
    """ŷ − y; with soft targets of a softmax ŷ Σy − y."""
    delta, output, y = _output_arrays(p)
    e, j, digits = p.example, p.unit, 7 if y.shape[1] == 1 else 5
    prediction, target = p.value(output[e, j]), p.value(y[e, j])
    name, y_name = names.unit(p.view, p.l, j), names.indexed("y", p.view, p.l, j)
    factors = [Factor("prediction", name, prediction, prediction)]
    if "Σy" in form:
        total = p.value(float(y[e].sum()))
        factors.append(Factor("Σ targets", "Σy", total, total, "×"))
    factors.append(Factor("target", y_name, target, target, "−"))
    pieces = (
        _delta_matrix(p, delta, digits),
        "=",
        Matrix(f"ŷ = a{layer_sup(p.l)}", output, e, j, digits=digits, least_scale=1.0),
        "· Σy −" if "Σy" in form else "−",
        Matrix("y", y, e, j, digits=digits, least_scale=1.0),
    )
    chain = _output_chain(p, tuple(factors), delta)
    return Body(pieces, chain, _of_delta(p, float(delta[e, j])), _output_equation(p, form))


def _with_slope(p: Point, form: str) -> Body:
    """(ŷ − y) ⊙ σ′(z)"""
    delta, output, y = _output_arrays(p)
    e, j = p.example, p.unit
    name, y_name = names.unit(p.view, p.l, j), names.indexed("y", p.view, p.l, j)
    numbers = f"({p.factor(output[e, j])} − {p.factor(y[e, j])})"
    error = Factor("error", f"({name} − {y_name})", numbers, p.value(output[e, j] - y[e, j]))
    pieces = (
        _delta_matrix(p, delta),
        "=",
        Matrix("ŷ − y", output - y, e, j),
        "⊙",
        _slope_matrix(p),
    )
    chain = _output_chain(p, (error, _slope_factor(p)), delta)
    last = _of_slope(p) or _of_delta(p, float(delta[e, j]))
    return Body(pieces, chain, last, _output_equation(p, form), curve_at(p))


def _softmax_with_mse(p: Point, form: str) -> Body:
    """ŷ ⊙ ((ŷ − y) − Σ (ŷ − y) ŷ)"""
    delta, output, y = _output_arrays(p)
    e, j, error = p.example, p.unit, output - y
    shared = (error * output).sum(axis=1, keepdims=True)
    own, both = p.value(output[e, j]), p.value(error[e, j] - shared[e, 0])
    numbers = f"({p.factor(error[e, j])} − {p.factor(shared[e, 0])})"
    symbol = f"({names.indexed('e', p.view, p.l, j)} − Σₖ eₖ ŷₖ)"
    factors = (
        Factor("own share", names.unit(p.view, p.l, j), own, own),
        Factor("own error, less the shared", symbol, numbers, both, "×"),
    )
    pieces = (
        _delta_matrix(p, delta),
        "=",
        Matrix("ŷ", output, e, j, least_scale=1.0),
        "⊙ (",
        Matrix("e = ŷ − y", error, e, j),
        "−",
        Matrix("Σ e ŷ", shared, e, 0),
        ")",
    )
    chain = _output_chain(p, factors, delta)
    return Body(pieces, chain, _of_delta(p, float(delta[e, j])), _output_equation(p, form))


def _of_delta(p: Point, delta: float) -> str:
    z = names.quantity("z", p.view, p.l, p.unit)
    return words.of_sign(
        delta,
        f"Positive: a larger {z} would raise this example's loss.",
        f"Negative: a larger {z} would lower this example's loss.",
        f"Exactly 0: this example has nothing to say about {z}.",
    )


def _slopes(p: Point) -> Array:
    if p.layer.slope is None and p.layer.z is None:
        return known(None, (p.batch, p.layer.units))
    return slopes_of(p.layer)


def slopes_of(layer: LayerView) -> Array:
    """σ′ as the step computed it, or from z, which is there, where it is not there yet; (batch, n_l). 0 for
    a unit that is switched off."""
    if layer.slope is not None:
        return layer.slope
    assert layer.z is not None
    slopes = value_and_slope(layer.activation, layer.z.ravel())[1].reshape(layer.z.shape)
    return slopes if layer.off is None else np.where(layer.off, 0.0, slopes)


def slope_form(view: UpdateView, l: int, j: int) -> str:
    """σ′ of unit j as a short formula: 1 − a₃², or relu′(z₃); "off" where the unit is switched off."""
    if names.is_off(view, l, j):
        return "off"
    name, a = names.layer(view, l).activation, names.indexed("a", view, l, j)
    forms = {"tanh": f"1 − {a}²", "sigmoid": f"{a}(1 − {a})", "linear": "1"}
    return forms.get(name, f"{OUTPUTS[name].symbol}′({names.indexed('z', view, l, j)})")


def _slope_matrix(p: Point) -> Matrix:
    name = p.layer.activation
    symbol = OUTPUTS[name].symbol
    called = f"{symbol}′(z{layer_sup(p.l)})" if symbol else "slope"
    note = _SLOPES.get(name, "")
    if p.layer.off is not None:
        called, note = f"{called} ⊙ on", ""
    return Matrix(called, _slopes(p), p.example, p.unit, note=note, least_scale=1.0)


def _slope_factor(p: Point) -> Factor:
    """The slope at the chosen z, with its formula where it has a short one."""
    name, view, l, j = p.layer.activation, p.view, p.l, p.unit
    if p.is_off:
        return Factor(f"slope of {names.unit(view, l, j)}", "off", "0", "0", "×")
    slope = p.value(_slopes(p)[p.example, j])
    a = p.value(known(p.layer.a, (p.batch, p.layer.units))[p.example, j])
    z = p.value(known(p.layer.z, (p.batch, p.layer.units))[p.example, j])
    a_name, symbol = names.indexed("a", view, l, j), OUTPUTS[name].symbol
    formulas = {
        "tanh": (f"1 − {a_name}²", f"1 − ({a})²"),
        "sigmoid": (f"{a_name} (1 − {a_name})", f"{a} × (1 − {a})"),
        "linear": ("1", "1"),
    }
    z_name = names.indexed("z", view, l, j)
    symbols, numbers = formulas.get(name, (f"{symbol}′({z_name})", f"{symbol}′({z})"))
    return Factor(f"slope of {names.unit(view, l, j)}", symbols, numbers, slope, "×")


def _of_slope(p: Point) -> str | None:
    curve = curve_at(p)
    if curve is None:
        return words.of_off(p.view, p.l, p.unit, back=True)
    return words.of_slope(p.view, p.l, p.unit, curve.z, curve.a, curve.slope, back=True)


def _hidden(p: Point) -> Body:
    """(Wᵀ δ) ⊙ σ′: what the units above send back, times the slope."""
    view, l, e, j = p.view, p.l, p.example, p.unit
    above = names.layer(view, l + 1)
    delta, over = known(p.layer.delta, (p.batch, p.layer.units)), known(above.delta, (p.batch, above.units))
    terms = over[e] * above.weights[:, j]
    left, slope = names.quantity("δ", view, l, j), _slope_factor(p)
    total = _sent_back(p, terms, p.room - len(left) - 3 - slope.width - 7)
    many = len(total.factors) > 1
    joined = Factor(slope.caption, slope.symbols, slope.numbers, slope.value, ") ×" if many else "×")
    result = float(delta[e, j])
    goes_to = p.place(f"δ{layer_sup(l)}", told=True)
    chain = Chain(left, (*total.factors, joined), result, goes_to, "(" if many else "")
    pieces = (
        _delta_matrix(p, delta),
        "=",
        Matrix(f"δ{layer_sup(l + 1)}", over, e, None),
        "·",
        Matrix(f"W{layer_sup(l + 1)}", above.weights, None, j),
        "⊙",
        _slope_matrix(p),
    )
    last = _of_slope(p) or _of_paths(p, terms, total, result)
    return Body(pieces, chain, last, curve=curve_at(p))


def _sent_back(p: Point, terms: Array, room: int) -> Sum:
    view, l, j = p.view, p.l, p.unit
    above = names.layer(view, l + 1)
    over = known(above.delta, (p.batch, above.units))[p.example]

    def term(k: int) -> Factor:
        caption = f"sent back by {names.unit(view, l + 1, k)}"
        weight = f"{names.weight(view, l + 1, k, j)}{layer_sup(l + 1) if above.units == 1 else ''}"
        delta = (
            names.quantity("δ", view, l + 1, k) if above.units == 1 else names.indexed("δ", view, l + 1, k)
        )
        form = p.value if above.units == 1 else p.factor
        numbers = f"{form(over[k])} × {form(above.weights[k, j])}"
        caption = caption if above.units == 1 else f"from {names.unit(view, l + 1, k)}"
        return Factor(caption, f"{delta} · {weight}", numbers, p.value(terms[k]))

    return add_up(terms, term, f"Σ δₖ · wₖ{sub(j + 1)}", room, p.writing)


def _of_paths(p: Point, terms: Array, total: Sum, result: float) -> str:
    view, l = p.view, p.l
    if len(terms) > p.writing.terms:
        made = float(terms[list(total.shown)].sum())
        return words.of_share(len(total.shown), made, total.more, total.rest, total.largest)
    decider = words.of_decider(terms, float(terms.sum()), lambda k: names.unit(view, l + 1, k))
    return decider or _of_delta(p, result)


def gradient(p: Point) -> Body:
    """∂L/∂W = mean of δ aᵀ"""
    view, l, j, i = p.view, p.l, p.unit, p.source
    delta, entering = known(p.layer.delta, (p.batch, p.layer.units)), p.entering
    w, delta_name, a_name = (
        names.weight(view, l, j, i),
        names.indexed("δ", view, l, j),
        names.activation(view, l - 1, i),
    )
    terms = delta[:, j] * entering[:, i]

    def term(example: int) -> Factor:
        numbers = f"{p.factor(delta[example, j])}×{p.factor(entering[example, i])}"
        value = p.value(terms[example])
        return Factor(f"example {example + 1}", f"{delta_name} · {a_name}", numbers, value)

    prefix, suffix = mean_of(p.batch)
    left = f"∂L/∂{w}"
    room = p.room - len(left) - 3 - len(prefix) - 3
    total = add_up(terms, term, f"Σ {delta_name} · {a_name}", room, p.writing)
    result, name = float(data_gradient(p)[j, i]), f"∂L/∂W{layer_sup(l)}"
    chain = Chain(left, total.factors, result, p.weight_place(name), prefix, suffix)
    from_off = names.is_off(view, l - 1, i)
    last = words.of_speakers(entering[:, i], names.unit(view, l - 1, i), w, from_off) or _of_gradient(result)
    last = words.of_off(view, l, j, back=True) or last
    equation = f"{p.operation.equation}      ∂L/∂b{layer_sup(l)} = mean of δ{layer_sup(l)}"
    return Body(_gradient_arrays(p, delta, entering), chain, last, equation, by_example=False)


def _of_gradient(gradient_of_weight: float) -> str:
    return words.of_sign(
        gradient_of_weight,
        "Positive: this weight will be lowered.",
        "Negative: this weight will be raised.",
        "Exactly 0: this weight stays as it is.",
    )


def data_gradient(p: Point) -> Array:
    """The batch's mean of δ aᵀ; computed again where the penalty's share was added to it since."""
    share = bool(p.view.l1 or p.view.l2)
    if p.layer.grad_weights is not None and not share:
        return p.layer.grad_weights
    delta = known(p.layer.delta, (p.batch, p.layer.units))
    return np.asarray(delta.T @ p.entering / p.batch)


def _gradient_arrays(p: Point, delta: Array, entering: Array) -> tuple[Piece, ...]:
    here, below = layer_sup(p.l), layer_sup(p.l - 1)
    share = f"= 1/{p.batch}" if p.batch > 1 else "="
    return (
        Matrix(f"∂L/∂W{here}", data_gradient(p), p.unit, p.source, written=True),
        share,
        Matrix(f"δ{here}ᵀ", delta.T, p.unit, None, near_column=p.example),
        "·",
        Matrix(f"a{below}", entering, None, p.source, least_scale=1.0, near_row=p.example),
    )


def penalty(p: Point) -> Body:
    """∂L/∂W ← ∂L/∂W + λ₁ sign(W) + λ₂ W"""
    view, l, j, i = p.view, p.l, p.unit, p.source
    weights = p.layer.weights if p.layer.old_weights is None else p.layer.old_weights
    data, both, w = data_gradient(p), known(p.layer.grad_weights, weights.shape), names.weight(view, l, j, i)
    name, at = f"∂L/∂W{layer_sup(l)}", float(weights[j, i])
    factors = [Factor("of the data", "mean of δ a", p.value(data[j, i]), p.value(data[j, i]))]
    share = view.l1 * np.sign(weights) + view.l2 * weights
    pieces: tuple[Piece, ...] = (
        Matrix(name, both, j, i, written=True),
        "=",
        Matrix("of the data", data, j, i),
        "+",
        Matrix("of the penalty", share, j, i),
    )
    if view.l1:
        value = p.value(view.l1 * float(np.sign(at)))
        numbers = f"{plain(view.l1)} × {p.factor(float(np.sign(at)))}"
        factors.append(Factor("l1", f"λ₁ · sign {w}", numbers, value, "+"))
    if view.l2:
        numbers = f"{plain(view.l2)} × {p.value(at)}"
        factors.append(Factor("l2", f"λ₂ · {w}", numbers, p.value(view.l2 * at), "+"))
    chain = Chain(f"∂L/∂{w}", tuple(factors), float(both[j, i]), p.weight_place(name))
    last = words.of_sign(
        at,
        "Positive weight: its share of the gradient is positive, and lowers it.",
        "Negative weight: its share of the gradient is negative, and raises it.",
        "A weight of exactly 0 costs nothing: no share.",
    )
    return Body(pieces, chain, last, by_example=False)
