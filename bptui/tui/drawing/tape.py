"""The tape: the forward rail to the right, the backward rail to the left, each operation in its column."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from bptui.explain.names import split_name
from bptui.explain.numbers import compact as small
from bptui.explain.numbers import layer_sup
from bptui.session.frame import Frame, State
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.palette import Palette
from bptui.tui.drawing.stacks import fitting, geometry

ALIGNED = 16  # units: up to here the network is a graph
SLOTS_FROM = 5  # layers: from here on one slot a layer
ON_FORWARD_RAIL = ("PRE_ACTIVATION", "ACTIVATION", "LOSS")  # kinds


class Track(NamedTuple):
    """What the tape's picture is made of."""

    sizes: tuple[int, ...]
    operations: tuple[tuple[str, int | None, str], ...]  # kind, layer, what it writes
    position: int
    running: bool


class Stop(NamedTuple):
    """A place on the rails: a label, centred on column x of rail 0 (forward) or 1, and its operations."""

    label: str
    x: int
    rail: int
    operations: tuple[int, ...]  # their numbers, from 1; empty for the input


def draw_tape(
    frame: Frame,
    width: int,
    height: int,
    palette: Palette,
    choice: Choice,
    focused: bool = False,
    compact: bool = False,
) -> Canvas:
    """Two rows, or one where height is 1."""
    return _drawn(_track(frame), width, height, palette, compact)


def _track(frame: Frame) -> Track:
    operations = tuple((op.kind.name, op.layer, op.writes) for op in frame.update.operations)
    return Track(frame.sizes, operations, frame.update.position, frame.state is State.RUNNING)


@lru_cache(maxsize=8)
def _drawn(track: Track, width: int, height: int, palette: Palette, compact: bool) -> Canvas:
    """While training runs it is the same picture again and again; nobody draws on it."""
    canvas = Canvas(width, height, palette)
    if height == 1:
        _single(canvas, track)
        return canvas
    margin = _margin(width)
    canvas.put(margin, 0, "forward ▸", "dim")
    canvas.put(margin, 1, "backward ◂", "dim")
    for rail in (0, 1):
        _rail(canvas, [s for s in _stops(track, width, compact) if s.rail == rail], rail, track)
    return canvas


def operation_at(frame: Frame, width: int, height: int, x: int, y: int, compact: bool) -> int | None:
    """The number (from 1) of the operation at a cell, for the mouse."""
    track = _track(frame)
    if height == 1:
        labels, starts, shift = _single_places(track, width)
        cells = zip(labels, starts, strict=True)
        hits = (i for i, (label, start) in enumerate(cells, 1) if start <= x + shift < start + len(label))
        return next(hits, None)
    for stop in _stops(track, width, compact):
        start = stop.x - len(stop.label) // 2
        if stop.rail == y and stop.operations and start <= x < start + len(stop.label):
            return stop.operations[-1]
    return None


def _stops(track: Track, width: int, compact: bool) -> list[Stop]:
    """All labels with their columns: spread evenly, forward and backward of a layer one above the other."""
    depth = len(track.sizes) - 1
    groups = _by_place(track)
    places = [(l, half) for l in range(1, depth + 1) for half in _halves(depth)]
    left, right = 15 + _margin(width), width - 6
    columns = _columns(track, places, width, left, right, compact)
    found = [Stop("x", left - 1, 0, ())]
    for (layer, half), x in zip(places, columns, strict=True):
        for rail in (0, 1):
            operations = groups.get((rail, layer, half), ())
            if operations:
                label = _label(track, layer, half, rail, operations, width >= 100 and not compact)
                found.append(Stop(label, x, rail, operations))
    found.append(Stop("L", right + 1, 0, groups.get((0, None, 0), ())))
    found.append(Stop("update", left - 1, 1, groups.get((1, None, 0), ())))
    return found


def _columns(
    track: Track, places: list[tuple[int, int]], width: int, left: int, right: int, compact: bool
) -> list[int]:
    """Over the network's own columns where it is drawn as a graph and there is room, else spread evenly."""
    form = None if compact or width < 86 or max(track.sizes) > ALIGNED else fitting(track.sizes, width, 20)
    if form is None or len(track.sizes) - 1 >= SLOTS_FROM:
        step = (right - left) / len(places)
        return [left + round(step * (i + 0.62)) for i in range(len(places))]
    plan = geometry(track.sizes, width, 20, form)
    before = [x + 3 for x in plan.stacks]
    if not form.stacks:
        before = [max(x + room // 2, left + 6) for x, room in plan.edges]
    return [(before, [x + form.name + 2 for x in plan.blocks])[half][layer] for layer, half in places]


def _margin(width: int) -> int:
    return 1 if 70 <= width < 86 else 0


def _halves(depth: int) -> tuple[int, ...]:
    return (0,) if depth >= SLOTS_FROM else (0, 1)


def _by_place(track: Track) -> dict[tuple[int, int | None, int], tuple[int, ...]]:
    """Numbers of the operations by rail, layer and half (z and ∂W first, a and δ second)."""
    slots = len(track.sizes) - 1 >= SLOTS_FROM
    found: dict[tuple[int, int | None, int], tuple[int, ...]] = {}
    for number, (kind, layer, _) in enumerate(track.operations, 1):
        half = int(kind in ("ACTIVATION", "DELTA") and not slots)
        place = (int(kind not in ON_FORWARD_RAIL), layer, half)
        found[place] = (*found.get(place, ()), number)
    return found


def _label(track: Track, layer: int, half: int, rail: int, operations: tuple[int, ...], wide: bool) -> str:
    """z⁽¹⁾; in a deep net the layer's number, or the operation in hand spelled out."""
    if len(track.sizes) - 1 >= SLOTS_FROM:
        if track.position not in operations:
            return str(layer)
        letter = split_name(track.operations[track.position - 1][2])[0]
    else:
        letter = (("z", "a"), ("∂W", "δ"))[rail][half]
    return f"{letter}{layer_sup(layer) if wide or len(track.sizes) < 4 else small(layer)}"


def _rail(canvas: Canvas, stops_: list[Stop], rail: int, track: Track) -> None:
    """Lines between the labels, arrow heads in the direction of travel, then the labels."""
    ordered = sorted(stops_, key=lambda s: s.x)
    for before, after in pairwise(ordered):
        first = before.x - len(before.label) // 2 + len(before.label) + 1
        last = after.x - len(after.label) // 2 - 2
        if last >= first:
            line = "─" * (last - first) + "▸" if rail == 0 else "◂" + "─" * (last - first)
            canvas.put(first, rail, line, "faint")
    _corner(canvas, ordered[-1], rail)
    for stop in ordered:
        _stop(canvas, stop, track)


def _corner(canvas: Canvas, last: Stop, rail: int) -> None:
    """The turn from the forward rail into the backward rail, at the right edge."""
    first = last.x - len(last.label) // 2 + len(last.label) + 1
    end = canvas.width - 2
    line = "─" * (end - first) + "╮" if rail == 0 else "◂" + "─" * (end - first - 1) + "╯"
    canvas.put(first, rail, line, "faint")


def _stop(canvas: Canvas, stop: Stop, track: Track) -> None:
    x = stop.x - len(stop.label) // 2
    position = track.position
    if position and position in stop.operations:
        canvas.put(x - 1, stop.rail, f" {stop.label} ", "ink", "accent", bold=True)
    else:
        canvas.put(x, stop.rail, stop.label, _token(track, stop.operations))


def _token(track: Track, operations: tuple[int, ...]) -> str:
    """Done text, to come faint; between steps all dim, running all text."""
    if track.running:
        return "text"
    if not track.position:
        return "dim"
    return "text" if not operations or operations[-1] <= track.position else "faint"


def _single(canvas: Canvas, track: Track) -> None:
    """z¹ ▸ a¹ ▸ … ◂ δ¹ ◂ ∂W¹ ◂ update, moved so that the operation in hand is seen."""
    forward = [kind in ON_FORWARD_RAIL for kind, _, _ in track.operations]
    position = track.position
    labels, starts, shift = _single_places(track, canvas.width)
    for i, (label, x) in enumerate(zip(labels, starts, strict=True)):
        if i:
            canvas.put(x - 2 - shift, 0, "▸" if forward[i] else "◂", "faint")
        if i + 1 == position:
            canvas.put(x - 1 - shift, 0, f" {label} ", "ink", "accent", bold=True)
        else:
            canvas.put(x - shift, 0, label, _token(track, (i + 1,)))
    if shift:
        canvas.put(0, 0, "… ", "dim")
    if starts[-1] + len(labels[-1]) - shift > canvas.width:
        _cut_right(canvas, [x - shift for x in starts], labels)


def _cut_right(canvas: Canvas, starts: list[int], labels: list[str]) -> None:
    """A … in place of what is not whole."""
    ends = (x + len(label) for x, label in zip(starts, labels, strict=True))
    after = max((end for end in ends if end + 2 <= canvas.width), default=0) + 1
    canvas.put(after, 0, "…".ljust(canvas.width - after), "dim")


def _single_places(track: Track, width: int) -> tuple[list[str], list[int], int]:
    """Labels, their columns, and by how much the line is moved to the left."""
    labels = ["update" if kind == "UPDATE" else writes for kind, _, writes in track.operations]
    starts, x = [], 2
    for label in labels:
        starts.append(x)
        x += len(label) + 3
    hand = track.position - 1
    seen = hand < 0 or starts[hand] + len(labels[hand]) + 4 <= width
    return labels, starts, 0 if seen else starts[hand] - width // 2
