"""The quick keys: which keys of the preset each one changes."""

from __future__ import annotations

from dataclasses import replace

from bptui.experiment import schema
from bptui.experiment.schema import DataSpec, NetworkSpec, Preset, TrainingSpec
from bptui.tui.drawing.choice import Choice
from bptui.tui.screens.deeds import QUICK_KEYS
from bptui.tui.screens.quick import QUICK, Now

XOR = Preset(
    DataSpec("xor"),
    title="XOR",
    network=NetworkSpec(hidden=(4,)),
    training=TrainingSpec(eta=0.5, batch_size="all"),
)


def test_each_quick_key_has_its_change() -> None:
    """The names are written twice, since the changes are loaded when they are asked for."""
    assert set(QUICK_KEYS) == set(QUICK)


def changed(name: str, preset: Preset = XOR, layer: int = 1) -> dict[str, object]:
    return dict(QUICK[name](Now(preset, Choice(layer=layer), 4)))


def test_quick_keys() -> None:
    deep = replace(XOR, network=NetworkSpec(hidden=(4, 3), activation=("tanh", "relu")))
    assert changed("more_units") == {"network.hidden": (5,)}
    assert changed("fewer_units", deep, layer=2) == {"network.hidden": (4, 2)}
    assert changed("more_units", deep, layer=3) == {
        "network.hidden": (4, 4)
    }  # the output: the last hidden one
    assert changed("more_layers", deep) == {
        "network.hidden": (4, 3, 3),
        "network.activation": ("tanh", "relu", "relu"),
    }
    assert changed("fewer_layers") == {"network.hidden": ()}
    assert changed("fewer_layers", replace(XOR, network=NetworkSpec(hidden=()))) == {}
    assert changed("activation") == {"network.activation": "relu"}
    assert changed("optimizer") == {"training.optimizer": "momentum", "training.eta": None}
    assert changed("smaller_batch") == {"training.batch_size": 2}
    assert changed("larger_batch") == {}
    assert changed("penalty") == {"training.l2": 0.001}
    assert changed("noise") == {"data.noise": 0.1}
    assert changed("test_part", replace(XOR, data=DataSpec("xor", test_fraction=0.5))) == {
        "data.test_fraction": 0.0
    }


def test_exact_starting_values_are_left_out_where_the_layers_change() -> None:
    initial = schema.InitialSpec(weights=(((1.0, 1.0),),), biases=((0.0,),))
    preset = replace(XOR, network=NetworkSpec(hidden=(1,), initial=initial))
    assert changed("more_units", preset) == {"network.hidden": (2,), "network.initial": None}
