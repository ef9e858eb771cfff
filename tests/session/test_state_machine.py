"""Whatever a person does, all numbers are those of a straight run with the same keys at the same steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest
from experiments import adam_cloud, assert_same, changed, session, slices, xor
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bptui.errors import ActionableError
from bptui.experiment.build import Experiment
from bptui.experiment.changes import trained_by, update_keys
from bptui.experiment.schema import OPTIMIZER_KEYS, OPTIMIZERS
from bptui.session import chunks
from bptui.session import commands as c
from bptui.session.frame import State
from bptui.session.trainer import Trainer


@pytest.fixture(autouse=True)
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks that grow by number and not by time, so that a slice has the same updates each time."""
    monkeypatch.setattr(chunks, "SECONDS", 1e9)
    monkeypatch.setattr(chunks, "LONGEST", 64)


RATES = st.sampled_from([0.003, 0.05, 0.5, 2.0])
Keys = dict[str, Any]


class Playing(RuleBasedStateMachine):
    """steps, position, stepping: where it must stand; etas, keys: the rate, and what else updates depend on,
    from the update after a step on."""

    make: ClassVar[Callable[[], Experiment]]

    def __init__(self) -> None:
        super().__init__()
        self.experiment = changed(type(self).make(), ("training.epochs", 10**9))  # no stop rule is met
        self.session = session(self.experiment)
        self.straight = Trainer(self.experiment)
        self.steps = self.position = 0
        self.stepping = False
        self.etas = {0: self.experiment.eta}
        self.keys = {0: update_keys(self.experiment.preset.training)}
        self.before: tuple[Any, ...] | None = None
        # what the straight run was made with
        self.made: tuple[dict[int, float], dict[int, Keys]] = ({}, {})

    @property
    def now(self) -> Keys:
        """The keys in force for the next update."""
        return self.keys[max(self.keys)]

    @property
    def last(self) -> int:
        """The operations of a step."""
        depth = len(self.experiment.sizes) - 1
        return 4 * depth + 2 + bool(self.now["l1"] or self.now["l2"])

    # ------------------------------------------------------------ what a person does

    @rule()
    def one_operation(self) -> None:
        self.session.do(c.StepOperation())
        self.position = 1 if self.position in (0, self.last) else self.position + 1
        self.steps += self.position == self.last
        self.stepping = True

    @rule(count=st.integers(2, 25))
    def many_operations(self, count: int) -> None:
        for _ in range(count):
            self.one_operation()

    @rule()
    def one_update(self) -> None:
        self.session.do(c.StepUpdate())
        self._stand(self.steps + 1)

    @rule()
    def to_the_epochs_end(self) -> None:
        self.session.do(c.StepEpoch())
        while self.session.wants_time:
            self.session.advance(slices(3))
        self._stand(self.straight.end(self.straight.epochs + 1))

    @rule(count=st.integers(1, 4), looks=st.booleans())
    def run_for_slices(self, count: int, looks: bool) -> None:
        self.session.do(c.Run())
        for _ in range(count):
            self.session.advance(slices(2))
            if looks:
                self.session.frame()
        self.session.do(c.Pause())
        assert self.session.trainer.steps > self.steps
        self._stand(self.session.trainer.steps)

    @rule()
    def run_and_pause_at_once(self) -> None:
        self.session.do(c.Run())
        self.session.do(c.Pause())

    @rule()
    def back(self) -> None:
        self.session.do(c.Back())
        if self.stepping and self.position == self.last:
            self.steps, self.position = self.steps - 1, self.last - 1
        elif self.stepping and self.position > 1:
            self.position -= 1
            return
        elif self.stepping and self.position and self.steps:
            self._forget(self.steps - 1)
            self.position = self.last
        elif self.stepping and self.position:
            self._stand(0)
        elif self.steps:
            self._stand(self.steps - 1)
        elif self.before is not None:
            self.steps, self.position, self.stepping, self.etas, self.keys, self.experiment = self.before
            self.before, self.straight = None, Trainer(self.experiment)
            self.made = ({}, {})
            return
        self._forget(self.steps)

    @rule(count=st.integers(2, 12))
    def far_back(self, count: int) -> None:
        for _ in range(count):
            self.back()

    @rule(share=st.floats(0, 1))
    def go_to(self, share: float) -> None:
        step = round(share * self.steps)
        assert self.session.do(c.GoTo(step)) == f"back to step {step:,}"
        self._stand(step)
        self._forget(step)

    @rule()
    def go_to_the_lowest_loss(self) -> None:
        losses = [column.final for column in self.session.trainer.history.columns(100_000)]
        if losses:
            self.session.do(c.GoToLowest())
            self._stand(losses.index(min(losses)))
            self._forget(self.steps)

    @rule()
    def ask(self) -> None:
        self.session.forecast(0.7)
        self.session.judge_weight(1, 0, 0)
        self.session.check_slice(slices(3))

    @rule()
    def eta_up(self) -> None:
        self.session.do(c.EtaUp())
        self.etas[self.steps] = self.session.trainer.eta

    @rule()
    def eta_down(self) -> None:
        self.session.do(c.EtaDown())
        self.etas[self.steps] = self.session.trainer.eta

    @rule(eta=RATES)
    def set_eta(self, eta: float) -> None:
        self.session.do(c.SetEta(eta))
        self.etas[self.steps] = eta

    @rule()
    def start_again(self) -> None:
        self.session.do(c.Reset())
        self._begin(self.experiment)

    @rule(hidden=st.sampled_from([[3], [4], [2, 3]]))
    def another_network(self, hidden: list[int]) -> None:
        if self.experiment.preset.network.hidden == tuple(hidden):
            return
        self._set(("network.hidden", hidden), ("network.activation", "tanh"))
        keys = (("network.hidden", hidden), ("network.activation", "tanh"))
        self._begin(changed(self.experiment, *keys))

    def _begin(self, experiment: Experiment) -> None:
        """Another run, with all that was changed in this one."""
        here = (self.steps, self.position, self.stepping, self.etas, self.keys, self.experiment)
        self.etas, self.keys, self.before = {0: self.etas[max(self.etas)]}, {0: self.now}, here
        self._stand(0)
        self.experiment, self.straight = experiment, Trainer(experiment)
        self.made = ({}, {})

    @rule(strength=st.sampled_from([0.0, 0.001, 0.1]), name=st.sampled_from(["l1", "l2"]))
    def penalty(self, strength: float, name: str) -> None:
        self._change(**{name: strength})

    @rule(size=st.sampled_from([1, 3, 4, 16, "all"]), shuffle=st.booleans())
    def batches(self, size: int | str, shuffle: bool) -> None:
        self._change(batch_size=size, shuffle=shuffle)

    @rule(name=st.sampled_from(sorted(OPTIMIZERS)))
    def optimizer(self, name: str) -> None:
        self._change(optimizer=name, **dict.fromkeys(OPTIMIZER_KEYS))

    @rule(value=st.sampled_from([0.0, 0.5, 0.9, None]))
    def momentum(self, value: float | None) -> None:
        if value is None or "momentum" in OPTIMIZERS[self.now["optimizer"]]:
            self._change(momentum=value)
        else:
            with pytest.raises(ActionableError, match=r"^training\.momentum: momentum is a key of"):
                self._set(("training.l2", 7.0), ("training.momentum", value))

    @rule(eta=RATES, decay=st.sampled_from([0.0, 0.01]))
    def eta_beside_a_decay(self, eta: float, decay: float) -> None:
        self._change(eta=eta, weight_decay=decay)

    @rule(rule_=st.sampled_from(["stop_loss", "patience"]))
    def rules_that_never_hold(self, rule_: str) -> None:
        self._set((f"training.{rule_}", {"stop_loss": 0.0, "patience": 10**6}[rule_]))

    def _set(self, *keys: tuple[str, object]) -> None:
        self.session.do(c.SetKeys(keys))

    def _change(self, eta: float | None = None, **keys: Any) -> None:
        """A step begun starts again, where updates become other ones."""
        given = keys if eta is None else keys | {"eta": eta}
        self._set(*((f"training.{name}", value) for name, value in given.items()))
        if eta is not None:
            self.etas[self.steps] = eta
        if self.now | keys != self.now:
            self.keys[self.steps] = self.now | keys
            self._stand(self.steps)

    @rule()
    def look(self) -> None:
        frame = self.session.frame()
        assert (frame.step, frame.update.position) == (self.steps, self.position)
        assert frame.state is (State.STEPPING if self.stepping and self.position else State.PAUSED)
        assert [s.step for s in frame.samples] == sorted({s.step for s in frame.samples})
        assert frame.samples[-1].step == self.steps
        assert all(column.last > self.steps for column in frame.future)

    def _stand(self, steps: int) -> None:
        self.steps, self.position, self.stepping = steps, 0, False

    def _forget(self, step: int) -> None:
        self.etas = {at: eta for at, eta in self.etas.items() if at <= step}
        self.keys = {at: keys for at, keys in self.keys.items() if at <= step}

    # ------------------------------------------------------------ what holds

    @invariant()
    def it_stands_where_it_must(self) -> None:
        trainer = self.session.trainer
        assert (trainer.steps, trainer.position) == (self.steps, self.position)
        assert trainer.eta == self.etas[max(self.etas)]
        preset = self.session.preset
        assert update_keys(preset.training) == self.now
        assert (preset.training.eta, preset.network) == (trainer.eta, self.experiment.preset.network)

    @invariant()
    def every_bit_is_that_of_a_straight_run(self) -> None:
        self._run_straight()
        trainer = self.session.trainer
        assert_same(trainer, self.straight)
        for operation in trainer.tape.operations[: self.position]:
            for name in ("z", "a", "slope", "delta"):
                if operation.writes.startswith({"delta": "δ"}.get(name, name)) and operation.layer:
                    mine, theirs = (
                        getattr(t.tape, name)[operation.layer - 1] for t in (trainer, self.straight)
                    )
                    assert np.array_equal(mine, theirs)
            if operation.writes.startswith("∂W") and operation.layer:
                place = operation.layer - 1
                mine, theirs = (t.network.grad_blocks[place] for t in (trainer, self.straight))
                assert np.array_equal(mine, theirs)

    def _run_straight(self) -> None:
        """The straight run to where the session stands; made anew where its past is another one."""
        whole = self.steps - (self.position == self.last)
        if self.straight.steps > whole or self.straight.inside_step or self._other_past():
            self.straight = Trainer(self.experiment)
        for at in sorted({*self.etas, *self.keys, whole}):
            if self.straight.steps <= at <= whole:
                self.straight.run(steps=at, rules=False)
                self.straight.position = 0
                if at in self.keys:
                    self.straight.change(trained_by(self.experiment, self.keys[at]))
                if at in self.etas:
                    self.straight.eta = self.etas[at]
        self.made = (dict(self.etas), dict(self.keys))
        for _ in range(self.position):
            self.straight.step_operation()

    def _other_past(self) -> bool:
        """Something that its updates depend on, or what it stands at, is not what it was made with."""
        steps = self.straight.steps
        etas, keys = self.made
        return {at: e for at, e in etas.items() if at < steps} != {
            at: e for at, e in self.etas.items() if at < steps
        } or {at: k for at, k in keys.items() if at <= steps} != {
            at: k for at, k in self.keys.items() if at <= steps
        }


class PlayingXor(Playing):
    make = staticmethod(xor)


class PlayingAdam(Playing):
    make = staticmethod(adam_cloud)


SETTINGS = settings(max_examples=20, stateful_step_count=25, deadline=None, database=None)
TestXor = PlayingXor.TestCase
TestXor.settings = SETTINGS
TestAdam = PlayingAdam.TestCase
TestAdam.settings = SETTINGS
