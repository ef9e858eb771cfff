"""A preset's keys changed by hand: what a key holds, the value beside it, the value that is typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bptui.errors import ActionableError
from bptui.experiment import schema
from bptui.experiment.schema import DataSpec, NetworkSpec, Preset, TrainingSpec
from bptui.session.keys import beside, typed, value_of

XOR = Preset(
    DataSpec("xor"),
    title="XOR",
    network=NetworkSpec(hidden=(4,)),
    training=TrainingSpec(eta=0.5, batch_size="all"),
)


def test_a_key_holds_what_is_pending_else_what_is_said_else_its_default() -> None:
    assert value_of(XOR, "training.eta") == 0.5
    assert value_of(XOR, "training.eta", {"training.eta": 2.0}) == 2.0
    assert value_of(XOR, "training.l2") == 0.0
    assert value_of(XOR, "network.initial.weights") is None
    assert value_of(XOR, "network.output") is None  # the data decide


def test_an_optimizers_own_keys_have_the_default_of_the_one_in_force() -> None:
    free = replace(XOR, training=TrainingSpec(optimizer="adam"))
    assert value_of(free, "training.eta") == 0.001
    assert value_of(free, "training.beta1") == 0.9
    assert value_of(free, "training.eta", {"training.optimizer": "sgd"}) == 0.1
    assert value_of(free, "training.beta1", {"training.optimizer": "sgd"}) is None


@pytest.mark.parametrize(
    ("path", "now", "after", "before"),
    [
        ("network.activation", "tanh", "relu", "sigmoid"),
        ("training.eta", 0.5, 1.0, 0.2),
        ("training.l2", 0.0, 0.001, 0.0),
        ("training.l2", 0.001, 0.002, 0.0),
        ("data.noise", 0.0, 0.05, 0.0),
        ("data.test_fraction", 0.9, 0.9, 0.8),
        ("training.batch_size", 32, 64, 16),
        ("training.batch_size", 1, 2, 1),
        ("training.batch_size", "all", "all", "all"),
        ("training.shuffle", True, False, False),
        ("training.seed", 0, 1, 0),
        ("network.hidden", (4, 2), (4, 3), (4, 1)),
        ("network.hidden", (1,), (2,), (1,)),
        ("training.epochs", 1000, 2000, 500),
    ],
)
def test_the_values_beside(path: str, now: object, after: object, before: object) -> None:
    assert beside(XOR, path, 1, {path: now}) == after
    assert beside(XOR, path, -1, {path: now}) == before


def test_every_value_beside_is_one_that_its_key_takes() -> None:
    for key in schema.all_keys():
        for step in (1, -1):
            value = beside(XOR, key.path, step)
            assert value is None or key.kind.read(value) == value
            assert value == value_of(XOR, key.path) or key.path not in ("data.path", "title")


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("training.eta", "3e-4", 3e-4),
        ("network.hidden", "[3, 2]", (3, 2)),
        ("network.activation", "relu", "relu"),
        ("training.eta", "", None),
    ],
)
def test_what_is_typed_is_read_as_in_a_file(path: str, text: str, value: object) -> None:
    key = schema.declared(path)
    assert key is not None
    assert typed(key, text) == value


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("training.eta", "0", "out of range"),
        ("training.eta", "abc", "is no TOML value"),
        ("training.l2", "-1", "out of range"),
        ("network.activation", "thanh", "unknown"),
    ],
)
def test_what_a_key_cannot_hold_is_told(path: str, text: str, found: str) -> None:
    key = schema.declared(path)
    assert key is not None
    with pytest.raises(ActionableError) as caught:
        typed(key, text)
    assert found in caught.value.found
    assert caught.value.place == path
    assert caught.value.remedy.startswith("It must be ")
