"""The sentences: what an operation does, and what one of its numbers says. Written once, said everywhere.

The last sentence follows from rules, the first that holds: the slope is nearly flat; an input is exactly 0;
a relu is off; the units are twins; one term decides; else the sign.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bptui.escape import safe
from bptui.explain import names
from bptui.explain.numbers import count, layer_sup, percent, plain, precise, s7
from bptui.explain.update import Array, UpdateView
from bptui.nn.activations import OUTPUTS
from bptui.nn.operation import FORWARD, Kind, Operation
from bptui.nn.optimizers import OPTIMIZERS

FLAT = 0.1  # a slope under a tenth of the steepest
CANCEL = 0.05  # what is left of the products under this share of their usual size

_LOSSES = {
    "mse": "How wrong each prediction is: half its squared distance from y.",
    "cross_entropy": "How wrong each prediction is: 0 where ŷ = y, without end where it is sure and wrong.",
}


def direction(operation: Operation) -> str:
    """forward, backward, or nothing for the loss and the update, which turn round."""
    if operation.kind in FORWARD:
        return "forward"
    return "" if operation.kind in (Kind.LOSS, Kind.UPDATE) else "backward"


def title(view: UpdateView, index: int) -> str:
    """Operation 8 of 10 · backward · error signal of hidden layer 1"""
    operation = view.operations[index]
    parts = (_place(view, index, "Operation "), direction(operation), subject(view, index))
    return " · ".join(filter(None, parts))


def subject(view: UpdateView, index: int) -> str:
    """error signal of hidden layer 1"""
    operation = view.operations[index]
    what: str = operation.kind.value
    if operation.layer is None:
        return what
    layer = names.layer_name(view, operation.layer)
    beside = " layer" if operation.kind is Kind.GRADIENT and layer == "the output" else ""
    return f"{what} of {layer}{beside}"


def short_title(view: UpdateView, index: int) -> str:
    """8 of 10 · backward · error signal, hidden"""
    operation = view.operations[index]
    subject: str = operation.kind.value
    if operation.layer is not None:
        subject += f", {names.short_layer_name(view, operation.layer)}"
    return " · ".join(filter(None, [_place(view, index, ""), direction(operation), subject]))


def _place(view: UpdateView, index: int, before: str) -> str:
    return f"{before}{index + 1} of {len(view.operations)}"


def sentence(view: UpdateView, operation: Operation) -> str:
    """What the operation does, in words."""
    if operation.kind is Kind.LOSS:
        return _LOSSES[view.loss_name]
    if operation.kind is Kind.GRADIENT:
        return "For each weight: the error where it ends, times the activation where it starts, averaged."
    if operation.kind is Kind.PENALTY:
        return "Large weights cost too: each weight's gradient gets a share that pulls the weight toward 0."
    if operation.kind is Kind.UPDATE:
        return f"{OPTIMIZERS[view.optimizer].words}{_held(view)}"
    assert operation.layer is not None
    if operation.kind is Kind.PRE_ACTIVATION:
        return _adds_up(view, operation.layer)
    if operation.kind is Kind.ACTIVATION:
        return f"{_bends(view, operation.layer)}{_switched_off(view, operation.layer, 'says', '0')}"
    if operation.layer == len(view.layers):
        return _output_blame(view, operation)
    blame = _hidden_blame(view, operation.layer)
    return f"{blame}{_switched_off(view, operation.layer, 'gets', 'none')}"


def _switched_off(view: UpdateView, l: int, verb: str, what: str) -> str:
    """A sentence after another one: h₃, switched off, says 0. Nothing where all units are on."""
    off = names.layer(view, l).off
    if off is None:
        return ""
    units = np.flatnonzero(off).tolist()
    if len(units) == 1:
        return f" {names.unit(view, l, units[0])}, switched off, {verb} {what}."
    return f" {count(len(units))} units, switched off, {verb.removesuffix('s')} {what}."


def _held(view: UpdateView) -> str:
    """A sentence after another one, of the layers that stay as they are."""
    held = [layer.number for layer in view.layers if layer.held]
    if not held:
        return ""
    if len(held) == 1:
        return f" {_begun(names.layer_name(view, held[0]))} is held, and stays as it is."
    if len(held) == len(view.layers):
        return " All layers are held, and stay as they are."
    numbers = f"{', '.join(map(str, held[:-1]))} and {held[-1]}"
    return f" Layers {numbers} are held, and stay as they are."


def of_held(view: UpdateView, l: int, w: str) -> str:
    """Of a weight in a layer that is held."""
    return f"{_begun(names.layer_name(view, l))} is held: {w} stays as it is."


def _begun(text: str) -> str:
    """With a capital, as a sentence begins."""
    return f"{text[0].upper()}{text[1:]}"


def _who(view: UpdateView, l: int) -> str:
    if l < len(view.layers):
        return "Each unit"
    return "The output" if names.units(view, l) == 1 else "Each output"


def _adds_up(view: UpdateView, l: int) -> str:
    what = "its inputs" if l == 1 else "what the hidden units say"
    if 1 < l < len(view.layers):
        what = f"what hidden layer {l - 1} says"
    return f"{_who(view, l)} adds up {what}, each times its weight, and its bias."


def _bends(view: UpdateView, l: int) -> str:
    name = names.layer(view, l).activation
    if name == "softmax":
        return "The softmax turns the sums into shares of 1: a probability for each class."
    if l == len(view.layers) and name == "sigmoid" and view.loss_name == "cross_entropy":
        if names.units(view, l) > 1:
            return "The sigmoid turns each sum into a probability of yes."
        return f"The sigmoid turns the sum into a probability of {_class(view, 1)}."
    return f"{_who(view, l)} {OUTPUTS[name].words}"


def _class(view: UpdateView, number: int) -> str:
    return f"class {_bare(view, number)}"


def _output_blame(view: UpdateView, operation: Operation) -> str:
    l = len(view.layers)
    z, name = f"z{layer_sup(l)}", names.layer(view, l).activation
    form = operation.equation.split(" = ", 1)[-1]
    start = f"How each example's loss changes with {z}: "
    if "Σ (" in form:
        return f"{start}with softmax every error reaches it."
    if "⊙" in form:
        return f"{start}the error ŷ − y, times the output's slope."
    loss = "cross-entropy" if view.loss_name == "cross_entropy" else view.loss_name
    article = "a linear output" if name == "linear" else name
    return f"{start}for {article} with {loss} just {form}."


def _hidden_blame(view: UpdateView, l: int) -> str:
    above = f"W{layer_sup(l + 1)}"
    if l + 1 < len(view.layers):
        return (
            f"The blame of each unit: hidden layer {l + 1}'s errors, sent back by {above}, times its slope."
        )
    whose = "the output's error" if names.units(view, l + 1) == 1 else "the outputs' errors"
    return f"The blame of each hidden unit: {whose}, sent back by {above}, times the unit's slope."


def of_slope(view: UpdateView, l: int, j: int, z: float, a: float, slope: float, back: bool) -> str | None:
    """What the slope says of unit j: nearly flat, or off; None where it lets the blame through."""
    activation, name = OUTPUTS[names.layer(view, l).activation], names.unit(view, l, j)
    if activation.steepest is not None and abs(slope) < FLAT * activation.steepest:
        if not back:
            index = names.indexed("", view, l, j)
            return f"{name} is far out on the flat: a small change of z{index} would hardly change a{index}."
        value = f"{a:.2f}".replace("-", "−")
        through = f"its slope lets only {_part(slope)} of the blame through."
        return f"{name} is nearly saturated (a = {value}): {through}"
    if activation.can_die and z <= 0:
        return f"{name} is off (z ≤ 0): no gradient passes{'.' if back else ' in this example.'}"
    return None


def of_off(view: UpdateView, l: int, j: int, back: bool) -> str | None:
    """What a unit that is switched off does; None where unit j of layer l is on."""
    if not names.is_off(view, l, j):
        return None
    name = names.unit(view, l, j)
    if back:
        return f"{name} is switched off: no blame passes, and its weights get no gradient."
    return f"{name} is switched off: it says 0, whatever its sum is."


def of_following(view: UpdateView, l: int, j: int, slope: float) -> str:
    """A unit that is not on the flat: how its activation answers to its sum."""
    name, index = names.unit(view, l, j), names.indexed("", view, l, j)
    much = f"{abs(slope):.2f} times as much"
    way = "raises" if slope >= 0 else "lowers"
    return f"{name} still follows its sum: a little more z{index} {way} a{index} by {much}."


def _part(slope: float) -> str:
    return (
        f"{100 * slope:.0f} %"
        if slope >= 0.01
        else percent(slope)
        if slope >= 0.001
        else f"{precise(slope, 2)}"
    )


def of_zero_input(view: UpdateView, l: int, j: int, inputs: Array) -> str | None:
    """The first input that is exactly 0 has no say."""
    zeros = np.flatnonzero(inputs == 0)
    if not zeros.size or len(zeros) == len(inputs) > 1:
        return (
            None
            if not zeros.size
            else f"All inputs are 0 here: only the bias of {names.unit(view, l, j)} speaks."
        )
    i = int(zeros[0])
    which, w = names.unit(view, l - 1, i), names.weight(view, l, j, i)
    if names.is_off(view, l - 1, i):
        return f"{which} is switched off: {w} has no say, and gets no gradient."
    others = f" (and {len(zeros) - 1} more inputs)" if len(zeros) > 1 else ""
    return f"{which}{others} is 0 here: {w} has no say in this example, and will get no gradient from it."


def of_twins(view: UpdateView, l: int, inputs: Array) -> str | None:
    """Equal activations from a hidden layer: its units cannot be told apart."""
    if l > 1 and len(inputs) > 1 and bool(np.all(inputs == inputs[0])):
        return f"All {len(inputs)} are equal: the units of hidden layer {l - 1} are twins (symmetry)."
    return None


def of_decider(terms: Array, total: float, name: Callable[[int], str]) -> str | None:
    """One term over half of the sum decides; `name` tells a term's owner by its index."""
    if len(terms) < 2 or not np.isfinite(terms).all() or total == 0:
        return None
    i = int(np.argmax(terms * np.sign(total)))
    if abs(terms[i]) <= abs(total) / 2 or terms[i] * total <= 0:
        return None
    adds, others = s7(terms[i]).strip(), s7(total - terms[i]).strip()
    return f"{name(i)} decides here: it adds {adds}, the others together {others}."


def of_share(shown: int, made: float, more: int, rest: float, largest: bool = True) -> str:
    """Of a sum of many terms: what those that are written out make of it, and the others."""
    which = (
        ("largest " if largest else "") + ("term" if shown == 1 else "terms") + ("" if largest else " here")
    )
    those = f"The {which} makes" if shown == 1 else f"The {_count(shown)} {which} make"
    return f"{those} {_short(made)} of it; the {more} others together {_short(rest)}."


def _count(n: int) -> str:
    return {2: "two", 3: "three"}.get(n, str(n))


def _short(x: float) -> str:
    text = precise(x, 2)
    return text if x < 0 or x == 0 else f"+{text}"


def of_sign(x: float, positive: str, negative: str, zero: str) -> str:
    """The last rule: what the sign says."""
    if x != x or abs(x) == float("inf"):
        return "Not a finite number: from here on nothing can be learnt."
    return positive if x > 0 else negative if x < 0 else zero


def of_prediction(view: UpdateView, example: int, j: int, a: Array, y: Array) -> str:
    """What the output says of an example, beside its target."""
    output = names.layer(view, len(view.layers)).activation
    if len(a) > 1 and output == "softmax":
        says, is_ = int(np.argmax(a)), int(np.argmax(y))
        return (
            f"The largest share is {a[says]:.2f}: {_class(view, says)}, "
            f"and the target is {_bare(view, is_)}: {_verdict(says == is_, float(a[says]) > 0.75)}"
        )
    if output == "sigmoid" and view.loss_name == "cross_entropy":
        says, is_ = int(a[j] > 0.5), int(y[j] > 0.5)
        sure = abs(float(a[j]) - 0.5) > 0.25
        name, right = names.unit(view, len(view.layers), j), _verdict(says == is_, sure)
        if len(a) > 1:
            return f"{name} = {a[j]:.2f}: {'yes' if says else 'no'}, and the target is {y[j]:g}: {right}"
        return f"{name} = {a[j]:.2f}: {_class(view, says)}, and the target is {_bare(view, is_)}: {right}"
    off = float(a[j] - y[j])
    name = names.unit(view, len(view.layers), j)
    side = "exactly right." if off == 0 else f"{precise(abs(off), 3)} too {'high' if off > 0 else 'low'}."
    target = plain(y[j]) if len(plain(y[j])) <= 7 else precise(y[j])
    return f"{name} = {precise(a[j])}, and the target is {target}: {side}"


def _bare(view: UpdateView, number: int) -> str:
    return safe(view.classes[number], 20) if number < len(view.classes) else str(number)


def _verdict(right: bool, sure: bool) -> str:
    if right:
        return "right, and fairly sure." if sure else "right, but not sure."
    return "wrong, and sure of it." if sure else "wrong, but not sure."


def of_costliest(losses: Array) -> str:
    """Which example costs most of the loss."""
    if not np.isfinite(losses).all():
        first = int(np.flatnonzero(~np.isfinite(losses))[0]) + 1
        return f"Example {first} has no finite loss: training stops here."
    i, total = int(np.argmax(losses)), float(losses.sum())
    if len(losses) == 1 or total == 0:
        return "The batch is this one example." if len(losses) == 1 else "Nothing is wrong any more."
    return f"Example {i + 1} costs most: {precise(losses[i])} of the sum {precise(total)}."


def of_speakers(activations: Array, source: str, w: str, off: bool = False) -> str | None:
    """Where a weight's input is 0 in some examples: the others alone speak about the weight. off: the input
    is switched off."""
    if off:
        return f"{source} is switched off: nothing is said about {w}."
    on = np.flatnonzero(activations)
    if len(on) == len(activations):
        return None
    if not len(on):
        return f"{source} is 0 in every example: nothing is said about {w}."
    values = set(activations[on].tolist())
    how = f"= {values.pop():g}" if len(values) == 1 else "≠ 0"
    if len(on) == 1:
        return f"Only example {on[0] + 1} has {source} {how}: it alone speaks about {w}."
    if len(on) > 4:
        return (
            f"{len(on)} of the {len(activations)} examples have {source} {how}: they alone speak about {w}."
        )
    listed = f"{', '.join(str(i + 1) for i in on[:-1])} and {on[-1] + 1}"
    return f"Only examples {listed} have {source} {how}: they alone speak about {w}."


def of_cancelling(products: Array, mean: float) -> str | None:
    """The examples pull a weight both ways, and hardly anything is left."""
    usual = float(np.abs(products).mean())
    if len(products) < 2 or not np.isfinite(usual) or abs(mean) >= CANCEL * usual:
        return None
    return f"The examples pull both ways: of {precise(usual, 2)} a piece {precise(abs(mean), 2)} is left."


def of_update(view: UpdateView) -> str | None:
    """How the batch's loss went, beside what the gradient promised."""
    if view.loss is None or view.loss_after is None:
        return None
    falls = "falls" if view.loss_after < view.loss else "rises" if view.loss_after > view.loss else "goes"
    text = f"The loss of this batch {falls} from {precise(view.loss, 5)} to {precise(view.loss_after, 5)}"
    if view.promised_loss is None:
        return f"{text}."
    return f"{text}; the gradient promised {precise(view.promised_loss, 5)}."


def of_promise(promised: float, kept: float, with_penalty: bool) -> str:
    """What the update should have changed by first order, beside what it changed (negative: a fall)."""
    start = f"To first order (Σ ∂L/∂w · Δw over all parameters) it promised {precise(promised)}"
    what = "loss and penalty together" if with_penalty else "the loss"
    changed = f"{what} changed by {precise(kept)}"
    if not (np.isfinite(promised) and np.isfinite(kept)) or promised == 0:
        return f"{start}; {changed}."
    if promised > 0:
        return f"{start}: uphill, where the optimizer's momentum carries it; {changed}."
    if kept > 0:
        return f"{start}; {changed}: it rose, so the step was too long."
    return f"{start}; {changed}: {percent(kept / promised)} of the promise was kept."
