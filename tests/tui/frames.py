"""Frames made by hand, of plain NumPy arrays: what the drawing tests draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bptui.explain.update import LayerView, UpdateView
from bptui.nn.health import LayerHealth, Verdict
from bptui.nn.operation import Kind, Operation
from bptui.session.frame import Frame, OutputFrame, State
from bptui.session.history import History

Array = Any

# XOR 2-4-1, tanh -> sigmoid, after 140 updates
W1 = np.array([[-0.6219, -0.3805], [2.0680, -1.1664], [-2.5139, -2.3473], [0.7717, -1.9763]])
B1 = np.array([0.4937, 0.4742, 0.6845, -0.0348])
W2 = np.array([[0.7905, -2.1904, -2.9996, 2.1118]])
B2 = np.array([-0.2530])
XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def xor_answers(raw: Array) -> Array:
    """(m, 2) -> (m, 1)"""
    return 1 / (1 + np.exp(-(np.tanh(raw @ W1.T + B1) @ W2.T + B2)))


def history(losses: Sequence[float]) -> History:
    made = History()
    made.extend(losses)
    return made


def output(
    raw: Array,
    targets: Array,
    evaluate: Callable[[Array], Array],
    *,
    classes: tuple[str, ...] = (),
    input_names: tuple[str, ...] | None = None,
    output_names: tuple[str, ...] | None = None,
    image: tuple[int, int] | None = None,
    part: str = "training",
    finite: bool = True,
    right: Array | None = None,
) -> OutputFrame:
    raw, targets = np.asarray(raw, float), np.asarray(targets, float)
    predictions = evaluate(raw)
    if right is None and classes:
        right = (
            predictions.argmax(1) == targets.argmax(1)
            if targets.shape[1] > 1
            else ((predictions > 0.5) == (targets > 0.5)).all(1)
        )
    k = targets.shape[1]
    return OutputFrame(
        part=part,
        rows=np.arange(len(raw)),
        raw_inputs=raw,
        input_names=input_names or tuple(f"x{i + 1}" for i in range(raw.shape[1])),
        targets=targets,
        predictions=predictions,
        right=right,
        classes=classes,
        output_names=output_names or (("y",) if k == 1 else classes or tuple(f"y{i + 1}" for i in range(k))),
        regression=not classes,
        image=image,
        finite=finite,
        evaluate=evaluate,
        low=raw.min(0),
        high=raw.max(0),
    )


def xor_output() -> OutputFrame:
    return output(XOR, [[0], [1], [1], [0]], xor_answers, classes=("0", "1"))


def health(number: int, activation: str, verdict: Verdict = Verdict.HEALTHY, **figures: Any) -> LayerHealth:
    values: dict[str, Any] = {
        "weight_norm": 6.6273,
        "gradient_norm": 0.0044,
        "mean_gradient": 0.0015,
        "max_gradient": 0.0019,
        "bias_gradient_norm": 0.0030,
        "delta_rms": 0.0117,
        "saturated": 0.31,
        "dead": None,
        "update_ratio": 3.284e-4,
    }
    return LayerHealth(
        number=number, activation=activation, verdict=verdict, reason="none", **(values | figures)
    )


def xor_health() -> tuple[LayerHealth, ...]:
    return (
        health(1, "tanh"),
        health(
            2,
            "sigmoid",
            weight_norm=7.2358,
            gradient_norm=0.0071,
            mean_gradient=0.0035,
            max_gradient=0.0040,
            bias_gradient_norm=9.55e-4,
            delta_rms=0.0239,
            saturated=None,
            update_ratio=4.915e-4,
        ),
    )


def operations(depth: int) -> tuple[Operation, ...]:
    made = []
    for l in range(1, depth + 1):
        made += [(Kind.PRE_ACTIVATION, l), (Kind.ACTIVATION, l)]
    made.append((Kind.LOSS, None))
    for l in range(depth, 0, -1):
        made += [(Kind.DELTA, l), (Kind.GRADIENT, l)]
    made.append((Kind.UPDATE, None))
    return tuple(Operation(kind, l, "", (), "", ()) for kind, l in made)


def update(sizes: Sequence[int] = (2, 4, 1), batch: int = 4, position: int = 0) -> UpdateView:
    """Arrays are zeros of the right shapes: the drawings of the right column read the tape alone."""
    layers = tuple(
        LayerView(
            number=l,
            activation="tanh",
            units=sizes[l],
            weights=np.zeros((sizes[l], sizes[l - 1])),
            biases=np.zeros(sizes[l]),
            z=None,
            a=None,
            slope=None,
            delta=None,
            grad_weights=None,
            grad_biases=None,
            old_weights=None,
            old_biases=None,
        )
        for l in range(1, len(sizes))
    )
    return UpdateView(
        operations=operations(len(sizes) - 1),
        position=position,
        inputs=np.zeros((batch, sizes[0])),
        targets=np.zeros((batch, sizes[-1])),
        layers=layers,
        loss_name="cross_entropy",
        loss=None,
        example_losses=None,
        eta=0.5,
        optimizer="sgd",
        l1=0.0,
        l2=0.0,
        input_names=("x1", "x2"),
        output_names=("y",),
        classes=("0", "1"),
    )


def frame(**changes: Any) -> Frame:
    """XOR before its first update; each field can be replaced."""
    values: dict[str, Any] = {
        "name": "xor",
        "title": "XOR",
        "sizes": (2, 4, 1),
        "parameters": 17,
        "seed": 0,
        "state": State.PAUSED,
        "stop_reason": "",
        "step": 0,
        "epoch": 0,
        "eta": 0.5,
        "optimizer": "sgd",
        "batch_label": "full batch",
        "speed": "full",
        "rate": None,
        "loss": None,
        "penalty": 0.0,
        "trend": "",
        "accuracy": 1.0,
        "rmse": None,
        "test_accuracy": None,
        "test_rmse": None,
        "test_loss": None,
        "update": update(),
        "batch_rows": np.arange(4),
        "health": (),
        "network_verdict": "",
        "trends": (),
        "history": history([]),
        "marks": (),
        "output": xor_output(),
        "promise": None,
        "divergence": None,
        "first_loss": 0.7545,
    }
    return Frame(**(values | changes))
