"""The built-in problems. Inputs lie about in [-1, 1], so that a tanh network needs no scaling.

The points of a problem are laid out (or drawn) first and the noise comes after, so that the same generator
state gives the same points at every noise. Noise is a standard deviation: of the inputs where there are two
classes (whose targets 0 and 1 belong to the clean point), of the targets where they are numbers. Classes
alternate from row to row, class 0 first; with an odd number of points it has one more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.errors import ActionableError

Floats = NDArray[np.float64]
Examples = tuple[Floats, Floats]
MOST_NOISE = 1e6

_Layout = Callable[[int, np.random.Generator], Examples]


class Generator(NamedTuple):
    """A problem that can be drawn.

    regression: whether targets are numbers; else they are 0 and 1
    fixed:      how many points it has whatever is asked for; None where the number is free
    layout:     (points, rng) -> clean inputs (n, d), targets (n, 1)
    """

    name: str
    input_names: tuple[str, ...]
    regression: bool
    layout: _Layout
    fixed: int | None = None

    def draw(self, points: int, noise: float, rng: np.random.Generator) -> Examples:
        """inputs (n, d) and targets (n, 1), both float64; n = points. Raises ActionableError for nonsense."""
        _refuse_nonsense(points, noise, 1 if self.regression else 2)
        inputs, targets = self.layout(points, rng)
        noisy = targets if self.regression else inputs
        noisy += noise * rng.standard_normal(noisy.shape)
        return inputs, targets


def _refuse_nonsense(points: int, noise: float, least: int) -> None:
    if points < least:
        raise ActionableError("points", f"{points} points", f"Ask for at least {least}")
    if not 0 <= noise <= MOST_NOISE:
        raise ActionableError("noise", f"{noise} is no noise", f"Give a number from 0 to {MOST_NOISE:g}")


# Two classes


def _alternating(points: int) -> Floats:
    return (np.arange(points) % 2).astype(np.float64)[:, None]


def _xor(points: int, rng: np.random.Generator) -> Examples:
    """The four corners of the unit square; 1 where the inputs differ. `points` does not count."""
    inputs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return inputs, np.array([[0.0], [1.0], [1.0], [0.0]])


def _xor_cloud(points: int, rng: np.random.Generator) -> Examples:
    """The four quadrants of [-1, 1]², with a gap of 0.1 between them; 1 where the signs differ."""
    targets = _alternating(points)
    first = np.where(np.arange(points) // 2 % 2 == 0, 1.0, -1.0)
    second = np.where(targets[:, 0] == 0, first, -first)
    return rng.uniform(0.05, 1.0, (points, 2)) * np.column_stack([first, second]), targets


def _circle(points: int, rng: np.random.Generator) -> Examples:
    """A disc of radius 0.5 (class 1) inside a ring from 0.7 to 1 (class 0), each evenly filled."""
    targets = _alternating(points)
    inner, outer = np.where(targets == 1, [[0.0, 0.5]], [[0.7, 1.0]]).T
    radius = np.sqrt(rng.uniform(inner**2, outer**2))
    return _polar(radius, rng.uniform(0.0, 2 * math.pi, points)), targets


def _gauss(points: int, rng: np.random.Generator) -> Examples:
    """Two round clouds of deviation 0.2 about (-0.5, -0.5) and (0.5, 0.5), cut at three deviations: they
    do not touch."""
    targets = _alternating(points)
    kept = 1.0 - math.exp(-4.5)
    radius = 0.2 * np.sqrt(-2.0 * np.log1p(-kept * rng.uniform(0.0, 1.0, points)))
    return _polar(radius, rng.uniform(0.0, 2 * math.pi, points)) + (targets - 0.5), targets


def _spiral(points: int, rng: np.random.Generator) -> Examples:
    """Two arms of 1¾ turns, evenly spaced by angle from radius 0.05 to 1, half a turn apart."""
    targets = _alternating(points)
    radius = _along_each_class(points, 0.05, 1.0)
    return _polar(radius, 3.5 * math.pi * radius + math.pi * targets[:, 0]), targets


def _moons(points: int, rng: np.random.Generator) -> Examples:
    """Two half circles of radius 2/3 that reach into each other, evenly spaced; class 0 is the upper one."""
    targets = _alternating(points)
    angle = _along_each_class(points, 0.0, math.pi) + math.pi * targets[:, 0]
    shift = np.column_stack([targets[:, 0] - 0.5, 0.5 * targets[:, 0] - 0.25])
    return (_polar(np.ones(points), angle) + shift) / 1.5, targets


def _polar(radius: Floats, angle: Floats) -> Floats:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _along_each_class(points: int, start: float, stop: float) -> Floats:
    """(points,): each class's own even steps from start to stop."""
    values = np.empty(points)
    values[::2] = np.linspace(start, stop, (points + 1) // 2)
    values[1::2] = np.linspace(start, stop, points // 2)
    return values


# Numbers


def _plane(points: int, rng: np.random.Generator) -> Examples:
    """x1 + x2 over [-1, 1]²."""
    inputs = rng.uniform(-1.0, 1.0, (points, 2))
    return inputs, inputs.sum(axis=1, keepdims=True)


def _sine(points: int, rng: np.random.Generator) -> Examples:
    """sin(x), evenly spaced from -π to π."""
    inputs = np.linspace(-math.pi, math.pi, points)[:, None]
    return inputs, np.sin(inputs)


def _bumps(points: int, rng: np.random.Generator) -> Examples:
    """A hill at (0.5, 0.5) and a hollow at (-0.5, -0.5), of height 1 and width 0.3, over [-1, 1]²."""
    inputs = rng.uniform(-1.0, 1.0, (points, 2))
    return inputs, _bump(inputs, 0.5) - _bump(inputs, -0.5)


def _bump(inputs: Floats, centre: float) -> Floats:
    squared: Floats = ((inputs - centre) ** 2).sum(axis=1, keepdims=True)
    return np.exp(-squared / (2 * 0.3**2))


_PLANE = ("x1", "x2")

GENERATORS: dict[str, Generator] = {
    generator.name: generator
    for generator in (
        Generator("xor", _PLANE, False, _xor, fixed=4),
        Generator("xor-cloud", _PLANE, False, _xor_cloud),
        Generator("circle", _PLANE, False, _circle),
        Generator("gauss", _PLANE, False, _gauss),
        Generator("spiral", _PLANE, False, _spiral),
        Generator("moons", _PLANE, False, _moons),
        Generator("plane", _PLANE, True, _plane),
        Generator("sine", ("x",), True, _sine),
        Generator("bumps", _PLANE, True, _bumps),
    )
}
