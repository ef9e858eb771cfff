from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from experiments import adam_cloud, assert_same, xor
from hypothesis import given, settings
from hypothesis import strategies as st

from bptui.session.checkpoints import EVENLY, MOST, Checkpoint, Checkpoints
from bptui.session.commands import SetEta
from bptui.session.history import History
from bptui.session.rules import RuleState
from bptui.session.timeline import Timeline
from bptui.session.trainer import Trainer

TAIL = History(8).tail()


def set_eta(timeline: Timeline, value: float) -> None:
    timeline.record(SetEta(value))


def checkpoint(step: int, parameters: int = 10) -> Checkpoint:
    return Checkpoint(step, np.zeros(parameters), (), 0, 0.1, 0.0, RuleState(), TAIL)


SIZE = checkpoint(0).size


def step_of(kept: Checkpoints, step: int) -> int:
    found = kept.nearest(step)
    assert found is not None
    return found.step


def steps_of(kept: Checkpoints, last: int, kept_from: int = 0) -> list[int]:
    return sorted({step_of(kept, step) for step in range(kept_from, last + 1)})


def filled(steps: range, room: int) -> Checkpoints:
    """Thinned as often as there are more than there is room for."""
    kept = Checkpoints()
    for step in steps:
        kept.add(checkpoint(step))
        while kept.bytes > room * SIZE:
            kept.thin()
    return kept


def test_the_nearest_is_the_latest_at_or_before() -> None:
    kept = filled(range(0, 50, 10), 100)
    assert [step_of(kept, step) for step in (0, 9, 10, 39, 1000)] == [0, 0, 10, 30, 40]


def test_before_the_first_there_is_none() -> None:
    assert filled(range(10, 20), 100).nearest(9) is None


def test_the_same_step_again_takes_the_old_ones_place() -> None:
    kept = Checkpoints()
    kept.add(checkpoint(5))
    kept.add(checkpoint(5, parameters=1000))
    assert len(kept) == 1
    assert kept.bytes == checkpoint(5, parameters=1000).size


@pytest.mark.parametrize(
    "rhythm", [range(4000), range(0, 40_000, 16), range(37, 40_000, 16), range(1, 9000, 7)]
)
def test_thinned_they_are_dense_near_the_present_and_reach_to_the_start(rhythm: range) -> None:
    """A replay to a step so many updates back costs at most half of that, whatever the rhythm."""
    last = rhythm[-1]
    kept = filled(rhythm, 64)
    assert step_of(kept, last) == last
    assert step_of(kept, rhythm[0]) == rhythm[0]
    for back in (2**k for k in range(5, 20) if rhythm[0] + 2**k <= last):
        replay = last - back - step_of(kept, last - back)
        assert replay <= max(back / 2, 2 * rhythm.step)
    assert len(steps_of(kept, last, rhythm[0])) > 20


def test_thinned_no_step_is_far_from_one() -> None:
    kept, last = filled(range(0, 20_001, 8), 300), 20_000
    steps = [each.step for each in kept]
    assert max(after - before for before, after in pairwise(steps)) <= 2 * last / (EVENLY * len(steps))


def test_of_a_small_network_there_are_only_so_many_and_a_replay_stays_short() -> None:
    kept, last = Checkpoints(), 8_000_000
    for step in range(0, last + 1, 800):
        kept.add(checkpoint(step))
        assert len(kept) <= MOST
    for back in (2**k for k in range(12, 23)):
        assert last - back - step_of(kept, last - back) <= max(back / 64, 1600)


def test_thinned_to_the_last_the_newest_stays() -> None:
    kept = filled(range(0, 500, 3), 1000)
    while kept.thin():
        pass
    assert [each.step for each in kept] == [498]
    assert kept.bytes == SIZE


@given(st.lists(st.integers(0, 5000), min_size=2, unique=True))
@settings(max_examples=40, deadline=None)
def test_thinning_gives_a_quarter_and_keeps_the_newest(steps: list[int]) -> None:
    kept = Checkpoints()
    for step in sorted(steps):
        kept.add(checkpoint(step))
    before = kept.bytes
    assert kept.thin()
    assert kept.bytes <= 0.75 * before
    assert kept.bytes == sum(each.size for each in kept)
    newest = kept.nearest(max(steps))
    assert newest is not None
    assert newest.step == max(steps)


@pytest.mark.parametrize("step", [0, 1, 2, 3, 4, 63, 64, 65, 199, 200])
def test_going_to_a_past_step_is_to_the_bit(step: int) -> None:
    timeline = Timeline(adam_cloud())
    timeline.trainer.run(steps=50, rules=False)
    set_eta(timeline, 0.02)
    timeline.trainer.run(steps=200, rules=False)
    timeline.go_to(step)
    straight = Trainer(adam_cloud())
    straight.run(steps=min(step, 50), rules=False)
    straight.eta = 0.02 if step >= 50 else straight.eta
    straight.run(steps=step, rules=False)
    assert_same(timeline.trainer, straight)
    assert timeline.trainer.eta == straight.eta


def test_an_eta_tried_and_taken_back_is_not_remembered_by_a_checkpoint() -> None:
    timeline = Timeline(xor())
    set_eta(timeline, 1.0)
    for _ in timeline.trainer.tape.operations:
        timeline.trainer.step_operation()
    timeline.go_to(0)
    set_eta(timeline, 0.5)
    timeline.trainer.step()
    timeline.go_to(0)
    assert timeline.trainer.eta == 0.5


def test_of_a_future_that_was_left_nothing_is_kept() -> None:
    timeline, straight = Timeline(xor()), Trainer(xor())
    for _ in range(10 * len(timeline.trainer.tape.operations)):
        timeline.trainer.step_operation()
    timeline.go_to(5)
    set_eta(timeline, 2.0)
    timeline.trainer.run(steps=12)
    timeline.go_to(10)
    straight.run(steps=5)
    straight.eta = 2.0
    straight.run(steps=10)
    assert_same(timeline.trainer, straight)
