"""What goes with what in a preset: the mistakes that a key alone cannot show.

Each check looks at a preset and yields findings; a finding that rests on a broken key is not told. What
only the data can show (the number of inputs, the classes) is checked where they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from typing import NamedTuple

from bptui.errors import ActionableError
from bptui.experiment import schema
from bptui.experiment.kinds import counted, listed, shown
from bptui.experiment.places import Places
from bptui.experiment.schema import DATA_SUFFIXES, GENERATORS, OPTIMIZER_KEYS, OPTIMIZERS, Preset

LARGEST_FLOAT32 = 3.4028234663852886e38
SMALLEST_FLOAT32 = 1.401298464324817e-45

_ALWAYS = frozenset({"source", "seed", "task", "features", "scale", "target_scale", "test_fraction"})
_KEYS_OF_SOURCE = {
    "generator": _ALWAYS | {"points", "noise"},
    "table": _ALWAYS | {"inputs", "targets", "labels"},
    "file": _ALWAYS | {"path", "inputs", "target", "image"},
}


class Finding(NamedTuple):
    """A mistake of the first of `paths`; the others are the keys it rests on as well."""

    paths: tuple[str, ...]
    found: str
    remedy: str


Check = Callable[[Preset, Set[str]], Iterator[Finding]]


def mistakes(
    preset: Preset,
    places: Places | None = None,
    given: Set[str] | None = None,
    broken: Set[str] = frozenset(),
) -> list[ActionableError]:
    """All of them. given: the paths of the keys that were written (None: those not at their default);
    broken: of those that could not be read, which stand at their default here."""
    where = places or Places()
    written = _not_default(preset) if given is None else given
    return [
        where.error(finding.paths[0], finding.found, finding.remedy)
        for check in CHECKS
        for finding in check(preset, written)
        if broken.isdisjoint(finding.paths)
    ]


def kind_of_source(source: str) -> str:
    """ "generator", "table" or "file"."""
    return "generator" if source in GENERATORS else source


def _not_default(preset: Preset) -> set[str]:
    owners = {"": preset, "data": preset.data, "network": preset.network, "training": preset.training}
    return {
        key.path
        for key in schema.all_keys()
        if key.section in owners and getattr(owners[key.section], key.name) != key.default
    }


# ---------------------------------------------------------------- data


def _keys_of_another_source(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    kind = kind_of_source(preset.data.source)
    for name in schema.names("data"):
        if f"data.{name}" in given and name not in _KEYS_OF_SOURCE[kind]:
            owners = [owner for owner, names in _KEYS_OF_SOURCE.items() if name in names]
            found = f"{name} is a key of a {listed(owners, 'or')}, and source is {shown(preset.data.source)}"
            yield Finding((f"data.{name}", "data.source"), found, "Take it away, or change source")


def _table(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    data = preset.data
    if data.source != "table":
        return
    if data.inputs is None:
        yield _missing("data.inputs", "A table needs rows of inputs: inputs = [[0, 1], [1, 0]]")
    elif isinstance(data.inputs[0], str):
        found = "these are names, and a table has rows of numbers"
        yield Finding(("data.inputs", "data.source"), found, "Write inputs = [[0, 1], [1, 0]]")
    if data.targets is None and data.labels is None:
        remedy = "A table needs targets = [[0], [1]] or labels = ["
        yield _missing("data.targets", f'{remedy}"cat", "dog"]', "data.labels")
    if data.targets is not None and data.labels is not None:
        found = "it stands beside targets"
        yield Finding(("data.labels", "data.targets"), found, "Keep one of targets and labels")
    yield from _row_counts(preset)


def _row_counts(preset: Preset) -> Iterator[Finding]:
    data = preset.data
    for name, rows in (("targets", data.targets), ("labels", data.labels)):
        if rows is not None and data.inputs is not None and len(rows) != len(data.inputs):
            found = f"it has {counted(len(rows), 'row')}, inputs {len(data.inputs):,}"
            yield Finding((f"data.{name}", "data.inputs"), found, "Each row of inputs needs one")


def _file(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    data = preset.data
    if data.source != "file":
        return
    if data.path is None:
        yield _missing("data.path", 'A file needs its path: path = "iris.csv"')
    elif not data.path.lower().endswith(DATA_SUFFIXES):
        found = f"{shown(data.path)} is not a data file that bptui reads"
        yield Finding(("data.path",), found, f"Its name must end in {listed(DATA_SUFFIXES, 'or')}")
    if data.inputs is not None and not isinstance(data.inputs[0], str):
        found = "these are numbers, and a file has column names"
        yield Finding(("data.inputs", "data.source"), found, 'Write inputs = ["a", "b"]')
    elif data.inputs is not None:
        yield from _input_names(preset)


def _input_names(preset: Preset) -> Iterator[Finding]:
    data = preset.data
    names = data.inputs or ()
    repeated = _repeated(names)
    if repeated is not None:
        yield Finding(("data.inputs",), f"{shown(repeated)} is named twice", "Name each column once")
    if data.target is not None and data.target in names:
        found = f"{shown(data.target)} is the target as well"
        yield Finding(("data.inputs", "data.target"), found, "The target is no input")


def _image(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    if preset.data.image is not None and preset.data.features != ("x1", "x2"):
        found = "a picture's pixels have no features"
        yield Finding(("data.features", "data.image"), found, "Take features or image away")


def _features(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    repeated = _repeated(preset.data.features)
    if repeated is not None:
        yield Finding(("data.features",), f"{shown(repeated)} is named twice", "Name each feature once")


def _task(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    if preset.data.labels is not None and preset.data.task == "regression":
        found = "labels are classes, not numbers"
        yield Finding(("data.task", "data.labels"), found, "Take task away, or give targets")


# ---------------------------------------------------------------- network


def _activations(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    names, hidden = preset.network.activation, preset.network.hidden
    if not isinstance(names, str) and len(names) != len(hidden):
        found = f"it names {counted(len(names), 'activation')} for {counted(len(hidden), 'hidden layer')}"
        yield Finding(("network.activation", "network.hidden"), found, "Give one for all, or one a layer")


def _initial(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    """The shapes as far as they are known without the data: between the hidden layers."""
    initial, hidden = preset.network.initial, preset.network.hidden
    if initial is None:
        return
    depth = len(hidden) + 1
    for name, values in (("weights", initial.weights), ("biases", initial.biases)):
        if len(values) != depth:
            found = f"it has {counted(len(values), 'layer')}, the network {depth}"
            remedy = "Each hidden layer and the output needs one"
            yield Finding((f"network.initial.{name}", "network.initial", "network.hidden"), found, remedy)
    if len(initial.weights) == depth == len(initial.biases):
        yield from initial_shapes(preset, (None, *hidden, None))


def initial_shapes(preset: Preset, sizes: tuple[int | None, ...]) -> Iterator[Finding]:
    """Where the exact starting values do not have the shapes of sizes n_0 … n_L; None is not known yet."""
    assert preset.network.initial is not None
    rests_on = ("network.initial", "network.hidden")
    for l, weights in enumerate(preset.network.initial.weights, start=1):
        shape, wanted = (len(weights), len(weights[0])), (sizes[l], sizes[l - 1])
        if any(w is not None and w != s for s, w in zip(shape, wanted, strict=True)):
            found = f"layer {l} has {counted(shape[0], 'row')} of {shape[1]}"
            remedy = f"It needs {_needed(wanted[0], wanted[1])}: a row for each receiving neuron"
            yield Finding(("network.initial.weights", *rests_on), found, remedy)
    for l, biases in enumerate(preset.network.initial.biases, start=1):
        if sizes[l] is not None and sizes[l] != len(biases):
            found = f"layer {l} has {counted(len(biases), 'number')}"
            yield Finding(("network.initial.biases", *rests_on), found, f"It must have {sizes[l]}")


def _needed(rows: int | None, columns: int | None) -> str:
    """The shape in words, as far as it is known."""
    count = "rows" if rows is None else counted(rows, "row")
    return count if columns is None else f"{count} of {columns}"


# ---------------------------------------------------------------- training


def _loss_and_output(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    loss, output = preset.training.loss, preset.network.output
    if loss == "cross_entropy" and output not in (None, "sigmoid", "softmax"):
        found = f"cross_entropy does not go with a {output} output"
        remedy = 'cross_entropy needs output = "sigmoid" or "softmax"; any other output needs loss = "mse"'
        yield Finding(("training.loss", "network.output"), found, remedy)


def _keys_of_another_optimizer(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    optimizer = preset.training.optimizer
    for name in OPTIMIZER_KEYS:
        if f"training.{name}" in given and name not in OPTIMIZERS[optimizer]:
            owners = [owner for owner, names in OPTIMIZERS.items() if name in names]
            found = f"{name} is a key of {listed(owners, 'and')}, and optimizer is {shown(optimizer)}"
            remedy = f"Take it away, or change optimizer; {optimizer} has {_own_keys(optimizer)}"
            yield Finding((f"training.{name}", "training.optimizer"), found, remedy)


def _own_keys(optimizer: str) -> str:
    return listed(tuple(OPTIMIZERS[optimizer]), "and")


def _float32(preset: Preset, given: Set[str]) -> Iterator[Finding]:
    """Numbers that float64 holds and float32 does not."""
    if preset.network.dtype != "float32":
        return
    for path, value in (
        ("training.eta", preset.training.eta),
        ("network.init_scale", preset.network.init_scale),
        ("training.l1", preset.training.l1),
        ("training.l2", preset.training.l2),
    ):
        if value and not SMALLEST_FLOAT32 <= value <= LARGEST_FLOAT32:
            found = f"{value!r} is out of float32's range"
            yield Finding((path, "network.dtype"), found, 'Take another, or dtype = "float64"')


def _missing(path: str, remedy: str, *others: str) -> Finding:
    return Finding((path, "data.source", *others), "it is missing", remedy)


def _repeated(names: tuple[str, ...]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


CHECKS: tuple[Check, ...] = (
    _keys_of_another_source,
    _table,
    _file,
    _image,
    _features,
    _task,
    _activations,
    _initial,
    _loss_and_output,
    _keys_of_another_optimizer,
    _float32,
)
