from __future__ import annotations

import pytest

from bptui.errors import ActionableError
from bptui.experiment import overrides, toml
from bptui.experiment.schema import Preset

XOR = 'format = 1\ntitle = "X"\n[data]\nsource = "xor"\n[training]\nstop_loss = 0.1\n'


def changed(*sets: str) -> Preset:
    return toml.interpret(overrides.apply(toml.parse(XOR, "x.toml"), sets)).preset


def test_values_are_toml() -> None:
    preset = changed("training.eta=0.25", "network.hidden=[6,6]", 'network.activation = "relu"')
    assert (preset.training.eta, preset.network.hidden, preset.network.activation) == (0.25, (6, 6), "relu")


def test_the_last_one_counts() -> None:
    assert changed("training.eta=1", "training.eta=2").training.eta == 2


def test_names_may_go_without_quotes() -> None:
    assert changed("training.optimizer=adam").training.optimizer == "adam"
    assert changed("training.batch_size=all").training.batch_size == "all"
    assert changed("title=A new one").title == "A new one"


def test_nothing_takes_a_key_away() -> None:
    assert changed("training.stop_loss=").training.stop_loss is None
    assert changed("title=").title is None
    assert changed("training.patience=").training.patience is None


def test_exact_starting_values_go_as_one() -> None:
    sets = ["network.hidden=[]", "network.initial={weights = [[[1, 2]]], biases = [[0]]}"]
    initial = changed(*sets).network.initial
    assert initial is not None
    assert initial.weights == (((1.0, 2.0),),)
    assert changed(*sets, "network.initial=").network.initial is None
    assert changed(*sets, "network.initial.biases=[[3]]").network.initial is not None


def test_the_file_s_document_is_left_alone() -> None:
    raw = toml.parse(XOR, "x.toml")
    overrides.apply(raw, ["data.noise=0.5", "training.eta=2"])
    assert toml.interpret(raw).preset == toml.read(XOR, "x.toml")


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("training.eta", '--set: "training.eta" has no =. Write --set section.key=VALUE'),
        ("=3", '--set: "=3" has no key.'),
        ("training.etta=1", '--set training.etta: [training] has no key "etta". Did you mean eta?'),
        ("eta=1", '--set eta: the top of a preset has no key "eta". eta stands in [training]'),
        ("trainin.eta=1", '--set trainin.eta: a preset has no key "trainin.eta". It is section.key'),
        ("training=1", '--set training: a preset has no key "training".'),
        ("training.eta=fast", '--set training.eta: "fast" is no TOML value. It must be a finite number'),
        ("training.eta=1e309", "--set training.eta: inf is not finite."),
        ("training.optimizer=adm", '--set training.optimizer: "adm" is unknown.'),
        ("network.hidden=[4", '--set network.hidden: "[4" is no TOML value.'),
        ("training.eta=1\nformat=2", '--set training.eta: "1\nformat=2" is no TOML value.'),
        ("data.source=", "--set data.source: it is missing."),
        ("format=2", "--set format: format 2 is unknown."),
    ],
)
def test_mistakes_name_the_option(override: str, message: str) -> None:
    with pytest.raises(ActionableError) as caught:
        changed(override)
    assert str(caught.value).startswith(message)
