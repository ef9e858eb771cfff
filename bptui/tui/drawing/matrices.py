"""Wide layers: weights as heat maps, activations folded into columns, the outputs by name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bptui.escape import safe
from bptui.explain.names import is_off, layer_word, split_name, unit_name
from bptui.explain.numbers import layer_sup, precise, s5, s6, s7, u7
from bptui.explain.update import Array, LayerView
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.heat import draw_field, levels
from bptui.tui.drawing.palette import FULL, Palette
from bptui.tui.drawing.parameters import GRADIENTS, WEIGHTS, Parameters, parameters_of
from bptui.tui.drawing.scales import largest
from bptui.tui.drawing.stacks import OFF

MOST_OUTPUTS = 12
FOLDS = 4  # columns of a folded layer
UNIT = 2  # columns a unit of it
GAP = 2
LEAST_MATRIX = 6
QUANTILE = 0.995  # of |w|: full strength
GUESS, SAMPLED = 0.97, 61  # a quantile surely below it, of every so many weights
CAPTION = 3  # rows under the maps
BAR = "▏▎▍▌▋▊▉█"


class Fold(NamedTuple):
    """r×c weights become one half cell; where there is room one weight becomes up × across of them."""

    r: int
    c: int
    up: int
    across: int


def draw_matrices(
    frame: Frame, width: int, height: int, palette: Palette, choice: Choice, what: str = WEIGHTS
) -> Canvas:
    """From the left: the input, then weights (or `what` is in view) and activations of each layer; as many
    layers as fit."""
    canvas = Canvas(width, height, palette)
    maps = _Maps(canvas, frame, choice, what)
    first, last = _window(frame, width, choice)
    x = maps.inputs() + GAP if first == 1 else maps.cut(0, f"… {first - 1}")
    rest = _fixed(frame, first, last)
    room = (width - x - rest) // (last - first + 1)
    for layer in frame.update.layers[first - 1 : last]:
        x = maps.weights(layer, x, max(room - GAP, 2)) + GAP
        x = maps.units(layer, x) + GAP
    maps.name_chosen()
    if last < len(frame.update.layers):
        maps.cut(width - 9, f" … {len(frame.update.layers) - last} more")
    return canvas


def _window(frame: Frame, width: int, choice: Choice) -> tuple[int, int]:
    """The layers that fit, around the chosen one."""
    depth = len(frame.sizes) - 1
    for count in range(depth, 0, -1):
        first = min(max(choice.layer - count // 2, 1), depth - count + 1)
        last = first + count - 1
        taken = (_input_width(frame) + GAP if first == 1 else 6) + (0 if last == depth else 8)
        if taken + _fixed(frame, first, last) + count * (LEAST_MATRIX + GAP) <= width:
            return first, last
    return choice.layer, choice.layer


def _fixed(frame: Frame, first: int, last: int) -> int:
    """Columns of the units of these layers with their gaps."""
    depth = len(frame.sizes) - 1
    return sum((16 if l == depth else FOLDS * UNIT + 2) + GAP for l in range(first, last + 1)) - GAP


def _input_width(frame: Frame) -> int:
    image = frame.output.image
    return min(image[1] * 2, 16) if image else 9 if frame.sizes[0] <= MOST_OUTPUTS else FOLDS * UNIT


class _Maps:
    """One drawing in the making."""

    def __init__(self, canvas: Canvas, frame: Frame, choice: Choice, what: str = WEIGHTS) -> None:
        self.canvas, self.frame, self.choice, self.what = canvas, frame, choice, what
        self.palette = canvas.palette
        self.rows = canvas.height - 1 - (CAPTION if canvas.height >= 12 else 0)
        hand = frame.update.in_hand
        self.written = split_name(hand.writes) if hand else ("", None)
        self.read = {split_name(name) for name in hand.reads} if hand else set()
        self._taken: list[tuple[int, int]] = []  # by maps: where each begins, and its last row
        self._chosen: tuple[int, int, str, float] | None = None  # where its name goes, name and number

    # The input

    def inputs(self) -> int:
        """An image where it is one, a list where it is short, else folded by rows. Returns the x after it."""
        values = self.frame.update.inputs[self.choice.example]
        width = _input_width(self.frame)
        after = self.canvas.put(0, 0, "input", "bright")
        label = self._label()
        if label:
            self.canvas.put(after + 1, 0, label, "dim")
        scale = largest(self.frame.update.inputs, 1.0)
        image = self.frame.output.image
        if image and image[0] * image[1] == len(values):
            rows = self._image(0, 1, values.reshape(image), scale)
            self._weights_as_image(rows + 2, image)
        elif len(values) <= MOST_OUTPUTS:
            for i, value in enumerate(values.tolist()[: self.canvas.height - 1]):
                name = unit_name(self.frame.sizes, 0, i)
                self.canvas.put(0, 1 + i, name, "text", bold=True)
                ground = self.palette.ramp(value, scale, FULL)
                self.canvas.put(4, 1 + i, s5(value), self.palette.ink_on(ground), ground)
        else:
            self._folded(0, values, scale, None)
        return max(width, 16 if image else width)

    def _label(self) -> str:
        """The class of the example, where it has one."""
        target = self.frame.update.targets[self.choice.example]
        classes = self.frame.update.classes
        if len(classes) == len(target) and len(classes) > 2:
            return f"label {safe(classes[int(np.argmax(target))], 8)}"
        return ""

    def _image(self, x: int, y: int, pixels: Array, scale: float) -> int:
        """Pixels two columns wide and one row high; larger images are sampled. Returns the rows used."""
        step = max(-(-pixels.shape[1] // 8), 1)
        shown = pixels[::step, ::step]
        field = np.repeat(np.repeat(levels(shown, scale, FULL), 2, axis=1), 2, axis=0)
        draw_field(self.canvas, x, y, field[: 2 * (self.canvas.height - y)])
        return int(shown.shape[0])

    def _weights_as_image(self, y: int, image: tuple[int, int]) -> None:
        """The chosen unit's weights, where its inputs are pixels and there is room."""
        if self.choice.layer != 1 or y + 1 + image[0] > self.canvas.height:
            return
        shown = parameters_of(self.frame.update.layers[0], self.what)
        if shown.weights is None:
            return
        weights = shown.weights[self.choice.unit].reshape(image)
        words = f"{_in_words(shown)} into {unit_name(self.frame.sizes, 1, self.choice.unit)}"
        self.canvas.put(0, y, words[:16], "text")
        self._image(0, y + 1, weights, largest(weights))

    # Weights

    def weights(self, layer: LayerView, x: int, width: int) -> int:
        """The heat map, its head and its scale in words. Returns the x after it."""
        l = layer.number
        gradient = self.written == ("∂W", l) and layer.grad_weights is not None
        shown = parameters_of(layer, GRADIENTS if gradient else self.what)
        fold = _fold(layer.weights.shape, 2 * self.rows, width)
        if shown.weights is None:
            self._weights_head(layer, x, shown, gradient, width, None)
            self.canvas.put(x, 1, "·", "faint")
            return x + int(-(-layer.weights.shape[1] // fold.c) * fold.across)
        values = shown.weights
        cells = _folded(values, fold)
        full = _full_strength(values, bool(np.isfinite(cells).all()))
        self._weights_head(layer, x, shown, gradient, width, full)
        draw_field(self.canvas, x, 1, levels(cells, full))
        if l == self.choice.layer:
            row = 1 + self.choice.unit // fold.r * fold.up // 2
            self.canvas.put(x - 1, row, "▸", "accent_glyph")
        below = 2 + (len(cells) + 1) // 2
        self._taken.append((x, below + 1 if fold.r * fold.c > 1 else below - 2))
        if fold.r * fold.c > 1:
            room = int(cells.shape[1]) + GAP - 1
            told = ("= the largest of", "largest of", "max of")
            self.canvas.put(x, below, f"▀ {next((t for t in told if len(t) + 2 <= room), '')}", "dim")
            size = f"{fold.r}×{fold.c}"
            sizes = (f"{size} {_in_words(shown)}", size)
            self.canvas.put(x, below + 1, f"  {next((t for t in sizes if len(t) + 2 <= room), '')}", "dim")
        return x + int(cells.shape[1])

    def _weights_head(
        self, layer: LayerView, x: int, shown: Parameters, gradient: bool, width: int, full: float | None
    ) -> None:
        """Name and shape; in other views than the usual one the number at full colour in its place."""
        l = layer.number
        name = f"{shown.letter}{layer_sup(l)}"
        if gradient or (self.written == ("W", None) and self.what != GRADIENTS):
            self.canvas.put(x - 1, 0, f" {name} ", "ink", "accent", bold=True)
        else:
            self.canvas.put(x, 0, name, "bright" if ("W", l) in self.read else "text", bold=True)
        told = f"{'held ' if layer.held else ''}{layer.units}×{layer.weights.shape[1]}"
        if self.what != WEIGHTS and full is not None:
            told = f"full {precise(full, 2)}"
        if len(name) + len(told) + 2 <= width:
            self.canvas.put(x + len(name) + 1, 0, told, "dim")

    # Units

    def units(self, layer: LayerView, x: int) -> int:
        """Activations (or what the operation in hand wrote) of a layer. Returns the x after it."""
        letter, array = self._quantity(layer)
        if layer.number == len(self.frame.update.layers):
            return self._outputs(layer, x, letter, array)
        after = self.canvas.put(x, 0, layer_word(self.frame.sizes, layer.number), "bright")
        self._letter(after + 1, letter, layer.activation)
        if array is None:
            self.canvas.put(x, 1, "·", "faint")
            return x + FOLDS * UNIT + 2
        chosen = self.choice.unit if self.choice.layer == layer.number else None
        values = array[self.choice.example]
        rows = self._folded(x, values, largest(array, 1.0 if letter == "a" else 0.0), chosen, layer.off)
        if chosen is not None and 2 + rows < self.canvas.height:
            name = unit_name(self.frame.sizes, layer.number, chosen)
            name = f"{OFF} {name}" if is_off(self.frame.update, layer.number, chosen) else name
            self._chosen = x, 3 + rows, name, float(values[chosen])
        return x + FOLDS * UNIT + 2

    def name_chosen(self) -> None:
        """In which order units stand; the chosen one and its number, with as many digits as leave a blank
        before what stands beside."""
        if self._chosen is None:
            return
        x, y, name, value = self._chosen
        order = "■ 1 unit, by rows"
        self.canvas.put(x, y - 1, order if self._is_free(x, y - 1, len(order) + 1) else "■ by rows", "dim")
        told = [f"{name} {form(value).strip()}" for form in (s7, s6, s5)]
        free = next((text for text in told if self._is_free(x, y, len(text) + 3)), told[-1])
        self.canvas.put(x, y, "▸ ", "accent_glyph")
        self.canvas.put(x + 2, y, free, "bright")

    def _is_free(self, x: int, y: int, width: int) -> bool:
        """No map, nor what is said below one, begins in these cells."""
        return not any(x < left < x + width and y <= bottom for left, bottom in self._taken)

    def _letter(self, x: int, letter: str, activation: str) -> None:
        if letter == "a":
            fits = x + len(activation) <= self.canvas.width
            self.canvas.put(x, 0, activation if fits else "", "dim")
        else:
            self.canvas.put(x, 0, letter, "accent_glyph", bold=True)

    def _quantity(self, layer: LayerView) -> tuple[str, Array | None]:
        """What to show of a layer: a; z before it is there; δ while it is in hand."""
        if self.written == ("δ", layer.number):
            return "δ", layer.delta
        if layer.a is None and layer.z is not None:
            return "z", layer.z
        return "a", layer.a

    def _folded(
        self, x: int, values: Array, scale: float, chosen: int | None, off: Array | None = None
    ) -> int:
        """Units by rows of four; two half rows a unit where they fit, with a sign on those that are switched
        off. Returns the rows used."""
        rows = -(-len(values) // FOLDS)
        padded = np.full(rows * FOLDS, 0.0)
        padded[: len(values)] = values
        high = 2 if rows <= self.rows else 1
        field = levels(padded.reshape(rows, FOLDS), scale, FULL)
        field = np.repeat(np.repeat(field, UNIT, axis=1), high, axis=0)[: 2 * self.rows]
        draw_field(self.canvas, x, 1, field)
        signs = [] if off is None else [(int(unit), 1, OFF) for unit in np.flatnonzero(off)]
        signs += [] if chosen is None else [(chosen, 0, "▸")]
        for unit, column, sign in signs if high == 2 else ():
            ground = self.palette.ramp(float(values[unit]), scale, FULL)
            place = (x + unit % FOLDS * UNIT + column, 1 + unit // FOLDS)
            self.canvas.put(*place, sign, self.palette.ink_on(ground), ground, bold=True)
        return (len(field) + 1) // 2

    def _outputs(self, layer: LayerView, x: int, letter: str, array: Array | None) -> int:
        """At most twelve outputs as name, number, bar, in their own order."""
        after = self.canvas.put(x, 0, "output", "bright")
        self._letter(after + 1, letter, layer.activation)
        order = self._shown_outputs(layer, array)
        width = max(self.canvas.width - x, 0)
        named = max((len(self._output_name(k)) for k in order), default=1)
        for row, k in enumerate(order, 1):
            value = None if array is None else float(array[self.choice.example, k])
            best = array is not None and letter == "a" and k == int(np.argmax(array[self.choice.example]))
            token = "bright" if best and len(order) > 1 else "text"
            marked = self.choice.layer == layer.number and self.choice.unit == k
            if marked:
                self.canvas.put(x - 1, row, "▸", "accent_glyph")
            self.canvas.put(x, row, self._output_name(k).rjust(named), token)
            text = "   ·   " if value is None else (u7 if letter == "a" else s7)(value)
            self.canvas.put(x + named + 1, row, text, token if value is not None else "faint")
            if value is not None and letter == "a":
                self._bar(x + named + 9, row, value, width - named - 10)
        if layer.units > len(order):
            self.canvas.put(x, len(order) + 1, f"{layer.units - len(order)} more", "dim")
        elif layer.activation == "softmax":
            self.canvas.put(x, len(order) + 2, "ŷ, sums to 1", "dim")
        return x + 16

    def _shown_outputs(self, layer: LayerView, array: Array | None) -> list[int]:
        most = min(MOST_OUTPUTS, self.canvas.height - 2)
        if layer.units <= most:
            return list(range(layer.units))
        if array is None:
            return list(range(most))
        return sorted(np.argsort(-array[self.choice.example])[:most].tolist())

    def _output_name(self, k: int) -> str:
        classes = self.frame.update.classes
        if len(classes) == self.frame.sizes[-1] > 1:
            return safe(classes[k], 8)
        return unit_name(self.frame.sizes, len(self.frame.sizes) - 1, k)

    def _bar(self, x: int, row: int, value: float, width: int) -> None:
        """A share of 1 as a bar."""
        if not 0 <= value <= 1 or width < 1:
            return
        eighths = round(value * min(width, 8) * 8)
        text = "█" * (eighths // 8) + (BAR[eighths % 8 - 1] if eighths % 8 else "")
        self.canvas.put(x, row, text, "pos")

    def cut(self, x: int, text: str) -> int:
        """Layers that are not shown. Returns the x after it."""
        self.canvas.put(x, self.canvas.height - 1, text, "dim")
        return x + 6


def _in_words(shown: Parameters) -> str:
    return "weights" if shown.letter == "W" else shown.letter


def _fold(shape: tuple[int, ...], rows: int, columns: int) -> Fold:
    """The smallest fold that fits into half rows and columns; small matrices are enlarged."""
    r, c = -(-shape[0] // max(rows, 1)), -(-shape[1] // max(columns, 1))
    up = min(max(rows // shape[0], 1), 4) if r == 1 else 1
    return Fold(r, c, 2 * (up // 2) or 1, min(max(columns // shape[1], 1), 4) if c == 1 else 1)


def _folded(values: Array, fold: Fold) -> Array:
    """Each block of r×c weights as its entry of largest magnitude, then enlarged."""
    high, low = _of_blocks(np.maximum, values, fold), _of_blocks(np.minimum, values, fold)
    strongest = np.where(high >= -low, high, low).astype(float)
    return np.repeat(np.repeat(strongest, fold.up, axis=0), fold.across, axis=1)


def _of_blocks(extreme: np.ufunc, values: Array, fold: Fold) -> Array:
    """The largest, or smallest, entry of each block; NaN where it has one."""
    rows = values[:: fold.r].copy()
    for row in range(1, fold.r):
        others = values[row :: fold.r]
        extreme(rows[: len(others)], others, out=rows[: len(others)])
    return np.asarray(extreme.reduceat(rows, range(0, rows.shape[1], fold.c), axis=1))


def _full_strength(values: Array, finite: bool) -> float:
    """The QUANTILE of the finite magnitudes. To put 100,000 in order takes longer than to draw them: it is
    looked for among those above a guess, which a sample allows."""
    magnitudes = np.abs(values if finite else values[np.isfinite(values)]).ravel()
    if not magnitudes.size:
        return 1.0
    below, share = divmod(QUANTILE * (magnitudes.size - 1), 1)
    wanted = magnitudes.size - int(below)
    large = magnitudes[magnitudes >= np.quantile(magnitudes[::SAMPLED], GUESS)]
    if len(large) < wanted:
        large = magnitudes
    first = len(large) - wanted
    ordered = np.partition(large, (first, min(first + 1, len(large) - 1)))
    lower, upper = float(ordered[first]), float(ordered[min(first + 1, len(large) - 1)])
    return lower + (upper - lower) * share
