"""The session: the one owner of a run. `do(command)` is the only way in, `frame()` the only way out.

While it runs, `advance` trains for a slice of time; between slices the screen looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import numpy as np

from bptui.errors import ActionableError
from bptui.experiment.build import Experiment, build
from bptui.session import commands as c
from bptui.session import eta as ladder
from bptui.session.frame import Frame, State
from bptui.session.live import LiveRun
from bptui.session.marks import eta_label
from bptui.session.pace import FULL, Clock, Pace, Speed
from bptui.session.timeline import Timeline
from bptui.session.trainer import Trainer
from bptui.session.view import update_view

SHORT_STEP = 0.005  # seconds: steps under it are run ahead in every frame
LONG_STEP = 0.002  # seconds: steps over it are left between operations when a slice is over


class Session:
    """One experiment at a time; the runs of those left are kept and taken up again."""

    def __init__(self, experiment: Experiment, clock: Clock = monotonic) -> None:
        self._clock = clock
        self._runs: dict[str, LiveRun] = {}
        self._run = self._start(experiment)

    @classmethod
    def open(cls, source: str, target: str | None = None) -> Session:
        """From a preset's name or a path. ActionableError where it cannot be read."""
        return cls(build(source, target=target))

    # ------------------------------------------------------------ where it stands

    @property
    def trainer(self) -> Trainer:
        return self._run.timeline.trainer

    @property
    def experiment(self) -> Experiment:
        return self.trainer.experiment

    @property
    def speed(self) -> Speed:
        return self._run.pace.speed

    @property
    def state(self) -> State:
        run = self._run
        if self.trainer.divergence:
            return State.DIVERGED
        if run.running:
            return State.RUNNING
        if run.stepping and self.trainer.position:
            return State.STEPPING
        return State.FINISHED if run.stop_reason else State.PAUSED

    @property
    def wants_time(self) -> bool:
        """True while `advance` has something to do."""
        return self._run.running

    # ------------------------------------------------------------ commands

    def do(self, command: c.Command) -> str:
        """Carry it out; what to tell the user, may be empty. ActionableError where it cannot be done."""
        handler = self._handlers.get(type(command))
        if handler is None:
            raise TypeError(f"no such command: {command!r}")
        return handler(self, command)

    def _do_run(self, command: c.Command) -> str:
        if self.trainer.divergence:
            return f"{self._divergence_in_words()}; b goes back, r starts again"
        self._run.rules = self._run.rules and not self._run.stop_reason
        self._run.set_running(True)
        return ""

    def _do_pause(self, command: c.Command) -> str:
        self._pause()
        return ""

    def _do_operation(self, command: c.Command) -> str:
        self._pause_at_once()
        trainer = self.trainer
        if trainer.divergence:
            self._run.timeline.go_to(trainer.steps)
        self._run.stepping = True
        self._run.stop_reason = ""
        trainer.step_operation()
        return self._divergence_in_words() if trainer.divergence else ""

    def _do_update(self, command: c.Command) -> str:
        self._pause_at_once()
        if self.trainer.divergence:
            return self._divergence_in_words()
        self._run.stepping = False
        self._run.stop_reason = ""
        before = self.trainer.history.last
        self.trainer.step()
        return self._update_in_words(before)

    def _do_epoch(self, command: c.Command) -> str:
        if self.trainer.divergence:
            return self._divergence_in_words()
        self._run.target = (self.trainer.epochs + 1) * self.trainer.batches
        self._run.set_running(True)
        return ""

    def _do_back(self, command: c.Command) -> str:
        self._pause_at_once()
        run, trainer = self._run, self.trainer
        run.stop_reason = ""
        if trainer.divergence and not run.stepping:
            run.timeline.go_to(trainer.steps)
            return f"step {trainer.steps:,}, the last with finite numbers"
        if run.stepping and trainer.position:
            run.stepping = run.timeline.operation_back()
            return "" if run.stepping else "This is the start"
        run.stepping = False
        if trainer.steps:
            run.timeline.go_to(trainer.steps - 1)
            return f"back to step {trainer.steps:,}"
        return self._back_to_run_before()

    def _back_to_run_before(self) -> str:
        if self._run.before is None:
            return "This is the start"
        self._run.resume(self._run.before)
        return f"back in the run before: seed {self.trainer.seed}, step {self.trainer.steps:,}"

    def _do_set_eta(self, command: c.Command) -> str:
        assert isinstance(command, c.SetEta)
        if not (np.isfinite(command.value) and command.value > 0):
            raise ActionableError("η", "η must be a number above 0", "such as 0.05 or 3e-4")
        return self._change_eta(command.value)

    def _do_eta_up(self, command: c.Command) -> str:
        return self._change_eta(ladder.rung_above(self.trainer.eta))

    def _do_eta_down(self, command: c.Command) -> str:
        return self._change_eta(ladder.rung_below(self.trainer.eta))

    def _change_eta(self, value: float) -> str:
        old, trainer = self.trainer.eta, self.trainer
        if trainer.divergence:
            self._run.timeline.go_to(trainer.steps)
        self._finish_step_at_full_speed()
        self._run.timeline.set_eta(value)
        if trainer.eta == old:
            return f"η stays {old:g}".replace("-", "−")
        return f"{eta_label(old)} → {eta_label(value)[2:]} from step {trainer.steps:,}"

    def _do_faster(self, command: c.Command) -> str:
        return self._change_speed(self._run.pace.faster())

    def _do_slower(self, command: c.Command) -> str:
        return self._change_speed(self._run.pace.slower())

    def _change_speed(self, speed: Speed) -> str:
        self._finish_step_at_full_speed()
        self._run.pace = Pace(speed, self._clock)
        return f"speed {speed.label}"

    def _do_reset(self, command: c.Command) -> str:
        return self._start_again(self.trainer.seed, f"reset to seed {self.trainer.seed}")

    def _do_new_seed(self, command: c.Command) -> str:
        seed = self.trainer.seed + 1 if self.trainer.seed < 2**63 - 1 else 0
        return self._start_again(seed, f"seed {seed}")

    def _start_again(self, seed: int, message: str) -> str:
        self._run.restart(Timeline(self.experiment, seed, self.trainer.eta))
        return message

    def _do_open(self, command: c.Command) -> str:
        assert isinstance(command, c.OpenPreset)
        kept = self._runs.get(command.source)
        if kept is None:
            experiment = build(command.source)
            self._pause()
            self._run = self._start(experiment, command.source)
        else:
            self._pause()
            self._run = kept
        return "; ".join((self.experiment.title, *self.experiment.notices))

    _handlers: dict[type[c.Command], Callable[[Session, c.Command], str]] = {
        c.Run: _do_run,
        c.Pause: _do_pause,
        c.StepOperation: _do_operation,
        c.StepUpdate: _do_update,
        c.StepEpoch: _do_epoch,
        c.Back: _do_back,
        c.SetEta: _do_set_eta,
        c.EtaUp: _do_eta_up,
        c.EtaDown: _do_eta_down,
        c.Faster: _do_faster,
        c.Slower: _do_slower,
        c.Reset: _do_reset,
        c.NewSeed: _do_new_seed,
        c.OpenPreset: _do_open,
    }

    def _start(self, experiment: Experiment, source: str | None = None) -> LiveRun:
        run = LiveRun(Timeline(experiment), _speed_of(experiment), self._clock)
        self._runs[source or experiment.name] = run
        return run

    def _pause(self) -> None:
        """Where operations go by one at a time it stands inside a step; else between two."""
        self._run.set_running(False)
        self._run.target = None
        if not self._run.pace.speed.operations:
            self._finish_step_at_full_speed()

    def _pause_at_once(self) -> None:
        if self._run.running:
            self._pause()

    def _finish_step_at_full_speed(self) -> None:
        """A step left between operations because a slice was over is no step that a person is inside of."""
        if not self._run.stepping and self.trainer.position:
            self.trainer.step()

    # ------------------------------------------------------------ training in slices

    def advance(self, deadline: Callable[[], bool]) -> None:
        """Train until `deadline()`, or until nothing is due, or to a stop."""
        run = self._run
        if not run.running:
            return
        speed = FULL if run.target is not None else run.pace.speed
        if speed.operations:
            self._advance_operations(deadline)
        elif speed.per_second is not None:
            self._advance_updates(deadline)
        else:
            self._advance_at_full_speed(deadline)
        if self.trainer.divergence:
            run.set_running(False)

    def delay(self) -> float:
        """Seconds until `advance` has something to do again."""
        run = self._run
        return 0.0 if run.target is not None or not run.running else run.pace.delay()

    def _advance_operations(self, deadline: Callable[[], bool]) -> None:
        run, due = self._run, self._run.pace.due()
        for done in range(due):
            run.stepping = True
            self.trainer.step_operation()
            if deadline() or self.trainer.divergence:
                run.pace.put_back(due - done - 1)
                return

    def _advance_updates(self, deadline: Callable[[], bool]) -> None:
        run, due = self._run, self._run.pace.due()
        run.stepping = False
        while due and not run.stop_reason:
            due -= self._train(due)
            if deadline() or self.trainer.divergence:
                break
        run.pace.put_back(due)

    def _advance_at_full_speed(self, deadline: Callable[[], bool]) -> None:
        run, trainer = self._run, self.trainer
        run.stepping = False
        while run.running and not trainer.divergence:
            if run.step_seconds > LONG_STEP:
                self._train_by_operations(deadline)
            else:
                self._train(max(trainer.chunk // 8, 1))
            if deadline():
                return

    def _train_by_operations(self, deadline: Callable[[], bool]) -> None:
        trainer, began = self.trainer, self.trainer.steps
        while trainer.steps == began and not trainer.divergence:
            trainer.step_operation()
            if deadline():
                break
        if trainer.steps > began:
            trainer.position = 0
            self._look_for_stop()

    def _train(self, count: int) -> int:
        """At most `count` updates, to a stop rule, the preset's epochs or the target; how many."""
        run, trainer = self._run, self.trainer
        begun, began = trainer.steps, self._clock()
        if trainer.position:
            trainer.step()
        else:
            trainer.train(min(count, self._room()), run.rules and run.target is None)
        made = trainer.steps - begun
        if made:
            run.step_seconds = (self._clock() - began) / made
        self._look_for_stop()
        return max(made, 1)

    def _room(self) -> int:
        """Updates up to where it must stop."""
        run, trainer = self._run, self.trainer
        end = run.target
        if end is None and run.rules:
            end = self.experiment.epochs * trainer.batches
        return max(end - trainer.steps, 1) if end is not None else 2**31

    def _look_for_stop(self) -> None:
        run, trainer = self._run, self.trainer
        if run.target is not None:
            if trainer.steps >= run.target:
                run.set_running(False)
                run.target = None
            return
        if run.rules and trainer.stopped:
            run.stop(self._rule_in_words(trainer.stopped))
        elif run.rules and trainer.steps >= self.experiment.epochs * trainer.batches:
            run.stop(f"{self.experiment.epochs:,} epochs done at step {trainer.steps:,}")

    # ------------------------------------------------------------ frames

    def frame(self) -> Frame:
        """This moment. Between steps the next step is run ahead, so that all on screen belongs together."""
        run, trainer, experiment = self._run, self.trainer, self.experiment
        fresh = not run.running
        run.observer.measure_promise()
        if trainer.steps and not trainer.position and (fresh or run.step_seconds < SHORT_STEP):
            trainer.look_ahead()
        output = run.observer.output(fresh)
        metrics = run.observer.evaluation("training", experiment.train, fresh).metrics
        test = run.observer.evaluation("test", experiment.test, fresh).metrics if experiment.test else None
        view = update_view(trainer)
        if run.running and not run.stepping:
            # A long step left between two operations is no step that a person is inside of.
            view = replace(view, position=0)
        return Frame(
            name=experiment.name,
            title=experiment.title,
            sizes=experiment.sizes,
            parameters=trainer.network.parameters.size,
            seed=trainer.seed,
            state=self.state,
            stop_reason=run.stop_reason,
            step=trainer.steps,
            epoch=trainer.epochs,
            eta=trainer.eta,
            optimizer=experiment.optimizer,
            batch_label="full batch" if trainer.batches == 1 else f"batch {experiment.batch_size}",
            speed=run.pace.speed.label,
            rate=run.rate(),
            loss=view.loss if view.loss is not None else trainer.history.last,
            penalty=trainer.penalty.of(trainer.network),
            trend=_trend(trainer),
            accuracy=metrics.accuracy,
            rmse=metrics.rmse,
            test_accuracy=test.accuracy if test else None,
            test_rmse=test.rmse if test else None,
            test_loss=test.loss if test else None,
            update=view,
            batch_rows=trainer.rows,
            health=run.observer.health(),
            network_verdict=run.observer.network_verdict(),
            trends=run.observer.trends(),
            history=trainer.history,
            marks=run.timeline.journal.marks(),
            output=output,
            promise=run.observer.promise(),
            divergence=trainer.divergence,
            first_loss=run.first_loss,
        )

    # ------------------------------------------------------------ words

    def _update_in_words(self, before: float | None) -> str:
        trainer = self.trainer
        if trainer.divergence:
            return self._divergence_in_words()
        loss = trainer.history.last
        if loss is None or not before:
            return f"step {trainer.steps:,}"
        change = f"{(loss / before - 1) * 100:+.1f} %".replace("-", "−")
        return f"step {trainer.steps:,}: loss of its batch {loss:.4g}, {change}".replace("e-", "e−")

    def _rule_in_words(self, rule: str) -> str:
        step = f"at step {self.trainer.steps:,}"
        if rule == "loss":
            return f"loss ≤ {self.experiment.stop_loss:g} {step}".replace("e-", "e−")
        return f"{self.experiment.patience:,} epochs without a lower loss {step}"

    def _divergence_in_words(self) -> str:
        found = self.trainer.divergence
        assert found is not None
        where = "" if found.layer is None else f" of layer {found.layer}"
        return f"diverged: {found.quantity}{where} is not finite at step {found.step:,}, operation {found.operation}"


def _trend(trainer: Trainer) -> str:
    """Falls or rises by over 1 %, or not, in the last tenth of the run."""
    columns = trainer.history.columns(10)
    if len(columns) < 10 or not columns[-2].final:
        return ""
    change = columns[-1].final / columns[-2].final - 1
    return "↓" if change < -0.01 else "↑" if change > 0.01 else "→"


def _speed_of(experiment: Experiment) -> Speed:
    return FULL if experiment.speed == "full" else Speed(float(experiment.speed))
