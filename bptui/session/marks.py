"""Places on the loss curve where the user changed something."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """The change counts from the update after `step`."""

    step: int
    label: str  # such as "η 0.5"


def eta_label(value: float) -> str:
    """η as typed, with a true minus."""
    return f"η {value:g}".replace("-", "−")
