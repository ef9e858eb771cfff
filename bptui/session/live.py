"""A timeline with what the session knows about its running: pace, pauses, targets, the measured rate."""

from __future__ import annotations

from bptui.session.observer import Observer
from bptui.session.pace import Clock, Pace, Speed
from bptui.session.timeline import Timeline
from bptui.session.trainer import Trainer


class LiveRun:
    """A timeline with what the session knows about its running."""

    def __init__(self, timeline: Timeline, speed: Speed, clock: Clock) -> None:
        self._clock = clock
        self.pace = Pace(speed, clock)
        self.before: Timeline | None = None
        self.running = False
        self._take_up(timeline)

    def _take_up(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.observer = Observer(timeline.trainer, self._clock)
        self.stepping = False
        self.rules = True  # False: the user trains on after a stop rule
        self.stop_reason = ""
        self.target: int | None = None  # the step that a running `e` ends at
        self.step_seconds = 0.0
        self._samples = [(self._clock(), timeline.trainer.steps)]
        self.first_loss = _first_loss(timeline.trainer)

    def restart(self, timeline: Timeline) -> None:
        """A new run; running stays running."""
        self.before = self.timeline
        self._take_up(timeline)
        self.set_running(self.running)

    def resume(self, timeline: Timeline) -> None:
        """Take up a run that was left, paused."""
        self.before = None
        self._take_up(timeline)

    def set_running(self, running: bool) -> None:
        self.running = running
        self.pace.start()
        self._samples = [(self._clock(), self.timeline.trainer.steps)]

    def stop(self, reason: str) -> None:
        self.running = False
        self.stop_reason = reason

    def rate(self) -> float | None:
        """Updates a second over the last half second of running."""
        now, steps = self._clock(), self.timeline.trainer.steps
        if not self.running:
            return None
        self._samples = [s for s in self._samples[-60:] if now - s[0] < 0.6] or self._samples[-1:]
        first, then = self._samples[0]
        self._samples.append((now, steps))
        return (steps - then) / (now - first) if now > first and steps >= then else None


def _first_loss(trainer: Trainer) -> float | None:
    """Data loss of the first batch, from arrays of its own: nothing on screen counts as computed yet."""
    if trainer.steps:
        return next((column.final for column in trainer.history.columns(len(trainer.history))[:1]), None)
    train, rows = trainer.experiment.train, trainer.rows
    return trainer.evaluator.batch_loss(train.inputs[rows], train.targets[rows])
