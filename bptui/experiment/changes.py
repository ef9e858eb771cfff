"""Keys of a preset changed while its experiment runs, by the rules that files are read by, all or none.

With which of them a run goes on is declared beside each key (schema.Effect).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from bptui.experiment import overrides, schema, toml
from bptui.experiment.build import Experiment, rebuilt, retrained
from bptui.experiment.places import Places
from bptui.experiment.schema import DEFAULT_ETA, OPTIMIZER_KEYS, OPTIMIZERS, Effect, Preset, TrainingSpec
from bptui.experiment.toml import Raw

# The keys of [training] that decide what an update does. η is told apart: it has a command of its own.
UPDATE_KEYS = tuple(
    key.name for key in schema.all_keys() if key.effect is Effect.UPDATES and key.path != "training.eta"
)


class Changed(NamedTuple):
    """experiment: the one that was asked for; paths: of the keys whose value became another, in the order of
    a file; anew: it is another run's."""

    experiment: Experiment
    paths: tuple[str, ...]
    anew: bool


def as_it_stands(experiment: Experiment, eta: float, seed: int) -> Preset:
    """The preset that gives this experiment with that learning rate and that training seed."""
    preset = experiment.preset
    if eta == experiment.eta and seed == preset.training.seed:
        return preset
    spec = replace(preset.training, seed=seed)
    return replace(preset, training=spec if eta == experiment.eta else replace(spec, eta=eta))


def change(experiment: Experiment, now: Preset, keys: Sequence[tuple[str, object]]) -> Changed:
    """The experiment with those keys, each (path, TOML value; None takes it away); now: as it stands.

    Raises ActionableError with every mistake, each told at the path of its key.
    """
    raw = Raw(tomllib.loads(toml.dump(now)), Places())
    for path, value in keys:
        overrides.check_known(path, path)
        raw = overrides.take_away(raw, path, path) if value is None else overrides.put(raw, path, value, path)
    preset, places = toml.interpret(raw).preset, raw.places
    paths = changed_paths(now, preset)
    anew = not all(map(schema.goes_on, paths))
    made = rebuilt(experiment, preset, places) if anew else retrained(experiment, preset, places)
    return Changed(made, paths, anew)


def changed_paths(one: Preset, other: Preset) -> tuple[str, ...]:
    """The keys whose value is another, in the order of a file."""
    return tuple(path for path in _paths() if value_at(one, path) != value_at(other, path))


def trained_by(experiment: Experiment, keys: Mapping[str, Any]) -> Experiment:
    """The experiment with other UPDATE_KEYS, by name."""
    spec = replace(experiment.preset.training, **keys)
    if spec == experiment.preset.training:
        return experiment
    return retrained(experiment, replace(experiment.preset, training=spec))


def update_keys(spec: TrainingSpec) -> dict[str, Any]:
    """The values of UPDATE_KEYS, by name."""
    return {name: getattr(spec, name) for name in UPDATE_KEYS}


def value_at(preset: Preset, path: str) -> Any:
    """The value that stands there, None where there is none."""
    owner: Any = preset
    for name in path.split("."):
        owner = None if owner is None else getattr(owner, name)
    return owner


def in_force(keys: Mapping[str, Any], name: str) -> Any:
    """The value of a key of [training], or the default that the optimizer gives it; keys: by name."""
    if keys[name] is not None:
        return keys[name]
    optimizer = keys["optimizer"]
    return DEFAULT_ETA[optimizer] if name == "eta" else OPTIMIZERS[optimizer].get(name)


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of [training] to be told of; of another optimizer's own ones those that were given."""
    another = before["optimizer"] != after["optimizer"]
    return tuple(
        name
        for name in after
        if before[name] != after[name]
        and in_force(after, name) != in_force(before, name)
        and not (another and name in OPTIMIZER_KEYS and after[name] is None)
    )


def _paths() -> tuple[str, ...]:
    """Of all keys; exact starting values count as one."""
    paths = [key.path for key in schema.all_keys() if key.section != "network.initial"]
    return (*paths, "network.initial")
