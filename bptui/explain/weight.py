"""One weight's gradient by the chain rule: its path to the loss, and a product of factors an example.

∂L/∂w is the batch's mean of the products, plus the penalty's share. The products are the step's own δ
times what enters, so that their column sums to the very gradient that trains.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

import numpy as np

from bptui.explain import names, words
from bptui.explain.backward import slope_form, slopes_of
from bptui.explain.numbers import layer_sup, precise, sub
from bptui.explain.update import Array, LayerView, UpdateView
from bptui.nn.activations import OUTPUTS
from bptui.nn.operation import Kind

ALL = 8  # a batch of so many examples is listed whole
LARGEST = 6  # of a larger one so many are
EXACT = 1e-12  # the difference that agrees, as a share of the terms, as `check` has it
CENTRAL = 1e-7  # central differences lose half of the digits
ROUNDING = 1e-10  # and are never nearer than the last digit of the loss over their step


class Place(NamedTuple):
    """A parameter: layer from 1, receiving unit and source from 0; source n_{l-1} is the unit's bias."""

    layer: int
    unit: int
    source: int


class Station(NamedTuple):
    """A number on the way to the loss; `by`: what leads to it from the one before."""

    name: str
    value: float | None
    by: str = ""


class Link(NamedTuple):
    """A column of the chain: a local derivative, how it is worked out, its value for each example.

    brief: the derivative where there is little room; values (batch,), None where not computed yet.
    """

    derivative: str
    brief: str
    form: str
    values: Array | None


class WeightChain(NamedTuple):
    """A parameter's gradient taken apart. None: not computed yet in this step."""

    place: Place
    name: str  # w₃₁⁽¹⁾
    short: str  # w₃₁
    way: str  # from x₁ to h₃ · hidden layer 1
    value: float  # as it is now
    before: float  # that the numbers of the step belong to: the same but right after its update
    before_known: bool  # right after its update: what it was is still there
    gradient: float | None  # as it trains: with the penalty's share where that is in it
    path: tuple[Station, ...]
    links: tuple[Link, ...]
    paths: int  # ways from the weight to the loss
    products: Array | None  # (batch,) ∂ℓ/∂w of each example
    penalty: float | None  # the share of l1 and l2 in the gradient; None where there is none
    penalty_form: str

    @property
    def mean(self) -> float | None:
        """Of the products: the gradient of the data."""
        return None if self.products is None else float(self.products.sum()) / len(self.products)

    @property
    def whole(self) -> bool:
        """The gradient has the penalty's share in it: the tape adds it after the last gradient."""
        if self.penalty is None or self.gradient is None or self.mean is None:
            return True
        return abs(self.gradient - self.mean - self.penalty) <= abs(self.gradient - self.mean)

    def shown(self, chosen: int, most: int = LARGEST) -> tuple[int, ...]:
        """The examples that are listed, in their order: all where they are few, else those of the `most`
        largest products, and the chosen one."""
        batch = len(self.products) if self.products is not None else 0
        if self.products is None or batch <= max(ALL if most == LARGEST else most, 1):
            return tuple(range(batch))
        size = np.nan_to_num(np.abs(self.products), nan=np.inf)
        largest = np.argsort(-size, kind="stable")[:most].tolist()
        return tuple(sorted({*largest, chosen}))

    def rest(self, shown: Sequence[int]) -> tuple[int, float]:
        """How many examples are not among `shown`, and the sum of their products."""
        assert self.products is not None
        left = np.delete(self.products, list(shown))
        return len(left), float(left.sum())


def weight_chain(view: UpdateView, place: Place, example: int) -> WeightChain:
    """The chain of the parameter at `place`; the path has the numbers of `example`, a row of the batch."""
    place = _fitted(view, place)
    l, j, _ = place
    layer, short = names.layer(view, l), parameter(view, place)
    delta = layer.delta
    entering = _entering(view, place)
    with np.errstate(all="ignore"):
        products = None if delta is None or entering is None else _float(delta[:, j]) * entering
        penalty, form = _penalty(view, place)
        return WeightChain(
            place=place,
            name=f"{short}{layer_sup(l)}",
            short=short,
            way=_way(view, place),
            value=_parameter(layer.weights, layer.biases, place),
            before=_before(layer, place),
            before_known=layer.old_weights is not None,
            gradient=_gradient(layer, place),
            path=tuple(_path(view, place, example)),
            links=(*_links_to_activation(view, place), *_last_links(view, place)),
            paths=paths_to_loss(view, place),
            products=products,
            penalty=penalty,
            penalty_form=form,
        )


def of_chain(view: UpdateView, chain: WeightChain) -> str:
    """What the gradient says: the first rule that holds, and its sign."""
    if chain.products is None or chain.mean is None:
        return ""
    entering, bias = _entering(view, chain.place), is_bias(view, chain.place)
    first = None
    if entering is not None and not bias:
        source = names.unit(view, chain.place.layer - 1, chain.place.source)
        from_off = names.is_off(view, chain.place.layer - 1, chain.place.source)
        first = words.of_speakers(entering, source, chain.short, from_off)
    first = words.of_off(view, chain.place.layer, chain.place.unit, back=True) or first
    first = first or words.of_cancelling(chain.products, chain.mean)
    whole = chain.mean + (chain.penalty or 0.0)
    last = words.of_sign(
        whole,
        f"Positive: a larger {chain.short} would raise the loss.",
        f"Negative: a larger {chain.short} would lower the loss.",
        f"Exactly 0: a small change of this {'bias' if bias else 'weight'} changes nothing.",
    )
    return f"{first} {last}" if first and whole else first or last


def parameter(view: UpdateView, place: Place) -> str:
    """w₃₁, or b₃ for a bias."""
    l, j, i = place
    return names.indexed("b", view, l, j) if is_bias(view, place) else names.weight(view, l, j, i)


def is_bias(view: UpdateView, place: Place) -> bool:
    """The source after the last is the bias."""
    return place.source == names.units(view, place.layer - 1)


def paths_to_loss(view: UpdateView, place: Place) -> int:
    """How many ways lead from the weight's unit to the loss, each over one unit of every layer above."""
    if place.layer == len(view.layers):
        return names.layer(view, place.layer).units if _couples(view) else 1
    ends = names.units(view, len(view.layers)) if _couples(view) else 1
    return prod(layer.units for layer in view.layers[place.layer :]) * ends


def terms_size(view: UpdateView, chain: WeightChain) -> float:
    """What a difference of this gradient is relative to: the layer's largest batch mean of |δ||a| (a bias's
    a is 1), plus the penalty's largest share; 1 where that is 0."""
    layer, entering = names.layer(view, chain.place.layer), names.entering(view, chain.place.layer)
    if layer.delta is None:
        return 1.0
    delta, weights = np.abs(_float(layer.delta)), weights_in_use(layer)
    mean = delta.T @ np.abs(_float(entering)) / len(delta)
    share = view.l1 * np.abs(np.sign(weights)) + view.l2 * np.abs(weights)
    return (max(float(mean.max()), float(delta.mean(axis=0).max())) + float(share.max())) or 1.0


def agrees(view: UpdateView, chain: WeightChain, difference: float, exact: bool) -> bool:
    """Whether a gradient found otherwise is the same; `exact`: by complex step, which rounding alone parts
    from it."""
    if exact:
        return difference <= EXACT * terms_size(view, chain)
    return difference <= CENTRAL * terms_size(view, chain) + ROUNDING * max(1.0, abs(view.loss or 0.0))


def weights_in_use(layer: LayerView) -> Array:
    """Those the step's numbers were made with: before its update."""
    return layer.weights if layer.old_weights is None else layer.old_weights


def _fitted(view: UpdateView, place: Place) -> Place:
    l = min(max(place.layer, 1), len(view.layers))
    unit = min(max(place.unit, 0), names.units(view, l) - 1)
    return Place(l, unit, min(max(place.source, 0), names.units(view, l - 1)))


def _float(array: Array) -> Array:
    return np.asarray(array, float)


def _parameter(weights: Array, biases: Array, place: Place) -> float:
    bias = place.source == weights.shape[1]
    return float(biases[place.unit] if bias else weights[place.unit, place.source])


def _before(layer: LayerView, place: Place) -> float:
    if layer.old_weights is None or layer.old_biases is None:
        return _parameter(layer.weights, layer.biases, place)
    return _parameter(layer.old_weights, layer.old_biases, place)


def _gradient(layer: LayerView, place: Place) -> float | None:
    if layer.grad_weights is None or layer.grad_biases is None:
        return None
    return _parameter(layer.grad_weights, layer.grad_biases, place)


def _entering(view: UpdateView, place: Place) -> Array | None:
    """(batch,) what the parameter is multiplied by."""
    if is_bias(view, place):
        return np.ones(len(view.inputs))
    column = names.entering(view, place.layer)
    return _float(column[:, place.source]) if column.shape[1] else None


def _penalty(view: UpdateView, place: Place) -> tuple[float | None, str]:
    """λ₁ sign(w) + λ₂ w of a weight; a bias has no share."""
    if is_bias(view, place) or not (view.l1 or view.l2):
        return None, ""
    w = float(weights_in_use(names.layer(view, place.layer))[place.unit, place.source])
    short = parameter(view, place)
    forms = ([f"λ₁ sign {short}"] if view.l1 else []) + ([f"λ₂ {short}"] if view.l2 else [])
    return view.l1 * float(np.sign(w)) + view.l2 * w, " + ".join(forms)


def _way(view: UpdateView, place: Place) -> str:
    l, j, i = place
    where = names.layer_name(view, l).removeprefix("the ")
    held = ", held" if names.layer(view, l).held else ""
    if is_bias(view, place):
        return f"bias of {names.unit(view, l, j)} · {where}{held}"
    source = names.unit(view, l - 1, i) if l > 1 else names.named_input(view, i)
    return f"from {source} to {names.unit(view, l, j)} · {where}{held}"


# ------------------------------------------------------------ the path


def _path(view: UpdateView, place: Place, example: int) -> list[Station]:
    """From the weight's input to the loss; where there are several ways, they are one hop."""
    l, j, i = place
    short, top = parameter(view, place), len(view.layers)
    entering = _entering(view, place)
    start = "1" if is_bias(view, place) else _said(view, l - 1, i)
    stations = [
        Station(start, None if entering is None else float(entering[example])),
        _sum(view, l, j, example, f"× {short}"),
        _activation(view, l, j, example),
    ]
    if l < top:
        if paths_to_loss(view, place) > 1:
            hop = f"{_counted(paths_to_loss(view, place))} paths"
            return [*stations, Station("ℓ", _loss(view, example), hop)]
        for m in range(l + 1, top + 1):
            source = names.weight(view, m, 0, j if m == l + 1 else 0)
            stations.append(_sum(view, m, 0, example, f"× {source}{layer_sup(m)}"))
            stations.append(_activation(view, m, 0, example))
    return [*stations, Station("ℓ", _loss(view, example), _loss_form(view, example))]


def _counted(n: int) -> str:
    return f"{n:,}" if n < 10**4 else precise(n, 2)


def _said(view: UpdateView, l: int, j: int) -> str:
    """x₁, a₃⁽¹⁾ or ŷ."""
    if l == 0 or l == len(view.layers):
        return names.unit(view, l, j)
    return names.quantity("a", view, l, j)


def _sum(view: UpdateView, l: int, j: int, example: int, by: str) -> Station:
    z = names.layer(view, l).z
    return Station(names.quantity("z", view, l, j), None if z is None else float(z[example, j]), by)


def _activation(view: UpdateView, l: int, j: int, example: int) -> Station:
    layer = names.layer(view, l)
    value = None if layer.a is None else float(layer.a[example, j])
    by = OUTPUTS[layer.activation].symbol or "as it is"
    return Station(_said(view, l, j), value, "off" if names.is_off(view, l, j) else by)


def _loss(view: UpdateView, example: int) -> float | None:
    return None if view.example_losses is None else float(view.example_losses[example])


def _loss_form(view: UpdateView, example: int) -> str:
    """ℓ as a function of the output, for this example's target."""
    if view.loss_name == "mse":
        return "½(ŷ−y)²" if view.targets.shape[1] == 1 else "½Σ(ŷ−y)²"
    if view.targets.shape[1] > 1:
        return "−Σ y ln ŷ" if names.layer(view, len(view.layers)).activation == "softmax" else "Σ ℓ"
    y = float(view.targets[example, 0])
    return "−ln ŷ" if y == 1 else "−ln(1−ŷ)" if y == 0 else "ℓ(ŷ, y)"


# ------------------------------------------------------------ the factors


def _links_to_activation(view: UpdateView, place: Place) -> tuple[Link, ...]:
    """From the loss down to the weight's own unit: to its z at the output, else to its a."""
    l, j, _ = place
    if l == len(view.layers):
        return _output_links(view, j)
    above = names.layer(view, l + 1)
    own = names.indexed("a", view, l, j)
    if l + 1 == len(view.layers) and above.units == 1:
        z = names.quantity("z", view, l + 1, 0)
        w = weights_in_use(above)[0, j]
        form = f"{names.weight(view, l + 1, 0, j)}{layer_sup(l + 1)}"
        link = Link(f"∂{z}/∂{own}", f"∂z/∂{own}", form, np.full(len(view.inputs), float(w)))
        return (*_output_links(view, 0), link)
    form = f"Σ δₖwₖ{sub(j + 1) if names.units(view, l) > 1 else ''}{layer_sup(l + 1)}"
    sent = None if above.delta is None else _float(above.delta) @ _float(weights_in_use(above)[:, j])
    return (Link(f"∂ℓ/∂{own}{layer_sup(l)}", "sent back", form, sent),)


def _output_links(view: UpdateView, j: int) -> tuple[Link, ...]:
    """∂ℓ/∂z of an output unit, in two factors where its loss leaves the slope in."""
    top = len(view.layers)
    layer = names.layer(view, top)
    z, said, y = names.quantity("z", view, top, j), names.unit(view, top, j), names.indexed("y", view, top, j)
    form = output_form(view)
    delta = None if layer.delta is None else _float(layer.delta[:, j])
    if "Σ (" in form:
        return (Link(f"∂ℓ/∂{z}", "sent back", f"{said}({names.indexed('e', view, top, j)}−Σeŷ)", delta),)
    if "⊙" not in form:
        form = f"{said} Σy − {y}" if "Σy" in form else f"{said} − {y}"
        return (Link(f"∂ℓ/∂{z}", f"∂ℓ/∂{names.indexed('z', view, top, j)}", form, delta),)
    error = None if layer.a is None else _float(layer.a[:, j]) - _float(view.targets[:, j])
    return (
        Link(f"∂ℓ/∂{said}", f"∂ℓ/∂{said}", f"{said} − {y}", error),
        Link(f"∂{said}/∂{z}", f"∂{said}/∂z", slope_form(view, top, j), _slope(layer, j)),
    )


def output_form(view: UpdateView) -> str:
    """δ of the output as its operation writes it: ŷ − y and the like."""
    top = len(view.layers)
    operation = next(op for op in view.operations if op.kind is Kind.DELTA and op.layer == top)
    return operation.equation.split(" = ", 1)[-1]


def _couples(view: UpdateView) -> bool:
    """Each output's error reaches every z of the output: a softmax that its loss does not undo."""
    return "Σ (" in output_form(view)


def _slope(layer: LayerView, j: int) -> Array | None:
    return None if layer.z is None or layer.a is None else _float(slopes_of(layer)[:, j])


def _last_links(view: UpdateView, place: Place) -> tuple[Link, ...]:
    """The unit's slope (of a hidden one) and what the weight is multiplied by."""
    l, j, i = place
    layer, short = names.layer(view, l), parameter(view, place)
    z, a = names.indexed("z", view, l, j), names.indexed("a", view, l, j)
    by_weight = "1" if is_bias(view, place) else names.activation(view, l - 1, i)
    if l > 1 and not is_bias(view, place):
        by_weight += layer_sup(l - 1)
    last = Link(f"∂{z}/∂{short}", f"∂z/∂{short}", by_weight, _entering(view, place))
    if l == len(view.layers):
        return (last,)
    return (Link(f"∂{a}/∂{z}", f"∂{a}/∂z", slope_form(view, l, j), _slope(layer, j)), last)
