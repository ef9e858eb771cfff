"""Places on the loss curve where the user changed something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bptui.experiment.changes import changed_names, in_force
from bptui.explain.numbers import plain


class Mark(NamedTuple):
    """The change counts from the update after `step`."""

    step: int
    label: str  # such as "η 0.5" or "adam, l2 0.01"


def eta_label(value: float) -> str:
    """η with all its digits."""
    return f"η {plain(value)}"


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
