"""Writes torch_figures.json: losses and updates by PyTorch, which the tests compare the tape with.

    python tests/nn/make_torch_figures.py

Needs torch and NumPy, nothing of bptui. float64, one thread. PyTorch has no loss like ours by name, so
they are put together from its own functions: mse is half the sum over the outputs, and every loss is the
batch's mean. Networks and batches are drawn here and stored with the figures.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

Tensor = torch.Tensor
KEPT = (1, 2, 10, 11, 20)  # the updates after which the parameters are kept

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "softplus": lambda z: F.softplus(z, threshold=1000.0),
    "gelu": lambda z: F.gelu(z, approximate="tanh"),
    "sin": torch.sin,
    "linear": lambda z: z,
    "softmax": lambda z: torch.softmax(z, dim=1),
}


def loss_of(loss: str, output: str, z: Tensor, y: Tensor) -> Tensor:
    """The batch's mean, from the output's pre-activations."""
    if loss == "mse":
        return F.mse_loss(ACTIVATIONS[output](z), y, reduction="sum") / (2 * len(z))
    if output == "sigmoid":
        return F.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(z)
    return F.cross_entropy(z, y)


def targets(kind: str, rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    if kind == "one_hot":
        return np.eye(shape[1])[rng.integers(0, shape[1], shape[0])]
    if kind == "several":
        return rng.integers(0, 2, shape).astype(float)
    return rng.normal(size=shape) if kind == "numbers" else rng.uniform(size=shape)


def loss_cases() -> list[dict[str, Any]]:
    """Every loss and output, with every kind of target that goes with them: loss and ∂L/∂z."""
    combinations = [("mse", output, kind) for output in ACTIVATIONS for kind in ("numbers", "one_hot")]
    for output in ("sigmoid", "softmax"):
        combinations += [("cross_entropy", output, kind) for kind in ("one_hot", "soft", "several")]
    rng, cases = np.random.default_rng(11), []
    for loss, output, kind in combinations:
        z, y = 2.0 * rng.normal(size=(4, 3)), targets(kind, rng, (4, 3))
        logits = torch.tensor(z, requires_grad=True)
        value = loss_of(loss, output, logits, torch.tensor(y))
        value.backward()
        cases.append(
            {
                "loss": loss,
                "output": output,
                "targets": kind,
                "z": z.tolist(),
                "y": y.tolist(),
                "value": value.item(),
                "gradient": logits.grad.tolist(),
            }
        )
    return cases


SGD, ADAM = torch.optim.SGD, torch.optim.Adam
MAKERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": lambda p, eta, **o: SGD(p, lr=eta, **o),
    "momentum": lambda p, eta, momentum=0.9, **o: SGD(p, lr=eta, momentum=momentum, **o),
    "nesterov": lambda p, eta, momentum=0.9, **o: SGD(p, lr=eta, momentum=momentum, nesterov=True, **o),
    "rmsprop": lambda p, eta, **o: torch.optim.RMSprop(p, lr=eta, **o),
    "adam": lambda p, eta, beta1=0.9, beta2=0.999, **o: ADAM(p, lr=eta, betas=(beta1, beta2), **o),
    "adamw": lambda p, eta, beta1=0.9, beta2=0.999, **o: torch.optim.AdamW(
        p, lr=eta, betas=(beta1, beta2), **o
    ),
    "adagrad": lambda p, eta, **o: torch.optim.Adagrad(p, lr=eta, **o),
}

# optimizer, eta, options, eta from the 11th update on (None: unchanged)
UPDATES: list[tuple[str, float, dict[str, float], float | None]] = [
    ("sgd", 0.1, {}, None),
    ("sgd", 0.5, {"weight_decay": 0.05}, 0.2),
    ("momentum", 0.01, {}, None),
    ("momentum", 0.05, {"momentum": 0.5}, 0.02),
    ("momentum", 0.05, {"weight_decay": 0.05}, None),
    ("nesterov", 0.01, {}, None),
    ("nesterov", 0.05, {"momentum": 0.5, "weight_decay": 0.05}, 0.02),
    ("rmsprop", 0.01, {}, None),
    ("rmsprop", 0.01, {"alpha": 0.9, "eps": 1e-3}, 0.003),
    ("rmsprop", 0.01, {"momentum": 0.8}, 0.003),
    ("rmsprop", 0.01, {"momentum": 0.8, "weight_decay": 0.05}, None),
    ("adam", 0.001, {}, None),
    ("adam", 0.05, {"beta1": 0.8, "beta2": 0.95, "eps": 1e-4}, 0.01),
    ("adam", 0.01, {"weight_decay": 0.05}, None),
    ("adamw", 0.001, {}, None),
    ("adamw", 0.05, {"beta1": 0.8, "beta2": 0.95, "eps": 1e-4, "weight_decay": 0.2}, 0.01),
    ("adamw", 0.01, {"weight_decay": 0.0}, None),
    ("adagrad", 0.01, {}, None),
    ("adagrad", 0.1, {"lr_decay": 0.1, "eps": 1e-6}, 0.05),
    ("adagrad", 0.1, {"lr_decay": 0.1, "weight_decay": 0.05}, None),
]

SIZES, HIDDEN = (3, 5, 4, 2), ("tanh", "sin")


def network() -> dict[str, Any]:
    """What all updates start from: weights, biases and a batch of six."""
    rng = np.random.default_rng(12)
    pairs = list(pairwise(SIZES))
    return {
        "activations": [*HIDDEN, "sigmoid"],
        "weights": [rng.normal(0.0, 0.8, (n, m)).tolist() for m, n in pairs],
        "biases": [rng.normal(0.0, 0.3, n).tolist() for _, n in pairs],
        "inputs": rng.normal(size=(6, SIZES[0])).tolist(),
        "targets": rng.integers(0, 2, (6, SIZES[-1])).astype(float).tolist(),
    }


def update_case(
    start: dict[str, Any], name: str, eta: float, options: dict[str, float], later: float | None
) -> dict[str, Any]:
    """20 updates on the whole batch, cross-entropy: each loss, and the parameters after some of them."""
    weights = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in start["weights"]]
    biases = [torch.tensor(b, dtype=torch.float64, requires_grad=True) for b in start["biases"]]
    x, y = (torch.tensor(start[key], dtype=torch.float64) for key in ("inputs", "targets"))
    optimizer = MAKERS[name]([*weights, *biases], eta, **options)
    losses, kept = [], {}
    for step in range(1, 21):
        if step == 11 and later is not None:
            optimizer.param_groups[0]["lr"] = later
        optimizer.zero_grad()
        a = x
        for w, b, activation in zip(weights, biases, (*HIDDEN, "linear"), strict=True):
            a = ACTIVATIONS[activation](F.linear(a, w, b))
        loss = loss_of("cross_entropy", "sigmoid", a, y)
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        if step in KEPT:
            kept[str(step)] = {
                "weights": [w.tolist() for w in weights],
                "biases": [b.tolist() for b in biases],
            }
    return {
        "optimizer": name,
        "eta": eta,
        "options": options,
        "eta_from_11": later,
        "losses": losses,
        "after": kept,
    }


def main() -> None:
    torch.set_num_threads(1)
    start = network()
    figures = {
        "torch": torch.__version__,
        "losses": loss_cases(),
        "network": start,
        "updates": [update_case(start, *case) for case in UPDATES],
    }
    path = Path(__file__).with_name("torch_figures.json")
    path.write_text(json.dumps(figures, separators=(",", ":")).replace('{"loss', '\n{"loss') + "\n", "utf-8")
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
