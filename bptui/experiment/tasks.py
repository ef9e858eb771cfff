"""What is to be learned: classes or numbers, how targets are encoded, which output and loss go with it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.data.cells import number
from bptui.experiment.examples import Examples
from bptui.experiment.kinds import counted, cut, listed, shown
from bptui.experiment.places import Places
from bptui.experiment.schema import Preset

Array = NDArray[Any]

FEW_CLASSES = 10  # different whole numbers of a file's column that still are classes
MOST_CLASSES = 1000
LARGEST_EXACT = 2**53  # whole numbers from here on are not all floats
MOST_NAMED = 10  # classes told by name in a sentence

_PROBABILITIES = ("sigmoid", "softmax")


class Task(NamedTuple):
    """classes: their names in order; output_names: one a unit of the output."""

    kind: Literal["classification", "regression"]
    encoding: Literal["binary", "one_hot", "multi_label", "numbers"]
    classes: tuple[str, ...]
    output_names: tuple[str, ...]


class Decision(NamedTuple):
    """A task with what follows of it: targets (n, n_L) float64, the output's activation, the loss."""

    task: Task
    targets: Array
    output: str
    loss: str
    notice: str


def decide(preset: Preset, examples: Examples, places: Places) -> Decision:
    """The task of these examples. Raises ActionableError where targets and keys do not go together."""
    judge = _Judge(preset, examples, places)
    task, targets = judge.task()
    output = preset.network.output or _default_output(task)
    loss = preset.training.loss or _default_loss(task, output)
    judge.check(task, output, loss)
    return Decision(task, targets, output, loss, _notice(preset, examples, task, output, loss))


def check_probabilities(loss: str, targets: Array, places: Places, scaled: bool) -> None:
    """Raises ActionableError where cross_entropy is given targets (n, n_L) beyond 0 to 1."""
    if loss == "cross_entropy" and targets.size and not (targets.min() >= 0 and targets.max() <= 1):
        worst = float(targets.min() if targets.min() < 0 else targets.max())
        found = f"cross_entropy needs targets from 0 to 1, and there is {worst:g}"
        remedy = 'Take loss = "mse"' + (', or target_scale = "none" or "minmax"' if scaled else "")
        raise places.error("training.loss", found, remedy)


def _default_output(task: Task) -> str:
    if task.kind == "regression":
        return "linear"
    return "softmax" if task.encoding == "one_hot" else "sigmoid"


def _default_loss(task: Task, output: str) -> str:
    return "cross_entropy" if task.kind == "classification" and output in _PROBABILITIES else "mse"


class _Judge:
    """The rules of DESIGN's "Task", one a method."""

    def __init__(self, preset: Preset, examples: Examples, places: Places) -> None:
        self.preset, self.examples, self.places = preset, examples, places
        self.targets = examples.targets
        self.text = self.targets.dtype.kind == "U"
        self.zero_one = not self.text and bool(np.isin(self.targets, (0.0, 1.0)).all())

    def task(self) -> tuple[Task, Array]:
        """The task, and the targets encoded for it."""
        if not self._are_classes():
            return Task("regression", "numbers", (), self.examples.target_names), self.targets
        if self.text or self.targets.shape[1] == 1:
            return self._classes()
        return self._several_columns()

    def _are_classes(self) -> bool:
        task = self.preset.data.task
        if self.text and task == "regression":
            found = f"the targets are text ({shown(str(self.targets[0]))}), not numbers"
            raise self.places.error("data.task", found, 'Take task away, or choose "classification"')
        if task is not None:
            return task == "classification"
        return self.text or self._numbers_are_classes()

    def _numbers_are_classes(self) -> bool:
        """Where no key says so: a generator knows; 0/1 columns with an output for probabilities are; a
        file's one column is where it holds few whole numbers."""
        if self.examples.numeric is not None:
            return not self.examples.numeric
        if self.preset.data.source == "file" and self.targets.shape[1] == 1:
            return bool((self.targets == np.floor(self.targets)).all()) and self._distinct() <= FEW_CLASSES
        return self.zero_one and self.preset.network.output in (None, *_PROBABILITIES)

    def _distinct(self) -> int:
        return len(np.unique(self.targets))

    def _classes(self) -> tuple[Task, Array]:
        """One column: two classes with a sigmoid are one unit, else one unit a class."""
        classes, index = self._sorted_classes()
        self._check_count(classes)
        if len(classes) == 2 and self.preset.network.output in (None, "sigmoid"):
            task = Task("classification", "binary", classes, self.examples.target_names)
            return task, np.ascontiguousarray(index[:, None], dtype=np.float64)
        one_hot = np.zeros((len(index), len(classes)))
        one_hot[np.arange(len(index)), index] = 1.0
        return Task("classification", "one_hot", classes, classes), one_hot

    def _sorted_classes(self) -> tuple[tuple[str, ...], Array]:
        """The classes' names, sorted, and each example's place among them (n,)."""
        if self.text:
            return _sorted_names(self.targets)
        column = self.targets[:, 0]
        self._refuse_merged(column)
        # A table or a generator of 0 and 1 has both classes, even where all its examples are of one.
        both = self.zero_one and self.preset.data.source != "file"
        values = np.array([0.0, 1.0]) if both else np.unique(column)
        return tuple(_number_name(value) for value in values), np.searchsorted(values, column)

    def _refuse_merged(self, column: Array) -> None:
        """Two classes may be one float there, and the name of neither."""
        if np.abs(column).max() >= LARGEST_EXACT:
            target = cut(self.examples.target_names[0])
            found = f"{target} has whole numbers beyond 2^53, which a float cannot tell apart"
            remedy = 'Write them as text or as smaller numbers, or take task = "regression"'
            raise self.places.error(self._target_key(), found, remedy)

    def _check_count(self, classes: tuple[str, ...]) -> None:
        target = self.examples.target_names[0]
        if len(classes) < 2:
            found = f"all targets are of one class, {shown(classes[0])}"
            raise self.places.error(self._target_key(), found, "There must be at least two")
        if len(classes) > MOST_CLASSES:
            found = f"{target} has {len(classes):,} different values, too many for classes"
            remedy = "Choose another target" + ("" if self.text else ', or task = "regression"')
            raise self.places.error(self._target_key(), found, remedy)

    def _target_key(self) -> str:
        """The key that says what the targets are."""
        data = self.preset.data
        if data.source == "table":
            return "data.labels" if data.labels is not None else "data.targets"
        return "data.target" if data.target is not None else "data"

    def _several_columns(self) -> tuple[Task, Array]:
        """0/1 columns: as many units; with a softmax and one 1 a row they are classes."""
        names = self.examples.target_names
        if not self.zero_one:
            found = f"{counted(len(names), 'target column')} are classes only where all are 0 or 1"
            raise self.places.error("data.task", found, 'Give one column, or task = "regression"')
        exclusive = bool((self.targets.sum(axis=1) == 1).all())
        if self.preset.network.output == "softmax" and exclusive:
            return Task("classification", "one_hot", names, names), self.targets
        return Task("classification", "multi_label", names, names), self.targets

    def check(self, task: Task, output: str, loss: str) -> None:
        """What goes with what, now that the task is known."""
        if output == "softmax" and len(task.output_names) == 1:
            found = "a softmax over a single number is always 1"
            raise self.places.error("network.output", found, 'Take output = "linear" or "sigmoid"')
        if loss == "cross_entropy" and output not in _PROBABILITIES:
            found = f"cross_entropy does not go with a {output} output"
            what = (
                "numbers are predicted with a linear output unless output says another"
                if (self.preset.network.output is None)
                else 'any other output needs loss = "mse"'
            )
            remedy = f'cross_entropy needs output = "sigmoid" or "softmax"; {what}'
            raise self.places.error("training.loss", found, remedy)


def _sorted_names(labels: Array) -> tuple[tuple[str, ...], Array]:
    names, index = np.unique(labels, return_inverse=True)
    values = [number(name) for name in names.tolist()]
    if any(value is None for value in values):
        return tuple(names.tolist()), index.reshape(-1)
    order = sorted(range(len(names)), key=lambda i: (values[i], names[i]))
    places = np.argsort(order)
    return tuple(str(names[i]) for i in order), places[index.reshape(-1)]


def _number_name(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _notice(preset: Preset, examples: Examples, task: Task, output: str, loss: str) -> str:
    """What was chosen, in one sentence."""
    units = counted(len(task.output_names), f"{output} unit")
    way = f"{units}, {loss}"
    target = listed([cut(name) for name in examples.target_names], "and")
    if task.kind == "regression":
        return f"{target}: numbers to be predicted ({way})"
    if task.encoding == "multi_label":
        return f"{target}: each of them yes or no ({way})"
    names = [cut(name) for name in task.classes[:MOST_NAMED]]
    more = f" and {len(task.classes) - MOST_NAMED:,} more" if len(task.classes) > MOST_NAMED else ""
    return f"{target}: {len(task.classes):,} classes, {', '.join(names)}{more} ({way})"
