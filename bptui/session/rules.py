"""The stop rules: they look at each epoch's mean loss, recorded before its updates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RuleState:
    """The lowest epoch's loss so far, and the epochs since."""

    best: float = float("inf")
    since: int = 0

    def after(self, loss: float) -> RuleState:
        return RuleState(loss, 0) if loss < self.best else RuleState(self.best, self.since + 1)


@dataclass(frozen=True)
class StopRules:
    """stop_loss: stop when an epoch's loss is at or below it; patience: after so many epochs without a
    lower one. None: the rule is off."""

    stop_loss: float | None
    patience: int | None

    def track(self, state: RuleState, losses: Sequence[float]) -> RuleState:
        """The state after these epochs. Only patience has one."""
        if self.patience is not None:
            for loss in losses:
                state = state.after(loss)
        return state

    def first(self, state: RuleState, losses: Sequence[float]) -> tuple[int, str] | None:
        """(index, "loss" or "patience") of the first of these epochs at which a rule holds; loss goes first."""
        for index, loss in enumerate(losses) if self._may_hold(losses) else ():
            state = state.after(loss)
            if self.stop_loss is not None and loss <= self.stop_loss:
                return index, "loss"
            if self.patience is not None and state.since >= self.patience:
                return index, "patience"
        return None

    def _may_hold(self, losses: Sequence[float]) -> bool:
        # At full speed an epoch may take five microseconds: most chunks are dismissed by their minimum.
        return self.patience is not None or (self.stop_loss is not None and min(losses) <= self.stop_loss)
