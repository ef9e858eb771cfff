"""A person who does anything, anywhere in time, against a straight run of what was changed on the way here.

The model knows, of each branch, its beginning, what was changed at which step, and how it was left. The suite
plays a few sequences; all of them:

    python tests/session/playing.py [--sequences 500] [--actions 60]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pytest
from experiments import adam_cloud, assert_same, changed, session, slices, xor
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bptui.errors import ActionableError
from bptui.experiment.build import Experiment
from bptui.experiment.changes import trained_by, update_keys
from bptui.experiment.schema import OPTIMIZER_KEYS, OPTIMIZERS
from bptui.session import chunks, store
from bptui.session import commands as c
from bptui.session.frame import State
from bptui.session.journal import InForce
from bptui.session.session import Session
from bptui.session.trainer import Trainer

RATES = st.sampled_from([0.003, 0.05, 0.5, 2.0])
SHARE = st.floats(0, 1)
Changes = tuple[tuple[int, c.Change], ...]  # each with the step from which it counts


class Stand(NamedTuple):
    """Updates made, operations of the step in hand, whether operations go by one at a time."""

    steps: int = 0
    position: int = 0
    stepping: bool = False


@dataclass
class Way:
    """What the model knows of a branch."""

    experiment: Experiment
    seed: int
    first: InForce
    changes: Changes = ()
    end: Stand = field(default_factory=Stand)
    parent: int | None = None
    left_at: int = 0

    def in_force(self, step: int) -> InForce:
        """For the update after `step`."""
        now = self.first
        for at, command in self.changes:
            now = now.after(command) if at <= step else now
        return now

    def until(self, step: int) -> Changes:
        return tuple(change for change in self.changes if change[0] <= step)


class Playing(RuleBasedStateMachine):
    """ways: by the session's numbers of branches; here: the one in hand; at: where on it."""

    make: ClassVar[Callable[[], Experiment]]

    def __init__(self) -> None:
        super().__init__()
        # Chunks that grow by number and not by time, so that a slice has the same updates each time.
        self._patch = pytest.MonkeyPatch()
        self._folder = TemporaryDirectory()
        self._patch.setattr(chunks, "SECONDS", 1e9)
        self._patch.setattr(chunks, "LONGEST", 64)
        experiment = changed(type(self).make(), ("training.epochs", 10**9))  # no stop rule is met
        self.session = session(experiment)
        first = InForce(experiment.eta, update_keys(experiment.preset.training))
        self.here, self.at = 1, Stand()
        self.ways = {1: Way(experiment, experiment.seed, first)}
        self.came_from: tuple[int, Stand] | None = None
        self.taken_back: list[tuple[int, Stand, Changes | None]] = []
        self.straight = Trainer(experiment)
        self.straight_of: tuple[int, Changes] = (id(self.ways[1].experiment), ())

    def teardown(self) -> None:
        self._patch.undo()
        self._folder.cleanup()

    @property
    def way(self) -> Way:
        return self.ways[self.here]

    @property
    def now(self) -> InForce:
        return self.way.in_force(self.at.steps)

    @property
    def last(self) -> int:
        """The operations of a step."""
        keys = self.now.keys
        return 4 * (len(self.way.experiment.sizes) - 1) + 2 + bool(keys["l1"] or keys["l2"])

    @property
    def in_the_past(self) -> bool:
        return self.at.steps < self.way.end.steps

    # ------------------------------------------------------------ the model's moves

    def _leave(self) -> None:
        if not self.in_the_past:
            self.way.end = self.at

    def _stand(self, steps: int, position: int = 0, stepping: bool = False) -> None:
        self.at, self.came_from = Stand(steps, position, stepping), None

    def _take_number(self, changes: Changes, left_at: int) -> None:
        """The session's number of the branch in hand, where it began another one."""
        number = self.session.frame().branch
        if number != self.here:
            old = self.way
            self.ways[number] = Way(
                old.experiment, old.seed, old.first, changes, Stand(self.at.steps), self.here, left_at
            )
            self.here = number
        self.way.changes = changes
        self._forget_gone()

    def _forget_gone(self) -> None:
        """The session forgets branches in which nothing was trained; what left them hangs on another."""
        there = {branch.number: branch for branch in self.session.branches()}
        self.ways = {number: way for number, way in self.ways.items() if number in there}
        for number, way in self.ways.items():
            way.parent, way.left_at = there[number].parent, there[number].left_at
        self.taken_back = [place for place in self.taken_back if place[0] in there]
        if self.came_from and self.came_from[0] not in there:
            self.came_from = None

    def _train_on(self) -> None:
        """To be called after it: where changes lay ahead another branch has begun."""
        way, step = self.way, self.at.steps
        ahead = [at for at, _ in way.changes if at > step]
        self.came_from = None
        self._take_number(way.until(step), min(ahead, default=step))

    def _change(self, command: c.Change, again: bool = True) -> None:
        """To be called after it. again: a step begun starts again."""
        before, step, way = self.now, self.at.steps, self.way
        changes = (*way.until(step), (step, command))
        self.came_from = None
        if before.after(command) == before and not isinstance(command, c.SetWeight):
            return
        self.taken_back = []
        self._take_number(changes, step)
        if again:
            self._stand(step)

    # ------------------------------------------------------------ what a person does: on in time

    @rule()
    def one_operation(self) -> None:
        self.session.do(c.StepOperation())
        self._train_on()
        self._operation()

    def _operation(self) -> None:
        steps, position, _ = self.at
        position = 1 if position in (0, self.last) else position + 1
        self._stand(steps + (position == self.last), position, stepping=True)

    @rule(count=st.integers(2, 25))
    def many_operations(self, count: int) -> None:
        for _ in range(count):
            self.one_operation()

    @rule()
    def one_update(self) -> None:
        self.session.do(c.StepUpdate())
        self._train_on()
        self._stand(self.at.steps + 1)

    @rule()
    def to_the_epochs_end(self) -> None:
        self.session.do(c.StepEpoch())
        self._train_on()
        while self.session.wants_time:
            self.session.advance(slices(3))
        self._step_straight()
        self._stand(self.straight.end(self.straight.epochs + 1))

    @rule(count=st.integers(1, 4), looks=st.booleans())
    def run_for_slices(self, count: int, looks: bool) -> None:
        self.session.do(c.Run())
        self._train_on()
        for _ in range(count):
            self.session.advance(slices(2))
            if looks:
                self.session.frame()
        self.session.do(c.Pause())
        assert self.session.trainer.steps > self.at.steps
        self._stand(self.session.trainer.steps)

    @rule()
    def run_and_pause_at_once(self) -> None:
        self.session.do(c.Run())
        self._train_on()
        self.session.do(c.Pause())

    # ------------------------------------------------------------ back, and from branch to branch

    @rule()
    def back(self) -> None:
        self.session.do(c.Back())
        steps, position, stepping = self.at
        if stepping and position == self.last:
            self._leave()
            self._stand(steps - 1, self._last_at(steps - 1) - 1, stepping=True)
        elif stepping and position > 1:
            self._stand(steps, position - 1, stepping=True)
        elif stepping and position and steps:
            self._leave()
            changed = [command for at, command in self.way.changes if at == steps]
            journal = self.session.journal.between(steps, steps)
            after_update = all(isinstance(entry.command, c.SetEta) for entry in journal)
            assert after_update or any(not isinstance(command, c.SetEta) for command in changed)
            last = self._last_at(steps - 1)
            self._stand(*((steps, last) if after_update else (steps - 1, last - 1)), stepping=True)
        elif stepping and position:
            self._leave()
            self._stand(0)
        elif steps:
            self._leave()
            self._stand(steps - 1)
        elif self.way.parent is not None:
            self._go_to_place(self.way.parent, Stand(self.way.left_at))
        self.came_from = None

    def _last_at(self, step: int) -> int:
        keys = self.way.in_force(step).keys
        return 4 * (len(self.way.experiment.sizes) - 1) + 2 + bool(keys["l1"] or keys["l2"])

    def _go_to_place(self, number: int, place: Stand) -> None:
        """Where that is the end of a branch, as it was left."""
        self._leave()
        self.here = number
        end = self.way.end
        self._stand(*(end if place.steps >= end.steps else place))
        self._forget_gone()

    @rule(count=st.integers(2, 12))
    def far_back(self, count: int) -> None:
        for _ in range(count):
            self.back()

    @rule()
    def back_an_epoch(self) -> None:
        if not self.at.steps and not self.at.position:
            return
        self._step_straight()
        straight = self.straight
        begun = straight.end(straight.epochs)
        inside = self.at.steps > begun or self.at.position
        self.session.do(c.BackEpoch())
        self._leave()
        self._stand(max(begun if inside else straight.end(straight.epochs - 1), 0))

    @rule(share=SHARE)
    def go_to(self, share: float) -> None:
        step = round(share * max(self.at.steps, self.way.end.steps))
        self.session.do(c.GoTo(step))
        self._leave()
        self._stand(step)

    @rule(share=SHARE)
    def look_at(self, share: float) -> None:
        came_from = self.came_from or (self.here, self.at)
        step = round(share * max(self.at.steps, self.way.end.steps))
        self.session.do(c.Look(step))
        self._leave()
        self._stand(step)
        self.came_from = came_from

    @rule()
    def stay(self) -> None:
        self.session.do(c.Stay())
        self.came_from = None

    @rule()
    def come_back(self) -> None:
        self.session.do(c.ComeBack())
        number, place = self.came_from or (self.here, Stand(max(self.at.steps, self.way.end.steps)))
        stepping = bool(place.position)
        self._go_to_place(number, place._replace(stepping=stepping))

    @rule()
    def go_to_the_lowest_loss(self) -> None:
        losses = [column.final for column in self.session.trainer.history.columns(100_000)]
        if losses:
            self.session.do(c.GoToLowest())
            self._leave()
            self._stand(losses.index(min(losses)))

    @rule(share=SHARE)
    def jump(self, share: float) -> None:
        number = sorted(self.ways)[round(share * (len(self.ways) - 1))]
        self.session.do(c.Jump(number))
        self._go_to_place(number, Stand(self.ways[number].end.steps if number != self.here else 10**9))

    @rule(share=SHARE)
    def drop(self, share: float) -> None:
        number = sorted(self.ways)[round(share * (len(self.ways) - 1))]
        if number == self.here:
            with pytest.raises(ActionableError, match="in hand"):
                self.session.do(c.DropBranch(number))
            return
        self.session.do(c.DropBranch(number))
        self._forget_gone()

    @rule(share=SHARE, name=st.sampled_from(["", "deep", "with momentum"]))
    def name(self, share: float, name: str) -> None:
        number = sorted(self.ways)[round(share * (len(self.ways) - 1))]
        self.session.do(c.NameBranch(number, name))
        assert next(b.name for b in self.session.branches() if b.number == number) == name

    # ------------------------------------------------------------ changes

    @rule()
    def eta_up(self) -> None:
        self.session.do(c.EtaUp())
        self._change(c.SetEta(self.session.trainer.eta), again=False)

    @rule()
    def eta_down(self) -> None:
        self.session.do(c.EtaDown())
        self._change(c.SetEta(self.session.trainer.eta), again=False)

    @rule(eta=RATES)
    def set_eta(self, eta: float) -> None:
        self.session.do(c.SetEta(eta))
        self._change(c.SetEta(eta), again=False)

    @rule(strength=st.sampled_from([0.0, 0.001, 0.1]), name=st.sampled_from(["l1", "l2"]))
    def penalty(self, strength: float, name: str) -> None:
        self._keys(**{name: strength})

    @rule(size=st.sampled_from([1, 3, 4, 16, "all"]), shuffle=st.booleans())
    def batches(self, size: int | str, shuffle: bool) -> None:
        self._keys(batch_size=size, shuffle=shuffle)

    @rule(name=st.sampled_from(sorted(OPTIMIZERS)))
    def optimizer(self, name: str) -> None:
        self._keys(optimizer=name, **dict.fromkeys(OPTIMIZER_KEYS))

    @rule(value=st.sampled_from([0.0, 0.5, 0.9, None]))
    def momentum(self, value: float | None) -> None:
        if value is None or "momentum" in OPTIMIZERS[self.now.keys["optimizer"]]:
            self._keys(momentum=value)
        else:
            with pytest.raises(ActionableError, match=r"^training\.momentum: momentum is a key of"):
                self.session.do(c.SetKeys((("training.l2", 7.0), ("training.momentum", value))))

    def _keys(self, **keys: Any) -> None:
        command = c.SetKeys(tuple((f"training.{name}", value) for name, value in keys.items()))
        self.session.do(command)
        if self.now.after(command) != self.now:
            self._change(command)

    @rule(layer=st.integers(1, 3), unit=st.integers(0, 5), source=st.integers(-1, 5), value=RATES)
    def set_weight(self, layer: int, unit: int, source: int, value: float) -> None:
        sizes = self.way.experiment.sizes
        layer = min(layer, len(sizes) - 1)
        unit, into = min(unit, sizes[layer] - 1), min(source, sizes[layer - 1] - 1)
        command = c.SetWeight(layer, unit, None if source < 0 else into, value)
        self.session.do(command)
        self._change(command)

    @rule(layer=st.integers(1, 2), unit=st.integers(0, 5), off=st.booleans())
    def switch_unit(self, layer: int, unit: int, off: bool) -> None:
        sizes = self.way.experiment.sizes
        layer = min(layer, len(sizes) - 2)
        command = c.SwitchUnit(layer, min(unit, sizes[layer] - 1), off)
        self.session.do(command)
        self._change(command)

    @rule(layer=st.integers(1, 3), held=st.booleans())
    def hold_layer(self, layer: int, held: bool) -> None:
        command = c.HoldLayer(min(layer, len(self.way.experiment.sizes) - 1), held)
        self.session.do(command)
        self._change(command)

    # ------------------------------------------------------------ beginnings, and taking back

    @rule()
    def start_again(self) -> None:
        self.session.do(c.Reset())
        self._begin(self.way.experiment, self.way.seed, self.now)

    @rule()
    def another_seed(self) -> None:
        self.session.do(c.NewSeed())
        self._begin(self.way.experiment, self.way.seed + 1, self.now)

    @rule(hidden=st.sampled_from([[3], [4], [2, 3]]))
    def another_network(self, hidden: list[int]) -> None:
        experiment = self.way.experiment
        if experiment.preset.network.hidden == tuple(hidden):
            return
        keys = (("network.hidden", hidden), ("network.activation", "tanh"))
        self.session.do(c.SetKeys(keys))
        self._begin(
            changed(experiment, *keys), self.way.seed, self.now._replace(off=frozenset(), held=frozenset())
        )

    def _begin(self, experiment: Experiment, seed: int, first: InForce) -> None:
        self._leave()
        left_at, number = self.at.steps, self.session.frame().branch
        if number != self.here:
            self.taken_back = []
            self.ways[number] = Way(experiment, seed, first, (), Stand(), self.here, left_at)
            self.here = number
        self._stand(0)
        self._forget_gone()

    @rule()
    def take_back(self) -> None:
        journal = self.session.journal
        entry = journal.last_until(self.at.steps)
        if entry is None:
            self._take_back_beginning()
            return
        place = (self.here, self.at)
        self.session.do(c.Undo())
        self._leave()
        changes = tuple((e.step, e.command) for e in journal.without(entry).entries)
        number, old = self.session.frame().branch, self.way
        own = number == self.here and old.end.steps == entry.step
        self.taken_back.append((*place, old.changes if own else None))
        if own:
            old.changes, old.end = changes, Stand(entry.step)
        elif number not in self.ways:
            self.ways[number] = Way(
                old.experiment, old.seed, old.first, changes, Stand(entry.step), self.here, entry.step
            )
        self.here = number
        assert self.way.in_force(entry.step) == journal.without(entry).at(entry.step)
        self._stand(entry.step)
        self._forget_gone()

    def _take_back_beginning(self) -> None:
        begun = self.way
        while begun.parent is not None and self._left_by_a_change(begun):
            begun = self.ways[begun.parent]
        if begun.parent is None:
            with pytest.raises(ActionableError, match="nothing was changed"):
                self.session.do(c.Undo())
            return
        self.session.do(c.Undo())
        self.taken_back.append((self.here, self.at, None))
        end = self.ways[begun.parent].end
        there = end if end.steps == begun.left_at else Stand(begun.left_at)
        self._go_to_place(begun.parent, there)
        self.at = self.at._replace(stepping=bool(self.at.position))

    def _left_by_a_change(self, way: Way) -> bool:
        """And not by another beginning."""
        number = next(number for number, other in self.ways.items() if other is way)
        return not next(b.anew for b in self.session.branches() if b.number == number)

    @rule()
    def do_again(self) -> None:
        if not self.taken_back:
            with pytest.raises(ActionableError, match="nothing was taken back"):
                self.session.do(c.Redo())
            return
        number, place, changes = self.taken_back.pop()
        self.session.do(c.Redo())
        self._leave()
        self.here = number
        if changes is not None and self.way.end.steps > place.steps:
            self.at = place
            self._take_number(changes, place.steps)
        elif changes is not None:
            self.way.changes = changes
        self._stand(place.steps, place.position, bool(place.position))
        self._forget_gone()

    # ------------------------------------------------------------ what changes nothing

    @rule()
    def save_and_take_up(self) -> None:
        """All else goes on with what was read from the file."""
        path = Path(self._folder.name) / "run.bptui"
        store.write(self.session.snapshot(), path, overwrite=True)
        before, self.session = self.session, Session.open(str(path), clock=lambda: 0.0)
        self._leave()
        assert self.session.branches() == before.branches()
        assert self.session.journal.entries == before.journal.entries
        assert self.session.preset == before.preset

    @rule()
    def ask(self) -> None:
        self.session.forecast(0.7)
        self.session.judge_weight(1, 0, 0)
        self.session.check_slice(slices(3))

    @rule(rule_=st.sampled_from(["stop_loss", "patience"]))
    def rules_that_never_hold(self, rule_: str) -> None:
        self.session.do(c.SetKeys(((f"training.{rule_}", {"stop_loss": 0.0, "patience": 10**6}[rule_]),)))

    @rule()
    def look(self) -> None:
        frame = self.session.frame()
        steps, position, stepping = self.at
        assert (frame.step, frame.update.position) == (steps, position)
        assert frame.state is (State.STEPPING if stepping and position else State.PAUSED)
        assert [s.step for s in frame.samples] == sorted({s.step for s in frame.samples})
        assert steps in {s.step for s in frame.samples}
        assert frame.samples[-1].step <= frame.end
        assert all(column.last > steps for column in frame.future)
        assert frame.end == max(steps, self.way.end.steps)
        assert bool(frame.future) == self.in_the_past
        assert frame.looking == (self.came_from is not None)

    # ------------------------------------------------------------ what holds

    @invariant()
    def it_stands_where_it_must(self) -> None:
        trainer, now = self.session.trainer, self.now
        assert (trainer.steps, trainer.position) == self.at[:2]
        assert self.session.journal.at(trainer.steps) == now
        assert (trainer.eta, trainer.off, trainer.network.held) == (now.eta, now.off, now.held)
        preset = self.session.preset
        assert update_keys(preset.training) == now.keys
        assert (preset.training.eta, preset.network) == (trainer.eta, self.way.experiment.preset.network)

    @invariant()
    def the_tree_is_whole(self) -> None:
        branches = {branch.number: branch for branch in self.session.branches()}
        assert set(branches) == set(self.ways)
        assert [b.number for b in branches.values() if b.current] == [self.here]
        assert all(branch.parent is None or branch.parent in branches for branch in branches.values())

    @invariant()
    def every_bit_is_that_of_a_straight_run(self) -> None:
        self._step_straight()
        trainer, straight = self.session.trainer, self.straight
        assert_same(trainer, straight)
        for operation in trainer.tape.operations[: self.at.position]:
            for name in ("z", "a", "slope", "delta"):
                if operation.writes.startswith({"delta": "δ"}.get(name, name)) and operation.layer:
                    mine, theirs = (getattr(t.tape, name)[operation.layer - 1] for t in (trainer, straight))
                    assert np.array_equal(mine, theirs)
            if operation.writes.startswith("∂W") and operation.layer:
                mine, theirs = (t.network.grad_blocks[operation.layer - 1] for t in (trainer, straight))
                assert np.array_equal(mine, theirs)

    def _step_straight(self) -> None:
        """The straight run to just where the session stands."""
        self._run_straight()
        for _ in range(self.at.position):
            self.straight.step_operation()

    def _run_straight(self) -> None:
        """The straight run to the step in hand; made anew where its past is another one."""
        way, straight = self.way, self.straight
        whole = self.at.steps - (self.at.position == self.last and self.at.position > 0)
        same = self.straight_of == (id(way), way.until(straight.steps))
        if straight.steps > whole or straight.inside_step or straight.position or not same:
            straight = Trainer(way.experiment, way.seed)
            self._apply(straight, way.first)
            self._change_straight(straight, 0)
        for at in sorted({step for step, _ in way.changes if straight.steps < step <= whole}):
            straight.run(steps=at, rules=False)
            self._change_straight(straight, at)
        straight.run(steps=whole, rules=False)
        straight.position = 0
        self.straight, self.straight_of = straight, (id(way), way.until(whole))

    def _change_straight(self, straight: Trainer, at: int) -> None:
        self._apply(straight, self.way.in_force(at))
        for step, command in self.way.changes:
            if step == at and isinstance(command, c.SetWeight):
                straight.set_weight(command.layer, command.unit, command.source, command.value)

    def _apply(self, straight: Trainer, now: InForce) -> None:
        straight.change(trained_by(self.way.experiment, now.keys))
        straight.switch(now.off, now.held)
        straight.eta = now.eta


class PlayingXor(Playing):
    make = staticmethod(xor)


class PlayingAdam(Playing):
    make = staticmethod(adam_cloud)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sequences", type=int, default=500)
    parser.add_argument("--actions", type=int, default=60)
    parser.add_argument("--whole", action="store_true", help="show a failing sequence as it was played")
    arguments = parser.parse_args()
    for machine in (PlayingXor, PlayingAdam):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=arguments.sequences // 2,
                stateful_step_count=arguments.actions,
                deadline=None,
                database=None,
                phases=[p for p in Phase if p is not Phase.shrink or not arguments.whole],
                suppress_health_check=list(HealthCheck),
            ),
        )
        sequences = f"{arguments.sequences // 2} sequences of up to {arguments.actions} actions"
        print(f"{machine.__name__}: {sequences} hold")


if __name__ == "__main__":
    main()
