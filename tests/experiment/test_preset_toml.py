from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bptui.errors import ActionableError
from bptui.experiment import toml
from bptui.experiment.places import Mistakes
from bptui.experiment.schema import (
    ACTIVATIONS,
    FEATURES,
    GENERATORS,
    INITIALIZERS,
    LARGEST_SEED,
    OPTIMIZERS,
    SCALES,
    DataSpec,
    InitialSpec,
    NetworkSpec,
    Preset,
    TrainingSpec,
)

XOR = 'format = 1\n[data]\nsource = "xor"\n'

# A busy machine is no failure.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(min_value=0, exclude_min=True, allow_infinity=False)
shares = st.floats(min_value=0, max_value=1, exclude_max=True)
seeds = st.integers(0, LARGEST_SEED)


@st.composite
def data_specs(draw: st.DrawFn) -> DataSpec:
    common: dict[str, Any] = {
        "seed": draw(seeds),
        "scale": draw(st.sampled_from(SCALES)),
        "target_scale": draw(st.sampled_from(SCALES)),
        "test_fraction": draw(shares),
        "features": tuple(draw(st.permutations(FEATURES)))[: draw(st.integers(1, 7))],
    }
    kind = draw(st.sampled_from(["generator", "table", "labels", "file"]))
    if kind == "generator":
        source = draw(st.sampled_from(GENERATORS))
        noise = draw(st.floats(0, 1e6))
        return DataSpec(source=source, points=draw(st.integers(1, 1000)), noise=noise, **common)
    if kind == "file":
        common["features"] = ("x1", "x2")
        inputs = draw(st.none() | st.lists(st.text("abc", min_size=1), min_size=1, unique=True))
        image = draw(st.none() | st.tuples(st.integers(1, 9), st.integers(1, 9)))
        chosen = None if inputs is None else tuple(inputs)
        return DataSpec(source="file", path="sub/data.csv", inputs=chosen, target="y", image=image, **common)
    rows = draw(st.integers(1, 5))
    inputs_rows = tuple(tuple(draw(numbers) for _ in range(2)) for _ in range(rows))
    if kind == "labels":
        labels = tuple(draw(st.text(min_size=1, max_size=5).filter(str.isprintable)) for _ in range(rows))
        return DataSpec(source="table", inputs=inputs_rows, labels=labels, **common)
    targets = tuple((draw(numbers),) for _ in range(rows))
    return DataSpec(source="table", inputs=inputs_rows, targets=targets, **common)


@st.composite
def network_specs(draw: st.DrawFn) -> NetworkSpec:
    hidden = tuple(draw(st.lists(st.integers(1, 5), max_size=3)))
    one = st.sampled_from(ACTIVATIONS)
    activation = draw(one | st.tuples(*[one] * len(hidden)))
    initial = None
    if draw(st.booleans()):
        sizes = (2, *hidden, 1)
        pairs = list(pairwise(sizes))
        weights = tuple(tuple(tuple(draw(numbers) for _ in range(m)) for _ in range(n)) for m, n in pairs)
        biases = tuple(tuple(draw(numbers) for _ in range(n)) for _, n in pairs)
        initial = InitialSpec(weights, biases)
    return NetworkSpec(
        hidden=hidden,
        activation=activation,
        output=draw(st.none() | st.sampled_from(["sigmoid", "softmax", "linear"])),
        init=draw(st.sampled_from(INITIALIZERS)),
        init_scale=draw(positive),
        initial=initial,
    )


@st.composite
def training_specs(draw: st.DrawFn) -> TrainingSpec:
    optimizer = draw(st.sampled_from(tuple(OPTIMIZERS)))
    keys = {key: draw(st.none() | shares) for key in OPTIMIZERS[optimizer]}
    return TrainingSpec(
        loss=draw(st.none() | st.just("mse")),
        optimizer=optimizer,
        eta=draw(st.none() | positive),
        batch_size=draw(st.just("all") | st.integers(1, 10**6)),
        shuffle=draw(st.booleans()),
        epochs=draw(st.integers(0, 10**9)),
        seed=draw(seeds),
        l1=draw(st.floats(0, 1e300)),
        stop_loss=draw(st.none() | st.floats(0, 1e300)),
        patience=draw(st.none() | st.integers(1, 10**6)),
        speed=draw(st.just("full") | positive),
        **keys,
    )


presets = st.builds(
    Preset,
    title=st.none() | texts,
    summary=texts,
    notes=texts,
    data=data_specs(),
    network=network_specs(),
    training=training_specs(),
)


@unhurried
@given(presets)
def test_what_is_written_is_read_back(preset: Preset) -> None:
    text = toml.dump(preset)
    assert toml.read(text, "x.toml") == preset
    assert toml.dump(toml.read(text, "x.toml")) == text


@unhurried
@given(st.text())
def test_no_text_gets_past_the_one_error(text: str) -> None:
    with suppress(ActionableError):
        toml.read(text, "x.toml")


@unhurried
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3), st.lists, max_leaves=5))
def test_no_value_gets_past_the_one_error(value: object) -> None:
    from bptui.experiment.places import Places
    from bptui.experiment.schema import all_keys

    for key in all_keys():
        values: dict[str, Any] = {"format": 1, "data": {"source": "xor"}}
        owner = values
        for section in key.section.split(".") if key.section else []:
            owner = owner.setdefault(section, {})
        owner[key.name] = value
        with suppress(ActionableError):
            toml.interpret(toml.Raw(values, Places("x.toml")))


def test_defaults_are_left_out() -> None:
    assert toml.dump(toml.read(XOR, "x")) == 'format = 1\n\n[data]\nsource = "xor"\n'


def test_numbers_are_written_as_a_person_would() -> None:
    text = XOR + "[training]\neta = 1\nl1 = 1e-4\nspeed = 10.0\n"
    assert "eta = 1\nl1 = 0.0001\nspeed = 10\n" in toml.dump(toml.read(text, "x"))


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "bom.toml"
    path.write_bytes(b"\xef\xbb\xbf" + XOR.encode())
    assert toml.interpret(toml.read_file(path, "bom.toml")).preset.data.source == "xor"


def test_utf16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(XOR.encode("utf-16"))
    with pytest.raises(ActionableError, match="UTF-16"):
        toml.read_file(path, "a.toml")


def test_a_file_over_a_mebibyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(XOR + "#" * 2**20)
    with pytest.raises(ActionableError, match=r"^a\.toml: it is larger than 1 MiB"):
        toml.read_file(path, "a.toml")


def test_a_folder_a_missing_file_and_a_fifo_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="folder"):
        toml.read_file(tmp_path, "x")
    with pytest.raises(ActionableError, match="there is no such file"):
        toml.read_file(tmp_path / "a.toml", "x")
    with pytest.raises(ActionableError, match="cannot be read"):
        toml.read_file(Path("a\0b.toml"), "x")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "fifo.toml")
        with pytest.raises(ActionableError, match="pipe"):
            toml.read_file(tmp_path / "fifo.toml", "x")


@pytest.mark.parametrize(
    "value", ["9" * 5000, "[" * 20_000 + "]" * 20_000, "1979-99-99", "{a = " * 5000 + "1" + "}" * 5000]
)
def test_what_escapes_tomllib_is_caught(value: str) -> None:
    with pytest.raises(ActionableError):
        toml.read(XOR + f"[training]\neta = {value}\n", "x.toml")


def test_flat_targets_are_columns() -> None:
    flat = 'format = 1\n[data]\nsource = "table"\ninputs = [[1], [2]]\ntargets = [0, 1]\n'
    assert toml.read(flat, "x").data.targets == ((0.0,), (1.0,))
    assert toml.read(flat, "x") == toml.read(flat.replace("[0, 1]", "[[0], [1]]"), "x")


def test_all_mistakes_are_told_in_the_order_of_the_file() -> None:
    text = XOR + '[training]\neta = -1\nepochs = "x"\n[network]\nhiden = [4]\n'
    with pytest.raises(Mistakes) as caught:
        toml.read(text, "x.toml")
    places = [mistake.place for mistake in caught.value.mistakes]
    assert places == ["x.toml:5 training.eta", "x.toml:6 training.epochs", "x.toml:8 network.hiden"]


def test_mistakes_can_be_told_from_a_wider_place() -> None:
    mistakes = Mistakes("a", [ActionableError("a:1 x", "one"), ActionableError("a:2 y", "two")])
    assert str(mistakes.within("b")) == "b: a:1 x: one\nb: a:2 y: two"


def test_the_design_s_example_is_read() -> None:
    text = Path(__file__).with_name("every_key.toml").read_text(encoding="utf-8")
    preset = toml.read(text, "every_key.toml")
    assert preset.training.patience == 200
    assert tomllib.loads(toml.dump(preset))["format"] == 1
