"""The engine against PyTorch eager, in one interleaved run.

    python benchmarks/engine.py [--json FILE] [--rounds N] [--only WORD]

One interpreter needs both: bptui (installed, or this checkout on PYTHONPATH), NumPy, torch. Both learn the
same: the same starting weights, float64, plain SGD, one BLAS thread, one loss read after every step, batches
gathered by index (a full batch is taken as it is, by both). Before a row is timed its two networks are
trained alike and their losses compared. Rounds alternate; each is timed by the CPU's time of this thread
and gives one ratio, of which the median and the middle half are told. The exit status is 1 where a bound
is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np  # noqa: E402
import torch  # noqa: E402

from bptui import Trainer  # noqa: E402
from bptui.experiment.build import Experiment, Part, build  # noqa: E402

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

SECONDS = 0.15  # of each side in a round, at least one step
WARM_UP = 3  # rounds that are not counted
ALIKE = 1e-9


@dataclass(frozen=True)
class Row:
    """What is learned, and how many times as fast as PyTorch it must be; None: it is only told."""

    name: str
    bound: float | None
    experiment: Callable[[], Experiment]


def preset(source: str, *overrides: str) -> Experiment:
    return build(source, overrides=overrides)


def random_images(sizes: tuple[int, ...], batch: int) -> Experiment:
    """2,048 random images of ten classes, in the shape of MNIST."""
    base, rng = build("digits"), np.random.default_rng(0)
    inputs, labels = rng.uniform(size=(2048, sizes[0])), rng.integers(0, 10, 2048)
    part = Part(inputs, np.eye(10)[labels], inputs, np.arange(2048))
    hidden = ["relu"] * (len(sizes) - 2)
    return replace(
        base,
        train=part,
        test=None,
        sizes=sizes,
        activations=(*hidden, "softmax"),
        batch_size=batch,
        eta=0.01,
    )


SPIRAL = (
    "network.hidden=[8,8]",
    'data.features=["x1","x2"]',
    "data.points=200",
    "data.test_fraction=0.0",
    'training.optimizer="sgd"',
    'training.loss="mse"',
    "training.batch_size=10",
    "training.eta=0.1",
)
RELU, TANH = 'network.activation="relu"', 'network.activation="tanh"'
ROWS = (
    Row("XOR 2-4-1, mse", 28, lambda: preset("xor", 'training.loss="mse"')),
    Row("XOR 2-4-1, cross-entropy", 24, lambda: preset("xor")),
    Row("spiral 2-8-8-1, batch 10", 25, lambda: preset("spiral", *SPIRAL, RELU)),
    Row("digits 64-64-10, batch 32", 8, lambda: preset("digits", RELU)),
    # Where the processor has no AVX-512, NumPy's tanh takes 14 ns a number: half a step of digits.
    Row("spiral with tanh", None, lambda: preset("spiral", *SPIRAL, TANH)),
    Row("digits with tanh", None, lambda: preset("digits", TANH)),
    Row("784-128-10, batch 64", 1.3, lambda: random_images((784, 128, 10), 64)),
    Row("784-1024-1024-10, batch 256", 0.95, lambda: random_images((784, 1024, 1024, 10), 256)),
)


class Ours:
    """A Trainer, as `bptui train` drives it, without stop rules."""

    def __init__(self, experiment: Experiment) -> None:
        self.trainer = Trainer(experiment)

    def steps(self, count: int) -> None:
        self.trainer.run(steps=self.trainer.steps + count, rules=False)


class Theirs:
    """The loop of a PyTorch tutorial."""

    def __init__(self, experiment: Experiment) -> None:
        self.inputs, targets = torch.tensor(experiment.train.inputs), torch.tensor(experiment.train.targets)
        outputs = experiment.sizes[-1]
        self.model = _model(experiment, with_output=experiment.loss == "mse")
        self.criterion: Callable[..., Any] = torch.nn.MSELoss()
        self.targets, self.per_loss = targets, outputs / 2  # theirs is the mean over outputs, without ½
        if experiment.loss == "cross_entropy":
            one_hot = experiment.activations[-1] == "softmax"
            self.criterion = torch.nn.CrossEntropyLoss() if one_hot else torch.nn.BCEWithLogitsLoss()
            self.targets, self.per_loss = targets.argmax(1) if one_hot else targets, 1.0
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=experiment.eta * self.per_loss)
        self.batch, self.shuffle = experiment.batch_size, experiment.shuffle
        self.losses: list[float] = []
        self.batches: list[Any] = []

    def steps(self, count: int) -> None:
        examples = len(self.inputs)
        for _ in range(count):
            if self.batch == examples:
                inputs, targets = self.inputs, self.targets
            else:
                if not self.batches:
                    order = torch.randperm(examples) if self.shuffle else torch.arange(examples)
                    self.batches = list(order.split(self.batch))[::-1]
                rows = self.batches.pop()
                inputs, targets = self.inputs[rows], self.targets[rows]
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(inputs), targets)
            loss.backward()
            self.optimizer.step()
            self.losses.append(loss.item())


def _model(experiment: Experiment, with_output: bool) -> torch.nn.Sequential:
    kinds = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid}
    network, layers = experiment.network(), []
    for l, name in enumerate(experiment.activations, start=1):
        linear = torch.nn.Linear(experiment.sizes[l - 1], experiment.sizes[l])
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(network.weights[l - 1]))
            linear.bias.copy_(torch.tensor(network.biases[l - 1]))
        layers.append(linear)
        if l < len(experiment.activations) or with_output:
            layers.append(kinds[name]())
    return torch.nn.Sequential(*layers)


def difference(experiment: Experiment, steps: int = 12) -> float:
    """The largest relative difference of the two losses over a few steps on unshuffled batches."""
    experiment = replace(experiment, shuffle=False)
    theirs, found = Theirs(experiment), []
    theirs.steps(steps)
    trainer = Trainer(experiment)
    for _ in range(steps):
        trainer.step()
        found.append(trainer.history.last)
    expected = np.array(theirs.losses) * theirs.per_loss
    return float(np.abs(np.array(found) / expected - 1).max())


def seconds_of(side: Ours | Theirs, steps: int) -> float:
    """CPU time of a step."""
    began = time.thread_time()
    side.steps(steps)
    return (time.thread_time() - began) / steps


def measure(row: Row, rounds: int) -> dict[str, Any]:
    """Interleaved rounds; microseconds a step are medians, ratios are a round's own."""
    experiment = row.experiment()
    apart = difference(experiment)
    if apart > ALIKE:
        raise SystemExit(f"{row.name}: the two do not learn the same, losses differ by {apart:.1e}")
    sides: list[Ours | Theirs] = [Ours(experiment), Theirs(experiment)]
    # At full speed a chunk grows to 1,024 updates or ten milliseconds: reach it before the clock counts.
    for side in sides:
        began = time.thread_time()
        while time.thread_time() - began < 0.1:
            side.steps(1)
    counts = [
        max(1, round(SECONDS / seconds_of(side, max(1, int(0.02 / seconds_of(side, 1)))))) for side in sides
    ]
    samples = []
    for number in range(rounds + WARM_UP):
        order = (0, 1) if number % 2 else (1, 0)
        times = {side: seconds_of(sides[side], counts[side]) for side in order}
        samples.append((times[0], times[1]))
    kept = samples[WARM_UP:]
    ratios = [theirs / ours for ours, theirs in kept]
    low, ratio, high = statistics.quantiles(ratios, n=4)
    return {
        "name": row.name,
        "bound": row.bound,
        "ratio": ratio,
        "middle_half": [low, high],
        "ours_us": 1e6 * statistics.median(ours for ours, _ in kept),
        "torch_us": 1e6 * statistics.median(theirs for _, theirs in kept),
        "steps_a_round": counts,
        "losses_differ_by": apart,
        "passed": row.bound is None or ratio >= row.bound,
    }


def machine() -> dict[str, Any]:
    """What the figures hold for."""
    cpu = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        cpu = names[0] if names else cpu
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "system": platform.platform(),
        "cpu": cpu,
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--only", default="", metavar="WORD", help="rows whose name contains it")
    arguments = parser.parse_args()
    about = machine()
    print(", ".join(f"{key} {value}" for key, value in about.items()))
    print(f"{'row':32}{'bound':>6}{'times':>8}   {'middle half':15}{'ours µs':>11}{'torch µs':>11}")
    rows = []
    for row in ROWS:
        if arguments.only in row.name:
            rows.append(measure(row, max(2, arguments.rounds)))
            print(_line(rows[-1]), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": about, "rows": rows}, indent=1) + "\n", "utf-8")
    return 0 if all(row["passed"] for row in rows) else 1


def _line(row: dict[str, Any]) -> str:
    low, high = row["middle_half"]
    half = f"{low:.2f} to {high:.2f}"
    verdict = "" if row["passed"] else "   MISSED"
    return (
        f"{row['name']:32}{row['bound'] or '-':>6}{row['ratio']:>8.2f}   {half:15}"
        f"{row['ours_us']:>11.1f}{row['torch_us']:>11.1f}{verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
