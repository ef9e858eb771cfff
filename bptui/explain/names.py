"""How layers, units and weights are called: x₁, h₂, h²₁ (layer 2, unit 1), ŷ; w₃₁⁽¹⁾ ends at unit 3."""

from __future__ import annotations

from bptui.escape import safe
from bptui.explain.numbers import compact, layer_sup, sub
from bptui.explain.update import Array, LayerView, UpdateView

_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def split_name(name: str) -> tuple[str, int | None]:
    """An array's name on the tape as letter and layer: "slope¹" -> ("slope", 1), "L" -> ("L", None)."""
    letter = name.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")
    digits = name[len(letter) :].translate(_DIGITS)
    return letter, int(digits) if digits else None


def units(view: UpdateView, l: int) -> int:
    """How many units layer l has; layer 0 are the inputs."""
    return view.inputs.shape[1] if l == 0 else view.layers[l - 1].units


def layer(view: UpdateView, l: int) -> LayerView:
    """Layer l, from 1."""
    return view.layers[l - 1]


def is_off(view: UpdateView, l: int, j: int) -> bool:
    """Unit j (from 0) of layer l (0 is the input) is switched off."""
    off = None if l == 0 else view.layers[l - 1].off
    return off is not None and bool(off[j])


def entering(view: UpdateView, l: int) -> Array:
    """What enters layer l, a⁽ˡ⁻¹⁾: (batch, n_{l-1})."""
    if l == 1:
        return view.inputs
    below = view.layers[l - 2].a
    return view.inputs[:, :0] if below is None else below


def unit_name(sizes: tuple[int, ...], l: int, j: int) -> str:
    """The name of unit j (from 0) of layer l (0 is the input) in a network of these sizes, n_0 … n_L."""
    number = "" if sizes[l] == 1 and l in (0, len(sizes) - 1) else sub(j + 1)
    if l == 0:
        return f"x{number}"
    if l == len(sizes) - 1:
        return f"ŷ{number}"
    return f"h{compact(l) if len(sizes) > 3 else ''}{number}"


def unit(view: UpdateView, l: int, j: int) -> str:
    """The name of unit j (from 0) of layer l."""
    return unit_name(_sizes(view), l, j)


def _sizes(view: UpdateView) -> tuple[int, ...]:
    return (view.inputs.shape[1], *(layer.units for layer in view.layers))


def named_input(view: UpdateView, i: int) -> str:
    """x₁, or x₁ (height) where the data call it something else."""
    name = view.input_names[i]
    return unit(view, 0, i) if name in ("x", f"x{i + 1}") else f"{unit(view, 0, i)} ({safe(name, 16)})"


def indexed(letter: str, view: UpdateView, l: int, j: int) -> str:
    """z₃, or z where the layer has one unit."""
    return letter if units(view, l) == 1 else f"{letter}{sub(j + 1)}"


def quantity(letter: str, view: UpdateView, l: int, j: int) -> str:
    """z₃⁽¹⁾, or z⁽²⁾ where the layer has one unit."""
    return f"{indexed(letter, view, l, j)}{layer_sup(l)}"


def activation(view: UpdateView, l: int, j: int) -> str:
    """What unit j of layer l says, in a formula: x₁ for an input, else a₁."""
    return unit(view, 0, j) if l == 0 else indexed("a", view, l, j)


def weight(view: UpdateView, l: int, j: int, i: int) -> str:
    """w₃₁ from unit i of the layer below to unit j; w₁ where the layer has one unit."""
    if units(view, l) == 1:
        return "w" if units(view, l - 1) == 1 else f"w{sub(i + 1)}"
    return f"w{sub(j + 1, i + 1)}"


def layer_name(view: UpdateView, l: int) -> str:
    """hidden layer 1, or the output."""
    return "the output" if l == len(view.layers) else f"hidden layer {l}"


def layer_word(sizes: tuple[int, ...], l: int) -> str:
    """input, hidden, hidden 2, output."""
    if l == 0:
        return "input"
    if l == len(sizes) - 1:
        return "output"
    return f"hidden {l}" if len(sizes) > 3 else "hidden"


def short_layer_name(view: UpdateView, l: int) -> str:
    """hidden, hidden 2, output."""
    return layer_word(_sizes(view), l)


def element(array: str, row: int, column: int | None, told: bool = False) -> str:
    """Where a number stands in its array: δ⁽¹⁾, row 3 (example), column 3 (unit)."""
    example, chosen = (" (example)", " (unit)") if told and column is not None else ("", "")
    place = f"{array}, row {row + 1}{example}"
    return place if column is None else f"{place}, column {column + 1}{chosen}"
