from __future__ import annotations

import subprocess
import sys

import pytest

from bptui.data.features import FEATURES
from bptui.data.generators import GENERATORS
from bptui.data.scaling import KINDS
from bptui.experiment import schema
from bptui.nn.activations import ACTIVATIONS, OUTPUTS
from bptui.nn.initializers import INITIALIZERS
from bptui.nn.losses import LOSSES
from bptui.nn.optimizers import OPTIMIZERS


def test_names_are_those_of_nn_and_data() -> None:
    assert set(schema.GENERATORS) == set(GENERATORS)
    assert set(schema.FEATURES) == set(FEATURES)
    assert set(schema.SCALES) == set(KINDS)
    assert set(schema.ACTIVATIONS) == set(ACTIVATIONS)
    assert set(schema.OUTPUTS) == set(OUTPUTS)
    assert set(schema.INITIALIZERS) == set(INITIALIZERS)
    assert set(schema.LOSSES) == set(LOSSES)


def test_optimizers_have_the_keys_and_defaults_of_nn() -> None:
    assert {name: made.defaults for name, made in OPTIMIZERS.items()} == schema.OPTIMIZERS
    assert {name: made.default_eta for name, made in OPTIMIZERS.items()} == schema.DEFAULT_ETA
    assert {key for keys in schema.OPTIMIZERS.values() for key in keys} == set(schema.OPTIMIZER_KEYS)


@pytest.mark.parametrize("key", schema.all_keys(), ids=lambda key: key.path)
def test_every_key_is_declared_whole(key: schema.DeclaredKey) -> None:
    assert key.help
    assert key.kind.words()
    if key.default is not None:
        assert key.kind.read(key.default) == key.default


def test_only_format_and_source_are_required() -> None:
    required = {key.path for key in schema.all_keys() if key.required}
    assert required == {"format", "data.source", "network.initial.weights", "network.initial.biases"}


def test_reading_presets_loads_no_numpy() -> None:
    code = "import sys, bptui.experiment.catalogue as c; c.entries(); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
