"""Random networks, their gradients on the tape against complex step.

    python tests/nn/random_networks.py 10000 [SEED]

Depth 0 to 6 hidden layers, widths 1 to 40, every activation and output, both losses, L1 and L2, batches
1 to 40. Of each layer up to 40 parameters are looked at, drawn with the network; of a small layer all.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from bptui.nn.activations import ACTIVATIONS, OUTPUTS
from bptui.nn.gradcheck import TOLERANCE, GradientCheck, Problem, backpropagate, compare

Array = np.ndarray[Any, Any]

LOOKED_AT = 40  # parameters of a layer
WIDEST = 40
DEEPEST = 6


def draw(seed: int) -> Problem:
    """The network, loss and batch that belong to this seed."""
    rng = np.random.default_rng([seed, 1986])
    depth = int(rng.integers(0, DEEPEST + 1))
    sizes = [_width(rng) for _ in range(depth + 2)]
    loss = str(rng.choice(["mse", "cross_entropy"]))
    outputs = ["sigmoid", "softmax"] if loss == "cross_entropy" else list(OUTPUTS)
    names = [*(str(rng.choice(list(ACTIVATIONS))) for _ in range(depth)), str(rng.choice(outputs))]
    batch = _width(rng)
    return Problem(
        [rng.normal(0.0, m**-0.5, (n, m)) for m, n in pairwise(sizes)],
        [rng.normal(0.0, 0.3, n) for n in sizes[1:]],
        names,
        loss,
        rng.normal(size=(batch, sizes[0])),
        _targets(rng, (batch, sizes[-1]), loss),
        l1=float(rng.choice([0.0, 0.01])),
        l2=float(rng.choice([0.0, 0.02])),
    )


def _width(rng: np.random.Generator) -> int:
    """1 to 40, the small ones as often as the large."""
    return int(rng.integers(1, int(rng.choice([3, 10, WIDEST])) + 1))


def _targets(rng: np.random.Generator, shape: tuple[int, int], loss: str) -> Array:
    kind = rng.choice(["numbers", "soft", "one_hot", "several"])
    if kind == "one_hot":
        return np.eye(shape[1])[rng.integers(0, shape[1], shape[0])]
    if kind == "several":
        return rng.integers(0, 2, shape).astype(float)
    return rng.normal(size=shape) if kind == "numbers" and loss == "mse" else rng.uniform(size=shape)


def judge(seed: int) -> GradientCheck:
    """The check of the network that belongs to this seed."""
    problem = draw(seed)
    network, tape = backpropagate(problem)
    return compare(problem, network, tape, list(_looked_at(problem, seed)), differences=False)


def _looked_at(problem: Problem, seed: int) -> Iterator[int]:
    rng, start = np.random.default_rng([seed, 40]), 0
    for w, b in zip(problem.weights, problem.biases, strict=True):
        count = w.size + b.size
        chosen = rng.choice(count, min(count, LOOKED_AT), replace=False)
        yield from sorted(int(start + index) for index in chosen)
        start += count


@dataclass
class Tally:
    """networks and parameters looked at, the largest error and whose it is, the seeds that failed."""

    networks: int = 0
    parameters: int = 0
    largest: float = 0.0
    of: int = -1
    failed: list[int] = field(default_factory=list)

    def add(self, seed: int, result: GradientCheck) -> None:
        self.networks += 1
        self.parameters += result.sampled or result.parameters
        if result.max_relative_error > self.largest:
            self.largest, self.of = result.max_relative_error, seed
        if not result.passed:
            self.failed.append(seed)

    def __str__(self) -> str:
        return (
            f"{self.networks:,} networks, {self.parameters:,} parameters: worst relative error "
            f"{self.largest:.2e} (network {self.of}), {len(self.failed)} above {TOLERANCE:g}"
        )


def main(count: int, first: int = 0) -> int:
    """Judge `count` networks; 1 where one fails, with the seeds of those that do."""
    tally, told = Tally(), time.monotonic()
    for seed in range(first, first + count):
        tally.add(seed, judge(seed))
        if time.monotonic() - told > 10:
            told = time.monotonic()
            print(tally, file=sys.stderr, flush=True)
    print(tally)
    for seed in tally.failed:
        print(f"network {seed}: {judge(seed).worst}, {draw(seed).activations}")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:3] or ["1000"])))
