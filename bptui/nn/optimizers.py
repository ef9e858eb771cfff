"""Optimizers: the update operation's calls on the flat vectors, equal to PyTorch's definitions.

p parameters, g gradient, η learning rate, t the number of this update, from 1. All but adamw add
weight_decay · p to g, biases too, as PyTorch does; it is no part of the gradient that is shown. An
optimizer owns its state (moments, t) and its constants, 0-d arrays that are written into.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial as call
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from bptui.nn.operation import Call

Array = NDArray[Any]

BLOCK = 32_768  # parameters of a block: its temporaries stay in the processor's cache


class Optimizer:
    """moments: the state vectors (each (P,), may be none). eta and t are read when the update runs.

    parts: the slices of the flat vectors that an update changes (Network.moving), all where None is given;
    parameters and moments outside them stay as they are, and t goes on.
    words: what an update does; step: what it takes off a weight w, as a formula.
    """

    name: ClassVar[str]
    default_eta: ClassVar[float] = 0.01
    defaults: ClassVar[dict[str, float]] = {"weight_decay": 0.0}
    equation: ClassVar[str]
    words: ClassVar[str]
    step: ClassVar[str]
    moment_names: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        parameters: Array,
        gradient: Array,
        eta: float,
        options: Mapping[str, float],
        parts: Sequence[slice] | None = None,
    ) -> None:
        unknown = set(options) - set(self.defaults)
        if unknown:
            raise ValueError(f"{self.name} has no {', '.join(sorted(unknown))}")
        self.options = {**self.defaults, **options}
        self.eta = np.array(eta, parameters.dtype)
        self.t = 0
        self.moments = tuple(np.zeros_like(parameters) for _ in self.moment_names)
        self._dtype = parameters.dtype
        self._scratch = [np.empty(min(BLOCK, parameters.size), parameters.dtype) for _ in range(2)]
        whole = (slice(0, parameters.size),)
        self.calls = tuple(self._prepare(parameters, gradient, whole if parts is None else parts))

    def _prepare(self, parameters: Array, gradient: Array, parts: Sequence[slice]) -> list[Call]:
        calls = self.first()
        for part in _in_blocks(parts):
            p, g = parameters[part], gradient[part]
            work, decayed = (s[: p.size] for s in self._scratch)
            if self.options["weight_decay"] and not self.decouples:
                calls += [
                    call(np.multiply, p, self.number(self.options["weight_decay"]), decayed),
                    call(np.add, decayed, g, decayed),
                ]
                g = decayed
            calls += self.block(p, g, tuple(m[part] for m in self.moments), work)
        return calls

    decouples: ClassVar[bool] = False

    def first(self) -> list[Call]:
        """What the update does once before its blocks."""
        return []

    def block(self, p: Array, g: Array, moments: tuple[Array, ...], work: Array) -> list[Call]:
        raise NotImplementedError

    def number(self, value: float) -> Array:
        """A constant of the parameters' dtype."""
        return np.array(value, self._dtype)


class Sgd(Optimizer):
    """p ← p − η g"""

    name, equation, default_eta = "sgd", "W ← W − η ∂L/∂W", 0.1
    words = "Every parameter takes a step against its gradient, η times as long."
    step = "η · (∂L/∂w + decay)"  # where it is not simply η ∂L/∂w

    def block(self, p: Array, g: Array, moments: tuple[Array, ...], work: Array) -> list[Call]:
        return [call(np.multiply, g, self.eta, work), call(np.subtract, p, work, p)]


class Momentum(Optimizer):
    """v ← μ v + g;  p ← p − η v"""

    name, equation, moment_names = "momentum", "v ← μ v + ∂L/∂W     W ← W − η v", ("v",)
    words = "Every parameter rolls on: velocity v keeps a part μ of itself, and the gradient pushes it."
    step = "η · v"
    defaults: ClassVar[dict[str, float]] = {"momentum": 0.9, "weight_decay": 0.0}

    def block(self, p: Array, g: Array, moments: tuple[Array, ...], work: Array) -> list[Call]:
        (v,) = moments
        return [
            call(np.multiply, v, self.number(self.options["momentum"]), v),
            call(np.add, v, g, v),
            call(np.multiply, v, self.eta, work),
            call(np.subtract, p, work, p),
        ]


class Nesterov(Momentum):
    """v ← μ v + g;  p ← p − η (g + μ v)"""

    name, equation = "nesterov", "v ← μ v + ∂L/∂W     W ← W − η (∂L/∂W + μ v)"
    words = "As momentum, but each parameter steps from where its velocity is about to carry it."
    step = "η · (∂L/∂w + μ v)"

    def block(self, p: Array, g: Array, moments: tuple[Array, ...], work: Array) -> list[Call]:
        (v,), mu = moments, self.number(self.options["momentum"])
        return [
            call(np.multiply, v, mu, v),
            call(np.add, v, g, v),
            call(np.multiply, v, mu, work),
            call(np.add, work, g, work),
            call(np.multiply, work, self.eta, work),
            call(np.subtract, p, work, p),
        ]


class RmsProp(Optimizer):
    """s ← α s + (1 − α) g²;  p ← p − η g / (√s + ε); with momentum v ← μ v + g / (√s + ε), p ← p − η v"""

    name, equation = "rmsprop", "s ← α s + (1 − α) ∂L/∂W²     W ← W − η ∂L/∂W / (√s + ε)"
    words = "Every step is divided by √s, the usual size of that parameter's gradient."
    step = "η · ∂L/∂w / (√s + ε)"
    defaults: ClassVar[dict[str, float]] = {"alpha": 0.99, "eps": 1e-8, "momentum": 0.0, "weight_decay": 0.0}
    moment_names = ("s", "v")

    def block(self, p: Array, g: Array, moments: tuple[Array, ...], work: Array) -> list[Call]:
        s, v = moments
        alpha, mu = self.options["alpha"], self.options["momentum"]
        calls: list[Call] = [
            *_blend(s, g, alpha, work, self, squared=True),
            call(np.sqrt, s, work),
            call(np.add, work, self.number(self.options["eps"]), work),
            call(np.divide, g, work, work),
        ]
        if mu:
            calls += [
                call(np.multiply, v, self.number(mu), v),
                call(np.add, v, work, v),
                call(np.multiply, v, self.eta, work),
            ]
        else:
            calls.append(call(np.multiply, work, self.eta, work))
        return [*calls, call(np.subtract, p, work, p)]


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  p ← p − η m̂ / (√v̂ + ε), m̂ = m / (1 − β₁ᵗ)

    Kingma, Ba 2014; v̂ = v / (1 − β₂ᵗ).
    """

    name, default_eta = "adam", 0.001
    words = "A running mean of the gradient over its usual size: each step is about η long."
    step = "η · m̂ / (√v̂ + ε)"
    equation = "m ← β₁m + (1−β₁) ∂L/∂W     v ← β₂v + (1−β₂) ∂L/∂W²     W ← W − η m̂ / (√v̂ + ε)"
    defaults: ClassVar[dict[str, float]] = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0}
    moment_names = ("m", "v")

    def first(self) -> list[Call]:
        self._step_size, self._root, self._kept = self.number(0.0), self.number(1.0), self.number(1.0)
        return [self._advance]

    def _advance(self) -> None:
        self.t += 1
        eta = float(self.eta)
        self._step_size[...] = eta / (1.0 - self.options["beta1"] ** self.t)
        self._root[...] = (1.0 - self.options["beta2"] ** self.t) ** 0.5
        self._kept[...] = 1.0 - eta * self.options["weight_decay"]

    def block(self, p: Array, g: Array, moments: tuple[Array, ...], work: Array) -> list[Call]:
        m, v = moments
        return [
            *_blend(m, g, self.options["beta1"], work, self),
            *_blend(v, g, self.options["beta2"], work, self, squared=True),
            call(np.sqrt, v, work),
            call(np.divide, work, self._root, work),
            call(np.add, work, self.number(self.options["eps"]), work),
            call(np.divide, m, work, work),
            call(np.multiply, work, self._step_size, work),
            call(np.subtract, p, work, p),
        ]


class AdamW(Adam):
    """p ← p (1 − η λ), then Adam without decay in g (Loshchilov, Hutter 2017)."""

    name, decouples = "adamw", True
    words = "Every parameter first shrinks a little, then takes Adam's step, about η long."
    step = "ηλ w + η · m̂ / (√v̂ + ε)"
    equation = "W ← W (1 − ηλ)     then m, v and W as Adam"
    defaults: ClassVar[dict[str, float]] = {**Adam.defaults, "weight_decay": 0.01}

    def block(self, p: Array, g: Array, moments: tuple[Array, ...], work: Array) -> list[Call]:
        return [call(np.multiply, p, self._kept, p), *super().block(p, g, moments, work)]


class Adagrad(Optimizer):
    """s ← s + g²;  p ← p − η / (1 + (t − 1) decay) · g / (√s + ε)  (Duchi, Hazan, Singer 2011)"""

    name, equation = "adagrad", "s ← s + ∂L/∂W²     W ← W − η ∂L/∂W / (√s + ε)"
    words = "Every step is divided by √s of all its gradients so far: what moved much moves ever less."
    step = "η · ∂L/∂w / (√s + ε)"
    defaults: ClassVar[dict[str, float]] = {"eps": 1e-10, "lr_decay": 0.0, "weight_decay": 0.0}
    moment_names = ("s",)

    def first(self) -> list[Call]:
        self._rate = self.number(0.0)
        return [self._advance]

    def _advance(self) -> None:
        self._rate[...] = float(self.eta) / (1.0 + self.t * self.options["lr_decay"])
        self.t += 1

    def block(self, p: Array, g: Array, moments: tuple[Array, ...], work: Array) -> list[Call]:
        (s,) = moments
        return [
            call(np.multiply, g, g, work),
            call(np.add, s, work, s),
            call(np.sqrt, s, work),
            call(np.add, work, self.number(self.options["eps"]), work),
            call(np.divide, g, work, work),
            call(np.multiply, work, self._rate, work),
            call(np.subtract, p, work, p),
        ]


def _in_blocks(parts: Sequence[slice]) -> Iterator[slice]:
    """The same numbers in slices of at most BLOCK."""
    for part in parts:
        for start in range(part.start, part.stop, BLOCK):
            yield slice(start, min(start + BLOCK, part.stop))


def _blend(
    mean: Array, g: Array, keep: float, work: Array, optimizer: Optimizer, squared: bool = False
) -> list[Call]:
    """mean ← keep · mean + (1 − keep) · g, or g² where squared."""
    calls = [call(np.multiply, mean, optimizer.number(keep), mean)]
    if squared:
        calls += [call(np.multiply, g, g, work), call(np.multiply, work, optimizer.number(1.0 - keep), work)]
    else:
        calls.append(call(np.multiply, g, optimizer.number(1.0 - keep), work))
    return [*calls, call(np.add, mean, work, mean)]


_ALL: tuple[type[Optimizer], ...] = (Sgd, Momentum, Nesterov, RmsProp, Adam, AdamW, Adagrad)
OPTIMIZERS: dict[str, type[Optimizer]] = {optimizer.name: optimizer for optimizer in _ALL}
