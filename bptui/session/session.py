"""The session: the one owner of a run. `do(command)` is the only way in, `frame()` the only way out.

While it runs, `advance` trains for a slice of time; between slices the screen looks.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import ClassVar

import numpy as np

from bptui.errors import ActionableError
from bptui.experiment import changes
from bptui.experiment.build import Experiment, build
from bptui.experiment.own import save_own
from bptui.experiment.schema import Preset
from bptui.session import commands as c
from bptui.session import eta as ladder
from bptui.session import running, words
from bptui.session.forecast import forecast
from bptui.session.frame import Forecast, Frame, State, WeightJudgement
from bptui.session.live import LiveRun
from bptui.session.marks import eta_label
from bptui.session.pace import FULL, Clock, Pace, Speed
from bptui.session.picture import SHORT_STEP, picture
from bptui.session.timeline import Timeline
from bptui.session.trainer import Trainer

_Address = tuple[str, str | None]  # a source, and the column of a data file that is learned


class Session:
    """One experiment at a time; the runs of those left are kept and taken up again."""

    def __init__(
        self,
        experiment: Experiment,
        clock: Clock = monotonic,
        target: str | None = None,
        speed: Speed | None = None,
    ) -> None:
        """target: the column to be learned, where that was chosen; speed: what every preset starts at, None:
        each at its own."""
        self._clock = clock
        self._speed = speed  # that was chosen, else None
        self._runs: dict[_Address, LiveRun] = {}
        self._run = self._start(experiment, (experiment.name, target))

    @classmethod
    def open(cls, source: str, target: str | None = None, speed: Speed | None = None) -> Session:
        """From a preset's name or a path. ActionableError where it cannot be read."""
        return cls(build(source, target=target), target=target, speed=speed)

    # ------------------------------------------------------------ where it stands

    @property
    def trainer(self) -> Trainer:
        return self._run.trainer

    @property
    def experiment(self) -> Experiment:
        return self.trainer.experiment

    @property
    def preset(self) -> Preset:
        """The experiment as it stands now: every key that was changed, η and the training seed."""
        return self._run.timeline.preset

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

    @property
    def address(self) -> tuple[str, str | None]:
        """The source and the target column by which this run is opened again."""
        return next(address for address, run in self._runs.items() if run is self._run)

    def kept(self) -> dict[tuple[str, str | None], int]:
        """The updates made by each run that is there to be taken up again, by its address."""
        return {address: run.trainer.steps for address, run in self._runs.items()}

    @property
    def short_steps(self) -> bool:
        """An update is so cheap that others may be looked at while the run goes on."""
        return self._run.step_seconds < SHORT_STEP

    # ------------------------------------------------------------ commands

    def do(self, command: c.Command) -> str:
        """Carry it out; what to tell the user, may be empty. ActionableError where it cannot be done."""
        handler = self._handlers.get(type(command))
        if handler is None:
            raise TypeError(f"no such command: {command!r}")
        return handler(self, command)

    def _do_run(self, command: c.Command) -> str:
        if self.trainer.divergence:
            return f"{self._divergence_in_words()}: there is nothing to train on from there"
        run = self._run
        run.go_on()
        if self.trainer.epochs >= self.experiment.epochs:
            run.rules = False
        run.target = None
        run.set_running(True)
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
        self._run.go_on()
        trainer.step_operation()
        return self._divergence_in_words() if trainer.divergence else ""

    def _do_update(self, command: c.Command) -> str:
        self._pause_at_once()
        if self.trainer.divergence:
            return self._divergence_in_words()
        self._run.stepping = False
        self._run.go_on()
        self.trainer.step()
        if self.trainer.divergence:
            return self._divergence_in_words()
        return words.of_update(self.trainer.steps, self.trainer.history.last, self.frame(hurried=True).loss)

    def _do_epoch(self, command: c.Command) -> str:
        if self.trainer.divergence:
            return self._divergence_in_words()
        self._run.go_on()
        self._run.target = self.trainer.end(self.trainer.epochs + 1)
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

    def _do_go_to(self, command: c.Command) -> str:
        assert isinstance(command, c.GoTo)
        step, last = command.step, self.trainer.steps
        if not 0 <= step <= last:
            raise ActionableError(f"step {step:,}", f"the run goes from step 0 to {last:,}", "go on to train")
        self._go_to(step)
        return f"back to step {step:,}"

    def _do_go_to_lowest(self, command: c.Command) -> str:
        lowest = self.trainer.history.lowest
        if lowest is None:
            raise ActionableError("lowest loss", "no update was made yet")
        self._go_to(lowest.step)
        return f"to step {lowest.step:,}, the lowest loss"

    def _go_to(self, step: int) -> None:
        self._pause_at_once()
        self._run.stop_reason, self._run.stepping = "", False
        self._run.timeline.go_to(step)

    def _do_set_eta(self, command: c.Command) -> str:
        assert isinstance(command, c.SetEta)
        return self._change_eta(self._rate(command.value))

    def _rate(self, value: float) -> float:
        """As it is where the network's numbers can hold it."""
        with np.errstate(all="ignore"):
            held = self.trainer.network.dtype.type(value)
        if not (np.isfinite(held) and held > 0):
            raise ActionableError("η", "η must be a number above 0", "such as 0.05 or 3e-4")
        return float(value)

    def _do_eta_up(self, command: c.Command) -> str:
        return self._change_eta(ladder.rung_above(self.trainer.eta))

    def _do_eta_down(self, command: c.Command) -> str:
        return self._change_eta(ladder.rung_below(self.trainer.eta))

    def _change_eta(self, value: float) -> str:
        old, trainer = self.trainer.eta, self.trainer
        if trainer.divergence:
            self._run.timeline.go_to(trainer.steps)
        running.finish_piece(self._run)
        self._run.timeline.set_eta(value)
        if trainer.eta == old:
            return f"η stays {eta_label(old)[2:]}"
        return f"{eta_label(old)} → {eta_label(value)[2:]} from step {trainer.steps:,}"

    def _do_set_keys(self, command: c.Command) -> str:
        assert isinstance(command, c.SetKeys)
        before, now = self.experiment, self.preset
        found = changes.change(before, now, command.changes)
        told = words.of_keys(before, now, found)
        if all(path == "training.eta" for path, _ in command.changes):
            return self._change_eta(found.experiment.eta)
        if not found.paths:
            return told
        running.finish_piece(self._run)
        if found.anew:
            self._run.restart(Timeline(found.experiment))
        else:
            self._run.change(found.experiment, set(found.paths))
        if "training.speed" in found.paths:
            self._change_speed(_speed_of(found.experiment))
        if found.anew:
            return "; ".join((told, *words.new_notices(before, found.experiment)))
        return words.from_step(told, found.paths, self.trainer.steps)

    def check_keys(self, command: c.SetKeys) -> None:
        """Change nothing; ActionableError where `do` could not change these keys."""
        changes.change(self.experiment, self.preset, command.changes)

    def _do_save_preset(self, command: c.Command) -> str:
        assert isinstance(command, c.SavePreset)
        origin = self.experiment.origin
        path = save_own(self.preset, command.name, origin.folder, command.overwrite, origin.file)
        self._runs = {
            address: run
            for address, run in self._runs.items()
            if address[0] != command.name or run is self._run
        }
        return f"saved as {command.name}: {path}"

    def _do_faster(self, command: c.Command) -> str:
        return self._change_speed(self._run.pace.faster())

    def _do_slower(self, command: c.Command) -> str:
        return self._change_speed(self._run.pace.slower())

    def _change_speed(self, speed: Speed) -> str:
        running.finish_piece(self._run)
        stays = "stays " if speed == self.speed else ""
        self._run.pace = Pace(speed, self._clock)
        self._speed = speed
        return f"speed {stays}{speed.label}"

    def _do_reset(self, command: c.Command) -> str:
        return self._start_again(self.trainer.seed, f"reset to seed {self.trainer.seed}")

    def _do_new_seed(self, command: c.Command) -> str:
        seed = self.trainer.seed + 1 if self.trainer.seed < 2**63 - 1 else 0
        return self._start_again(seed, f"seed {seed}")

    def _start_again(self, seed: int, message: str) -> str:
        running.finish_piece(self._run)
        self._run.restart(Timeline(self.experiment, seed, self.trainer.eta))
        return message

    def _do_open(self, command: c.Command) -> str:
        assert isinstance(command, c.OpenPreset)
        address = (command.source, command.target)
        kept = self._runs.get(address)
        if kept is None:
            experiment = build(command.source, target=command.target)
            self._pause()
            self._run = self._start(experiment, address)
        else:
            self._pause()
            self._run = kept
        return words.opened(self.experiment)

    _handlers: ClassVar[dict[type[c.Command], Callable[[Session, c.Command], str]]] = {
        c.Run: _do_run,
        c.Pause: _do_pause,
        c.StepOperation: _do_operation,
        c.StepUpdate: _do_update,
        c.StepEpoch: _do_epoch,
        c.Back: _do_back,
        c.GoTo: _do_go_to,
        c.GoToLowest: _do_go_to_lowest,
        c.SetEta: _do_set_eta,
        c.EtaUp: _do_eta_up,
        c.EtaDown: _do_eta_down,
        c.SetKeys: _do_set_keys,
        c.SavePreset: _do_save_preset,
        c.Faster: _do_faster,
        c.Slower: _do_slower,
        c.Reset: _do_reset,
        c.NewSeed: _do_new_seed,
        c.OpenPreset: _do_open,
    }

    def take_note(self) -> str:
        """What an epoch that was run to its end has brought; once, then empty."""
        note, self._run.note = self._run.note, ""
        return note

    def _start(self, experiment: Experiment, address: _Address) -> LiveRun:
        run = LiveRun(Timeline(experiment), self._speed or _speed_of(experiment), self._clock)
        self._runs[address] = run
        return run

    def _pause(self) -> None:
        """Where operations go by one at a time it stands inside a step; else between two."""
        running.finish_piece(self._run)
        self._run.set_running(False)

    def _pause_at_once(self) -> None:
        if self._run.running:
            self._pause()

    # ------------------------------------------------------------ training in slices

    def advance(self, deadline: Callable[[], bool]) -> None:
        """Train until `deadline()`, or until nothing is due, or to a stop."""
        running.advance(self._run, deadline)

    def prepare_look(self) -> None:
        """At full speed what an update changed is not kept: make the few before a look one by one."""
        running.prepare_look(self._run)

    def delay(self) -> float:
        """Seconds until `advance` has something to do again."""
        return self._run.delay()

    # ------------------------------------------------------------ frames

    def frame(self, hurried: bool = False) -> Frame:
        """This moment. hurried: accuracy and outputs over whole parts may be a little older."""
        with np.errstate(all="ignore"):  # after a divergence there is much that overflows
            return picture(self._run, self.state, hurried)

    def forecast(self, eta: float) -> Forecast:
        """What the next update would bring with this η; the run is not touched. ActionableError where η is no
        rate or the run has diverged."""
        rate = self._rate(eta)
        if self.trainer.divergence:
            raise ActionableError("η", "the run has diverged: no update comes next", "b goes back")
        return forecast(self.trainer, rate)

    @property
    def wants_check(self) -> bool:
        """True while it stands and `check_slice` has something to do."""
        return not self._run.running and self._run.judging.wanted

    def check_slice(self, deadline: Callable[[], bool]) -> None:
        """Let complex step judge the gradients in hand, until `deadline()` or all are judged."""
        if self.wants_check:
            self._run.judging.look(deadline)

    def judge_weight(self, layer: int, row: int, column: int) -> WeightJudgement:
        """∂L/∂w of one weight in the batch in hand, by backpropagation and by its judges; column n_{l-1} is
        the bias. The run is not touched. IndexError where there is no such weight."""
        return self._run.judging.of_weight(layer, row, column)

    def _divergence_in_words(self) -> str:
        found = self.trainer.divergence
        assert found is not None
        return words.of_divergence(found)


def _speed_of(experiment: Experiment) -> Speed:
    return FULL if experiment.speed == "full" else Speed(float(experiment.speed))
