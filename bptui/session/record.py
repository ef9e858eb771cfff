"""What updates leave for the stop rules: their losses, the sum of the epoch begun, how far the rules are."""

from __future__ import annotations

from typing import NamedTuple

from bptui.experiment.build import Experiment
from bptui.session.batches import Batches
from bptui.session.rules import EpochMeans, RuleState, StopRules


class Taken(NamedTuple):
    """losses: of the updates just made; means: of the epochs that they end; rest: the open one's sum; stop:
    (the step at which a rule held, "loss" or "patience"), None where none did."""

    losses: list[float]
    means: list[float]
    rest: float
    stop: tuple[int, str] | None


class Record:
    """losses: of updates made and not taken yet, appended by the updates themselves. epoch_sum: Σ loss ·
    examples of the epoch begun. Both that and `rules` may be set, to those of a checkpoint."""

    def __init__(self, experiment: Experiment) -> None:
        self.losses: list[float] = []
        self.epoch_sum = 0.0
        self.rules = RuleState()
        self._stop = StopRules(experiment.stop_loss, experiment.patience)

    def of(self, batches: Batches) -> None:
        """The updates to come are made on these."""
        self._batches = batches
        self._means = EpochMeans([batches.size(i) for i in range(batches.count)])

    def stop_by(self, experiment: Experiment) -> None:
        """The rules of an experiment; another patience counts from now on."""
        if experiment.patience != self._stop.patience:
            self.rules = RuleState()
        self._stop = StopRules(experiment.stop_loss, experiment.patience)

    def take(self, start: int, look: bool) -> Taken:
        """The losses waiting, of the updates from `start` on, and with `look` where a rule held in them;
        nothing is kept yet."""
        losses = self.losses[:]
        self.losses.clear()
        means, rest = self._means.of(self._batches.index(start), losses, self.epoch_sum)
        held = self._stop.first(self.rules, means) if look and means else None
        if held is None:
            return Taken(losses, means, rest, None)
        number, rule = held
        step = self._batches.end(self._batches.epochs(start) + number + 1)
        return Taken(losses, means, rest, (step, rule))

    def keep(self, taken: Taken) -> None:
        """They count: the epoch and the rules go on from them."""
        self.rules, self.epoch_sum = self._stop.track(self.rules, taken.means), taken.rest
