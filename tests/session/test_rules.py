from __future__ import annotations

import itertools

import pytest
from experiments import cloud, parameters, xor
from hypothesis import given
from hypothesis import strategies as st

from bptui.experiment.build import Experiment
from bptui.session.rules import EpochMeans, RuleState, StopRules
from bptui.session.trainer import Trainer


def first(rules: StopRules, losses: list[float]) -> tuple[int, str] | None:
    return rules.first(RuleState(), losses)


def test_a_loss_at_the_limit_stops() -> None:
    assert first(StopRules(0.1, None), [0.3, 0.1, 0.05]) == (1, "loss")


def test_patience_counts_epochs_without_a_lower_loss() -> None:
    assert first(StopRules(None, 2), [0.3, 0.2, 0.2, 0.25, 0.1]) == (3, "patience")


def test_the_loss_rule_goes_before_patience_at_the_same_epoch() -> None:
    assert first(StopRules(0.5, 1), [0.4]) == (0, "loss")
    assert first(StopRules(0.5, 2), [0.6, 0.6, 0.5]) == (2, "loss")


def test_without_rules_nothing_holds() -> None:
    assert first(StopRules(None, None), [0.0, 1.0, 1.0]) is None


def test_patience_goes_on_where_it_was() -> None:
    rules = StopRules(None, 3)
    state = rules.track(RuleState(), [1.0, 2.0, 2.0])
    assert state == RuleState(1.0, 2)
    assert rules.first(state, [1.5]) == (0, "patience")


@given(st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.4]), max_size=30), st.integers(1, 4), st.integers(0, 30))
def test_a_cut_anywhere_changes_no_verdict(losses: list[float], patience: int, cut: int) -> None:
    rules = StopRules(None, patience)
    whole = first(rules, losses)
    early = first(rules, losses[:cut])
    if early is None:
        late = rules.first(rules.track(RuleState(), losses[:cut]), losses[cut:])
        early = None if late is None else (late[0] + len(losses[:cut]), late[1])
    assert early == whole


@given(
    st.lists(st.floats(0, 10), min_size=1, max_size=40), st.lists(st.integers(1, 9), min_size=1, max_size=4)
)
def test_an_epochs_loss_is_the_mean_over_its_examples(losses: list[float], sizes: list[int]) -> None:
    whole, rest = EpochMeans(sizes).of(0, losses, 0.0)
    epochs = [losses[i : i + len(sizes)] for i in range(0, len(losses) - len(sizes) + 1, len(sizes))]
    assert whole == pytest.approx(
        [sum(a * n for a, n in zip(e, sizes, strict=True)) / sum(sizes) for e in epochs]
    )
    parts, means, open_sum = [losses[:7], losses[7:]], [], 0.0
    for start, part in zip((0, 7), parts, strict=True):
        found, open_sum = EpochMeans(sizes).of(start, part, open_sum)
        means += found
    assert (means, open_sum) == (whole, rest)


def stop_of_a_slow_run(experiment: Experiment) -> Trainer:
    """One update at a time, the rule looked at after each."""
    trainer = Trainer(experiment)
    while not trainer.stopped:
        trainer.train(1, rules=True)
    return trainer


@pytest.mark.parametrize(
    "experiment",
    [
        xor(stop_loss=0.01),
        xor(stop_loss=0.1, batch_size=2),
        xor(stop_loss=0.1, batch_size=3),
        cloud(stop_loss=0.3),
        cloud(patience=3, eta=0.9),
        xor(patience=2, batch_size=3, eta=2.0),
        cloud(stop_loss=0.3, shuffle=False),
    ],
)
def test_a_run_in_chunks_stops_at_the_exact_update(experiment: Experiment) -> None:
    slow = stop_of_a_slow_run(experiment)
    for chunk in (1, 256):
        fast = Trainer(experiment)
        fast.chunk = chunk
        assert fast.run() == slow.stopped
        assert fast.steps == slow.steps
        assert fast.steps % fast.batches == 0
        assert parameters(fast) == parameters(slow)
        assert fast.history.columns(9999) == slow.history.columns(9999)


def test_a_run_stops_in_the_middle_of_a_chunk() -> None:
    trainer = Trainer(xor(stop_loss=0.1))
    trainer.chunk = 1024
    assert trainer.run() == "loss"
    assert trainer.steps < 1024
    *before, last = [column.final for column in trainer.history.columns(1024)]
    assert last <= 0.1 < min(before)


def test_operation_by_operation_the_rules_hold_at_the_same_update() -> None:
    slow = stop_of_a_slow_run(xor(stop_loss=0.3, batch_size=3))
    stepped = Trainer(xor(stop_loss=0.3, batch_size=3))
    for _ in itertools.takewhile(lambda _: not stepped.stopped, range(100_000)):
        stepped.step_operation(rules=True)
    assert (stepped.steps, stepped.stopped) == (slow.steps, "loss")


def test_training_on_clears_what_stopped_it() -> None:
    trainer = Trainer(xor(stop_loss=0.3))
    trainer.run()
    assert trainer.stopped == "loss"
    trainer.train(1)
    assert trainer.stopped == ""
