"""The network as a graph: an edge ends at its weight, a unit's weights stand in a stack before it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from bptui.explain.names import is_off, layer_word, split_name, unit_name
from bptui.explain.numbers import layer_sup, s5, s6, s7, sub
from bptui.explain.update import Array, LayerView
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.edges import Edge, draw_edges
from bptui.tui.drawing.palette import FULL, Palette
from bptui.tui.drawing.parameters import (
    GRADIENTS,
    WEIGHTS,
    Parameters,
    full_colour,
    parameters_of,
    passing,
)
from bptui.tui.drawing.scales import largest

IN_USE, AT_REST = 0.72, 0.42  # share of their colour that parameters keep inside a step
LEAST_EDGE = 4  # columns
OFF = "⊘"  # a unit that is switched off
HELD, HELD_SIGN = "held", "‖"  # a layer that an update leaves alone


class Form(NamedTuple):
    """A way to draw: `digits` characters a number; `letters` rows a unit (3: z a δ, 2: a δ, 1: a alone)."""

    digits: int
    letters: int
    stacks: bool
    name: int  # columns of a unit's name

    @property
    def wide(self) -> bool:
        return self.digits == 7

    @property
    def block(self) -> int:
        """Name, letter, chip; where it is wide also a bar on either side of the chip."""
        return self.name + 1 + self.digits + 2 + (2 if self.wide else 0)

    @property
    def stack(self) -> int:
        """Index and number, and the gap to the block."""
        return (11 if self.wide else 9) if self.stacks else 0

    @property
    def inputs(self) -> int:
        """An input's name and chip."""
        return max(self.name, 3) + (7 if self.wide else 6)

    def number(self, value: float) -> str:
        return s7(value) if self.wide else s6(value)


class Geometry(NamedTuple):
    """Columns and rows of everything. rows[l][u]: first row of the unit's letters; tops: of its stack."""

    stacks: tuple[int, ...]  # column of layer l's stack; [0] is not used
    blocks: tuple[int, ...]  # column of layer l's blocks, the inputs' at [0]
    edges: tuple[tuple[int, int], ...]  # first column and width of the edges into layer l
    rows: tuple[tuple[int, ...], ...]
    tops: tuple[tuple[int, ...], ...]
    middle: int  # the letter's row an edge leaves from, in a unit


@lru_cache(maxsize=64)
def fitting(sizes: tuple[int, ...], width: int, height: int) -> Form | None:
    """The richest form that fits."""
    name = max(len(unit_name(sizes, l, sizes[l] - 1)) for l in range(len(sizes))) + 1
    forms = [
        Form(7, 3, True, name),
        Form(7, 2, True, name),
        Form(6, 3, True, name),
        Form(6, 2, True, name),
        Form(7, 3, False, name),
        Form(6, 3, False, name),
        Form(7, 2, False, name),
        Form(6, 2, False, name),
        Form(7, 1, False, name),
        Form(6, 1, False, name),
    ]
    return next((f for f in forms if _needs(sizes, f)[0] <= width and _needs(sizes, f)[1] < height), None)


def _needs(sizes: tuple[int, ...], form: Form) -> tuple[int, int]:
    """Width and height, the head row apart."""
    layers = len(sizes) - 1
    width = form.inputs + layers * (form.stack + LEAST_EDGE + form.block)
    return width, max(n * _pitch(sizes, l, form) for l, n in enumerate(sizes))


def _pitch(sizes: tuple[int, ...], layer: int, form: Form) -> int:
    if layer == 0:
        return 1
    return max(form.letters, sizes[layer - 1] + 1) if form.stacks else form.letters


@lru_cache(maxsize=64)
def geometry(sizes: tuple[int, ...], width: int, height: int, form: Form) -> Geometry:
    """Edges share what room is left; layers stand centred, with a blank row between units where it fits."""
    layers = len(sizes) - 1
    spare = width - form.wide - form.inputs - layers * (form.stack + form.block)
    stacks, blocks, edges = [0], [0], [(0, 0)]
    x = form.inputs
    for l in range(1, layers + 1):
        room = spare // layers + (1 if l <= spare % layers else 0)
        edges.append((x, room))
        stacks.append(x + room)
        blocks.append(x + room + form.stack)
        x = blocks[-1] + form.block
    rows, tops = zip(*(_rows(sizes, l, height - 1, form) for l in range(layers + 1)), strict=True)
    return Geometry(tuple(stacks), tuple(blocks), tuple(edges), rows, tops, int(form.letters == 3))


def _rows(
    sizes: tuple[int, ...], layer: int, height: int, form: Form
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First rows of letters and of stacks, below the head row."""
    n, pitch = sizes[layer], _pitch(sizes, layer, form)
    gap = 1 if n * pitch + n - 1 <= height else 0
    if layer == 0:
        return _input_rows(sizes, height, form)
    top = 1 + (height - n * pitch - gap * (n - 1)) // 2
    tops = tuple(top + u * (pitch + gap) for u in range(n))
    letters = tuple(t + (pitch - form.letters) // 2 for t in tops)
    return letters, tops


def _input_rows(sizes: tuple[int, ...], height: int, form: Form) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Inputs spread over the height that the first layer takes, at most six rows apart."""
    n = sizes[0]
    apart = max(min((height * 2 // 3) // max(n, 1), 6), 1)
    top = 1 + (height - (n - 1) * apart - 1) // 2
    rows = tuple(top + u * apart for u in range(n))
    return rows, rows


def draw_stacks(
    frame: Frame,
    width: int,
    height: int,
    palette: Palette,
    choice: Choice,
    form: Form,
    focused: bool,
    what: str = WEIGHTS,
) -> Canvas:
    """The head row, then edges, then numbers over them; `what` stands on edges and in stacks."""
    graph = _Graph(frame, width, height, palette, choice, form, what)
    # The unit one starts with is not marked before it matters.
    graph.marks = focused or graph.stepping or (choice.layer, choice.unit) != (1, 0)
    return graph.drawn()


class _Graph:
    """One drawing in the making: what every part of it needs to know."""

    def __init__(
        self,
        frame: Frame,
        width: int,
        height: int,
        palette: Palette,
        choice: Choice,
        form: Form,
        what: str = WEIGHTS,
    ) -> None:
        self.canvas = Canvas(width, height, palette)
        self.palette, self.frame, self.choice, self.form = palette, frame, choice, form
        self.layers = frame.update.layers
        self.plan = geometry(frame.sizes, width, height, form)
        hand = frame.update.in_hand
        self.stepping = hand is not None
        self.marks = True  # whether the chosen unit's name is marked
        self.kind = hand.kind.name if hand else ""
        self.reads = set(hand.reads) if hand else set()
        self.read = {split_name(name) for name in self.reads}
        self.written = split_name(hand.writes) if hand else ("", None)
        self.what, self.scale = what, full_colour(frame, what)

    def drawn(self) -> Canvas:
        for layer in self.layers:
            self._edges(layer)
        self._inputs()
        for layer in self.layers:
            self._heads(layer)
            if self.form.stacks:
                self._stacks(layer)
            self._blocks(layer)
        return self.canvas

    # What is in hand

    def _is_read(self, letter: str, layer: int) -> bool:
        if (letter, layer) in self.read:
            return True
        return letter == "z" and ("slope", layer) in self.read

    def _is_written(self, letter: str, layer: int) -> bool:
        return self.written == (letter, layer)

    def _weights_in_use(self, layer: int) -> bool:
        return self.kind == "UPDATE" or ("W", layer) in self.read or self._is_written("∂W", layer)

    def _chosen(self, layer: int, unit: int, source: int | None) -> bool:
        """Whether a parameter is in the chosen unit's row (or column) of the operation in hand."""
        if not self._weights_in_use(layer) or self.kind == "UPDATE":
            return False
        if self.kind == "DELTA":
            return self.choice.layer == layer - 1 and source == self.choice.unit
        return self.choice.layer == layer and unit == self.choice.unit

    def _share(self, layer: int, unit: int, source: int | None) -> float:
        if not self.stepping or self._chosen(layer, unit, source):
            return 1.0
        return IN_USE if self._weights_in_use(layer) else AT_REST

    # Parts

    def _edges(self, layer: LayerView) -> None:
        l, plan = layer.number, self.plan
        x, room = plan.edges[l]
        values = self._shown(layer).weights
        if values is None:
            values = np.full_like(layer.weights, np.nan)
        scale = largest(values) if self.scale is None else self.scale
        edges: list[Edge] = []
        for unit, weights in enumerate(passing(self.layers, l, values).tolist()):
            for source, weight in enumerate(weights):
                start = plan.rows[l - 1][source] + (plan.middle if l > 1 else 0)
                end = plan.tops[l][unit] + source if self.form.stacks else plan.rows[l][unit] + plan.middle
                edges.append((start, end, weight, self._share(l, unit, source)))
        draw_edges(self.canvas, x, room, edges, scale)

    def _shown(self, layer: LayerView) -> Parameters:
        """∂L/∂W in its operation, else what is in view."""
        gradient = self._is_written("∂W", layer.number) and layer.grad_weights is not None
        return parameters_of(layer, GRADIENTS if gradient else self.what)

    def _inputs(self) -> None:
        form, chip = self.form, 7 if self.form.wide else 6
        values = self.frame.update.inputs
        scale = largest(values, floor=1.0)
        bold = self._is_read("a", 0)
        self.canvas.put(0, 0, "input", "bright" if bold or not self.stepping else "text", bold=True)
        x = max(form.name, 3)
        for unit, row in enumerate(self.plan.rows[0]):
            self.canvas.put(
                0, row, unit_name(self.frame.sizes, 0, unit), "bright" if bold else "text", bold=True
            )
            value = float(values[self.choice.example, unit])
            text = s5(value) if form.wide else s5(value)[: 5 - (abs(value) < 10 and value != 0)]
            self._chip(x, row, f"{text:>{chip - 2}}", value, scale)

    def _heads(self, layer: LayerView) -> None:
        l, form, plan = layer.number, self.form, self.plan
        if form.stacks:
            gradient = self._is_written("∂W", l)
            shown = parameters_of(layer, GRADIENTS if gradient else self.what)
            alone = shown.letter == "∂L/∂W"
            text = f"{shown.letter}{layer_sup(l)}" + (
                "" if alone else f" {shown.bias}{layer_sup(l)}" if form.wide else f", {shown.bias}"
            )
            x = plan.stacks[l] - (2 if alone else len(shown.letter) - 1)
            if gradient or (self.kind == "UPDATE" and self.what != GRADIENTS):
                self.canvas.put(x - 1, 0, f" {text} ", "ink", "accent", bold=True)
            else:
                self.canvas.put(x, 0, text, "bright" if self._weights_in_use(l) else "dim")
            self._held(layer, x - 1)
        after = self.canvas.put(plan.blocks[l], 0, layer_word(self.frame.sizes, l), "bright")
        if after + 1 + len(layer.activation) <= self.canvas.width:  # a cut word says less than none
            after = self.canvas.put(after + 1, 0, layer.activation, "dim")
        end = self.canvas.width if l == len(self.layers) else plan.blocks[l + 1] - 1
        if layer.held and not form.stacks:
            told = HELD if after + 1 + len(HELD) <= end else HELD_SIGN
            self.canvas.put(after + 1, 0, told, "accent_glyph")

    def _held(self, layer: LayerView, end: int) -> None:
        """Before the head of a stack that an update leaves alone: a word where there is room, else a sign."""
        l = layer.number
        before = f"{layer_word(self.frame.sizes, l - 1)} {self.layers[l - 2].activation if l > 1 else ''}"
        room = end - self.plan.blocks[l - 1] - len(before.rstrip())
        if layer.held:
            # Two blanks: it belongs to the weights, not to the layer they come from.
            self.canvas.right(end, 0, HELD if len(HELD) + 2 <= room else HELD_SIGN, "accent_glyph")

    def _stacks(self, layer: LayerView) -> None:
        l = layer.number
        shown = self._shown(layer)
        if shown.weights is None or shown.biases is None:
            self._unknown(layer)
            return
        weights, biases = shown.weights.tolist(), shown.biases.tolist()
        for unit, top in enumerate(self.plan.tops[l]):
            for source, value in enumerate([*weights[unit], biases[unit]]):
                self._entry(l, unit, source, top + source, value, bias=source == len(weights[unit]))

    def _unknown(self, layer: LayerView) -> None:
        """A point for each parameter."""
        x = self.plan.stacks[layer.number] + 1 + self.form.wide + self.form.digits // 2
        for top in self.plan.tops[layer.number]:
            for source in range(layer.weights.shape[1] + 1):
                self.canvas.put(x, top + source, "·", "faint")

    def _entry(self, l: int, unit: int, source: int, row: int, value: float, bias: bool) -> None:
        """One parameter: index, then number."""
        x, palette = self.plan.stacks[l], self.palette
        share = self._share(l, unit, None if bias else source)
        chosen = self._chosen(l, unit, None if bias else source)
        index = "▸" if chosen else "b" if bias else sub(source + 1)[-1]
        mark = "accent_glyph" if chosen else palette.faded(palette.dim, share)
        self.canvas.put(x, row, index, mark, bold=False)
        colour = palette.faded(palette.signed(value), share)
        if not np.isfinite(value):
            self.canvas.put(x + 1 + self.form.wide, row, self.form.number(value), "ink", "accent", bold=True)
        else:
            self.canvas.put(x + 1 + self.form.wide, row, self.form.number(value), colour, bold=chosen)

    def _blocks(self, layer: LayerView) -> None:
        l, form = layer.number, self.form
        letters: list[tuple[str, Array | None]] = [("z", layer.z), ("a", layer.a), ("δ", layer.delta)]
        shown = letters[-form.letters :] if form.letters > 1 else [letters[1]]
        scales = {"a": largest(layer.a, floor=1.0), "δ": largest(layer.delta)}
        for unit, row in enumerate(self.plan.rows[l]):
            self._name(l, unit, row)
            for i, (letter, array) in enumerate(shown):
                value = None if array is None else float(array[self.choice.example, unit])
                self._quantity(l, row + i, letter, value, scales.get(letter))

    def _name(self, l: int, unit: int, row: int) -> None:
        chosen = self.marks and self.choice.layer == l and self.choice.unit == unit
        name = unit_name(self.frame.sizes, l, unit)
        x = self.plan.blocks[l]
        if not is_off(self.frame.update, l, unit):
            self.canvas.put(x, row, name, "accent_glyph" if chosen else "bright", bold=True)
            return
        after = self.canvas.put(x, row, name, "accent_glyph" if chosen else "dim", bold=chosen)
        below = self.form.letters > 1
        self.canvas.put(x if below else after, row + below, OFF, "dim")

    def _quantity(self, l: int, row: int, letter: str, value: float | None, scale: float | None) -> None:
        """Letter and value of one array of a unit."""
        form = self.form
        x = self.plan.blocks[l] + form.name
        written = self._is_written(letter, l)
        marked = written or self._is_read(letter, l)
        self.canvas.put(x, row, letter, "bright" if marked else "dim")
        x += 1 + form.wide
        if value is None:
            self.canvas.put(x + 1 + form.digits // 2, row, "·", "faint")
            return
        self._chip(x, row, form.number(value), value, scale, written)
        if written and form.wide:
            self.canvas.put(x - 1, row, "▐", "accent")
            self.canvas.put(x + form.digits + 2, row, "▌", "accent")

    def _chip(
        self, x: int, row: int, text: str, value: float, scale: float | None, written: bool = False
    ) -> None:
        """A number on its ramp colour, one blank each side; without a scale on the ground."""
        palette = self.palette
        if not np.isfinite(value):
            self.canvas.put(x, row, f" {text} ", "ink", "accent", bold=True)
            return
        if palette.colourless:
            ground, ink = ("surface" if scale is not None else "bg"), "text"
        elif scale is None:
            ground, ink = palette.bg, palette.text
        else:
            ground = palette.ramp(value, scale, FULL)
            ink = palette.ink_on(ground)
        ink = palette.dim if value == 0 else ink
        self.canvas.put(x, row, f" {text} ", ink, ground, bold=palette.colourless and scale is not None)
        if written and not self.form.wide:
            self.canvas.put(x, row, "▌", "accent", ground)
            self.canvas.put(x + len(text) + 1, row, "▐", "accent", ground)
