"""What the verbs print for people: plain, aligned lines; and the divergence that several of them tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bptui.cli import output
from bptui.cli.diagnostics import Exit
from bptui.cli.output import columns
from bptui.escape import safe
from bptui.explain.numbers import percent, plain, precise, whole

if TYPE_CHECKING:
    from bptui.experiment.build import Experiment
    from bptui.nn.gradcheck import GradientCheck
    from bptui.session.divergence import Divergence

_REASONS = {
    "loss": "an epoch's loss reached stop_loss",
    "patience": "no lower loss for the preset's patience",
    "epochs": "all epochs are done",
    "steps": "all steps are done",
    "interrupted": "interrupted",
}
_DIGITS = 6
_FIGURES = ("loss", "penalty", "accuracy", "rmse")


def training(experiment: Experiment, result: dict[str, Any]) -> str:
    """What became of a training, from train's document."""
    rows = [*_heading(experiment), ("seed", f"{experiment.seed}"), ("stopped", _stopped(result))]
    rows.append(("updates", f"{result['steps']:,} in {result['epochs']:,} epochs, {_pace(result)}"))
    text = columns(rows) + "\n" + columns(_figures(result), right=frozenset({1, 2, 3, 4}))
    return text + (_matrices(result) if "weights" in result else "")


def gradient_check(experiment: Experiment, step: int, found: GradientCheck) -> str:
    """Backpropagation against its judges, the worst parameter beside."""
    worst = found.worst
    looked = "all" if found.sampled is None else f"{found.sampled:,} sampled"
    place = ",".join(str(index + 1) for index in worst.index)
    rows = [
        *_heading(experiment),
        ("step", f"{step:,}, on the batch that comes next"),
        ("parameters", f"{found.parameters:,}, {looked} compared, in float64"),
        ("complex step", f"largest relative error {_number(found.max_relative_error)} (at most 1e−12)"),
        (
            "central",
            f"largest relative error {_number(found.central_max_relative_error)}, kinks {found.kinks}",
        ),
        ("worst", f"layer {worst.layer}, {worst.parameter}[{place}] counted from 1"),
        ("  backprop", whole(worst.backprop)),
        ("  reference", whole(worst.reference)),
        ("result", "passed" if found.passed else "DIFFERS"),
    ]
    return columns(rows)


def divergence(found: Divergence | None) -> dict[str, Any] | None:
    """As the documents tell it."""
    if found is None:
        return None
    return found._asdict()


def diverged(found: Divergence, *, as_json: bool) -> int:
    """Tell that there is no such step, and return the exit status."""
    if as_json:
        output.document({"diverged": divergence(found)})
    else:
        output.write(f"diverged: {_sentence(found._asdict())}\n")
    return Exit.FAILED


def _heading(experiment: Experiment) -> list[tuple[str, str]]:
    shape = "-".join(str(size) for size in experiment.sizes)
    chain = " → ".join(experiment.activations)
    parts = f"{len(experiment.train):,} examples"
    if experiment.test is not None:
        parts += f", {len(experiment.test):,} more to test"
    return [
        ("preset", f"{safe(experiment.name)}: {safe(experiment.title)}"),
        ("task", f"{_task(experiment)}; {parts}"),
        ("network", f"{shape}, {chain}"),
        ("training", f"{experiment.loss}, {experiment.optimizer}, η {plain(experiment.eta)}, "
                     f"{_batch(experiment)}"),
    ]  # fmt: skip


def _batch(experiment: Experiment) -> str:
    size = experiment.batch_size
    return "full batch" if size == len(experiment.train) else f"batches of {size:,}"


def _task(experiment: Experiment) -> str:
    if experiment.task.kind == "regression":
        return f"numbers ({_listed(experiment.task.output_names)})"
    return f"classes ({_listed(experiment.task.classes or experiment.task.output_names)})"


def _listed(names: Sequence[str]) -> str:
    shown = [safe(name, 20) for name in names[:10]]
    return ", ".join(shown) + (f", … {len(names)} in all" if len(names) > len(shown) else "")


def _stopped(result: dict[str, Any]) -> str:
    if result["stopped"] == "diverged":
        return "diverged: " + _sentence(result["diverged"])
    return _REASONS[result["stopped"]]


def _sentence(found: dict[str, Any]) -> str:
    layer = "" if found["layer"] is None else f" of layer {found['layer']}"
    place = f"update {found['step']:,}, operation {found['operation']}"
    return f"{found['quantity']}{layer} was not finite in {place}"


def _pace(result: dict[str, Any]) -> str:
    rate = result["steps_per_second"]
    return f"{result['seconds']:.3g} s" + (f", {rate:,.0f} a second" if rate else "")


def _figures(result: dict[str, Any]) -> list[list[str]]:
    rows = [["", *_FIGURES]]
    for name, part in (("training", result["train"]), ("test", result["test"])):
        if part is not None:
            accuracy = part["accuracy"]
            share = "–" if accuracy is None else percent(accuracy)
            rows.append([name, _number(part["loss"]), _number(part["penalty"]), share, _number(part["rmse"])])
    return rows


def _matrices(result: dict[str, Any]) -> str:
    parts = []
    for layer, (weights, biases) in enumerate(zip(result["weights"], result["biases"], strict=True), 1):
        parts.append(
            f"\nlayer {layer}: W ({len(weights)}×{len(weights[0])}), a row a unit; the last column is b\n"
        )
        rows = [[_number(w) for w in row] + [_number(b)] for row, b in zip(weights, biases, strict=True)]
        parts.append(columns(rows, right=frozenset(range(len(rows[0])))))
    return "".join(parts)


def _number(value: float | None) -> str:
    return "–" if value is None else precise(value, _DIGITS)
