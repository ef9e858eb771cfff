"""Places on the loss curve where the user changed something."""

from __future__ import annotations

from typing import NamedTuple

from bptui.explain.numbers import plain


class Mark(NamedTuple):
    """The change counts from the update after `step`."""

    step: int
    label: str  # such as "η 0.5"


def eta_label(value: float) -> str:
    """η with all its digits."""
    return f"η {plain(value)}"
