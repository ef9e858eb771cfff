"""What the pieces of a worked operation are made of, and the point it is worked out at."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bptui.explain import names
from bptui.explain.chain import PANEL, Chain, Writing
from bptui.explain.update import Array, LayerView, UpdateView
from bptui.nn.activations import OUTPUTS
from bptui.nn.operation import Operation


class Matrix(NamedTuple):
    """An array in the equation; with a row and a column chosen it is one element, else all of one of them."""

    name: str  # δ⁽¹⁾
    values: Array  # (rows, columns), whole
    row: int | None = None
    column: int | None = None
    written: bool = False
    note: str = ""
    digits: int = 5  # the characters of a number: 5 or 7
    least_scale: float = 0.0  # the number at full colour is at least this
    below: bool = False  # set under the piece before it where there is room
    near_row: int = 0  # what a window shows where no row or column is chosen
    near_column: int = 0

    @property
    def heading(self) -> str:
        """δ⁽¹⁾ 4×4, or its formula for a slope."""
        rows, columns = self.values.shape
        return f"{self.name} {self.note or f'{rows}×{columns}'}"

    @property
    def scale(self) -> float:
        """The largest finite |value|, at least least_scale."""
        finite = np.abs(self.values[np.isfinite(self.values)])
        return max(float(finite.max(initial=0.0)), self.least_scale)


Piece = Matrix | str  # a string is an operator


class Curve(NamedTuple):
    """An activation at one point, with its tangent; value maps z (n,) to σ(z) (n,)."""

    symbol: str
    name: str
    z: float
    a: float
    slope: float
    value: Callable[[Array], Array]


class Body(NamedTuple):
    """The parts of a worked operation that depend on its kind."""

    pieces: tuple[Piece, ...]
    chain: Chain
    last: str
    equation: str = ""  # where it says more than the operation's own
    curve: Curve | None = None
    beside: str = ""  # what stands beside the arrays
    by_example: bool = True  # the arrays have one example a row


class Point(NamedTuple):
    """An operation of a view and the element of it that was chosen; everything from 0 but the layer."""

    view: UpdateView
    operation: Operation
    example: int
    l: int
    unit: int
    source: int
    room: int  # the columns there are
    writing: Writing = PANEL

    def factor(self, x: float) -> str:
        """As it stands in a product."""
        return self.writing.factor(x)

    def value(self, x: float) -> str:
        """As it stands by itself."""
        return self.writing.value(x)

    @property
    def layer(self) -> LayerView:
        return names.layer(self.view, self.l)

    @property
    def batch(self) -> int:
        return len(self.view.inputs)

    @property
    def entering(self) -> Array:
        return names.entering(self.view, self.l)

    @property
    def is_output(self) -> bool:
        return self.l == len(self.view.layers)

    @property
    def is_off(self) -> bool:
        """The chosen unit is switched off."""
        return names.is_off(self.view, self.l, self.unit)

    def place(self, array: str, told: bool = False) -> str:
        """Where the chosen element of a (batch, n_l) array stands."""
        column = None if names.units(self.view, self.l) == 1 else self.unit
        return names.element(array, self.example, column, told)

    def weight_place(self, array: str) -> str:
        """Where the chosen weight stands."""
        if names.units(self.view, self.l) == 1:
            return f"{array}, column {self.source + 1}"
        return f"{array}, row {self.unit + 1}, column {self.source + 1}"


def known(array: Array | None, like: tuple[int, int]) -> Array:
    """An array, or nan where it was not computed."""
    return np.full(like, np.nan) if array is None else array


def switches(point: Point) -> tuple[Piece, ...]:
    """What is multiplied by at last: "on" of each unit of the layer; nothing where all are on."""
    off = point.layer.off
    if off is None:
        return ()
    on = np.asarray(~off, float)[np.newaxis, :]
    return ("⊙", Matrix("on", on, 0, point.unit, least_scale=1.0))


def value_and_slope(activation: str, z: Array) -> tuple[Array, Array]:
    """σ(z) and σ′(z) by the calls that train; z is (n,), not softmax."""
    z = np.ascontiguousarray(z, float).reshape(-1, 1)
    a, slope = np.empty_like(z), np.empty_like(z)
    with np.errstate(all="ignore"):
        for call in (*OUTPUTS[activation].value(z, a), *OUTPUTS[activation].slope(z, a, slope)):
            call()
    return a[:, 0], slope[:, 0]


def curve_at(point: Point) -> Curve | None:
    """The layer's activation at the chosen z; None for softmax, linear and what is not finite, and for a
    unit that is switched off."""
    name, z = point.layer.activation, point.layer.z
    if name in {"softmax", "linear"} or z is None or point.is_off:
        return None
    at = float(z[point.example, point.unit])
    if not np.isfinite(at):
        return None
    a, slope = value_and_slope(name, np.array([at]))
    symbol = OUTPUTS[name].symbol
    return Curve(
        symbol, name, at, float(a[0]), float(slope[0]), lambda values: value_and_slope(name, values)[0]
    )
