"""Frames for drawing tests, made with NumPy alone: no session, no trainer, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from bptui.explain.numbers import layer_sup
from bptui.explain.update import LayerView, UpdateView
from bptui.nn.health import LayerHealth, Verdict
from bptui.nn.operation import Kind, Operation
from bptui.session import commands as c
from bptui.session.eta import rung_above, rung_below
from bptui.session.frame import Forecast, Frame, OutputFrame, State
from bptui.session.history import History

XOR_INPUTS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
XOR_TARGETS = np.array([[0.0], [1], [1], [0]])
# The weights of the drawings: XOR 2-4-1 at step 140.
XOR_WEIGHTS = (
    np.array([[-0.6219, -0.3805], [2.0680, -1.1664], [-2.5139, -2.3473], [0.7717, -1.9763]]),
    np.array([[0.7905, -2.1904, -2.9996, 2.1118]]),
)
XOR_BIASES = (np.array([0.4937, 0.4742, 0.6845, -0.0348]), np.array([-0.2530]))
SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def small(layer: int) -> str:
    return "".join(SMALL[int(d)] for d in str(layer))


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def operations(depth: int) -> tuple[Operation, ...]:
    """The tape of a net of `depth` layers; nothing is behind it."""
    ops = []
    for l in range(1, depth + 1):
        here, below = layer_sup(l), layer_sup(l - 1)
        ops.append(
            Operation(
                Kind.PRE_ACTIVATION,
                l,
                f"z{here} = W{here} a{below} + b{here}",
                (f"W{small(l)}", f"a{small(l - 1)}"),
                f"z{small(l)}",
                (),
            )
        )
        name = "σ" if l == depth else "tanh"
        ops.append(
            Operation(Kind.ACTIVATION, l, f"a{here} = {name}(z{here})", (f"z{small(l)}",), f"a{small(l)}", ())
        )
    ops.append(
        Operation(Kind.LOSS, None, "L = mean of ℓ(ŷ, y) over the batch", (f"a{small(depth)}", "y"), "L", ())
    )
    for l in range(depth, 0, -1):
        here, above = layer_sup(l), layer_sup(l + 1)
        if l == depth:
            equation, reads = f"δ{here} = ŷ − y", (f"a{small(l)}", "y")
        else:
            equation = f"δ{here} = (W{above}ᵀ δ{above}) ⊙ tanh′(z{here})"
            reads = (f"δ{small(l + 1)}", f"W{small(l + 1)}", f"slope{small(l)}")
        ops.append(Operation(Kind.DELTA, l, equation, reads, f"δ{small(l)}", ()))
        ops.append(
            Operation(
                Kind.GRADIENT,
                l,
                f"∂L/∂W{here} = mean of δ{here} a{layer_sup(l - 1)}ᵀ",
                (f"δ{small(l)}", f"a{small(l - 1)}"),
                f"∂W{small(l)}",
                (),
            )
        )
    ops.append(Operation(Kind.UPDATE, None, "W ← W − η ∂L/∂W     b ← b − η ∂L/∂b", ("∂W", "W"), "W", ()))
    return tuple(ops)


def run(weights: Any, biases: Any, inputs: Any, targets: Any) -> tuple[list[LayerView], Any]:
    """Forward and backward with tanh and a sigmoid or softmax at the end; views with every array there."""
    a, zs, activations = inputs, [], [inputs]
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z = a @ w.T + b
        last = i == len(weights) - 1
        if last and z.shape[1] > 1:
            e = np.exp(z - z.max(1, keepdims=True))
            a = e / e.sum(1, keepdims=True)
        else:
            a = sigmoid(z) if last else np.tanh(z)
        zs.append(z)
        activations.append(a)
    delta, views = a - targets, []
    for i in reversed(range(len(weights))):
        if i < len(weights) - 1:
            delta = (delta @ weights[i + 1]) * (1 - activations[i + 1] ** 2)
        name = "tanh" if i < len(weights) - 1 else ("softmax" if a.shape[1] > 1 else "sigmoid")
        views.append(
            LayerView(
                number=i + 1,
                activation=name,
                units=len(weights[i]),
                weights=weights[i],
                biases=biases[i],
                z=zs[i],
                a=activations[i + 1],
                slope=None if i == len(weights) - 1 else 1 - activations[i + 1] ** 2,
                delta=delta,
                grad_weights=delta.T @ activations[i] / len(inputs),
                grad_biases=delta.mean(0),
                old_weights=None,
                old_biases=None,
            )
        )
    return views[::-1], a


def cut(view: LayerView, depth: int, position: int) -> LayerView:
    """What the first `position` operations have written; 0: all is there, run ahead."""
    if not position:
        return view
    l = view.number
    back = 2 * depth + 2 + 2 * (depth - l)
    gone: dict[str, None] = {}
    for name, needs in (("z", 2 * l - 1), ("a", 2 * l), ("slope", 2 * l), ("delta", back)):
        if position < needs:
            gone[name] = None
    if position < back + 1:
        gone |= {"grad_weights": None, "grad_biases": None}
    return replace(view, **gone)


def frame(
    position: int = 0,
    state: State | None = None,
    step: int = 140,
    sizes: tuple[int, ...] = (2, 4, 1),
    title: str = "XOR",
    blank: bool = False,
    batch: int = 4,
    image: tuple[int, int] | None = None,
) -> Frame:
    """XOR 2-4-1 as in the drawings, or a seeded net of other `sizes`. blank: nothing was run yet."""
    depth = len(sizes) - 1
    if sizes == (2, 4, 1):
        weights, biases, inputs, targets = XOR_WEIGHTS, XOR_BIASES, XOR_INPUTS, XOR_TARGETS
    else:
        rng = np.random.default_rng(3)
        weights = tuple(rng.normal(0, 1 / np.sqrt(m), (n, m)) for m, n in pairwise(sizes))
        biases = tuple(np.zeros(n) for n in sizes[1:])
        inputs = rng.uniform(0, 1, (batch, sizes[0]))
        targets = np.eye(sizes[-1])[np.arange(batch) % sizes[-1]]
    views, output = run(weights, biases, inputs, targets)
    if blank:
        none = dict.fromkeys(("z", "a", "slope", "delta", "grad_weights", "grad_biases"))
        shown = [replace(view, **none) for view in views]
    else:
        shown = [cut(view, depth, position) for view in views]
    loss = float(-(targets * np.log(output) + (1 - targets) * np.log(1 - output)).sum(1).mean())
    update = UpdateView(
        operations=operations(depth),
        position=position,
        inputs=inputs,
        targets=targets,
        layers=tuple(shown),
        loss_name="cross_entropy",
        loss=None if blank else loss,
        example_losses=None,
        eta=0.5,
        optimizer="sgd",
        l1=0.0,
        l2=0.0,
        input_names=tuple(f"x{i + 1}" for i in range(sizes[0])),
        output_names=tuple(f"y{i + 1}" for i in range(sizes[-1])),
        classes=("0", "1") if sizes[-1] == 1 else tuple(str(i) for i in range(sizes[-1])),
    )
    history = History()
    history.extend((0.75 * np.exp(-np.arange(step) / 88)).tolist())
    return Frame(
        name="xor",
        title=title,
        sizes=sizes,
        parameters=sum(w.size + b.size for w, b in zip(weights, biases, strict=True)),
        seed=3,
        state=state or (State.STEPPING if position else State.PAUSED),
        stop_reason="",
        step=0 if blank else step,
        epoch=0 if blank else step,
        eta=0.5,
        optimizer="sgd",
        batch_label="full batch",
        speed="full",
        rate=38412.0 if state is State.RUNNING else None,
        loss=None if blank else loss,
        penalty=0.0,
        trend="" if blank else "↓",
        accuracy=1.0,
        rmse=None,
        test_accuracy=None,
        test_rmse=None,
        test_loss=None,
        update=update,
        batch_rows=np.arange(len(inputs)),
        health=() if blank else tuple(health(view) for view in views),
        network_verdict="",
        trends=tuple(np.linspace(1, 0.1, 20) for _ in views),
        history=history,
        marks=(),
        output=OutputFrame(
            part="training",
            rows=np.arange(len(inputs)),
            raw_inputs=inputs,
            input_names=update.input_names,
            targets=targets,
            predictions=output,
            right=np.ones(len(inputs), bool),
            classes=update.classes,
            output_names=update.output_names,
            regression=False,
            image=image,
            finite=True,
            evaluate=lambda raw: run(weights, biases, raw, np.zeros((len(raw), sizes[-1])))[1],
            low=inputs.min(0),
            high=inputs.max(0),
        ),
        promise=None,
        divergence=None,
        first_loss=0.7545,
    )


def health(view: LayerView) -> LayerHealth:
    gradient = view.grad_weights
    assert gradient is not None
    assert view.delta is not None
    assert view.grad_biases is not None
    norm = float(np.linalg.norm(view.weights))
    return LayerHealth(
        number=view.number,
        activation=view.activation,
        weight_norm=norm,
        gradient_norm=float(np.linalg.norm(gradient)),
        mean_gradient=float(np.abs(gradient).mean()),
        max_gradient=float(np.abs(gradient).max()),
        bias_gradient_norm=float(np.linalg.norm(view.grad_biases)),
        delta_rms=float(np.sqrt((view.delta**2).mean())),
        saturated=0.19 if view.activation == "tanh" else None,
        dead=None,
        update_ratio=0.0052,
        verdict=Verdict.HEALTHY,
        reason="",
    )


class FakeSession:
    """Answers like a session, over frames that are made up: for what the screen does with keys."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.done: list[c.Command] = []
        self.position = 0
        self.step = 0
        self.eta = 0.5
        self.wants_time = False
        self.advanced = 0
        self.forecasts: list[float] = []  # the η that were asked about

    def do(self, command: c.Command) -> str:
        self.done.append(command)
        if isinstance(command, c.Run | c.StepEpoch):
            self.wants_time = True
        elif not isinstance(command, c.EtaUp | c.EtaDown | c.SetEta | c.Slower | c.Faster):
            self.wants_time = False
        if isinstance(command, c.StepOperation):
            self.position = self.position % 10 + 1
        if isinstance(command, c.StepUpdate):
            self.position, self.step = 0, self.step + 1
            return f"step {self.step}"
        if isinstance(command, c.EtaUp | c.EtaDown | c.SetEta):
            old = self.eta
            self.eta = (
                command.value
                if isinstance(command, c.SetEta)
                else (rung_above if isinstance(command, c.EtaUp) else rung_below)(old)
            )
            return f"η {old} → {self.eta}"
        return ""

    wants_check = False

    def check_slice(self, deadline: Callable[[], bool]) -> None:
        raise AssertionError("nothing is to be checked")

    def advance(self, deadline: Callable[[], bool]) -> None:
        self.advanced += 1
        self.step += 1

    def prepare_look(self) -> None:
        pass

    def take_note(self) -> str:
        return ""

    def delay(self) -> float:
        return 0.0

    def forecast(self, eta: float) -> Forecast:
        self.forecasts.append(eta)
        return Forecast(-eta / 1000, (eta - 1) / 1000)

    def frame(self, hurried: bool = False) -> Frame:
        blank = self.step == 0 and not self.position
        state = State.RUNNING if self.wants_time else None
        made = frame(self.position, state, step=max(self.step, 1), blank=blank, **self.options)
        return replace(made, eta=self.eta, step=self.step)
