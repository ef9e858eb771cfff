"""From a preset to an experiment: all that a trainer needs, as arrays and numbers. nn and data meet here."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bptui.data.features import expand, feature_names
from bptui.data.scaling import Scaling
from bptui.data.split import split
from bptui.errors import ActionableError
from bptui.experiment import catalogue, checks, toml
from bptui.experiment import overrides as options
from bptui.experiment.examples import Examples, Origin, load
from bptui.experiment.kinds import listed
from bptui.experiment.places import Places, raise_all
from bptui.experiment.schema import DEFAULT_ETA, OPTIMIZERS, Preset, TrainingSpec
from bptui.experiment.tasks import Decision, Task, check_probabilities, decide
from bptui.experiment.toml import Raw
from bptui.nn.initializers import initialize
from bptui.nn.network import Network

Array = NDArray[Any]

MOST_PARAMETERS = 50_000_000
MOST_ACTIVATIONS = 50_000_000  # of a batch: five arrays of them are 2 GB


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the examples.

    inputs (n, n_0) and targets (n, n_L) as the network sees them, C-contiguous float64; raw_inputs (n, d) as
    they were given; rows (n,) their numbers in the file from 0.
    """

    inputs: Array
    targets: Array
    raw_inputs: Array
    rows: Array

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, eq=False)
class Experiment:
    """What is to be learned and how, ready to be trained.

    input_names: of the raw inputs (d); feature_names: of what the network is given (n_0); sizes: n_0 … n_L;
    activations: one a layer, the last the output's; optimizer_options: all keys of that optimizer;
    initial: exact starting weights and biases; notices: what was chosen or left out, in words; origin: where
    its data lie; content: the bytes of its data file, where that is the user's own and not too large to be
    kept.
    """

    name: str
    preset: Preset
    title: str
    task: Task
    train: Part
    test: Part | None
    input_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    optimizer: str
    optimizer_options: dict[str, float]
    eta: float
    batch_size: int
    shuffle: bool
    epochs: int
    seed: int
    l1: float
    l2: float
    stop_loss: float | None
    patience: int | None
    speed: float | Literal["full"]
    dtype: str
    init: str
    init_scale: float
    initial: tuple[list[Array], list[Array]] | None
    image: tuple[int, int] | None
    notices: tuple[str, ...]
    input_scaling: Scaling
    target_scaling: Scaling
    origin: Origin
    content: bytes | None

    def prepare(self, raw: Array) -> Array:
        """Raw inputs (m, d) -> what the network is given (m, n_0): features, then their scale."""
        return _prepared(self.preset.data.features, self.input_scaling, np.asarray(raw, dtype=np.float64))

    def network(self, seed: int | None = None) -> Network:
        """A network with the starting weights of that training seed."""
        network = Network(self.sizes, self.activations, self.dtype)
        if self.initial is not None:
            network.load(*self.initial)
        else:
            stream = np.random.SeedSequence(self.seed if seed is None else seed).spawn(2)[0]
            initialize(network, self.init, self.init_scale, np.random.default_rng(stream))
        return network

    def order_key(self, seed: int | None = None) -> NDArray[np.uint64]:
        """(2,) the key of the stream that orders the batches of that training seed."""
        stream = np.random.SeedSequence(self.seed if seed is None else seed).spawn(2)[1]
        return np.asarray(stream.generate_state(2, np.uint64), dtype=np.uint64)


def build(
    source: str | os.PathLike[str],
    *,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    eta: float | None = None,
    target: str | None = None,
) -> Experiment:
    """The experiment of a PRESET: a name, or the path of a preset or data file.

    overrides: "section.key=VALUE" each; seed: the training seed; target: the column of a data file.
    Raises ActionableError, with every mistake of the preset.
    """
    found = catalogue.find(os.fspath(source), target)
    raw = options.apply(found.raw, overrides)
    if seed is not None:
        raw = options.put(raw, "training.seed", seed, "--seed")
    if eta is not None:
        raw = options.put(raw, "training.eta", eta, "--eta")
    document = toml.interpret(raw)
    same_file = found.automatic and document.preset.data.path == found.path.name
    origin = Origin(found.folder, raw.places, found.path if same_file else None, found.path.stem)
    return _Builder(document.preset, found.name, origin, found).experiment()


def build_preset(
    preset: Preset, name: str, folder: Path | None = None, origin: Origin | None = None
) -> Experiment:
    """The experiment of a preset that was made by hand or by a form; its data lie in `folder`, or where
    `origin` says.

    Raises ActionableError, with every mistake, as for one that stands in a file.
    """
    places = Places(name)
    document = toml.interpret(Raw(tomllib.loads(toml.dump(preset)), places))
    origin = Origin(folder, places, stem=name) if origin is None else origin._replace(places=places)
    return _Builder(document.preset, name, origin, None).experiment()


def rebuilt(experiment: Experiment, preset: Preset, places: Places) -> Experiment:
    """Another preset's experiment in the place of this one: its data are looked for where this one's lie.

    Raises ActionableError for what only the data can show; `places` tells where.
    """
    origin = experiment.origin
    moved = origin._replace(places=places)
    if preset.data.path != experiment.preset.data.path:
        moved = moved._replace(file=None, content=None)
    return _Builder(preset, experiment.name, moved, None).experiment()


def retrained(experiment: Experiment, preset: Preset, places: Places | None = None) -> Experiment:
    """The same examples and starting weights, trained as `preset` says; it differs in keys with which a run
    goes on (schema.goes_on). Raises ActionableError for a batch that is too large."""
    n = len(experiment.train)
    _check_batch(preset.training.batch_size, experiment.sizes, n, places or experiment.origin.places)
    title = preset.title or experiment.origin.stem
    return replace(experiment, preset=preset, title=title, **_training(preset.training, n))


class _Builder:
    """One experiment in the making."""

    def __init__(self, preset: Preset, name: str, origin: Origin, found: catalogue.Found | None) -> None:
        self.preset, self.name, self.origin, self.found = preset, name, origin, found
        self.places = origin.places
        self.points, self.split = (
            np.random.default_rng(stream) for stream in np.random.SeedSequence(preset.data.seed).spawn(2)
        )

    def experiment(self) -> Experiment:
        examples = load(self.preset.data, self.origin, self.points)
        decision = decide(self.preset, examples, self.places)
        self._settle_target_scale(decision.task)
        train_rows, test_rows = self._split(len(examples.inputs))
        names = self._feature_names(examples)
        input_scaling = self._scaling("data.scale", self._features(examples.inputs[train_rows]))
        target_scaling = self._target_scaling(decision, train_rows)

        def part(rows: Array) -> Part:
            return self._part(examples, decision, rows, input_scaling, target_scaling)

        train, test = part(train_rows), part(test_rows) if len(test_rows) else None
        sizes = (train.inputs.shape[1], *self.preset.network.hidden, train.targets.shape[1])
        self._check(decision, sizes, [train] if test is None else [train, test])
        return Experiment(
            name=self.name,
            preset=self.preset,
            title=self.preset.title or self.origin.stem,
            task=decision.task,
            train=train,
            test=test,
            input_names=examples.input_names,
            feature_names=names,
            sizes=sizes,
            activations=(*_hidden_activations(self.preset), decision.output),
            loss=decision.loss,
            initial=self._initial(),
            image=self.preset.data.image,
            notices=self._notices(examples, decision, names, input_scaling, target_scaling),
            input_scaling=input_scaling,
            target_scaling=target_scaling,
            origin=self.origin,
            content=examples.content,
            init=self.preset.network.init,
            init_scale=self.preset.network.init_scale,
            dtype=self.preset.network.dtype,
            **_training(self.preset.training, len(train)),
        )

    def _settle_target_scale(self, task: Task) -> None:
        """Of an experiment made for a data file, only numbers have their targets scaled."""
        if self.found is not None and self.found.automatic and task.kind == "classification":
            self.preset = replace(self.preset, data=replace(self.preset.data, target_scale="none"))

    def _split(self, n: int) -> tuple[Array, Array]:
        try:
            return split(n, self.preset.data.test_fraction, self.split)
        except ActionableError as error:
            raise self.places.error("data.test_fraction", error.found, error.remedy) from None

    def _feature_names(self, examples: Examples) -> tuple[str, ...]:
        try:
            return feature_names(self.preset.data.features, examples.input_names)
        except ActionableError as error:
            raise self.places.error("data.features", error.found, error.remedy) from None

    def _features(self, raw: Array) -> Array:
        try:
            return expand(self.preset.data.features, raw)
        except ActionableError as error:
            raise self.places.error("data.features", error.found, error.remedy) from None

    def _scaling(self, key: str, values: Array) -> Scaling:
        kind = getattr(self.preset.data, key.rpartition(".")[2])
        try:
            return Scaling.fit(kind, values)
        except ActionableError as error:
            raise self.places.error(key, error.found, error.remedy) from None

    def _target_scaling(self, decision: Decision, train_rows: Array) -> Scaling:
        if decision.task.kind == "classification":
            return Scaling.fit("none", decision.targets[train_rows])
        return self._scaling("data.target_scale", decision.targets[train_rows])

    def _part(
        self, examples: Examples, decision: Decision, rows: Array, inputs: Scaling, targets: Scaling
    ) -> Part:
        raw = np.ascontiguousarray(examples.inputs[rows])
        return Part(
            inputs=np.ascontiguousarray(inputs.apply(self._features(raw))),
            targets=np.ascontiguousarray(targets.apply(decision.targets[rows])),
            raw_inputs=raw,
            rows=examples.rows[rows],
        )

    # ------------------------------------------------------------ what only the data show

    def _check(self, decision: Decision, sizes: tuple[int, ...], parts: list[Part]) -> None:
        for part in parts:
            scaled = self.preset.data.target_scale != "none"
            check_probabilities(decision.loss, part.targets, self.places, scaled)
            self._check_range(part)
        self._check_initial(sizes)
        parameters = sum(n * (m + 1) for m, n in pairwise(sizes))
        if parameters > MOST_PARAMETERS:
            found = f"the network would have {parameters:,} parameters"
            raise self.places.error("network.hidden", found, f"At most {MOST_PARAMETERS:,} are trained")
        _check_batch(self.preset.training.batch_size, sizes, len(parts[0].inputs), self.places)

    def _check_range(self, part: Part) -> None:
        """Numbers that the network's dtype cannot hold."""
        largest = float(np.finfo(self.preset.network.dtype).max)
        for what, values in (("inputs", part.inputs), ("targets", part.targets)):
            if not np.abs(values).max() <= largest:
                found = f"some {what} are beyond {self.preset.network.dtype}'s largest number, {largest:.3g}"
                raise self.places.error("data", found, "Scale them, or take smaller ones")

    def _check_initial(self, sizes: tuple[int, ...]) -> None:
        if self.preset.network.initial is not None:
            found = [
                self.places.error(finding.paths[0], finding.found, finding.remedy)
                for finding in checks.initial_shapes(self.preset, sizes)
            ]
            raise_all(self.places.file, found)

    def _initial(self) -> tuple[list[Array], list[Array]] | None:
        initial = self.preset.network.initial
        if initial is None:
            return None
        return [np.array(w) for w in initial.weights], [np.array(b) for b in initial.biases]

    # ------------------------------------------------------------ what has to be said

    def _notices(
        self,
        examples: Examples,
        decision: Decision,
        names: tuple[str, ...],
        inputs: Scaling,
        targets: Scaling,
    ) -> tuple[str, ...]:
        found = self.found.notices if self.found is not None else ()
        constant = [names[column] for column in inputs.constant]
        unused = decision.task.kind == "classification" and self.preset.data.target_scale != "none"
        return (
            *found,
            *examples.notices,
            decision.notice,
            *([_constant(constant)] if constant else []),
            *([_constant([examples.target_names[c] for c in targets.constant])] if targets.constant else []),
            *(["target_scale is for numbers; classes are not scaled"] if unused else []),
            *self._batch_notice(len(examples.inputs)),
            *self._scale_notice(decision),
        )

    def _scale_notice(self, decision: Decision) -> tuple[str, ...]:
        """Of a data file that was given itself: nobody has asked for a scale."""
        data = self.preset.data
        if self.origin.file is None or data.scale != "standard":
            return ()
        targets = decision.task.kind == "regression" and data.target_scale == "standard"
        return (f"inputs {'and target ' if targets else ''}scaled to mean 0 and deviation 1",)

    def _batch_notice(self, n: int) -> tuple[str, ...]:
        """Nothing is said of the default, which small data never reach."""
        size = self.preset.training.batch_size
        if isinstance(size, str) or size <= n or size == TrainingSpec().batch_size:
            return ()
        return (f"batch_size = {size:,} is more than there is: all examples are one batch",)


def _check_batch(size: int | str, sizes: tuple[int, ...], n: int, places: Places) -> None:
    """Raises ActionableError where a batch is too large to compute; n: the examples of the training part."""
    batch = n if isinstance(size, str) else min(size, n)
    activations = batch * sum(sizes[1:])
    if activations > MOST_ACTIVATIONS:
        found = f"a batch of {batch:,} examples would have {activations:,} activations"
        remedy = f"At most {MOST_ACTIVATIONS:,} are computed at a time: take a smaller batch"
        raise places.error("training.batch_size", found, remedy)


def _prepared(features: tuple[str, ...], scaling: Scaling, raw: Array) -> Array:
    return np.ascontiguousarray(scaling.apply(expand(features, raw)))


def _hidden_activations(preset: Preset) -> tuple[str, ...]:
    names, hidden = preset.network.activation, preset.network.hidden
    return (names,) * len(hidden) if isinstance(names, str) else names


def _training(spec: TrainingSpec, n: int) -> dict[str, Any]:
    """The fields of an Experiment that [training] alone decides; n: the examples of the training part."""
    defaults = OPTIMIZERS[spec.optimizer]
    given = {name: getattr(spec, name) for name in defaults if getattr(spec, name) is not None}
    plain = ("optimizer", "shuffle", "epochs", "seed", "l1", "l2", "stop_loss", "patience", "speed")
    return {
        **{name: getattr(spec, name) for name in plain},
        "optimizer_options": {**defaults, **given},
        "eta": DEFAULT_ETA[spec.optimizer] if spec.eta is None else spec.eta,
        "batch_size": n if isinstance(spec.batch_size, str) else min(spec.batch_size, n),
    }


def _constant(names: list[str]) -> str:
    shown = names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more"]
    verb = "never changes and becomes" if len(names) == 1 else "never change and become"
    return f"{listed(shown, 'and')} {verb} 0"
