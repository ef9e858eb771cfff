"""After going back: what came after stands there with its true extents, until the run takes another way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from experiments import adam_cloud, cloud, line, never, session, slices, xor
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bptui.session import commands as c
from bptui.session import future as future_module
from bptui.session.frame import Frame
from bptui.session.future import Future
from bptui.session.history import Column, History
from bptui.session.marks import Mark
from bptui.session.session import Session
from bptui.session.trainer import Trainer


def straight(steps: int) -> list[float]:
    """The loss of every update of adam_cloud()."""
    trainer = Trainer(adam_cloud())
    trainer.run(steps=steps, rules=False)
    return [column.final for column in trainer.history.columns(10**6)]


LOSSES = straight(400)


def updates(made: Session, count: int) -> None:
    for _ in range(count):
        made.do(c.StepUpdate())


def at(made: Session, *steps: int) -> Frame:
    """Forwards by training, backwards by going back; what is seen there."""
    for step in steps:
        if step > made.trainer.steps:
            updates(made, step - made.trainer.steps)
        else:
            made.do(c.GoTo(step))
    return made.frame()


def spans(frame: Frame) -> list[tuple[int, int]]:
    return [(column.first, column.last) for column in frame.future]


def expected(first: int, last: int) -> list[Column]:
    return [Column(n, n, LOSSES[n - 1], LOSSES[n - 1], LOSSES[n - 1]) for n in range(first, last + 1)]


def test_a_run_that_never_went_back_has_none() -> None:
    assert at(session(adam_cloud()), 5).future == ()


def test_what_came_after_stands_there_and_shortens_as_the_run_catches_up() -> None:
    made = session(adam_cloud())
    assert list(at(made, 9, 4).future) == expected(5, 9)
    assert list(at(made, 7).future) == expected(8, 9)
    assert at(made, 9).future == at(made, 12).future == ()
    assert made.frame().marks == ()


def test_going_back_several_times_extends_it_in_front() -> None:
    made = session(adam_cloud())
    assert list(at(made, 9, 7, 2).future) == expected(3, 9)
    assert list(at(made, 5, 1).future) == expected(2, 9)
    made.do(c.Back())
    assert list(made.frame().future) == expected(1, 9)


def test_one_operation_back_across_an_update_goes_back_too() -> None:
    made = session(adam_cloud())
    updates(made, 3)
    for command in (c.StepOperation(), c.Back(), c.Back()):
        made.do(command)
    assert list(made.frame().future) == expected(3, 3)


def test_running_on_at_full_speed_is_the_same_way() -> None:
    made = session(adam_cloud())
    at(made, 300, 3)
    made.do(c.Run())
    made.advance(slices(1))
    made.do(c.Pause())
    assert 3 < made.trainer.steps < 300
    assert spans(made.frame())[0] == (made.trainer.steps + 1,) * 2
    assert spans(made.frame())[-1] == (300, 300)


def test_another_eta_cuts_it_and_its_own_mark_is_enough() -> None:
    made = session(adam_cloud())
    at(made, 9, 4)
    made.do(c.SetEta(made.trainer.eta))
    assert len(made.frame().future) == 5
    made.do(c.SetEta(0.5))
    assert made.frame().future == ()
    assert made.frame().marks == (Mark(4, "η 0.5"),)
    assert at(made, 12).marks == (Mark(4, "η 0.5"),)


def test_a_step_whose_change_is_forgotten_is_where_the_ways_part() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    at(made, 9, 4)
    assert made.frame().marks == ()
    assert spans(at(made, 5)) == [(6, 6), (7, 7), (8, 8), (9, 9)]
    frame = at(made, 6)
    assert (frame.future, frame.marks) == ((), (Mark(6, "branch"),))
    assert at(made, 8).marks == (Mark(6, "branch"),)
    assert at(made, 5).marks == ()
    assert [column.last for column in made.frame().future] == [6, 7, 8]
    assert at(made, 8).marks == ()


def test_the_ways_part_also_where_nobody_looked() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    at(made, 9, 4)
    updates(made, 3)
    made.do(c.SetEta(0.2))
    assert made.frame().marks == (Mark(6, "branch"), Mark(7, "η 0.2"))


def test_the_ways_part_where_they_did_however_often_one_goes_back_before() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    assert spans(at(made, 9, 5, 2))[-1] == (9, 9)
    assert at(made, 8).marks == (Mark(6, "branch"),)
    assert made.frame().future == ()


def test_a_change_where_the_ways_part_needs_no_second_mark() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    at(made, 9, 4, 6)
    made.do(c.SetEta(0.2))
    assert made.frame().marks == (Mark(6, "η 0.2"),)


def test_a_change_that_no_update_was_made_with_parts_nothing() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    assert at(made, 4, 8).marks == ()


def test_of_a_change_far_ahead_nothing_is_known_after_a_cut() -> None:
    made = session(adam_cloud())
    at(made, 6)
    made.do(c.SetEta(0.5))
    at(made, 9, 2)
    made.do(c.SetEta(0.1))
    assert at(made, 8).marks == (Mark(2, "η 0.1"),)


@pytest.mark.parametrize("command", [c.Reset(), c.NewSeed()])
def test_a_reset_is_another_run_and_the_run_before_keeps_its_own(command: c.Command) -> None:
    made = session(adam_cloud())
    at(made, 9, 4)
    made.do(command)
    assert made.frame().future == ()
    made.do(c.Back())
    assert list(made.frame().future) == expected(5, 9)


def test_back_from_a_divergence_nothing_lies_ahead() -> None:
    made = session(line(eta=0.6))
    while not made.trainer.divergence:
        made.do(c.StepUpdate())
    end = made.trainer.steps
    made.do(c.Back())
    assert made.frame().future == ()
    made.do(c.Back())
    assert spans(made.frame()) == [(end, end)]


def test_a_look_at_a_paused_run_that_comes_from_full_speed_is_no_way_back() -> None:
    made = session(cloud())
    made.do(c.Run())
    made.advance(slices(3))
    made.do(c.Pause())
    assert made.frame().future == ()


@given(st.lists(st.integers(0, 400), min_size=2, max_size=8), st.sampled_from([4, 16, 1000]))
@example([70, 0, 69, 68], 4)  # a column that straddles the present is met by the one before it
@settings(max_examples=40, deadline=None)
def test_its_extents_are_those_of_the_straight_run(path: list[int], most: int) -> None:
    """Also where the history's own buckets are wide, and where there is room for few columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(future_module, "MOST", most)
        patch.setattr("bptui.session.timeline.MOST", most)
        made = session(adam_cloud())
        made.trainer.history = History(64)
        reached = 0
        for step in path:
            if step > made.trainer.steps:
                made.trainer.run(steps=step, rules=False)
            else:
                made.do(c.GoTo(step))
            reached = max(reached, step)
            columns = made._run.timeline.future.after(step)
            assert bool(columns) == (reached > step)
            assert len(columns) <= most
            for column in columns:
                values = LOSSES[column.first - 1 : column.last]
                assert column == (column.first, column.last, min(values), max(values), values[-1])
            assert all(after.first == before.last + 1 for before, after in pairwise(columns))
            if columns:
                assert columns[0].first <= step + 1 <= columns[0].last
                assert columns[-1].last == reached


def test_a_spike_is_kept_however_often_one_goes_back() -> None:
    made, values = Future(), [1.0] * 3000
    values[1234] = 1e9
    for step in range(2999, -1, -1):
        made.keep(step, [Column(step + 1, step + 1, *[values[step]] * 3)], None)
    columns = made.after(0)
    assert len(columns) <= future_module.MOST
    assert max(column.high for column in columns) == 1e9
    assert (columns[0].first, columns[-1].last) == (1, 3000)
    assert max(column.last - column.first for column in columns) < 3 * 3000 / future_module.MOST


def test_a_stop_rule_met_again_is_no_change() -> None:
    made = session(xor(stop_loss=0.3))
    made.do(c.Run())
    made.advance(never)
    end = made.trainer.steps
    at(made, 5)
    made.do(c.Run())
    made.advance(never)
    frame = made.frame()
    assert (frame.step, frame.future, frame.marks) == (end, (), ())
