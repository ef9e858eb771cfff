"""Going back: how long it takes, and what it costs the training that may be gone back in.

    python benchmarks/rewind.py [--json FILE] [--quick] [--only xor|digits|memory]

In one run: XOR is trained a million steps and 784-128-10 (batch 64) 20,000 in a session, as the app does at
full speed, then gone to random steps of their past; the median and the 99th percentile of what that takes
are told. What journal and checkpoints cost is the time of the same updates in a session against that of a
trainer whose checkpoints nobody keeps, in alternating rounds, by the CPU's time. Ten million steps of XOR:
what is kept must stay in its budget. The exit status is 1 where a bound is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np  # noqa: E402

from bptui.experiment.build import Experiment, Part, build  # noqa: E402
from bptui.session import commands as c  # noqa: E402
from bptui.session.memory import Memory  # noqa: E402
from bptui.session.session import Session  # noqa: E402
from bptui.session.trainer import Trainer  # noqa: E402

COST = 1.03  # times the trainer's own time
FOREVER = ('training.speed="full"', "training.epochs=1000000000")


def xor() -> Experiment:
    """As the preset has it, without stop rules."""
    return build("xor", overrides=(*FOREVER, "training.stop_loss="))


def images() -> Experiment:
    """784-128-10, batch 64: 2,048 random images of ten classes, in the shape of MNIST."""
    base, rng = build("digits", overrides=(*FOREVER, "network.hidden=[128]")), np.random.default_rng(0)
    inputs, labels = rng.uniform(size=(2048, 784)), rng.integers(0, 10, 2048)
    part = Part(inputs, np.eye(10)[labels], inputs, np.arange(2048))
    return replace(
        base,
        train=part,
        test=None,
        sizes=(784, 128, 10),
        activations=("relu", "softmax"),
        batch_size=64,
        eta=0.01,
    )


def train(session: Session, steps: int) -> None:
    """At full speed, in slices, to at least that step."""
    session.do(c.Run())
    while session.trainer.steps < steps:
        session.advance(slice_of(0.015))
    session.do(c.Pause())


def slice_of(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() >= end


def rewinds(session: Session, count: int) -> list[float]:
    """Seconds to go to random steps of the run, each from where the one before has led."""
    chance, last = random.Random(1), session.trainer.steps
    taken = []
    for _ in range(count):
        step = chance.randrange(last + 1)
        began = time.perf_counter()
        session.do(c.GoTo(step))
        taken.append(time.perf_counter() - began)
        assert session.trainer.steps == step
    return taken


def cost(make: Callable[[], Experiment], steps: int, rounds: int) -> float:
    """Median of (time in a session) / (time of a trainer), the same steps, alternating."""
    session, trainer = Session(make()), Trainer(make())
    ratios = []
    for number in range(rounds):
        end = (number + 1) * steps
        began = time.thread_time()
        session.trainer.run(steps=end, rules=False)
        between = time.thread_time()
        trainer.run(steps=end, rules=False)
        ratios.append((between - began) / (time.thread_time() - between))
    return statistics.median(ratios[1:])


def told(name: str, taken: list[float], median: float | None, last: float) -> dict[str, Any]:
    middle = statistics.median(taken) * 1000
    tail = sorted(taken)[max(int(len(taken) * 0.99) - 1, 0)] * 1000
    ok = (median is None or middle <= median) and tail <= last
    bounds = f"of {'' if median is None else f'{median:g} / '}{last:g} ms{'' if ok else '   MISSED'}"
    print(f"{name:<34}median {middle:6.1f} ms   99th {tail:6.1f} ms   {bounds}", flush=True)
    return {"name": name, "median_ms": middle, "p99_ms": tail, "ok": ok}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--quick", action="store_true", help="a tenth of the steps")
    parser.add_argument("--only", choices=("xor", "digits", "memory", "cost"))
    arguments = parser.parse_args()
    part = 10 if arguments.quick else 1
    results: list[dict[str, Any]] = []
    if arguments.only in (None, "xor"):
        session = Session(xor())
        train(session, 1_000_000 // part)
        results.append(told("XOR, a million steps", rewinds(session, 400), 50, 200))
    if arguments.only in (None, "digits"):
        session = Session(images())
        train(session, 20_000 // part)
        results.append(told("784-128-10, 20,000 steps", rewinds(session, 100), None, 500))
    if arguments.only in (None, "cost"):
        for name, make, steps in (("XOR", xor, 20_000), ("784-128-10", images, 200)):
            ratio = cost(make, steps, 41 // part)
            ok = ratio <= COST
            print(
                f"{name + ': journal and checkpoints':<34}{(ratio - 1) * 100:+.2f} %   of 3 %{'' if ok else '   MISSED'}",
                flush=True,
            )
            results.append({"name": name, "cost": ratio - 1, "ok": ok})
    if arguments.only in (None, "memory"):
        memory = Memory()
        session = Session(xor(), memory=memory)
        train(session, 10_000_000 // part)
        largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            1 if sys.platform == "darwin" else 1024
        )
        ok = memory.bytes <= memory.budget
        kept, budget = memory.bytes / 2**20, memory.budget / 2**20
        print(
            f"{'XOR, ten million steps':<34}{kept:.1f} MB kept of {budget:.0f}, {largest:.0f} MB at most in all{'' if ok else '   MISSED'}"
        )
        results.append({"name": "memory", "kept_mb": kept, "rss_mb": largest, "ok": ok})
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=1))
    return 0 if all(result["ok"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
