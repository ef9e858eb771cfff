"""Arrays as grids of written numbers; a wide layer is shortened, always to the same of its units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bptui.explain import names
from bptui.explain.document import Arrays, Grid, Paragraph, Part
from bptui.explain.numbers import count
from bptui.explain.update import Array, UpdateView

WHOLE = 8  # units up to which a layer is written out
FEWEST = 4
EXAMPLES = -1  # the axis of the batch; the others are layers, 0 the inputs


class Axis(NamedTuple):
    """What runs along one side of an array: how many, and which of them are written (from 0)."""

    name: str
    length: int
    shown: tuple[int, ...]

    @property
    def note(self) -> str:
        """64 inputs: 1, 2, 21, 37, 53 and 64 are shown. Empty where nothing is left out."""
        if len(self.shown) == self.length:
            return ""
        numbers = [count(number + 1) for number in self.shown]
        return f"{count(self.length)} {self.name}: {', '.join(numbers[:-1])} and {numbers[-1]} are shown."


ONE = Axis("", 1, (0,))


class Axes:
    """The axes of an update's arrays. weighty: of the batch and of each layer (0 the inputs) the numbers,
    from 0, that are to be seen, the first of them before the others; most: of a longer axis so many less one
    are shown, of a shorter one all."""

    def __init__(
        self,
        view: UpdateView,
        weighty: Mapping[int, Sequence[int]],
        number: Callable[[float], str],
        most: int,
    ) -> None:
        self.number = number
        self._axes = {}
        for l, numbers in weighty.items():
            length = len(view.inputs) if l == EXAMPLES else names.units(view, l)
            self._axes[l] = Axis(_name(view, l), length, _shown(length, numbers, most))

    def of(self, l: int) -> Axis:
        """The units of a layer, or EXAMPLES."""
        return self._axes[l]

    def known(self, l: int) -> Axis | None:
        """The same; None above the output."""
        return self._axes.get(l)

    @property
    def shortened(self) -> bool:
        """Whether some axis is."""
        return any(axis.note for axis in self._axes.values())

    def column(self, name: str, values: Array, l: int) -> Grid:
        """A vector (n_l,) over the units of layer l."""
        return self._grid(name, np.asarray(values)[:, np.newaxis], self.of(l), ONE)

    def row(self, name: str, values: Array, l: int) -> Grid:
        """The same lying."""
        return self._grid(name, np.asarray(values)[np.newaxis, :], ONE, self.of(l))

    def matrix(self, name: str, values: Array, down: int, across: int) -> Grid:
        """Rows over the axis `down`, columns over the axis `across`."""
        return self._grid(name, values, self.of(down), self.of(across))

    def _grid(self, name: str, values: Array, down: Axis, across: Axis) -> Grid:
        assert values.shape == (down.length, across.length)
        cells = [self._cells(values[row], across.shown) for row in down.shown]
        for place in reversed(_gaps(down.shown)):
            cells.insert(place, tuple("⋱" if cell == "⋯" else "⋮" for cell in cells[0]))
        return Grid(name, *values.shape, tuple(cells))

    def _cells(self, values: Array, shown: tuple[int, ...]) -> tuple[str, ...]:
        cells = [self.number(float(values[column])) for column in shown]
        for place in reversed(_gaps(shown)):
            cells.insert(place, "⋯")
        return tuple(cells)

    def equation(self, pieces: tuple[Grid | str, ...], *along: int) -> Iterator[Part]:
        """The equation, and what is left out of it."""
        yield Arrays(pieces)
        yield from self.left_out(*along)

    def left_out(self, *along: int) -> Iterator[Part]:
        """What is left out along these axes."""
        notes = [self.of(l).note for l in dict.fromkeys(along)]
        if any(notes):
            yield Paragraph(" ".join(filter(None, notes)))


def _name(view: UpdateView, l: int) -> str:
    if l <= 0:
        return "inputs" if l == 0 else "examples"
    return "outputs" if l == len(view.layers) else f"units of {names.layer_name(view, l)}"


def _shown(length: int, weighty: Sequence[int], most: int) -> tuple[int, ...]:
    """All of a few; else the one that is followed, the last, the first, and of the others the weightiest."""
    if length <= most:
        return tuple(range(length))
    wanted = dict.fromkeys([weighty[0], length - 1, 0, *weighty[1:], *range(length)])
    return tuple(sorted(list(wanted)[: most - 1]))


def _gaps(shown: tuple[int, ...]) -> list[int]:
    """Places before which something is left out."""
    return [i for i in range(1, len(shown)) if shown[i] != shown[i - 1] + 1]
