"""One weight, closer: its path to the loss, its chain of factors, how it is checked, its update.

Where rows are scarce blank ones go first, then the path, the check and the update; the chain and its mean
stay. A batch that does not fit is listed by its largest products, the others as their sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap

import numpy as np

from bptui.explain.numbers import s6, s7, s10, u7, whole
from bptui.explain.weight import LARGEST, Station
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import in_cells
from bptui.tui.drawing.factors import chain_table, fitting_table
from bptui.tui.drawing.gradients import sparkline
from bptui.tui.drawing.inspected import INDENT, NOT_YET, CheckLine, Inspected, Section
from bptui.tui.drawing.palette import Palette

CHECK_ROWS = 2  # whether it waits or was made
LABEL = 12  # columns of "check" and "update" with what follows them
_STATION = 7  # cells
_WHOLE = 24  # characters of the longest number, whole


def draw_inspector(seen: Inspected, width: int, height: int, palette: Palette, whole: bool = False) -> Canvas:
    """The title row, then the sections that fit; `whole`: all of them. Where not all fit, the picture is as
    high as all are."""
    everything = 1 + sum(section.rows for section in _kept(seen, width, 10**6))
    canvas = Canvas(width, max(height, everything), palette)
    height = canvas.height if whole else height
    chain = seen.chain
    canvas.rule(0, f"{'Bias' if chain.short[0] == 'b' else 'Weight'} {chain.name}", chain.way, focused=True)
    y, kept = 1, _kept(seen, width, height - 1)
    spare = height - 1 - sum(section.rows for section in kept)
    for section in kept:
        y += spare > 0
        spare -= 1
        section.draw(canvas, y)
        y += section.rows
    return canvas


def _kept(seen: Inspected, width: int, room: int) -> list[Section]:
    """Of the sections those that fit into so many rows; the table takes what is left."""
    heads = [
        Section(0, *_values(seen, width)),
        *_path_sections(seen, width),
    ]
    tails = _tail_sections(seen, width)
    least = chain_table(seen, width, LARGEST).rows
    ranked = sorted({s.rank for s in (*heads, *tails) if s.rank}, reverse=True)
    for gone in range(len(ranked) + 1):
        away = set(ranked[:gone])
        around = [s for s in (*heads, *tails) if s.rank not in away]
        left = room - sum(s.rows for s in around)
        if left >= least or gone == len(ranked):
            break
    table = fitting_table(seen, width, left)
    return [s for s in heads if s in around] + [table] + [s for s in tails if s in around]


# ------------------------------------------------------------ the number, whole


def _values(seen: Inspected, width: int) -> tuple[int, Callable[[Canvas, int], None]]:
    chain = seen.chain
    of = "" if chain.whole else " of the data"
    parts = [(f"{chain.name} = ", chain.value), (f"∂L/∂{chain.short}{of} = ", chain.gradient)]
    texts = [NOT_YET if value is None else whole(value) for _, value in parts]
    # However long a number is, the next one stands where it stands.
    beside = INDENT + sum(len(name) for name, _ in parts) + 2 * _WHOLE + 3 <= width

    def draw(canvas: Canvas, y: int) -> None:
        x = INDENT
        for (name, value), text in zip(parts, texts, strict=True):
            x = canvas.put(x, y, name, "dim")
            canvas.put(x, y, text, _hue(canvas, value), bold=True)
            x, y = (x + _WHOLE + 3, y) if beside else (INDENT, y + 1)

    return (1 if beside else 2), draw


def _hue(canvas: Canvas, value: float | None) -> str:
    return "faint" if value is None else canvas.palette.signed(value)


# ------------------------------------------------------------ the path


def _path_sections(seen: Inspected, width: int) -> list[Section]:
    """Names over their values; what leads from one to the next stands in the arrow, else above it."""
    stations = seen.chain.path
    hop = min((width - 2 * INDENT - _STATION - 1) // (len(stations) - 1), 19)
    longest = max(len(in_cells(station.by)) for station in stations)
    inside = longest + 3 <= hop - _STATION - 1
    what = "this bias" if seen.chain.short[0] == "b" else "this weight"
    if hop < max(longest, 9):
        return [_path_list(seen, what)]

    def draw(canvas: Canvas, y: int) -> None:
        canvas.put(INDENT, y, f"How a change of {what} reaches the loss", "text")
        canvas.right(canvas.width - INDENT, y, f"example {seen.example + 1}", "dim")
        for number, station in enumerate(stations):
            x = INDENT + 1 + number * hop
            if number:
                _draw_arrow(canvas, x, y + 1, in_cells(station.by), hop, inside)
            _draw_station(canvas, x, y + (1 if inside else 2), station)

    return [Section(4, 3 if inside else 4, draw)]


def _path_list(seen: Inspected, what: str) -> Section:
    """One under another, where they do not fit side by side."""
    stations = [(in_cells(s.by), in_cells(s.name), s.value) for s in seen.chain.path]
    by = max(len(text) for text, _, _ in stations)

    def draw(canvas: Canvas, y: int) -> None:
        told = f"How a change of {what} reaches the loss"
        canvas.put(INDENT, y, told if INDENT + len(told) <= canvas.width else "Its way to the loss", "text")
        for row, (arrow, name, value) in enumerate(stations, y + 1):
            canvas.right(INDENT + 2 + by, row, arrow, "text")
            canvas.put(INDENT + 3 + by, row, "▸" if arrow else " ", "dim")
            canvas.put(INDENT + 5 + by, row, name, "bright")
            text = NOT_YET if value is None else s6(value)
            canvas.right(INDENT + 19 + by, row, text, "faint" if value is None else "text")

    return Section(4, 1 + len(stations), draw)


def _draw_arrow(canvas: Canvas, x: int, y: int, by: str, hop: int, inside: bool) -> None:
    """Between the station before and the one at x."""
    room = hop - _STATION
    if not inside:
        canvas.put(x - room // 2 - len(by) // 2 - 1, y, by, "text")
        by, y = "", y + 1
    canvas.put(x - room, y, f"{by.center(room - 1, '─')}▸", "dim")


def _draw_station(canvas: Canvas, x: int, y: int, station: Station) -> None:
    """A name over its value."""
    name = in_cells(station.name)
    canvas.put(x + (_STATION - len(name) + 1) // 2, y, name, "bright")
    text = NOT_YET if station.value is None else s6(station.value).strip()
    canvas.put(x + (_STATION - len(text)) // 2, y + 1, text, "faint" if station.value is None else "text")


# ------------------------------------------------------------ check and update


def _tail_sections(seen: Inspected, width: int) -> list[Section]:
    sections = []
    if isinstance(seen.check, str):
        told = seen.check
        sections.append(Section(3, CHECK_ROWS, lambda canvas, y: _labelled(canvas, y, "check", told, "dim")))
    elif seen.check:
        lines = seen.check
        sections.append(Section(3, CHECK_ROWS, lambda canvas, y: _draw_checks(canvas, y, lines)))
    if seen.said:
        # The sentence follows the numbers, its rows do not.
        rows = 1 if width >= 120 else 2 if width >= 70 else 3
        said = wrap(in_cells(seen.said), max(width - 2 * INDENT, 10))[:rows]
        sections.append(Section(5, rows, lambda canvas, y: _put_said(canvas, y, said)))
    if seen.update:
        told_update = seen.update
        sections.append(Section(2, 1, lambda canvas, y: _labelled(canvas, y, "update", told_update, "text")))
    if width >= 88:
        sections.append(Section(6, 2, lambda canvas, y: _draw_history(canvas, y, seen)))
    return sections


def _draw_history(canvas: Canvas, y: int, seen: Inspected) -> None:
    """Weight and gradient since the inspector was opened, each with its range."""
    short = "b" if seen.chain.short[0] == "b" else "w"
    x = INDENT + LABEL
    canvas.put(INDENT, y, "seen here", "dim")
    if not seen.history:
        canvas.put(x, y, NOT_YET, "faint")
        return
    room = min(canvas.width - x - 8 - 22, 60)
    for row, name in enumerate((short, f"∂L/∂{short}")):
        values = np.array([pair[row] for pair in seen.history])
        canvas.put(x, y + row, name, "text")
        canvas.put(x + 7, y + row, sparkline(values, room)[0].ljust(room), "dim")
        low, high = float(values.min()), float(values.max())
        canvas.put(x + 8 + room, y + row, f"{s7(low).strip()} … {s7(high).strip()}", "dim")


def _put_said(canvas: Canvas, y: int, said: Sequence[str]) -> None:
    for row, line in enumerate(said, y):
        canvas.put(INDENT, row, line, "text")


def _labelled(canvas: Canvas, y: int, label: str, text: str, token: str) -> None:
    x = INDENT + (LABEL if canvas.width >= 88 else len(label) + 2)
    canvas.put(INDENT, y, label, "dim")
    room = canvas.width - x - INDENT
    text = in_cells(text)
    if len(text) > room:
        text = text.split(" = ", 1)[-1]  # the numbers without their formula
    canvas.put(x, y, text if len(text) <= room else f"{text[: max(room - 1, 0)]}…", token)


def _draw_checks(canvas: Canvas, y: int, lines: Sequence[CheckLine]) -> None:
    wide = canvas.width >= 88
    for number, line in enumerate(lines):
        x = INDENT + (LABEL if wide else 7)
        if not number:
            canvas.put(INDENT, y, "check", "dim")
        x = canvas.put(x, y + number, f"{line.method:14}", "text")
        if line.value is None:
            canvas.put(x, y + number, "a corner lies within its step", "dim")
            continue
        whole_fits = canvas.width >= 64
        text = whole(line.value) if whole_fits else s10(line.value).strip()
        canvas.put(x, y + number, text, "text")
        x += 26 if whole_fits else 12
        told = f"difference {u7(line.difference).strip()}" if wide else f"Δ {u7(line.difference).strip()}"
        x = canvas.put(x, y + number, told, "text")
        mark = "✓" if line.agrees else "✕"
        canvas.put(x + 2, y + number, mark, "text" if line.agrees else "accent_glyph", bold=True)
