"""Of a worked example: the weighted sums, the activations and the loss."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose, log

import numpy as np

from bptui.explain import names
from bptui.explain.chain import Chain, Factor, add_up
from bptui.explain.document import Formulas, Grid, Paragraph, Part, Table
from bptui.explain.followed import ROOM, Followed
from bptui.explain.grids import EXAMPLES
from bptui.explain.numbers import layer_sup, sub
from bptui.explain.point import Matrix, Piece, known
from bptui.explain.update import Array, UpdateView
from bptui.explain.workings import of_chain, working
from bptui.nn.activations import OUTPUTS
from bptui.nn.operation import Kind

FEW_POWERS = 12  # of so many outputs a softmax is written out
FEW_OUTPUTS = 3  # so many outputs have columns of their own in the table of examples
NEAR = 0.01  # a loss told from a rounded ŷ is that of the step to this share


def forward_pass(f: Followed) -> Iterator[Part]:
    """Layer by layer, then the loss."""
    for layer in f.before.layers:
        yield from _weighted_sum(f, layer.number)
        yield from _activation(f, layer.number)


def _weighted_sum(f: Followed, l: int) -> Iterator[Part]:
    made, layer, axes = f.worked(Kind.PRE_ACTIVATION, l), names.layer(f.before, l), f.axes
    here, below = layer_sup(l), layer_sup(l - 1)
    yield from f.begin(Kind.PRE_ACTIVATION, l, made)
    z = known(layer.z, (f.batch, layer.units))[f.example]
    pieces = (
        axes.column(f"z{here}", z, l),
        "=",
        axes.matrix(f"W{here}", layer.weights, l, l - 1),
        axes.column(f"a{below}", names.entering(f.before, l)[f.example], l - 1),
        "+",
        axes.column(f"b{here}", layer.biases, l),
    )
    yield from axes.equation(pieces, l, l - 1)
    yield Paragraph(f"Unit {f.unit(l)}:")
    yield of_chain(made.chain, f.number)
    yield Paragraph(made.last)


def _activation(f: Followed, l: int) -> Iterator[Part]:
    made, layer = f.worked(Kind.ACTIVATION, l), names.layer(f.before, l)
    yield from f.begin(Kind.ACTIVATION, l, made)
    symbol, formula = OUTPUTS[layer.activation].symbol, OUTPUTS[layer.activation].formula
    if layer.activation == "softmax":
        yield Formulas((f"aₖ = {formula}",))
    elif symbol:
        yield Formulas((f"{symbol}(z) = {formula}",))
    yield from f.axes.equation(columns(f, made.pieces, l), l)
    if layer.activation == "softmax":
        yield Paragraph("The largest z is taken off all first: no power overflows, and no share changes.")
        yield Table(tuple(_powers(f, l)))
    yield Paragraph(f"Unit {f.unit(l)}:")
    yield of_chain(made.chain, f.number)
    yield Paragraph(made.last)


def _powers(f: Followed, l: int) -> Iterator[tuple[str, ...]]:
    """What a softmax divides: all of a few outputs, so that their sum can be followed."""
    layer = names.layer(f.before, l)
    z, a = (of_example(array, f, layer.units) for array in (layer.z, layer.a))
    with np.errstate(all="ignore"):
        powers = np.exp(z - z.max())
    yield ("output", "z", "power of e", "a")
    for k in range(layer.units) if layer.units <= FEW_POWERS else f.axes.of(l).shown:
        yield (names.unit(f.before, l, k), *(f.number(float(x[k])) for x in (z, powers, a)))
    yield ("sum", "", f.number(float(powers.sum())), f.number(float(a.sum())))


def columns(f: Followed, pieces: tuple[Piece, ...], l: int) -> tuple[Grid | str, ...]:
    """Arrays of layer l with an example a row: the example's own row of each, standing."""
    return tuple(piece if isinstance(piece, str) else _column(f, piece, l) for piece in pieces)


def _column(f: Followed, matrix: Matrix, l: int) -> Grid:
    rows = np.asarray(matrix.values)
    values = rows[f.example if len(rows) == f.batch else 0]  # which units are on is one row for all
    if len(values) != names.units(f.before, l):  # one number for all units: a shared sum
        values = np.repeat(values, names.units(f.before, l))
    return f.axes.column(matrix.name, values, l)


# ------------------------------------------------------------ the loss


def loss(f: Followed) -> Iterator[Part]:
    """ℓ of the example, then the mean over the batch."""
    view, top = f.before, len(f.before.layers)
    made = f.worked(Kind.LOSS, top, of_all=True)
    yield from f.begin(Kind.LOSS, None, made)
    yield Paragraph("The example:" if f.batch == 1 else f"Example {f.example + 1}:")
    yield of_chain(_own_loss(f), f.number)
    yield from _from_sums(f)
    if f.batch == 1:
        yield Paragraph("The batch is this one example, so L = ℓ.")
        return
    yield Paragraph("The other examples go the same way. All of the batch:")
    yield Table(tuple(_examples(f)))
    yield from f.axes.left_out(EXAMPLES)
    chain = made.chain
    plain = chain._replace(factors=tuple(factor._replace(numbers=_cost(factor)) for factor in chain.factors))
    yield of_chain(plain, f.number)
    yield Paragraph(made.last)
    assert view.loss is not None


def _cost(factor: Factor) -> str:
    """An example's loss is told in the table: its number, not its formula again."""
    return factor.numbers if factor.symbols.startswith("Σ") else factor.value


def _own_loss(f: Followed) -> Chain:
    """ℓ of the example as a sum over the outputs."""
    view, e = f.before, f.example
    output = view.layers[-1]
    a, y = known(output.a, view.targets.shape)[e], view.targets[e]
    name = f"ℓ{sub(e + 1)}" if f.batch > 1 else "ℓ"
    value = float("nan") if view.example_losses is None else float(view.example_losses[e])
    counted = (
        np.flatnonzero(y) if output.activation == "softmax" and view.loss_name != "mse" else range(len(y))
    )
    outputs = [int(k) for k in counted] or [0]
    factors = [_output_loss(f, k, float(a[k]), float(y[k])) for k in outputs]
    with np.errstate(all="ignore"):
        values = np.array([_output_cost(view, float(a[k]), float(y[k])) for k in outputs])
    shown = f.axes.of(len(view.layers)).shown
    writing = f.writing._replace(among=tuple(i for i, k in enumerate(outputs) if k in shown) or None)
    total = add_up(values, lambda i: factors[i], "Σ ℓₖ", ROOM, writing)
    return Chain(name, total.factors, value, "", signed=False)


def _output_loss(f: Followed, k: int, a: float, y: float) -> Factor:
    """What output k adds to ℓ: its symbols, its numbers."""
    view, top = f.before, len(f.before.layers)
    said, wanted = names.unit(view, top, k), names.indexed("y", view, top, k)
    with np.errstate(all="ignore"):
        value = f.number(_output_cost(view, a, y))
    number, target = f.number(a), f.number(y)
    if view.loss_name == "mse":
        return Factor("", f"½ ({said} − {wanted})²", f"½ ({number} − {target})²", value)
    softmax = view.layers[-1].activation == "softmax"
    if y == 1:
        return Factor("", f"−ln {said}", f"−ln {number}", value)
    if softmax:
        return Factor("", f"−{wanted} ln {said}", f"−{target} ln {number}", value)
    if y == 0:
        return Factor("", f"−ln(1 − {said})", f"−ln(1 − {number})", value)
    symbols = f"−{wanted} ln {said} − (1 − {wanted}) ln(1 − {said})"
    return Factor("", symbols, f"−{target} ln {number} − (1 − {target}) ln(1 − {number})", value)


def _output_cost(view: UpdateView, a: float, y: float) -> float:
    if view.loss_name == "mse":
        return 0.5 * (a - y) ** 2
    if view.layers[-1].activation == "softmax":
        return -y * _ln(a)
    return -(y * _ln(a) if y else 0.0) - ((1 - y) * _ln(1 - a) if y != 1 else 0.0)


def _ln(x: float) -> float:
    return log(x) if x > 0 else float("nan") if x != x else float("-inf")


def _from_sums(f: Followed) -> Iterator[Part]:
    """Where ŷ is so near 0 or 1 that its rounded number no longer tells the loss: the loss from z."""
    view, e = f.before, f.example
    output = view.layers[-1]
    if view.loss_name == "mse" or output.a is None or output.z is None or view.example_losses is None:
        return
    digits = [float(f.number(a).replace("−", "-")) for a in output.a[e]]
    told = sum(_output_cost(view, a, float(y)) for a, y in zip(digits, view.targets[e], strict=True))
    if isclose(told, float(view.example_losses[e]), rel_tol=NEAR):
        return
    yield Paragraph("Here ŷ is rounded so near to 0 or 1 that its loss cannot be told from it. It is from z:")
    if output.activation == "softmax":
        yield Formulas(("ℓ = −Σₖ yₖ (zₖ − ln Σᵢ e^(zᵢ))",))
        return
    if len(output.z[e]) > 1 or view.targets[e, 0] not in (0, 1):
        yield Formulas(("ℓ = Σₖ [ yₖ ln(1 + e^(−zₖ)) + (1 − yₖ) ln(1 + e^(zₖ)) ]",))
        return
    z, sign = float(output.z[e, 0]), "−" if view.targets[e, 0] == 1 else ""
    numbers = f"ln(1 + e^({f.number(-z if sign else z)}))"
    yield working("ℓ", f"ln(1 + e^({sign}z))", numbers, f.number(float(view.example_losses[e])))


def _examples(f: Followed) -> Iterator[tuple[str, ...]]:
    """A row an example: target, answer, loss."""
    view, top = f.before, len(f.before.layers)
    y, a = view.targets, known(view.layers[-1].a, view.targets.shape)
    losses = known(view.example_losses, (f.batch, 1)).reshape(-1)
    outputs = range(y.shape[1])
    if len(outputs) <= FEW_OUTPUTS:
        wanted = tuple(names.indexed("y", view, top, k) for k in outputs)
        yield ("example", *wanted, *(names.unit(view, top, k) for k in outputs), "ℓ")
        for e in f.axes.of(EXAMPLES).shown:
            yield (f"{e + 1}", *map(f.number, y[e]), *map(f.number, a[e]), f.number(losses[e]))
        return
    yield ("example", "target", "its ŷ", "ℓ")
    for e in f.axes.of(EXAMPLES).shown:
        k = int(np.argmax(y[e]))
        yield (f"{e + 1}", f"y{sub(k + 1)} = {f.number(y[e, k])}", f.number(a[e, k]), f.number(losses[e]))


def of_example(values: Array | None, f: Followed, units: int) -> Array:
    """The example's row of an array (batch, n_l)."""
    row: Array = known(values, (f.batch, units))[f.example]
    return row
