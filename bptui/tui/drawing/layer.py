"""A layer closer: its verdict with its rule, numbers by decade, its largest gradients, its units' slopes."""

from __future__ import annotations

from collections.abc import Sequence

from bptui.explain import names
from bptui.explain.layer import (
    Decades,
    Large,
    Slopes,
    UnitSlopes,
    by_decade,
    largest_gradients,
    slopes,
    worst_first,
)
from bptui.explain.numbers import compact, count, s7, share
from bptui.explain.update import Array
from bptui.explain.verdicts import of_layer
from bptui.session.frame import Frame
from bptui.tui.drawing.bars import bar
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import draw_wrapped, in_cells
from bptui.tui.drawing.gradients import QUIET
from bptui.tui.drawing.palette import Palette

INDENT = 2
TWO_COLUMNS = 70
GAP = 3  # columns between the two
MATRIX = (10, 24)  # units and examples up to which each slope is shown
ALIVE, FLAT, OFF, SWITCHED = "·", "◐", "∅", "⊘"
DECADES = 6
NO_GRADIENT = "no gradient yet: the first backward pass makes it"
NO_SLOPE = "no slope: the loss undoes the output's"


def draw_layer(
    frame: Frame, width: int, height: int, palette: Palette, number: int, chosen: int = 0
) -> Canvas:
    """Of layer `number` (from 1), as high as it has to be; `chosen` is the one of its largest gradients that
    is marked."""
    two = width >= TWO_COLUMNS
    blocks = _blocks(frame, (width - GAP) // 2 if two else width, palette, number, chosen)
    top = 3 if two else 4
    roomy = 1 if two and height >= 22 else 0
    places = _side_by_side(blocks, top, width, roomy) if two else _stacked(blocks, top)
    needed = max(y + block.height for (_, y), block in zip(places, blocks, strict=True))
    canvas = Canvas(width, max(height, needed), palette)
    _draw_title(canvas, frame, number)
    if frame.health:
        verdict = frame.health[number - 1].verdict
        canvas.put(0, 1, verdict.glyph, "dim" if verdict.glyph in QUIET else "accent_glyph", bold=True)
        told = Canvas(max(width - INDENT, 1), 2, palette)
        draw_wrapped(told, 0, of_layer(frame.health, number), "text", most=1 if two else 2)
        canvas.paste(told, INDENT, 1)
    for (x, y), block in zip(places, blocks, strict=True):
        canvas.paste(block, x, y)
    return canvas


def _blocks(frame: Frame, width: int, palette: Palette, number: int, chosen: int) -> list[Canvas]:
    view = frame.update
    layer = names.layer(view, number)
    return [
        _histogram("|∂L/∂w| by decade", layer.grad_weights, width, palette),
        _histogram("|w| by decade", layer.weights, width, palette),
        _largest(largest_gradients(view, number), width, palette, chosen),
        _units(slopes(view, number), width, palette, len(view.inputs)),
    ]


def _side_by_side(blocks: Sequence[Canvas], top: int, width: int, gap: int) -> list[tuple[int, int]]:
    """Histograms above, largest gradients and units below."""
    right = (width - GAP) // 2 + GAP
    below = top + max(blocks[0].height, blocks[1].height) + gap
    return [(0, top), (right, top), (0, below), (right, below)]


def _stacked(blocks: Sequence[Canvas], top: int) -> list[tuple[int, int]]:
    """The largest gradients first: they lead on."""
    places = {}
    for index in (2, 3, 0, 1):
        places[index] = (0, top)
        top += blocks[index].height + 1
    return [places[index] for index in range(4)]


def _draw_title(canvas: Canvas, frame: Frame, number: int) -> None:
    layer = names.layer(frame.update, number)
    units = f"{count(layer.units)} unit{'s' if layer.units > 1 else ''}"
    sizes = f"{count(layer.weights.shape[1])} inputs, {units}{', held' if layer.held else ''}"
    called = names.layer_name(frame.update, number).removeprefix("the ")
    canvas.rule(0, f"Layer {number} · {called} · {layer.activation}", sizes, focused=True)


# ------------------------------------------------------------ how the numbers are spread


def _histogram(title: str, values: Array | None, width: int, palette: Palette) -> Canvas:
    """A bar a decade with its count, the largest on top; as many rows whatever the numbers are."""
    canvas = Canvas(width, 1 + DECADES + 1, palette)
    canvas.put(0, 0, title, "bright")
    if values is None:
        canvas.put(INDENT, 1, NO_GRADIENT[: width - INDENT], "dim")
        return canvas
    canvas.right(width, 0, f"{count(values.size)} weights", "dim")
    spread = by_decade(values, DECADES)
    most = max((n for _, n in spread.counts), default=1)
    for y, (power, n) in enumerate(spread.counts, 1):
        label = f"10{_power(power)}"
        canvas.right(INDENT + 6, y, label, "dim")
        x = canvas.put(INDENT + 7, y, bar(n / most, width - INDENT - 16), "text", bold=False)
        canvas.put(x + 1, y, count(n), "text" if n else "faint")
    canvas.put(INDENT, 1 + DECADES, _others(spread), "dim")
    return canvas


def _power(power: int) -> str:
    return f"{'⁻' if power < 0 else ''}{compact(abs(power))}"


def _others(spread: Decades) -> str:
    told = [f"{count(spread.smaller)} smaller"] if spread.smaller else []
    told += [f"{count(spread.zeros)} exactly 0"] if spread.zeros else []
    told += [f"{count(spread.not_finite)} not finite"] if spread.not_finite else []
    return ", ".join(told)


# ------------------------------------------------------------ the largest gradients


def _largest(large: Sequence[Large], width: int, palette: Palette, chosen: int) -> Canvas:
    """Name, way, gradient, weight; each row is marked with its number."""
    canvas = Canvas(width, 2 + max(len(large), 1), palette)
    canvas.put(0, 0, "Its largest gradients", "bright")
    if not large:
        canvas.put(INDENT, 1, NO_GRADIENT[: width - INDENT], "dim")
        return canvas
    canvas.right(width - 9, 1, "∂L/∂w", "dim")
    canvas.right(width - 1, 1, "w", "dim")
    name = max(len(one.name) for one in large) + 2
    for y, one in enumerate(large, 2):
        is_chosen = y - 2 == chosen
        if is_chosen:
            canvas.put(0, y, "▸", "accent_glyph", bold=True)
        canvas.put(INDENT, y, one.name, "bright" if is_chosen else "text")
        way = in_cells(one.way)
        if INDENT + name + len(way) + 18 <= width:
            canvas.put(INDENT + name, y, way, "dim")
        for x, value in ((width - 9, one.gradient), (width - 1, one.value)):
            canvas.right(x, y, s7(value), palette.signed(value), bold=is_chosen)
        canvas.mark(0, y, width, y - 2)
    return canvas


# ------------------------------------------------------------ the units


def _units(found: Slopes | None, width: int, palette: Palette, batch: int) -> Canvas:
    """Small layers: a row a unit, a column an example; larger ones: the worst, each with its share."""
    canvas = Canvas(width, 13, palette)
    canvas.put(0, 0, "Its units' slopes", "bright")
    note = f"{count(batch)} example{'s' if batch > 1 else ''}"
    canvas.right(width, 0, f"{note} of the batch" if width >= 44 else note, "dim")
    if found is None:
        canvas.put(INDENT, 1, NO_SLOPE, "dim")
        return canvas
    room = (width - INDENT - 6 - 12) // batch  # columns an example
    small = len(found.units) <= MATRIX[0] and batch <= MATRIX[1] and room > 0
    shown = found.units if small else worst_first(found.units)[: MATRIX[0]]
    for y, unit in enumerate(shown, 1):
        _draw_unit(canvas, y, found, unit, min(room, 2) if small else 0)
    left = len(found.units) - len(shown)
    legend = f"{FLAT} flat: under 1/10 of the steepest" if found.flat is not None else f"{OFF} slope 0"
    if found.flat is not None and found.off.any():
        legend += f"   {OFF} 0"
    canvas.put(INDENT, 11, f"… {count(left)} more, none worse" if left else "", "dim")
    canvas.put(INDENT, 12 if left else len(shown) + 1, legend[: width - INDENT], "dim")
    return canvas


def _draw_unit(canvas: Canvas, y: int, found: Slopes, unit: UnitSlopes, each: int) -> None:
    """`each`: the columns an example has, 0 where the share alone is shown."""
    canvas.put(INDENT, y, in_cells(unit.name), "text")
    x = INDENT + 6
    off = found.off[:, unit.unit]
    part = float(off.mean()) if unit.flat is None else unit.flat
    if each:
        for example, is_off in enumerate(off.tolist()):
            is_flat = found.flat is not None and bool(found.flat[example, unit.unit])
            glyph = SWITCHED if unit.off else OFF if is_off else FLAT if is_flat else ALIVE
            canvas.put(x, y, glyph, "dim" if glyph in (ALIVE, SWITCHED) else "accent_glyph", bold=False)
            x += each
    else:
        room = canvas.width - x - 17
        canvas.put(x, y, bar(part, room), "text", bold=False)
        x += room
    if unit.off:
        canvas.put(x + 1, y, f"{SWITCHED} off", "dim")
    elif unit.dead:
        canvas.put(x + 1, y, "∅ dead", "accent_glyph", bold=True)
    else:
        word = "flat" if unit.flat is not None else "off"
        canvas.put(x + 1, y, f"{share(part):>4} {word}", "text" if part else "dim")
