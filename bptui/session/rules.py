"""The stop rules: they look at each epoch's mean loss, recorded before its updates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class RuleState(NamedTuple):
    """The lowest epoch's loss so far, and the epochs since."""

    best: float = float("inf")
    since: int = 0

    def after(self, loss: float) -> RuleState:
        return RuleState(loss, 0) if loss < self.best else RuleState(self.best, self.since + 1)


class StopRules(NamedTuple):
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
        """(index, "loss" or "patience") of the first of these epochs at which a rule holds; loss first."""
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


class EpochMeans:
    """The losses of whole epochs, each the mean over examples: the last batch may be smaller."""

    def __init__(self, sizes: Sequence[int]) -> None:
        """sizes: examples of each batch of an epoch."""
        self._sizes, self._examples = sizes, sum(sizes)

    def of(self, start: int, losses: list[float], open_sum: float) -> tuple[list[float], float]:
        """The losses of the epochs that the updates from `start` end, and Σ loss · examples of the epoch
        they leave open; open_sum: of the epoch open at `start`."""
        if len(self._sizes) == 1:
            return losses, 0.0
        means, total = [], open_sum
        for step, loss in enumerate(losses, start=start):
            place = step % len(self._sizes)
            total += loss * self._sizes[place]
            if place == len(self._sizes) - 1:
                means.append(total / self._examples)
                total = 0.0
        return means, total
