"""The session: the one owner of a run. `do(command)` is the only way in, `frame()` the only way out.

While it runs, `advance` trains for a slice of time; between slices the screen looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from bptui.errors import ActionableError
from bptui.experiment import changes
from bptui.experiment.build import Experiment, build
from bptui.experiment.own import save_own
from bptui.experiment.schema import Preset
from bptui.explain.update import WorkedUpdate
from bptui.session import alterations, running, words
from bptui.session import commands as c
from bptui.session.alterations import ALTERATIONS
from bptui.session.forecast import forecast
from bptui.session.frame import Forecast, Frame, State, WeightJudgement
from bptui.session.history import Column
from bptui.session.journal import Journal
from bptui.session.live import LiveRun
from bptui.session.memory import Memory
from bptui.session.moves import MOVES
from bptui.session.pace import FULL, Clock, Pace, Speed
from bptui.session.picture import SHORT_STEP, picture
from bptui.session.running import pause, pause_at_once
from bptui.session.timeline import Timeline
from bptui.session.trainer import Trainer
from bptui.session.tree import BranchView, losses, tree
from bptui.session.view import worked_update

SUFFIX = ".bptui"  # of a saved run
_SHARED = re.compile(r"bptui[0-9]+-[\w-]+\s*$", re.ASCII)

if TYPE_CHECKING:
    from bptui.session.compare import Comparison
    from bptui.session.kept import Snapshot

_Address = tuple[str, str | None]  # a source, and the column of a data file that is learned


class Session:
    """One experiment at a time; the runs of those left are kept and taken up again."""

    def __init__(
        self,
        experiment: Experiment,
        clock: Clock = monotonic,
        target: str | None = None,
        speed: Speed | None = None,
        memory: Memory | None = None,
    ) -> None:
        """target: the column to be learned, where that was chosen; speed: what every preset starts at, None:
        each at its own; memory: what all runs together may keep of their past."""
        self._own(clock, speed, memory)
        self._run = self._start(experiment, (experiment.name, target))

    def _own(self, clock: Clock, speed: Speed | None, memory: Memory | None) -> None:
        self._clock = clock
        self._memory = memory or Memory()
        self._speed = speed  # that was chosen, else None
        self._runs: dict[_Address, LiveRun] = {}

    @classmethod
    def open(
        cls,
        source: str,
        target: str | None = None,
        speed: Speed | None = None,
        memory: Memory | None = None,
        clock: Clock = monotonic,
    ) -> Session:
        """From a preset's name or a path; a saved run goes on where it was left. ActionableError where it
        cannot be read."""
        if not is_run(source):
            return cls(build(source, target=target), clock, target, speed, memory)
        if target is not None:
            raise ActionableError("--target", "it is for data files, and this is a saved run", "Leave it out")
        session = cls.__new__(cls)
        session._own(clock, speed, memory)
        session._run = session._take_up(source)
        return session

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
    def journal(self) -> Journal:
        """Of the branch in hand, later changes included where it stands in the past."""
        return self._run.timeline.branch.journal

    def branches(self) -> tuple[BranchView, ...]:
        """Of the run in hand, in the order in which they began."""
        return tree(self._run.timeline)

    def losses(self, branch: int, width: int) -> tuple[Column, ...]:
        """A branch's whole curve in at most so many columns. ActionableError where there is none."""
        return losses(self._run.timeline, branch, width)

    def compare(self, one: int, other: int) -> Comparison:
        """Two branches of the run in hand, at their ends. ActionableError where there is none."""
        from bptui.session.compare import compare  # start-up is felt

        return compare(self._run.timeline, one, other)

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
        kind = type(command)
        if kind in self._handlers:
            return self._handlers[kind](self, command)
        if kind in MOVES:
            return MOVES[kind](self._run, command)
        if kind in ALTERATIONS:
            return ALTERATIONS[kind](self._run, command)
        raise TypeError(f"no such command: {command!r}")

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
        pause(self._run)
        return ""

    def _do_operation(self, command: c.Command) -> str:
        pause_at_once(self._run)
        trainer = self.trainer
        if trainer.divergence:
            self._run.timeline.go_to(trainer.steps)
        self._run.stepping = True
        self._run.go_on()
        trainer.step_operation()
        return self._divergence_in_words() if trainer.divergence else ""

    def _do_update(self, command: c.Command) -> str:
        pause_at_once(self._run)
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

    def _do_set_keys(self, command: c.SetKeys) -> str:
        before = self.experiment.speed
        told = alterations.set_keys(self._run, command)
        if self.experiment.speed != before:
            self._change_speed(_speed_of(self.experiment))
        return told

    def check_keys(self, command: c.SetKeys) -> None:
        """Change nothing; ActionableError where `do` could not change these keys."""
        changes.change(self.experiment, self.preset, command.changes)

    def _do_save_preset(self, command: c.Command) -> str:
        assert isinstance(command, c.SavePreset)
        origin = self.experiment.origin
        path = save_own(
            self.preset, command.name, origin.folder, command.overwrite, origin.file, origin.content
        )
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

    def _do_open(self, command: c.Command) -> str:
        assert isinstance(command, c.OpenPreset)
        address = (command.source, command.target)
        kept = self._runs.get(address)
        if kept is None and is_run(command.source):
            run = self._take_up(command.source)
            pause(self._run)
            self._run = run
        elif kept is None:
            experiment = build(command.source, target=command.target)
            pause(self._run)
            self._run = self._start(experiment, address)
        else:
            pause(self._run)
            self._run = kept
        if is_run(command.source):
            return words.taken_up(self.experiment, self.trainer.steps)
        return words.opened(self.experiment)

    _handlers: ClassVar[dict[type[c.Command], Callable[[Session, Any], str]]] = {
        c.Run: _do_run,
        c.Pause: _do_pause,
        c.StepOperation: _do_operation,
        c.StepUpdate: _do_update,
        c.StepEpoch: _do_epoch,
        c.SetKeys: _do_set_keys,
        c.SavePreset: _do_save_preset,
        c.Faster: _do_faster,
        c.Slower: _do_slower,
        c.OpenPreset: _do_open,
    }

    def take_note(self) -> str:
        """What an epoch that was run to its end has brought; once, then empty."""
        note, self._run.note = self._run.note, ""
        return note

    def _start(self, experiment: Experiment, address: _Address) -> LiveRun:
        run = LiveRun(Timeline(experiment, self._memory), self._speed or _speed_of(experiment), self._clock)
        self._runs[address] = run
        return run

    # ------------------------------------------------------------ without a screen

    def go_on(self) -> None:
        """To be called before the trainer is driven by other means than commands."""
        pause(self._run)
        self._run.go_on()

    # ------------------------------------------------------------ a run as a file

    def snapshot(self) -> Snapshot:
        """The run in hand at this moment, to be written (session.store) by whoever has the time."""
        from bptui.session import kept  # start-up is felt

        return kept.snapshot(self._run)

    @property
    def moment(self) -> tuple[object, ...]:
        """Equal to what it was where nothing has come that would be in a snapshot."""
        run, timeline = self._run, self._run.timeline
        branches = tuple((branch.number, branch.name) for branch in timeline.branches)
        return (run, timeline.place, self.trainer.restores, timeline.branch.journal, branches, self.speed)

    @property
    def untouched(self) -> bool:
        """Nothing was trained or changed yet: there is nothing to be kept."""
        timeline = self._run.timeline
        begun = timeline.end or self.trainer.position or timeline.branch.journal.entries
        return not begun and len(timeline.branches) == 1

    @property
    def file(self) -> tuple[Path, str] | None:
        """Where the run in hand was saved last, or comes from, and the seal that the file had."""
        return self._run.file

    def saved(self, address: tuple[str, str | None], path: Path, seal: str) -> None:
        """The run of that address was written there."""
        if address in self._runs:
            self._runs[address].file = (path, seal)

    def _take_up(self, source: str) -> LiveRun:
        """As it was left, or as it was shared."""
        from bptui.session import kept, share, stored

        file = Path(source) if _is_file(source) else None
        snapshot, seal = (share.read(source), "") if file is None else stored.read(file)
        run = kept.taken_up(snapshot, self._memory, self._clock)
        run.file = None if file is None else (file, seal)
        self._runs[(source, None)] = run
        return run

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
        rate = alterations.rate(self._run, eta)
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

    def worked_update(self) -> tuple[WorkedUpdate, int]:
        """The update on screen, whole, and the updates made before it: where the run stands right after one,
        that one, else the one begun or the one that comes next. The run stands where it stood.
        ActionableError where it has diverged."""
        if self.trainer.divergence:
            raise ActionableError("worked example", "no update comes after a divergence", "b goes back")
        pause_at_once(self._run)
        timeline, place = self._run.timeline, self._run.timeline.place
        if place.position < len(self.trainer.tape.operations):
            return worked_update(self.trainer), place.step
        timeline.go_to(place.step - 1)
        made = worked_update(self.trainer)
        timeline.jump(place)
        return made, place.step - 1

    def _divergence_in_words(self) -> str:
        found = self.trainer.divergence
        assert found is not None
        return words.of_divergence(found)


def is_run(source: str) -> bool:
    """It names a saved run, or is a shared one, and no preset or data file."""
    return _is_file(source) or _SHARED.match(source) is not None


def _is_file(source: str) -> bool:
    return source.lower().endswith(SUFFIX)


def _speed_of(experiment: Experiment) -> Speed:
    return FULL if experiment.speed == "full" else Speed(float(experiment.speed))
