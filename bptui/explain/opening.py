"""Of a worked example: what is trained, what the signs mean, and the example that is followed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bptui.escape import safe
from bptui.explain import names
from bptui.explain.document import Heading, Paragraph, Part, Table
from bptui.explain.followed import Followed
from bptui.explain.numbers import count, layer_sup, plain
from bptui.explain.update import Array

# The signs of the formulas for the preset's keys.
_OPTIONS = {
    "momentum": "μ",
    "alpha": "α",
    "beta1": "β₁",
    "beta2": "β₂",
    "eps": "ε",
    "weight_decay": "λ",
    "lr_decay": "decay",
}
_NAMED = 8  # inputs up to which each is told by name

_SIGNS = (
    ("x = a⁽⁰⁾", "what goes into the network: the inputs of one example"),
    ("W⁽ˡ⁾, b⁽ˡ⁾", "weights and biases of layer l; wⱼᵢ leads from unit i of the layer below to unit j"),
    ("z⁽ˡ⁾", "the weighted sums of layer l"),
    ("a⁽ˡ⁾", "what its units say: the activation of z⁽ˡ⁾"),
    ("ŷ, y", "what the last layer says, and the target"),
    ("ℓ, L", "the loss of one example, and the mean over the batch"),
    ("δ⁽ˡ⁾", "the error signal of layer l: ∂ℓ/∂z⁽ˡ⁾ of one example"),
    ("∂L/∂W⁽ˡ⁾", "how L changes with each weight of layer l: the gradient"),
    ("η", "the learning rate"),
    ("ᵀ, ⊙", "the transpose; the product element by element"),
)


def opening(f: Followed, name: str, step: int, digits: int) -> Iterator[Part]:
    """The title, the network, the signs, the example."""
    view = f.before
    yield Heading(f"{safe(name)}: one update, worked out", 1)
    yield Paragraph(
        f"How one update of a neural network is computed by backpropagation, with all its numbers: the one "
        f"that comes after {_counted(step, 'update')}. Its {len(view.operations)} operations are numbered as "
        f"the playground steps through them."
    )
    yield Paragraph(
        f"Numbers are rounded to {_counted(digits, 'significant digit')}; one that has fewer is exact. "
        f"Everything is computed with all digits: what is worked out by hand may differ in the last one."
    )
    yield Heading("The network")
    yield Table(tuple(_facts(f, step)))
    yield Table(tuple(_layers(f)))
    yield Heading("The signs")
    yield Table((("sign", "meaning"), *_SIGNS))
    yield Heading("The example")
    yield from _example(f)


def _facts(f: Followed, step: int) -> Iterator[tuple[str, str]]:
    view = f.before
    total = sum(layer.weights.size + layer.biases.size for layer in view.layers)
    sizes = "-".join(str(n) for n in (view.inputs.shape[1], *(layer.units for layer in view.layers)))
    yield ("setting", "value")
    yield ("network", f"{sizes}, {_counted(total, 'parameter')}")
    yield ("loss", f"{view.loss_name.replace('_', '-')}{_penalties(f)}")
    yield ("optimizer", f"{view.optimizer}, η = {plain(view.eta)}{_options(f)}")
    yield ("batch", _counted(f.batch, "example"))
    yield ("updates before", count(step))
    off = [
        names.unit(view, layer.number, int(unit))
        for layer in view.layers
        if layer.off is not None
        for unit in np.flatnonzero(layer.off)
    ]
    if off:
        yield ("switched off", ", ".join(off))
    held = [names.layer_name(view, layer.number) for layer in view.layers if layer.held]
    if held:
        yield ("held still", ", ".join(held))


def _penalties(f: Followed) -> str:
    told = [(f.before.l1, "λ₁", "l1"), (f.before.l2, "λ₂", "l2")]
    return "".join(f", {key} penalty {sign} = {plain(value)}" for value, sign, key in told if value)


def _options(f: Followed) -> str:
    """The optimizer's own numbers, with the signs of the formulas."""
    if f.before.state is None:
        return ""
    options = f.before.state.options.items()
    return "".join(f", {_OPTIONS.get(key, key)} = {plain(x)}" for key, x in options if x)


def _layers(f: Followed) -> Iterator[tuple[str, ...]]:
    yield ("layer", "units", "activation", "W", "b")
    for layer in f.before.layers:
        rows, below = layer.weights.shape
        yield (
            f"{layer.number} ({names.layer_name(f.before, layer.number).removeprefix('the ')})",
            str(rows),
            layer.activation.replace("_", " "),
            f"W{layer_sup(layer.number)}: {rows}×{below}",
            f"b{layer_sup(layer.number)}: {rows}×1",
        )


def _example(f: Followed) -> Iterator[Part]:
    which = f"Example {f.example + 1} of the batch is followed through"
    which = "The batch is one example" if f.batch == 1 else which
    yield Paragraph(f"{which}. {_inputs(f)}{_target(f)}")
    path = " → ".join(f.unit(l) for l in range(len(f.units)))
    yield Paragraph(
        f"In each layer one unit is worked out factor by factor, and the weight between it and that of the "
        f"layer below: {path}. All the others are computed alike."
    )
    if f.axes.shortened:
        yield Paragraph("Wide layers are shortened to the units that weigh most in what is worked out.")


def _inputs(f: Followed) -> str:
    view = f.before
    x = view.inputs[f.example]
    if len(x) > _NAMED:
        return f"It has {count(len(x))} inputs."
    told = [f"{names.named_input(view, i)} = {f.number(float(x[i]))}" for i in range(len(x))]
    return f"Its inputs are {', '.join(told)}." if len(told) > 1 else f"Its input is {told[0]}."


def _target(f: Followed) -> str:
    view, top = f.before, len(f.before.layers)
    y = view.targets[f.example]
    name = safe(view.classes[_class(y)], 20) if _is_class(f) else ""
    named = f": class {name}" if name else ""
    if len(y) == 1:
        return f" Its target is y = {f.number(float(y[0]))}{named}."
    if len(y) <= _NAMED:
        told = ", ".join(
            f"{names.indexed('y', view, top, k)} = {f.number(float(v))}" for k, v in enumerate(y)
        )
        return f" Its targets are {told}{named}."
    k = _class(y)
    return f" Its target is {names.indexed('y', view, top, k)} = {f.number(float(y[k]))}{named}, of {len(y)}."


def _class(y: Array) -> int:
    return int(y.argmax()) if len(y) > 1 else int(y[0] > 0.5)


def _is_class(f: Followed) -> bool:
    """The target names one class."""
    y, classes = f.before.targets[f.example], f.before.classes
    if len(y) == 1:
        return len(classes) == 2 and y[0] in (0, 1)
    return len(classes) == len(y) and y.sum() == 1 and y.max() == 1


def _counted(n: int, word: str) -> str:
    return f"{count(n)} {word}" if n == 1 else f"{count(n)} {word}s"
