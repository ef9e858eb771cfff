"""Where ways part, what is kept of those left, how one comes back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from experiments import adam_cloud, at_step, changed, cloud, keys, line, never, session, slices, xor
from hypothesis import given, settings
from hypothesis import strategies as st

from bptui.errors import ActionableError
from bptui.session import branches as branches_module
from bptui.session import commands as c
from bptui.session import timeline as timeline_module
from bptui.session.frame import Frame, State
from bptui.session.history import Column, History
from bptui.session.marks import Mark
from bptui.session.memory import Memory
from bptui.session.session import Session
from bptui.session.trainer import Trainer
from bptui.session.tree import BranchView


def straight(steps: int) -> list[float]:
    """The loss of every update of adam_cloud()."""
    trainer = Trainer(adam_cloud())
    trainer.run(steps=steps, rules=False)
    return [column.final for column in trainer.history.columns(10**6)]


LOSSES = straight(400)


def at(made: Session, *steps: int) -> Frame:
    """Forwards by training, backwards by going back; what is seen there."""
    for step in steps:
        if step > made.trainer.steps:
            at_step(step - made.trainer.steps, made)
        else:
            made.do(c.GoTo(step))
    return made.frame()


def spans(columns: tuple[Column, ...]) -> list[tuple[int, int]]:
    return [(column.first, column.last) for column in columns]


def expected(first: int, last: int) -> list[Column]:
    return [Column(n, n, LOSSES[n - 1], LOSSES[n - 1], LOSSES[n - 1]) for n in range(first, last + 1)]


def branch(made: Session, number: int) -> BranchView:
    return next(view for view in made.branches() if view.number == number)


def numbers(made: Session) -> list[int]:
    return [view.number for view in made.branches()]


# ---------------------------------------------------------------- in the past, on the same way


def test_a_run_that_never_went_back_has_no_future() -> None:
    frame = at(session(adam_cloud()), 5)
    assert (frame.future, frame.left_behind, frame.end, frame.branches) == ((), (), 5, 1)


def test_what_came_after_stands_there_and_shortens_as_the_run_catches_up() -> None:
    made = session(adam_cloud())
    assert list(at(made, 9, 4).future) == expected(5, 9)
    assert (made.frame().step, made.frame().end) == (4, 9)
    assert list(at(made, 7).future) == expected(8, 9)
    assert at(made, 9).future == at(made, 12).future == ()
    assert (made.frame().marks, made.frame().end, numbers(made)) == ((), 12, [1])


def test_any_step_that_is_known_can_be_gone_to_forwards_too() -> None:
    made = session(adam_cloud())
    at(made, 9, 2)
    assert made.do(c.GoTo(7)) == "on to step 7"
    assert made.do(c.GoTo(3)) == "back to step 3"
    with pytest.raises(ActionableError, match="from step 0 to 9"):
        made.do(c.GoTo(10))


@given(st.lists(st.integers(0, 400), min_size=2, max_size=8), st.sampled_from([4, 16, 1000]))
@settings(max_examples=40, deadline=None)
def test_its_extents_are_those_of_the_straight_run(path: list[int], most: int) -> None:
    """Also where the history's own buckets are wide, and where there is room for few columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline_module, "MOST", most)
        made = session(adam_cloud())
        made.trainer.history = History(64)
        reached = 0
        for step in path:
            if step > reached:
                made.trainer.run(steps=step, rules=False)
            else:
                made.do(c.GoTo(step))
            reached = max(reached, step)
            columns = made.frame(hurried=True).future
            assert bool(columns) == (reached > step)
            assert len(columns) <= most
            for column in columns:
                values = LOSSES[column.first - 1 : column.last]
                assert column == (column.first, column.last, min(values), max(values), values[-1])
            assert all(after.first == before.last + 1 for before, after in pairwise(columns))
            if columns:
                assert columns[0].first <= step + 1 <= columns[0].last
                assert columns[-1].last == reached


def test_looking_comes_back_to_where_it_stood_and_staying_does_not() -> None:
    made = at_step(8)
    made.do(c.StepOperation())
    made.do(c.StepOperation())
    made.do(c.Look(3))
    made.do(c.Look(5))
    assert (made.frame().step, made.frame().looking) == (5, True)
    assert made.do(c.ComeBack()) == "again at step 8"
    assert (made.frame().update.position, made.state, made.frame().looking) == (2, State.STEPPING, False)
    made.do(c.Look(3))
    made.do(c.Stay())
    assert (made.frame().step, made.frame().looking) == (3, False)
    made.do(c.ComeBack())  # to the end of the branch
    assert (made.frame().step, made.frame().update.position) == (8, 2)


def test_looking_pauses_a_run() -> None:
    made = session(cloud())
    made.do(c.Run())
    made.advance(slices(5))
    made.do(c.Look(1))
    assert (made.wants_time, made.frame().step) == (False, 1)


def test_one_epoch_back_is_to_its_start_else_to_the_one_before() -> None:
    made = at_step(10)  # four batches an epoch
    assert made.do(c.BackEpoch()) == "back to step 8, 2 epochs done"
    assert made.do(c.BackEpoch()) == "back to step 4, 1 epochs done"
    made.do(c.StepOperation())
    assert made.do(c.BackEpoch()) == "back to step 4, 1 epochs done"
    assert made.do(c.BackEpoch()) == "back to step 0, 0 epochs done"
    assert made.do(c.BackEpoch()) == "This is the start"


def test_a_stop_rule_met_again_is_no_change() -> None:
    made = session(xor(stop_loss=0.3))
    made.do(c.Run())
    made.advance(never)
    end = made.trainer.steps
    at(made, 5)
    made.do(c.Run())
    made.advance(never)
    frame = made.frame()
    assert (frame.step, frame.future, frame.marks, numbers(made)) == (end, (), (), [1])


def test_coming_back_to_a_run_that_a_rule_has_stopped_it_is_stopped() -> None:
    made = session(xor(stop_loss=0.3))
    made.do(c.Run())
    made.advance(never)
    reason = made.frame().stop_reason
    made.do(c.Look(3))
    assert made.state is State.PAUSED
    made.do(c.ComeBack())
    assert (made.state, made.frame().stop_reason) == (State.FINISHED, reason)


# ---------------------------------------------------------------- where ways part


def test_a_change_in_the_past_begins_a_branch_and_the_curve_left_behind_stays() -> None:
    made = session(adam_cloud())
    at(made, 9, 4)
    made.do(c.SetEta(0.5))
    frame = made.frame()
    assert (frame.branch, frame.branches, frame.end, frame.future) == (2, 2, 4, ())
    assert list(frame.left_behind) == expected(5, 9)
    assert frame.marks == (Mark(4, "η 0.5"),)
    assert at(made, 12).left_behind == frame.left_behind
    first, second = made.branches()
    assert (first.parent, first.step, first.why) == (None, 9, "the beginning")
    assert first.loss == pytest.approx(LOSSES[9], rel=1e-12)  # of the weights at its end
    assert second[2:9] == (1, 4, False, "η 0.5", 0, 12, 8)
    assert second.current


def test_a_change_at_the_end_of_a_branch_is_one_of_that_branch() -> None:
    made = session(adam_cloud())
    at(made, 9)
    made.do(c.SetEta(0.5))
    assert (numbers(made), at(made, 12).marks) == ([1], (Mark(9, "η 0.5"),))


def test_a_change_to_what_is_changes_nothing_in_the_past_either() -> None:
    made = session(adam_cloud())
    at(made, 9, 4)
    made.do(c.SetEta(made.trainer.eta))
    made.do(keys(l2=0.001))
    assert (numbers(made), len(made.frame().future)) == ([1], 5)


def test_trained_on_past_a_change_it_is_a_branch_without_it() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    at(made, 9, 4)
    assert (made.frame().marks, len(made.frame().future)) == ((), 5)
    frame = at(made, 8)
    assert (frame.branch, frame.eta, frame.marks) == (2, 0.01, (Mark(6, "branch"),))
    assert spans(frame.left_behind) == [(7, 7), (8, 8), (9, 9)]
    assert (branch(made, 2).why, branch(made, 2).own) == ("without η 0.5", 2)


def test_what_was_told_of_whole_parts_past_its_end_is_not_the_branchs() -> None:
    made = session(adam_cloud())
    for step in (3, 6):
        at(made, step)
    made.do(c.SetEta(0.5))
    at(made, 9, 1)
    frame = at(made, 2)
    assert [sample.step for sample in frame.samples] == [1, 2]
    assert frame.end == 2


def test_looked_at_only_it_is_no_branch() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    at(made, 9, 4)
    made.do(c.StepUpdate())
    made.do(c.Jump(1))
    assert (numbers(made), made.frame().step, made.frame().eta) == ([1], 9, 0.5)


def test_between_branches_one_jumps_to_where_each_was_left() -> None:
    made = session(adam_cloud())
    at(made, 9, 4)
    made.do(keys(optimizer="momentum", l2=0.0))
    at(made, 7)
    made.do(c.StepOperation())
    assert made.do(c.Jump(1)) == "branch 1, step 9"
    assert made.trainer.history.last == LOSSES[8]
    assert (made.frame().marks, made.trainer.experiment.optimizer) == ((), "adam")
    made.do(c.Jump(2))
    assert (made.frame().step, made.frame().update.position, made.state) == (7, 1, State.STEPPING)
    assert made.trainer.experiment.optimizer == "momentum"
    with pytest.raises(ActionableError, match="branch 7: there is none"):
        made.do(c.Jump(7))


def test_a_branch_is_left_as_it_was_when_it_diverged() -> None:
    made = session(line(eta=0.6))
    while not made.trainer.divergence:
        made.do(c.StepUpdate())
    end = made.trainer.steps
    at(made, 3)
    made.do(c.SetEta(0.1))
    at(made, 5)
    made.do(c.Jump(1))
    assert (made.state, made.trainer.steps) == (State.DIVERGED, end)
    assert branch(made, 1).diverged
    assert not branch(made, 2).diverged


def test_back_from_a_divergence_nothing_lies_ahead() -> None:
    made = session(line(eta=0.6))
    while not made.trainer.divergence:
        made.do(c.StepUpdate())
    end = made.trainer.steps
    made.do(c.Back())
    assert made.frame().future == ()
    made.do(c.Back())
    assert spans(made.frame().future) == [(end, end)]


def test_of_a_look_at_whole_parts_nothing_is_lost_by_going_back() -> None:
    made = session(adam_cloud())
    for step in (3, 6, 9):
        at(made, step)
    told = made.frame().samples
    at(made, 4)
    made.do(c.ComeBack())
    samples = made.frame().samples
    assert {*told} < {*samples}
    assert [sample.step for sample in samples if sample not in told] == [4]


# ---------------------------------------------------------------- other beginnings


@pytest.mark.parametrize("command", [c.Reset(), c.NewSeed()])
def test_a_reset_is_a_branch_that_begins_anew_and_back_leads_to_the_run_before(command: c.Command) -> None:
    made = session(adam_cloud())
    at(made, 9, 4)
    made.do(command)
    frame = made.frame()
    assert (frame.step, frame.future, frame.left_behind, frame.branch) == (0, (), (), 2)
    assert (branch(made, 2).anew, branch(made, 2).left_at) == (True, 4)
    made.do(c.Back())
    assert (made.frame().step, list(made.frame().future)) == (4, expected(5, 9))


def test_why_another_beginning_was_made_is_told() -> None:
    made = at_step(3)
    made.do(c.SwitchUnit(1, 2, True))
    made.do(c.NewSeed())
    at_step(2, made)
    made.do(c.Reset())
    at_step(1, made)
    made.do(c.SetKeys((("network.hidden", [3]), ("network.activation", "relu"))))
    assert [view.why for view in made.branches()][1:] == [
        "seed 0 → 1",
        "reset",
        "hidden 6, 5 → 3; activation tanh, relu → relu",
    ]
    assert made.trainer.off == frozenset()


def test_a_reset_keeps_what_is_off_and_held_and_eta() -> None:
    made = at_step(3)
    for command in (c.SwitchUnit(1, 2, True), c.HoldLayer(2, True), c.SetEta(0.7), c.Reset()):
        made.do(command)
    assert (made.trainer.off, made.trainer.network.held, made.trainer.eta) == ({(1, 2)}, {2}, 0.7)
    at_step(2, made)
    held = made.trainer.network.blocks[1]
    assert np.array_equal(held, made.trainer.experiment.network().blocks[1])


def test_a_reset_where_nothing_was_trained_begins_nothing() -> None:
    made = session(cloud())
    made.do(c.Reset())
    made.do(c.SetEta(0.3))
    made.do(c.Reset())
    assert (numbers(made), made.frame().eta) == ([1], 0.3)


# ---------------------------------------------------------------- taken back


def test_taking_back_leads_to_before_the_change_and_again_to_where_one_was() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    at(made, 9)
    assert made.do(c.Undo()) == "took back η 0.5: at step 6, before it"
    frame = made.frame()
    assert (frame.step, frame.eta, frame.branch, frame.marks) == (6, 0.01, 2, (Mark(6, "branch"),))
    assert made.do(c.Redo()) == "done again: at step 9"
    assert (made.frame().branch, made.frame().eta, numbers(made)) == (1, 0.5, [1])


def test_a_place_in_time_is_not_what_is_taken_back() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    at(made, 9, 8, 9, 7)
    made.do(c.Undo())
    assert (made.frame().step, made.frame().eta) == (6, 0.01)


def test_taken_back_where_the_way_without_it_is_known_it_leads_there() -> None:
    made = session(adam_cloud())
    at(made, 9, 4)
    made.do(c.SetEta(0.5))
    at(made, 6)
    made.do(c.Undo())
    assert (made.frame().branch, made.frame().step, len(made.frame().future)) == (1, 4, 5)


def test_one_after_another_down_to_the_first() -> None:
    made = at_step(2)
    made.do(c.SetEta(0.5))
    made.do(keys(l2=0.1))
    at_step(1, made)
    made.do(c.SetWeight(1, 0, None, 2.0))
    made.do(c.NewSeed())
    at_step(1, made)
    told = [made.do(c.Undo()) for _ in range(4)]
    assert told[0] == "took back the new beginning: at step 3, before it"
    assert told[1] == "took back b₁⁽¹⁾ = 2: at step 3, before it"
    assert made.frame().eta == 0.1
    with pytest.raises(ActionableError, match="nothing was changed yet"):
        made.do(c.Undo())
    for _ in range(4):
        made.do(c.Redo())
    assert (made.trainer.seed, made.frame().step) == (1, 1)
    with pytest.raises(ActionableError, match="nothing was taken back"):
        made.do(c.Redo())


def test_another_change_forgets_what_was_taken_back() -> None:
    made = at_step(2)
    made.do(c.SetEta(0.5))
    made.do(c.Undo())
    made.do(c.SetEta(0.7))
    with pytest.raises(ActionableError, match="nothing was taken back"):
        made.do(c.Redo())
    assert (numbers(made), branch(made, 1).changes) == ([1], 1)


def test_what_nothing_was_trained_with_is_done_again_where_it_was_and_is_a_branch_where_one_went_on() -> None:
    made = at_step(2)
    made.do(c.SetEta(0.5))
    made.do(c.Undo())
    made.do(c.Redo())
    assert (made.frame().eta, numbers(made)) == (0.5, [1])
    made.do(c.Undo())
    at_step(3, made)
    assert made.do(c.Redo()) == "done again: at step 2"
    assert (made.frame().step, made.frame().eta, numbers(made)) == (2, 0.5, [1, 2])
    assert branch(made, 1).step == 5


# ---------------------------------------------------------------- names, drops, how many


def test_a_branch_that_is_dropped_leaves_those_that_left_it_to_the_one_it_left() -> None:
    made = session(adam_cloud())
    at(made, 9, 6)
    made.do(c.SetEta(0.5))
    at(made, 9, 8)
    made.do(c.SetEta(0.7))
    at(made, 12)
    assert [view.parent for view in made.branches()] == [None, 1, 2]
    before = made.trainer.network.parameters.copy()
    made.do(c.DropBranch(2))
    assert (branch(made, 3).parent, branch(made, 3).left_at) == (1, 6)
    made.do(c.GoTo(7))
    made.do(c.GoTo(12))
    assert np.array_equal(made.trainer.network.parameters, before)
    with pytest.raises(ActionableError, match="in hand"):
        made.do(c.DropBranch(3))


def test_a_branch_has_a_name_of_so_many_letters() -> None:
    made = session(cloud())
    assert made.do(c.NameBranch(1, "  first try ")) == "branch 1: first try"
    assert (branch(made, 1).name, made.frame().branch_name) == ("first try", "first try")
    for name in ("x" * 41, "a\x1b[2J"):
        with pytest.raises(ActionableError, match="40 printable"):
            made.do(c.NameBranch(1, name))


def test_of_too_many_branches_the_oldest_without_a_name_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branches_module, "MOST", 4)
    made = session(adam_cloud())
    at(made, 9)
    made.do(c.NameBranch(1, "kept"))
    for eta in (0.1, 0.2, 0.3, 0.4, 0.5):
        at(made, 5)
        made.do(c.SetEta(eta))
        at(made, 8)
        made.do(c.Jump(1))
    assert [view.why for view in made.branches()] == ["the beginning", "η 0.3", "η 0.4", "η 0.5"]


def test_the_ends_of_many_branches_stay_in_the_budget_and_can_be_gone_to_all_the_same() -> None:
    experiment = changed(cloud(), ("network.hidden", [80, 80]), ("network.activation", "tanh"))
    memory = Memory(10 * Trainer(experiment).checkpoint().size)
    made = Session(experiment, clock=lambda: 0.0, memory=memory)
    at(made, 6)
    first = made.trainer.network.parameters.copy()
    for number in range(20):
        made.do(c.GoTo(3))
        made.do(c.SetEta(0.01 * (number + 1)))
        at_step(3, made)
        made.do(c.Jump(1))
        assert memory.bytes <= memory.budget
    assert len(numbers(made)) > 15
    assert np.array_equal(made.trainer.network.parameters, first)


# ---------------------------------------------------------------- by hand


def test_a_weight_by_hand_starts_the_step_again_and_the_next_update_goes_on_from_it() -> None:
    made = at_step(2)
    made.do(c.StepOperation())
    assert made.do(c.SetWeight(2, 1, 3, -1.5)) == "w₂₄⁽²⁾ = −1.5 from step 2"
    assert (made.trainer.network.weights[1][1, 3], made.frame().update.position) == (-1.5, 0)
    assert made.do(c.SetWeight(1, 0, None, 0.25)) == "b₁⁽¹⁾ = 0.25 from step 2"
    assert made.trainer.network.biases[0][0] == 0.25
    assert made.frame().promise is None  # of that update it cannot be told any more


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (c.SetWeight(9, 0, 0, 1.0), "layers 1 to 3"),
        (c.SetWeight(1, 6, 0, 1.0), "6 units with 2 inputs"),
        (c.SetWeight(1, 0, 2, 1.0), "6 units with 2 inputs"),
        (c.SetWeight(1, 0, 0, float("nan")), "finite"),
        (c.SwitchUnit(3, 0, True), "only a hidden unit"),
        (c.SwitchUnit(1, 6, True), "layer 1 has 6 units"),
        (c.HoldLayer(0, True), "layers 1 to 3"),
    ],
)
def test_what_there_is_not_cannot_be_changed(command: c.Command, why: str) -> None:
    made = session(cloud())
    with pytest.raises(ActionableError, match=why):
        made.do(command)
    assert made.journal.entries == ()


def test_a_number_that_float32_cannot_hold_is_refused() -> None:
    made = session(changed(cloud(), ("network.dtype", "float32")))
    with pytest.raises(ActionableError, match="finite"):
        made.do(c.SetWeight(1, 0, 0, 1e300))


def test_a_unit_that_is_off_gets_no_gradient_and_a_held_layer_does_not_move() -> None:
    made = at_step(2)
    made.do(c.SwitchUnit(1, 2, True))
    made.do(c.HoldLayer(2, True))
    before = [block.copy() for block in made.trainer.network.blocks]
    at_step(3, made)
    now = made.trainer.network.blocks
    assert np.array_equal(now[0][2], before[0][2])
    assert not np.array_equal(now[0][1], before[0][1])
    assert np.array_equal(now[1], before[1])
    assert not np.array_equal(now[2], before[2])
