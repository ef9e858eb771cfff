"""Checkpoints are found by what was changed before them: branches share those of their common past."""

from __future__ import annotations

import numpy as np

from bptui.session.checkpoints import Checkpoint
from bptui.session.commands import SetEta
from bptui.session.history import History
from bptui.session.journal import Journal
from bptui.session.memory import Memory
from bptui.session.past import Past
from bptui.session.rules import RuleState

TAIL = History(8).tail()
NONE = Journal.of(0.5)
LEFT, RIGHT = NONE.recorded(10, SetEta(0.1)), NONE.recorded(10, SetEta(0.2))


def checkpoint(step: int, mark: float = 0.0, size: int = 10) -> Checkpoint:
    return Checkpoint(step, np.full(size, mark), (), 0, 0.5, 0.0, RuleState(), TAIL)


def found(past: Past, journal: Journal, step: int) -> tuple[int, float] | None:
    nearest = past.nearest(journal, step)
    return None if nearest is None else (nearest.step, float(nearest.parameters[0]))


def test_before_the_first_change_all_find_the_same() -> None:
    past = Past(Memory())
    for step in (0, 5, 10):
        past.add(LEFT, checkpoint(step))
    for journal in (NONE, LEFT, RIGHT):
        assert [found(past, journal, step) for step in (0, 7, 10)] == [(0, 0.0), (5, 0.0), (10, 0.0)]
    assert found(past, RIGHT, 99) == (10, 0.0)


def test_after_it_each_has_its_own() -> None:
    past = Past(Memory())
    past.add(NONE, checkpoint(0))
    past.add(LEFT, checkpoint(12, 1.0))
    past.add(RIGHT, checkpoint(12, 2.0))
    past.add(NONE, checkpoint(12, 3.0))
    assert [found(past, journal, 15) for journal in (LEFT, RIGHT, NONE)] == [(12, 1.0), (12, 2.0), (12, 3.0)]
    assert found(past, LEFT, 11) == (0, 0.0)


def test_a_run_that_was_never_changed_knows_nothing_of_steps_after_a_change() -> None:
    past = Past(Memory())
    past.add(NONE, checkpoint(20, 3.0))
    assert found(past, LEFT, 30) is None
    assert found(past, NONE, 30) == (20, 3.0)


def test_a_change_before_the_first_update_leaves_the_beginning_to_all() -> None:
    changed = NONE.recorded(0, SetEta(0.1))
    past = Past(Memory())
    past.add(changed, checkpoint(0, 7.0))
    past.add(changed, checkpoint(3, 1.0))
    assert [found(past, changed, step) for step in (0, 2, 4)] == [(0, 7.0), (0, 7.0), (3, 1.0)]
    assert found(past, NONE, 4) == (0, 7.0)


def test_along_a_way_come_all_of_it_in_their_order() -> None:
    past, twice = Past(Memory()), LEFT.recorded(20, SetEta(0.3))
    for journal, step in ((NONE, 0), (LEFT, 5), (twice, 15), (LEFT, 25), (twice, 25), (NONE, 12)):
        past.add(journal, checkpoint(step))
    assert [each.step for each in past.along(twice)] == [0, 5, 15, 25]
    assert [each.step for each in past.along(LEFT)] == [0, 5, 15, 25]
    assert [each.step for each in past.along(NONE)] == [0, 5, 12]


def test_the_budget_holds_over_all_runs_and_thins_the_largest() -> None:
    memory = Memory(100 * checkpoint(0, size=1000).size)
    small, large = Past(memory), Past(memory)
    for step in range(10):
        small.add(NONE, checkpoint(step, size=1000))
    for step in range(1000):
        large.add(NONE, checkpoint(step, size=1000))
        assert memory.bytes <= memory.budget
    assert [each.step for each in small.along(NONE)] == list(range(10))
    assert found(large, NONE, 999) == (999, 0.0)


def test_what_no_budget_can_hold_is_kept_once() -> None:
    memory = Memory(10)
    past = Past(memory)
    for step in range(5):
        past.add(NONE, checkpoint(step))
    assert [each.step for each in past.along(NONE)] == [4]
