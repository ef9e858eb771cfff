"""Experiments and sessions for tests, made in one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from bptui.errors import ActionableError
from bptui.experiment.build import Experiment, build_preset
from bptui.experiment.changes import change
from bptui.experiment.schema import DataSpec, NetworkSpec, Preset, TrainingSpec
from bptui.session import commands as c
from bptui.session.session import Session
from bptui.session.trainer import Trainer

Array = np.ndarray[Any, Any]


@cache
def _xor() -> Experiment:
    network = NetworkSpec(hidden=(4,), activation="tanh")
    training = TrainingSpec(eta=0.5, batch_size="all", speed="full")
    return build_preset(Preset(title="XOR", data=DataSpec("xor"), network=network, training=training), "xor")


@cache
def _cloud() -> Experiment:
    """50 points, two hidden layers; batches of 16 leave one of 2."""
    network = NetworkSpec(hidden=(6, 5), activation=("tanh", "relu"))
    training = TrainingSpec(eta=0.1, batch_size=16, speed="full")
    data = DataSpec("xor-cloud", points=50, noise=0.1)
    return build_preset(Preset(title="Cloud", data=data, network=network, training=training), "cloud")


@cache
def _line() -> Experiment:
    """y = 2 x + 1 in four examples and one linear unit: small enough to be worked by hand."""
    data = DataSpec("table", inputs=((0,), (1,), (2,), (3,)), targets=((1,), (3,), (5,), (7,)))
    network = NetworkSpec(hidden=(), output="linear", init="zeros")
    training = TrainingSpec(eta=0.1, batch_size="all", loss="mse", speed="full")
    return build_preset(Preset(title="Line", data=data, network=network, training=training), "line")


def xor(**changes: Any) -> Experiment:
    """XOR 2-4-1, full batch, η 0.5."""
    return replace(_xor(), **changes)


def cloud(**changes: Any) -> Experiment:
    """Two classes, 2-6-5-1, four batches an epoch, the last one smaller."""
    return replace(_cloud(), **changes)


def adam_cloud(**changes: Any) -> Experiment:
    """The same with adam and an l2 penalty: moments, t, one more operation."""
    keys = (("training.optimizer", "adam"), ("training.eta", 0.01), ("training.l2", 0.001))
    return replace(changed(_cloud(), *keys), **changes)


def changed(experiment: Experiment, *keys: tuple[str, object]) -> Experiment:
    """The experiment with other keys in its preset."""
    return change(experiment, experiment.preset, keys).experiment


def line(**changes: Any) -> Experiment:
    """Four numbers on a line, one linear unit, starting at 0."""
    return replace(_line(), **changes)


def parameters(trainer: Trainer) -> list[float]:
    """A copy, to be compared bit for bit."""
    return list(trainer.network.parameters.tolist())


def assert_same(one: Trainer, other: Trainer) -> None:
    """The same bits in all that an update changes, and the same past."""
    assert one.steps == other.steps
    assert one.optimizer.t == other.optimizer.t
    assert one.network.parameters.tobytes() == other.network.parameters.tobytes()
    for mine, theirs in zip(one.optimizer.moments, other.optimizer.moments, strict=True):
        assert mine.tobytes() == theirs.tobytes()
    assert one.history.columns(100_000) == other.history.columns(100_000)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def session(experiment: Experiment) -> Session:
    """A session in which no time passes."""
    return Session(experiment, clock=lambda: 0.0)


def slices(count: int) -> Callable[[], bool]:
    """A deadline that is over when it was asked `count` times."""
    asked = iter(range(1, count + 1))
    return lambda: next(asked, count) >= count


def never() -> bool:
    """No deadline."""
    return False


def after(experiment: Experiment, steps: int) -> Trainer:
    """A trainer that has made so many updates, with no rule to stop it."""
    trainer = Trainer(experiment)
    trainer.run(steps=steps, rules=False)
    return trainer


def done(made: Session, *commands: c.Command) -> list[str]:
    """What each of the commands says."""
    return [made.do(command) for command in commands]


def at_step(steps: int, made: Session | None = None) -> Session:
    """The session, or one of the cloud, after so many updates by hand."""
    made = made or session(cloud())
    for _ in range(steps):
        made.do(c.StepUpdate())
    return made


def keys(**values: object) -> c.SetKeys:
    """Keys of [training]."""
    return c.SetKeys(tuple((f"training.{name}", value) for name, value in values.items()))


def refused(made: Session, *changes: tuple[str, object]) -> str:
    """Why these keys cannot be changed."""
    with pytest.raises(ActionableError) as caught:
        made.do(c.SetKeys(changes))
    return str(caught.value)
