from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_preset_toml import data_specs, network_specs, texts, training_specs, unhurried

from bptui.errors import ActionableError
from bptui.experiment import schema, toml
from bptui.experiment.build import build
from bptui.experiment.changes import as_it_stands, change, changed_names, in_force, value_at
from bptui.experiment.schema import Preset

XOR = build("xor")


def changed(*keys: tuple[str, object]) -> Preset:
    return change(XOR, XOR.preset, keys).experiment.preset


def test_values_are_read_as_from_a_file() -> None:
    preset = changed(("training.l2", 1), ("network.hidden", [3]), ("data.features", ("x1", "x1*x2")))
    assert (preset.training.l2, preset.network.hidden, preset.data.features) == (1.0, (3,), ("x1", "x1*x2"))


def test_none_takes_a_key_away() -> None:
    assert XOR.preset.training.eta is not None
    assert changed(("training.eta", None)).training.eta is None
    assert changed(("training.l2", None)) == XOR.preset


def test_exact_starting_values_are_one_key() -> None:
    values = {"weights": [[[1, 2]]], "biases": [[0]]}
    found = change(XOR, XOR.preset, (("network.hidden", []), ("network.initial", values)))
    assert (found.paths, found.anew) == (("network.hidden", "network.initial"), True)
    assert found.experiment.initial is not None
    again = change(found.experiment, found.experiment.preset, (("network.initial", None),))
    assert (again.paths, again.experiment.initial) == (("network.initial",), None)


def test_the_examples_are_not_read_again_where_a_run_goes_on() -> None:
    found = change(XOR, XOR.preset, (("training.l2", 0.5), ("title", "X")))
    assert (found.paths, found.anew) == (("title", "training.l2"), False)
    assert found.experiment.train is XOR.train
    assert (found.experiment.l2, found.experiment.title) == (0.5, "X")


@pytest.mark.parametrize("path", ["", ".", "training", "data.", "network.initial.foo", "xor", "a.b.c"])
def test_what_is_no_key_is_told(path: str) -> None:
    with pytest.raises(ActionableError) as caught:
        changed((path, 1))
    assert caught.value.place == path
    assert caught.value.remedy


SPECS = {"data": data_specs(), "network": network_specs(), "training": training_specs()}


@st.composite
def keys_with_values(draw: st.DrawFn) -> tuple[schema.DeclaredKey, object]:
    """A key, and a value that it may have in some preset: of the others no more is drawn than its section."""
    key = draw(st.sampled_from(schema.all_keys()))
    section = key.section.partition(".")[0]
    if not section:
        return key, 1 if key.name == "format" else draw(texts)
    return key, value_at(replace(XOR.preset, **{section: draw(SPECS[section])}), key.path)


@unhurried
@given(keys_with_values())
def test_a_change_gives_what_a_file_with_that_value_gives(case: tuple[schema.DeclaredKey, object]) -> None:
    key, value = case
    with suppress(ActionableError):
        preset = changed((key.path, value))
        assert toml.read(toml.dump(preset), "x") == preset
        if value is not None:
            assert value_at(preset, key.path) == value


def test_eta_and_seed_are_in_the_preset_where_they_are_other_ones() -> None:
    free = change(XOR, XOR.preset, (("training.eta", None),)).experiment
    assert as_it_stands(free, free.eta, free.seed) is free.preset
    assert as_it_stands(free, 0.3, 9).training == replace(free.preset.training, eta=0.3, seed=9)
    assert as_it_stands(free, free.eta, 9).training.eta is None


def test_a_default_that_was_left_out_is_in_force() -> None:
    keys = vars(changed(("training.optimizer", "adam"), ("training.eta", None)).training)
    assert [in_force(keys, name) for name in ("eta", "beta1", "l2", "momentum")] == [0.001, 0.9, 0.0, None]


def test_of_another_optimizers_keys_those_that_were_given_are_told() -> None:
    before = vars(changed(("training.optimizer", "momentum"), ("training.momentum", 0.5)).training)
    plain = vars(changed(("training.optimizer", "adamw")).training)
    given_ = vars(changed(("training.optimizer", "adamw"), ("training.beta1", 0.5)).training)
    assert changed_names(before, plain) == ("optimizer",)
    assert changed_names(before, given_) == ("optimizer", "beta1")
    assert changed_names(before, {**before, "momentum": None}) == ("momentum",)
    assert changed_names(before, {**before, "weight_decay": 0.0}) == ()
