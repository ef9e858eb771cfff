"""What an experiment would be, before it is opened: its examples, sizes and rules, from the real build."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.errors import ActionableError
from bptui.experiment import catalogue
from bptui.experiment.build import Experiment, Part, build
from bptui.experiment.examples import column_names
from bptui.experiment.kinds import counted
from bptui.experiment.schema import DATA_SUFFIXES
from bptui.explain.numbers import count, plain

Array = NDArray[Any]

MOST_EXAMPLES = 400  # that a picture is made of
# A file over this is read when it is opened, not to be looked at. Reading text holds the interpreter,
# 20 ms at a time for each megabyte.
LARGEST = 2_000_000  # bytes
LARGEST_NPZ = 5_000_000  # bytes
MOST_POINTS = 100_000  # that are drawn for a look


class Preview(NamedTuple):
    """sizes: n_0 … n_L; inputs (m, d) as they were given and targets (m, n_L) in their own unit, of `shown`
    of all `examples`; classes: their names, with `counts` of all examples; image: rows and columns where the
    inputs are pixels; facts: label and words; columns: of a data file, `target` the one that is learned;
    notices: what was chosen or left out; error: a line a mistake, or why it is not read; large: that it is
    too large to be looked at."""

    sizes: tuple[int, ...] = ()
    activations: tuple[str, ...] = ()
    inputs: Array = np.zeros((0, 0))
    targets: Array = np.zeros((0, 0))
    examples: int = 0
    numbers: bool = False
    classes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    image: tuple[int, int] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    target: str = ""
    notices: tuple[str, ...] = ()
    error: str = ""
    large: bool = False

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return sum((m + 1) * n for m, n in zip(self.sizes, self.sizes[1:], strict=False))

    @property
    def labels(self) -> Array:
        """(m,) the number of each example's class; of several answers at once, or of numbers, all 0."""
        if self.targets.shape[1] == 1 and len(self.classes) == 2:
            return np.asarray(self.targets[:, 0] > 0.5, dtype=int)
        if len(self.classes) == self.targets.shape[1] and self.counts:
            return np.asarray(self.targets.argmax(axis=1))
        return np.zeros(len(self.targets), dtype=int)


def preview(source: str, target: str | None = None, largest: int | None = None) -> Preview:
    """What opening `source` would bring; never raises for what is wrong with it.

    largest: bytes of a data file over which it is not read.
    """
    try:
        return _preview(source, target, largest)
    except ActionableError as error:
        return Preview(error=str(error), columns=_columns(source), target=target or "")
    except (MemoryError, OSError, RecursionError, ValueError) as error:
        return Preview(error=f"{source}: it cannot be read: {error}")


def _preview(source: str, target: str | None, largest: int | None) -> Preview:
    notice = _too_large(source, largest)
    if notice:
        return Preview(notices=(notice,), large=True)
    return _of(build(source, target=target), _columns(source), target)


def _of(made: Experiment, columns: tuple[str, ...], target: str | None) -> Preview:
    parts = [made.train] if made.test is None else [made.train, made.test]
    inputs = np.concatenate([part.raw_inputs for part in parts])
    targets = np.concatenate([made.target_scaling.undo(part.targets) for part in parts])
    order = np.argsort(np.concatenate([part.rows for part in parts]), kind="stable")
    chosen = order[np.linspace(0, len(order) - 1, min(MOST_EXAMPLES, len(order))).astype(int)]
    classes = made.task.classes if made.task.encoding in ("binary", "one_hot") else ()
    return Preview(
        sizes=made.sizes,
        activations=made.activations,
        inputs=inputs[chosen],
        targets=targets[chosen],
        examples=len(order),
        numbers=made.task.kind == "regression",
        classes=classes,
        counts=_counts(targets, len(classes)),
        input_names=made.input_names,
        output_names=made.task.output_names,
        image=made.image,
        facts=_facts(made),
        columns=columns,
        target=target or (columns[-1] if columns else ""),
        notices=made.notices,
    )


def _counts(targets: Array, classes: int) -> tuple[int, ...]:
    """Examples of each class."""
    if not classes:
        return ()
    numbers = targets[:, 0] > 0.5 if targets.shape[1] == 1 else targets.argmax(axis=1)
    return tuple(np.bincount(numbers.astype(int), minlength=classes).tolist())


# ---------------------------------------------------------------- facts


def _facts(made: Experiment) -> tuple[tuple[str, str], ...]:
    return (
        ("task", _task(made)),
        ("examples", _examples(made.train, made.test)),
        ("loss", made.loss.replace("_", "-")),
        ("optimizer", f"{made.optimizer}, η {plain(made.eta)}"),
        ("batch", _batch(made)),
        ("stops at", _stop(made)),
    )


def _task(made: Experiment) -> str:
    task = made.task
    if task.encoding == "multi_label":
        return f"{len(task.output_names)} answers at once"
    if task.kind == "regression":
        return counted(len(task.output_names), "number")
    return f"{len(task.classes)} classes"


def _examples(train: Part, test: Part | None) -> str:
    return count(len(train)) if test is None else f"{count(len(train))}, and {count(len(test))} for the test"


def _batch(made: Experiment) -> str:
    if made.batch_size >= len(made.train):
        return "all examples"
    return f"{made.batch_size:,}, {'shuffled' if made.shuffle else 'in order'}"


def _stop(made: Experiment) -> str:
    rules = [] if made.stop_loss is None else [f"loss ≤ {plain(made.stop_loss)}"]
    if made.patience is not None:
        rules.append(f"{counted(made.patience, 'epoch')} without a lower loss")
    return ", ".join([*rules, f"{made.epochs:,} epochs"])


# ---------------------------------------------------------------- files


def _too_large(source: str, largest: int | None) -> str:
    """Why there is no look at it, in words; "" where there is one."""
    if Path(source).suffix.lower() in DATA_SUFFIXES:
        return _file_too_large(Path(source), largest)
    found = catalogue.find(source)
    data = found.preset.data
    if data.points > MOST_POINTS:
        return f"{count(data.points)} points: Enter opens it"
    if data.path is None:
        return ""
    return _file_too_large(catalogue.data_file(data.path, found.folder, found.raw.places), largest)


def _file_too_large(path: Path, largest: int | None) -> str:
    limit = largest or (LARGEST_NPZ if path.suffix.lower() == ".npz" else LARGEST)
    size = _size(path)
    return f"a large file, {count(size)} bytes: Enter opens it" if size > limit else ""


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def _columns(source: str) -> tuple[str, ...]:
    """Of a data file that has named columns; () where it has none or cannot be read."""
    if Path(source).suffix.lower() not in (".csv", ".tsv"):
        return ()
    try:
        return column_names(Path(source))
    except ActionableError:
        return ()
