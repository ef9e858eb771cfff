"""Places on the loss curve where the user changed something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bptui.experiment.changes import changed_names, in_force
from bptui.explain.numbers import layer_sup, plain, sub
from bptui.session.commands import SetWeight


class Mark(NamedTuple):
    """The change counts from the update after `step`."""

    step: int
    label: str  # such as "η 0.5" or "adam, l2 0.01"


def eta_label(value: float) -> str:
    """η with all its digits."""
    return f"η {plain(value)}"


def weight_label(command: SetWeight) -> str:
    """A weight or bias set by hand, numbered as everywhere: w₃₁⁽¹⁾ ends at unit 3."""
    ends = sub(command.unit + 1, *([] if command.source is None else [command.source + 1]))
    letter = "b" if command.source is None else "w"
    return f"{letter}{ends}{layer_sup(command.layer)} = {plain(command.value)}"


def unit_label(place: tuple[int, int], off: bool) -> str:
    """A unit, (layer from 1, unit from 0), switched off or on."""
    layer, unit = place
    return f"unit {layer}.{unit + 1} {'off' if off else 'on'}"


def layer_label(layer: int, held: bool) -> str:
    """A layer held still or not."""
    return f"layer {layer} {'held' if held else 'learns'}"


def key_labels(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What became another of the keys that updates depend on (by name), each in a word or two."""
    return [_label(name, in_force(after, name)) for name in changed_names(before, after)]


def _label(name: str, value: Any) -> str:
    if name == "optimizer":
        return str(value)
    if name == "batch_size":
        return "full batch" if value == "all" else f"batch {value}"
    if name == "shuffle":
        return "shuffled" if value else "in order"
    return f"{name} {plain(value)}"
