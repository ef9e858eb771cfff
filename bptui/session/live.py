"""A timeline with what the session knows about its running: pace, pauses, targets, the measured rate."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from bptui.experiment.build import Experiment
from bptui.session.judging import Judging
from bptui.session.observer import Observer
from bptui.session.pace import FULL, Clock, Pace, Speed
from bptui.session.timeline import Timeline
from bptui.session.trainer import Trainer

STOP_KEYS = frozenset({"training.epochs", "training.stop_loss", "training.patience"})


class LeftRun(NamedTuple):
    """A run that a reset left, and how it stood."""

    timeline: Timeline
    rules: bool
    stop_reason: str
    stepping: bool


class LiveRun:
    """A timeline with what the session knows about its running."""

    def __init__(self, timeline: Timeline, speed: Speed, clock: Clock) -> None:
        self.clock = clock
        self.pace = Pace(speed, clock)
        self.before: LeftRun | None = None
        self.running = False
        self._take_up(timeline)

    def _take_up(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.observer = Observer(timeline.trainer, self.clock)
        self.judging = Judging(timeline.trainer)
        self.stepping = False
        self.rules = True  # False: the user trains on after a stop rule
        self.stop_reason = ""
        self.note = ""
        self.target: int | None = None  # the step that a running `e` ends at
        self.step_seconds = 0.0  # of an update, as last measured
        self.spent = 0.0  # on the update in pieces
        self._samples = [(self.clock(), timeline.trainer.steps)]

    @property
    def trainer(self) -> Trainer:
        return self.timeline.trainer

    @property
    def at_full_speed(self) -> bool:
        """The speed set, or on the way to the end of an epoch."""
        return self.target is not None or self.pace.speed == FULL

    @property
    def rules_hold(self) -> bool:
        """A stop rule stops it; not on the way to the end of an epoch."""
        return self.rules and self.target is None

    def delay(self) -> float:
        """Seconds until it has something to do again."""
        return 0.0 if self.target is not None or not self.running else self.pace.delay()

    def restart(self, timeline: Timeline) -> None:
        """A new run; running stays running."""
        self.before = LeftRun(self.timeline, self.rules, self.stop_reason, self.stepping)
        self._take_up(timeline)
        self.set_running(self.running)

    def resume(self, left: LeftRun) -> None:
        """Take up a run that was left, paused."""
        self.before = None
        self._take_up(left.timeline)
        self.rules, self.stop_reason, self.stepping = left.rules, left.stop_reason, left.stepping

    def change(self, experiment: Experiment, paths: Set[str]) -> None:
        """The same weights go on, by an experiment that differs in the keys of these paths."""
        self.timeline.change(experiment)
        trainer = self.trainer
        self.step_seconds = self.spent = 0.0
        if self.target is not None:
            self.target = trainer.end(trainer.epochs + 1)
        if not paths.isdisjoint(STOP_KEYS):
            self.rules, self.stop_reason = True, ""

    def set_running(self, running: bool) -> None:
        self.running = running
        if not running:
            self.target = None
        self.pace.start()
        self._samples = [(self.clock(), self.trainer.steps)]

    def stop(self, reason: str) -> None:
        """A stop rule held at the update just made."""
        self.set_running(False)
        self.stop_reason, self.stepping = reason, False
        self.trainer.position = 0

    def go_on(self) -> None:
        """Past a stop rule by hand: until a reset no rule stops it again."""
        if self.stop_reason:
            self.rules, self.stop_reason = False, ""

    def rate(self) -> float | None:
        """Updates a second over the last half second of running."""
        now, steps = self.clock(), self.trainer.steps
        if not self.running:
            return None
        self._samples = [s for s in self._samples[-60:] if now - s[0] < 0.6] or self._samples[-1:]
        first, then = self._samples[0]
        self._samples.append((now, steps))
        return (steps - then) / (now - first) if now > first and steps >= then else None
