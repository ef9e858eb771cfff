"""A picture of the data: points of a plane, a curve, images, or the first rows of a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.explain.numbers import count, plain, precise
from bptui.session.preview import Preview
from bptui.tui.drawing import heat, plot
from bptui.tui.drawing.answers import class_letters, narrow, pretty
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.palette import Palette

Array = NDArray[Any]

IMAGES = 4
GAP = 2  # cells between two images
NAMES = 6  # classes told by name under a plane
CELL = 10  # cells of a table's column


def draw_dataset(preview: Preview, width: int, height: int, palette: Palette) -> Canvas:
    """What suits the data best; the last row says what the glyphs are, or what was left out."""
    canvas = Canvas(width, height, palette)
    if not len(preview.inputs) or height < 2:
        return canvas
    with np.errstate(all="ignore"):  # a number of the data may be of any size
        _drawing(preview)(canvas, preview)
    return canvas


def is_table(preview: Preview) -> bool:
    """Its picture needs the whole width."""
    return _drawing(preview) is _draw_table


def _drawing(preview: Preview) -> Callable[[Canvas, Preview], None]:
    inputs, answers = preview.inputs.shape[1], preview.targets.shape[1]
    if preview.image is not None:
        return _draw_images
    if inputs == 2 and (preview.classes or answers == 1):
        return _draw_plane
    if inputs == 1 and answers == 1 and preview.numbers:
        return _draw_curve
    return _draw_table


def brief(value: float) -> str:
    """An end of an axis: as it stands where it is short, else to two digits."""
    text = plain(value)
    return text if len(text) <= 4 else precise(value, 2)


def datum(value: float) -> str:
    """A number of the data as it stands, or to four digits where it is longer than a cell."""
    text = plain(value)
    return text if len(text) < CELL else precise(value)


# ---------------------------------------------------------------- two inputs


def _draw_plane(canvas: Canvas, preview: Preview) -> None:
    """A square with the points, and under it what they are."""
    height = min(canvas.height - 2, canvas.width // 2)
    width = 2 * height
    if height < 2:
        return
    inputs = preview.inputs
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    shares = (inputs - low) / np.where(high > low, high - low, 1.0)
    shares = np.nan_to_num(np.where(high > low, shares, 0.5), nan=0.5)
    columns = np.rint(shares[:, 0] * (width - 1)).astype(int)
    rows = height - 1 - np.rint(shares[:, 1] * (height - 1)).astype(int)
    glyphs, inks = point_glyphs(preview)
    # From the last to the first: of those in one cell the first is seen.
    for number in range(len(inputs) - 1, -1, -1):
        canvas.put(int(columns[number]), int(rows[number]), glyphs[number], inks[number])
    names = [pretty(name, 12) for name in preview.input_names]
    sides = zip(names, low.tolist(), high.tolist(), strict=True)
    extent = "  ".join(f"{name} {brief(a)}…{brief(b)}" for name, a, b in sides)
    if len(extent) > canvas.width:
        extent = f"{names[0]} →  {names[1]} ↑"
    canvas.put(0, height, extent, "dim")
    _draw_legend(canvas, height + 1, preview)


def point_glyphs(preview: Preview) -> tuple[list[str], list[str]]:
    """A character and an ink for each example: ● above, ○ for class 0 or below the middle, else letters."""
    if preview.classes and len(preview.classes) > 2:
        letters = class_letters(preview.classes)
        return [letters[label] for label in preview.labels.tolist()], ["text"] * len(preview.targets)
    signs = preview.labels > 0 if preview.classes else preview.targets[:, 0] > _middle(preview)
    upper = signs.tolist()
    return ["●" if up else "○" for up in upper], ["pos" if up else "neg" for up in upper]


def _middle(preview: Preview) -> float:
    values = preview.targets[:, 0]
    return float(values.min() / 2 + values.max() / 2)


def _draw_legend(canvas: Canvas, y: int, preview: Preview) -> None:
    if not preview.classes:
        name, middle = pretty(preview.output_names[0], 10), brief(_middle(preview))
        x = canvas.put(0, y, "●", "pos")
        x = canvas.put(x, y, f" {name} > {middle}  ", "dim")
        x = canvas.put(x, y, "○", "neg")
        canvas.put(x, y, f" {name} ≤ {middle}", "dim")
        return
    two = len(preview.classes) == 2
    glyphs = ("○", "●") if two else class_letters(preview.classes)
    inks = ("neg", "pos") if two else ("text",) * len(glyphs)
    x = 0
    for glyph, ink, name in list(zip(glyphs, inks, preview.classes, strict=True))[:NAMES]:
        text = narrow(name, 12)
        if x + len(text) + 2 > canvas.width:
            canvas.put(x, y, "…", "dim")
            return
        x = canvas.put(x, y, glyph, ink)
        x = canvas.put(x, y, f" {text}  " if two or text != glyph else "  ", "dim")


# ---------------------------------------------------------------- one input


def _draw_curve(canvas: Canvas, preview: Preview) -> None:
    """Each example a dot: the input to the right, the target up."""
    height = canvas.height - 2
    width = min(canvas.width, 4 * height)
    if height < 1 or width < 1:
        return
    x, y = preview.inputs[:, 0], preview.targets[:, 0]
    columns = _dots(x, plot.DOTS_X * width)
    rows = plot.DOTS_Y * height - 1 - _dots(y, plot.DOTS_Y * height)
    plot.stamp(canvas, 0, 0, plot.braille(columns, rows, width, height), "bright")
    for line, (name, values) in enumerate(((preview.input_names[0], x), (preview.output_names[0], y))):
        extent = f"{pretty(name, 12)} {brief(values.min())} … {brief(values.max())}"
        canvas.put(0, height + line, extent, "dim")


def _dots(values: Array, dots: int) -> Array:
    low, high = values.min(), values.max()
    if not high > low:
        return np.full(len(values), dots // 2)
    shares = np.nan_to_num((values - low) / (high - low), nan=0.5)
    return np.asarray(np.rint(shares * (dots - 1)), dtype=int)


# ---------------------------------------------------------------- images


def _draw_images(canvas: Canvas, preview: Preview) -> None:
    """Four examples of different classes, each with its answer below; the last row says what was left out."""
    image = preview.image or (1, 1)
    across, scale, every = _arrangement(image, canvas.width, canvas.height - 1)
    chosen = _samples(preview)
    pictures = preview.inputs[chosen]
    low, top = min(float(pictures.min()), 0.0), float(pictures.max())
    below = 0
    for number, example in enumerate(chosen):
        pixels = preview.inputs[example].reshape(image)[::every, ::every]
        pixels = np.repeat(np.repeat(pixels, scale, axis=0), scale, axis=1)
        tall, wide = (len(pixels) + 1) // 2, pixels.shape[1]
        x, y = (number % across) * (wide + GAP), (number // across) * (tall + 1)
        heat.draw_field(canvas, x, y, heat.levels(pixels - low, top - low))
        below = y + tall + 1
        canvas.put(x, y + tall, narrow(_answer(preview, example), wide), "text")
    thinned = "" if every == 1 else f", 1 pixel in {every * every}"
    note = f"{len(chosen)} of {count(preview.examples)} examples{thinned}"
    canvas.put(0, below, note[: canvas.width], "dim")


def _arrangement(image: tuple[int, int], width: int, height: int) -> tuple[int, int, int]:
    """How many images stand side by side, how many cells a pixel is wide, and which share of them is drawn:
    as large as fits."""
    for scale, every in ((2, 1), *((1, every) for every in range(1, max(image)))):
        rows, columns = (-(-side // every) * scale for side in image)
        for across in (2, 4):
            tall = (IMAGES // across) * ((rows + 1) // 2 + 1)
            if across * (columns + GAP) - GAP <= width and tall <= height:
                return across, scale, every
    return IMAGES, 1, max(image)


def _samples(preview: Preview) -> list[int]:
    """The first example of each class, up to four of them; of numbers the first four."""
    if not preview.classes:
        return list(range(min(IMAGES, len(preview.inputs))))
    _, first = np.unique(preview.labels, return_index=True)
    found = first[:IMAGES].tolist()
    others = (row for row in range(len(preview.inputs)) if row not in found)
    return [*found, *(row for row, _ in zip(others, range(IMAGES - len(found)), strict=False))]


def _answer(preview: Preview, example: int) -> str:
    if preview.classes:
        return preview.classes[int(preview.labels[example])]
    return "  ".join(datum(value) for value in preview.targets[example])


# ---------------------------------------------------------------- any


def _draw_table(canvas: Canvas, preview: Preview) -> None:
    """The first examples: as many inputs as fit, and the targets, whose names are marked."""
    answers = _answer_columns(preview)
    fitting = max(canvas.width // CELL - len(answers), 1)
    inputs = min(fitting, len(preview.input_names))
    names = [*preview.input_names[:inputs], *(name for name, _ in answers)]
    rows = min(len(preview.inputs), canvas.height - 2)
    for column, name in enumerate(names):
        is_target = column >= inputs
        text = ("▸" if is_target else "") + pretty(name, CELL - 2 - is_target)
        canvas.right((column + 1) * CELL - 1, 0, text, "bright" if is_target else "dim", bold=is_target)
    for row in range(rows):
        cells = [datum(value) for value in preview.inputs[row, :inputs].tolist()]
        cells += [values[row] for _, values in answers]
        for column, cell in enumerate(cells):
            canvas.right((column + 1) * CELL - 1, row + 1, narrow(cell, CELL - 1), "text")
    canvas.put(1, rows + 1, _left_out(preview, rows, inputs)[: canvas.width], "dim")


def _answer_columns(preview: Preview) -> list[tuple[str, list[str]]]:
    """Name and cells of the targets that are shown, at most three."""
    if preview.classes:
        labels = [preview.classes[label] for label in preview.labels.tolist()]
        return [(preview.target or "class", labels)]
    cells = [[datum(value) for value in column] for column in preview.targets.T.tolist()[:3]]
    return list(zip(preview.output_names, cells, strict=False))


def _left_out(preview: Preview, rows: int, inputs: int) -> str:
    more = len(preview.input_names) - inputs
    columns = f", {inputs} of {len(preview.input_names)} inputs" if more else ""
    if rows == preview.examples and not more:
        return "▸ to be learned"
    return f"{rows} of {count(preview.examples)} examples{columns}   ▸ to be learned"
