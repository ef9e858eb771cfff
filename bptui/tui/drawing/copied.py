"""What `c` copies of a panel: tab-separated text with a heading row, numbers whole."""

from __future__ import annotations

import numpy as np

from bptui.explain import names
from bptui.explain.sizes import size_of
from bptui.explain.tsv import matrix, number, table
from bptui.explain.update import Array, UpdateView
from bptui.explain.worked import Chosen, worked
from bptui.session.frame import Frame, OutputFrame
from bptui.tui.drawing.choice import Choice


def incoming(frame: Frame, choice: Choice) -> str:
    """The weights into the chosen unit and its bias, with their gradients where they are there."""
    view, l, j = frame.update, choice.layer, choice.unit
    layer = names.layer(view, l)
    rows = []
    for i, w in enumerate([*layer.weights[j].tolist(), float(layer.biases[j])]):
        bias = i == layer.weights.shape[1]
        source = "1" if bias else _source(view, l, i)
        parameter = names.indexed("b", view, l, j) if bias else names.weight(view, l, j, i)
        gradients = layer.grad_biases if bias else layer.grad_weights
        gradient = None if gradients is None else float(gradients[j] if bias else gradients[j, i])
        rows.append([source, parameter, number(w), number(gradient)])
    unit = names.unit(view, l, j)
    return table([f"into {unit} from", "parameter", "value", "gradient"], rows)


def _source(view: UpdateView, l: int, i: int) -> str:
    return view.input_names[i] if l == 1 and i < len(view.input_names) else names.unit(view, l - 1, i)


def operation(frame: Frame, choice: Choice) -> str:
    """The array that the operation in hand wrote, whole; between steps the table of operations."""
    view = frame.update
    chosen = Chosen(choice.example, choice.layer, choice.unit, choice.source)
    made = worked(view, chosen)
    if made is None:
        rows = [
            [str(n), op.kind.value, op.equation, op.writes, number(size_of(view, op.writes))]
            for n, op in enumerate(view.operations, 1)
        ]
        return table(["#", "operation", "equation", "writes", "size (rms of all)"], rows)
    written = next((m for m in made.arrays if m.written), None)
    if written is None:
        return number(made.chain.result)
    rows_are = "example" if made.by_example else "unit"
    columns = [f"{written.name} {k + 1}" for k in range(written.values.shape[1])]
    marks = [f"{rows_are} {k + 1}" for k in range(written.values.shape[0])]
    return matrix(written.values, columns, marks)


_FIGURES = (
    ("‖W‖", "weight_norm"),
    ("‖∂L/∂W‖", "gradient_norm"),
    ("mean|∂L/∂w|", "mean_gradient"),
    ("max|∂L/∂w|", "max_gradient"),
    ("‖∂L/∂b‖", "bias_gradient_norm"),
    ("rms δ", "delta_rms"),
    ("saturated", "saturated"),
    ("dead", "dead"),
    ("‖ΔW‖/‖W‖", "update_ratio"),
)


def gradients(frame: Frame) -> str:
    """A row a layer; "" before the first backward pass."""
    if not frame.health:
        return ""
    rows = [
        [
            str(layer.number),
            layer.activation,
            *(number(getattr(layer, field)) for _, field in _FIGURES),
            layer.verdict.value,
        ]
        for layer in frame.health
    ]
    return table(["layer", "activation", *(label for label, _ in _FIGURES), "verdict"], rows)


def output(frame: Frame) -> str:
    """The confusion matrix where there are over two classes, else a row an example."""
    out = frame.output
    if len(out.classes) > 2 and out.targets.shape[1] == len(out.classes):
        return _confusion(out)
    heading = ["example", *out.input_names, *(f"y {n}" for n in out.output_names)]
    heading += [*(f"ŷ {n}" for n in out.output_names), *(["right"] if out.right is not None else [])]
    rows = []
    for i, row in enumerate(out.rows.tolist()):
        values = (*out.raw_inputs[i].tolist(), *out.targets[i].tolist(), *out.predictions[i].tolist())
        right = [] if out.right is None else ["1" if out.right[i] else "0"]
        rows.append([str(row + 1), *map(number, values), *right])
    return table(heading, rows)


def _confusion(out: OutputFrame) -> str:
    """Rows what it is, columns what the network says."""
    counts: Array = np.zeros((len(out.classes), len(out.classes)), int)
    np.add.at(counts, (out.targets.argmax(axis=1), out.predictions.argmax(axis=1)), 1)
    rows = [[name, *map(str, row)] for name, row in zip(out.classes, counts.tolist(), strict=True)]
    return table(["is \\ says", *out.classes], rows)
