"""Views of one step for the tests: any small network, stopped after any operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bptui.explain.layout import Layout
from bptui.explain.update import LayerView, UpdateView, WorkedUpdate
from bptui.nn.losses import loss_for
from bptui.nn.network import Network
from bptui.nn.operation import Kind
from bptui.nn.optimizers import OPTIMIZERS
from bptui.nn.tape import Examples, Penalty, Tape

XOR_INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
XOR_TARGETS = [[0], [1], [1], [0]]
XOR_WEIGHTS = [
    [[-0.6219, -0.3805], [2.0680, -1.1664], [-2.5139, -2.3473], [0.7717, -1.9763]],
    [[0.7905, -2.1904, -2.9996, 2.1118]],
]
XOR_BIASES = [[0.4937, 0.4742, 0.6845, -0.0348], [-0.2530]]


def make_view(
    sizes: Sequence[int],
    activations: Sequence[str],
    inputs: Any,
    targets: Any,
    position: int | None = None,
    weights: Any = None,
    biases: Any = None,
    loss: str = "cross_entropy",
    optimizer: str = "sgd",
    eta: float = 0.5,
    l1: float = 0.0,
    l2: float = 0.0,
    classes: tuple[str, ...] = ("0", "1"),
    computed: int | None = None,
    off: Sequence[tuple[int, int]] = (),
    held: Sequence[int] = (),
) -> UpdateView:
    """A step stopped after `position` operations (all of them where None); `computed` of them ran (ahead).
    off: layer from 1 and unit from 0 of each that is switched off; held: layers."""
    network = Network(tuple(sizes), tuple(activations), np.dtype(float))
    rng = np.random.default_rng(3)
    for l, (w, b) in enumerate(zip(network.weights, network.biases, strict=True)):
        w[...] = rng.normal(0, 0.7, w.shape) if weights is None else weights[l]
        b[...] = 0 if biases is None else biases[l]
    inputs, targets = np.asarray(inputs, float), np.asarray(targets, float)
    chosen_loss = loss_for(loss, network.activations[-1], targets)
    examples = Examples(inputs, targets, chosen_loss, network.dtype)
    for l, unit in off:
        network.off[l - 1][unit] = True
    network.held = frozenset(held)
    rule = OPTIMIZERS[optimizer](network.parameters, network.gradient, eta, {}, network.moving)
    tape = Tape(network, examples, len(inputs), rule, Penalty(l1, l2))
    position = len(tape.operations) if position is None else position
    ran = position if computed is None else computed
    for call in tape.load(np.arange(len(inputs))):
        call()
    old = [(w.copy(), b.copy()) for w, b in zip(network.weights, network.biases, strict=True)]
    written = set()
    for operation in tape.operations[:ran]:
        operation.run()
        written.add((operation.kind, operation.layer))
    updated = (Kind.UPDATE, None) in written
    read = tape.read_loss() if (Kind.LOSS, None) in written else None
    layers = tuple(
        _layer(tape, network, l, old[l - 1], written, updated) for l in range(1, network.depth + 1)
    )
    return UpdateView(
        operations=tape.operations,
        position=position,
        inputs=inputs,
        targets=targets,
        layers=layers,
        loss_name=loss,
        loss=read,
        example_losses=None if read is None else tape.example_losses(),
        eta=eta,
        optimizer=optimizer,
        l1=l1,
        l2=l2,
        input_names=tuple(f"x{i + 1}" for i in range(inputs.shape[1])),
        output_names=tuple(f"y{i + 1}" for i in range(targets.shape[1])),
        classes=classes,
    )


def _layer(tape: Tape, network: Network, l: int, old: Any, written: Any, updated: bool) -> LayerView:
    def where(kind: Kind, array: Any) -> Any:
        return array.copy() if (kind, l) in written else None

    hidden = l < network.depth
    return LayerView(
        number=l,
        activation=network.activations[l - 1].name,
        units=network.sizes[l],
        weights=network.weights[l - 1].copy(),
        biases=network.biases[l - 1].copy(),
        z=where(Kind.PRE_ACTIVATION, tape.z[l - 1]),
        a=where(Kind.ACTIVATION, tape.a[l - 1]),
        slope=where(Kind.DELTA, tape.slope[l - 1]) if hidden or tape.output_uses_slope else None,
        delta=where(Kind.DELTA, tape.delta[l - 1]),
        grad_weights=where(Kind.GRADIENT, network.grad_weights[l - 1]),
        grad_biases=where(Kind.GRADIENT, network.grad_biases[l - 1]),
        old_weights=old[0] if updated else None,
        old_biases=old[1] if updated else None,
        off=network.off_in(l),
        held=l in network.held,
    )


def xor_view(position: int | None = None, **more: Any) -> UpdateView:
    """XOR 2-4-1 of the drawings at step 140."""
    return make_view(
        (2, 4, 1),
        ("tanh", "sigmoid"),
        XOR_INPUTS,
        XOR_TARGETS,
        position,
        XOR_WEIGHTS,
        XOR_BIASES,
        **more,
    )


def as_update(view: UpdateView, loss_after: float = 0.1496) -> WorkedUpdate:
    """The whole update that a view stands right after."""
    layers = tuple(
        replace(d, weights=d.old_weights, biases=d.old_biases, old_weights=None, old_biases=None)
        for d in view.layers
    )
    before = replace(view, layers=layers, position=0)
    weights, biases = [d.weights for d in view.layers], [d.biases for d in view.layers]
    return WorkedUpdate(before, weights, biases, 0.0, loss_after, 0.0)


def as_lines(layout: Layout) -> list[str]:
    """Its windows and operators as plain text."""
    height = max(p.y + 1 + len(p.rows) for p in layout.placed)
    grid = [[" "] * (layout.width + 1) for _ in range(height)]
    for x, y, text in layout.operators:
        grid[y][x : x + len(text)] = text
    for placed in layout.placed:
        heading = placed.matrix.heading
        grid[placed.y][placed.x + 1 : placed.x + 1 + len(heading)] = heading
        for row in range(len(placed.rows)):
            left, right = placed.edges(row)
            text = f"{left}{' '.join(placed.number(row, c) for c in range(len(placed.columns)))}{right}"
            grid[placed.y + 1 + row][placed.x : placed.x + len(text)] = text
    return ["".join(row).rstrip() for row in grid]
