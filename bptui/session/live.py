"""A timeline with what the session knows about its running: pace, pauses, targets, the measured rate."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from bptui.experiment.build import Experiment
from bptui.session.branches import Stands
from bptui.session.judging import Judging
from bptui.session.observer import Observer
from bptui.session.pace import FULL, Clock, Pace, Speed
from bptui.session.timeline import Place, Timeline
from bptui.session.trainer import Trainer

STOP_KEYS = frozenset({"training.epochs", "training.stop_loss", "training.patience"})


class LiveRun:
    """A timeline with what the session knows about its running."""

    def __init__(self, timeline: Timeline, speed: Speed, clock: Clock) -> None:
        self.clock = clock
        self.pace = Pace(speed, clock)
        self.timeline = timeline
        timeline.stands = self.stands
        self.running = False
        self.came_from: Place | None = None  # where it stood when somebody began to look at another step
        self.file: tuple[Path, str] | None = None  # it was saved there, or comes from there; with its seal
        self._look_at_trainer()

    def _look_at_trainer(self) -> None:
        timeline = self.timeline
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

    def restart(self, experiment: Experiment, seed: int, keep: bool) -> None:
        """A new beginning (Timeline.restart); running stays running."""
        self.timeline.restart(experiment, seed, keep)
        self.came_from = None
        self._look_at_trainer()
        self.set_running(self.running)

    def stands(self) -> Stands:
        """What is to be kept with a branch that is left at its end."""
        return Stands(self.rules, self.stop_reason, self.stepping)

    def moved(self, stands: Stands | None = None) -> None:
        """To be called when the timeline has gone to another place; stands: how it stood when it was there
        last, None where it had gone on."""
        if self.observer.trainer is not self.trainer:
            self._look_at_trainer()
        if stands is None:
            stands = Stands(self.rules, "", bool(self.trainer.position))
        self.rules, self.stop_reason, self.stepping = stands
        self.came_from = None
        self.step_seconds = self.spent = 0.0

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
        """To be called before training on. Past a stop rule by hand: until a reset no rule stops it again."""
        self.came_from = None
        self.timeline.go_on()
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
