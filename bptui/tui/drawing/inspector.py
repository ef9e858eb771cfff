"""One weight, closer: its path to the loss, its chain of factors, how it is checked, its update.

Where rows are scarce blank ones go first, then the path, the check and the update; the chain and its mean
stay. A batch that does not fit is listed by its largest products, the others as their sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from bptui.explain.numbers import count, s5, s6, s7, s10, u7, whole
from bptui.explain.paths import Paths
from bptui.explain.update import UpdateView
from bptui.explain.weight import ALL, LARGEST, Link, Station, WeightChain
from bptui.tui.drawing.bars import bar
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import in_cells
from bptui.tui.drawing.palette import Palette

NOT_YET = "·"
INDENT = 2
LABEL = 12  # columns of "check" and "update" with what follows them
_BAR_WIDTH = 16
_STATION = 7  # cells
_WHOLE = 24  # characters of the longest number, whole
Form = tuple[Callable[[float], str], int, int]  # of a number: its width and the gap to the next
_FORMS: tuple[Form, ...] = ((s10, 10, 3), (s7, 7, 3), (s6, 6, 2), (s5, 5, 1))


@dataclass(frozen=True)
class CheckLine:
    """A number found by a method that shares no code with backpropagation, beside backpropagation's."""

    method: str
    value: float
    difference: float
    agrees: bool


@dataclass(frozen=True, eq=False)
class Inspected:
    """All that is drawn of a weight. check: lines, or why there are none; paths: listed in place of the
    chain where they are there."""

    view: UpdateView
    chain: WeightChain
    example: int
    check: tuple[CheckLine, ...] | str
    update: str
    said: str = ""  # what the number says
    paths: Paths | None = None


class Section:
    """Rows that stay or fall away together; `rank` 0 never does, else the highest goes first."""

    def __init__(self, rank: int, rows: int, draw: Callable[[Canvas, int], None]) -> None:
        self.rank, self.rows, self.draw = rank, rows, draw


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
    least = _table(seen, width, LARGEST).rows
    ranked = sorted({s.rank for s in (*heads, *tails) if s.rank}, reverse=True)
    for gone in range(len(ranked) + 1):
        away = set(ranked[:gone])
        around = [s for s in (*heads, *tails) if s.rank not in away]
        left = room - sum(s.rows for s in around)
        if left >= least or gone == len(ranked):
            break
    table = _fitting_table(seen, width, left)
    return [s for s in heads if s in around] + [table] + [s for s in tails if s in around]


def _fitting_table(seen: Inspected, width: int, room: int) -> Section:
    for most in range(LARGEST, -1, -1):
        table = _table(seen, width, most)
        if table.rows <= room:
            return table
    return _table(seen, width, 0, headed=False)


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


# ------------------------------------------------------------ the chain


class _Columns:
    """Where the table's columns stand, in the widest form that fits."""

    def __init__(self, seen: Inspected, width: int) -> None:
        links = len(seen.chain.links)
        self.inputs = _input_texts(seen)
        named = max((len(text) for text in self.inputs), default=0)
        number = len(str(len(seen.view.inputs)))
        for self.form, self.digits, self.gap in _FORMS:
            for self.inputs_width in (named, 0):
                self.lead = INDENT + 2 + max(number, 2) + (2 + self.inputs_width if self.inputs_width else 0)
                self.cell = self.digits + self.gap
                self.end = self.lead + 2 + links * self.cell + self.digits
                if self.end + 1 <= width:
                    self.bar = width - self.end - 2 - 12 if width - self.end - 2 >= 18 else 0
                    self.bar = min(self.bar, _BAR_WIDTH)
                    return
        self.bar = 0

    def x_end(self, link: int) -> int:
        """The cell after the number of a column."""
        return self.lead + 2 + link * self.cell + self.digits


def _input_texts(seen: Inspected) -> list[str]:
    """The example's inputs beside its number, where they are few and short."""
    inputs = seen.view.inputs
    if inputs.shape[1] > 3:
        return []
    texts = [[f"{value:.3g}".replace("-", "−") for value in row] for row in inputs.tolist()]
    widest = [max(len(row[i]) for row in texts) for i in range(inputs.shape[1])]
    if sum(widest) > 12:
        return []
    return [" ".join(text.rjust(w) for text, w in zip(row, widest, strict=True)) for row in texts]


def _table(seen: Inspected, width: int, most: int, headed: bool = True) -> Section:
    """Headings, rows, the rest, the mean, the penalty; with `paths` a list of them."""
    if seen.paths is not None:
        return _paths_table(seen, seen.paths, most if most < LARGEST else len(seen.paths.listed))
    chain, columns = seen.chain, _Columns(seen, width)
    shown = chain.shown(seen.example, most) or _window(seen, most)
    batch = len(seen.view.inputs)
    # Whether the chosen example is among the largest must move nothing.
    slots = batch if batch <= (ALL if most == LARGEST else most) else most + 1
    more = len(shown) < batch
    rows = 2 + headed + slots + more + 1 + (2 if chain.penalty is not None else 0)

    def draw(canvas: Canvas, y: int) -> None:
        if headed:
            canvas.put(INDENT, y, _heading(canvas.width), "text")
            y += 1
        _draw_headings(canvas, y, chain, columns)
        y += 2
        biggest = _biggest(chain)
        for example in shown:
            _draw_row(canvas, y, seen, columns, example, biggest)
            y += 1
        if more:
            _draw_rest(canvas, y, chain, columns, shown)
            y += 1
        _draw_mean(canvas, y, seen, columns)

    return Section(0, rows, draw)


def _window(seen: Inspected, most: int) -> tuple[int, ...]:
    """Nothing computed yet: the examples around the chosen one."""
    batch = len(seen.view.inputs)
    room = batch if batch <= ALL and most == LARGEST else min(most, batch)
    first = min(max(seen.example - room // 2, 0), batch - room)
    return tuple(range(first, first + room))


def _heading(width: int) -> str:
    told = "The chain of factors, read backward: one row an example, one column a local derivative"
    if len(told) + 2 * INDENT <= width:
        return told
    return "The chain of factors, a row an example"


def _draw_headings(canvas: Canvas, y: int, chain: WeightChain, columns: _Columns) -> None:
    if columns.lead >= INDENT + 8:
        canvas.put(INDENT, y, "example", "dim")
    for number, link in enumerate((*chain.links, _product(chain))):
        end = columns.x_end(number)
        room = columns.cell - 1 if number else columns.digits + 2
        name = next((n for n in (link.derivative, link.brief) if len(in_cells(n)) <= room), "")
        canvas.right(end, y, in_cells(name), "dim")
        form = in_cells(link.form)
        canvas.right(end, y + 1, form if len(form) <= room else f"{form[: room - 1]}…", "bright")
    if columns.bar:
        told = "share of the gradient"
        fits = columns.end + 2 + len(told) <= canvas.width
        canvas.put(columns.end + 2, y, told if fits else "share", "dim")


def _product(chain: WeightChain) -> Link:
    return Link("product", "product", f"∂ℓ/∂{chain.short}", chain.products)


def _biggest(chain: WeightChain) -> float:
    if chain.products is None:
        return 0.0
    return max((abs(v) for v in chain.products.tolist() if abs(v) < float("inf")), default=0.0)


def _draw_row(
    canvas: Canvas, y: int, seen: Inspected, columns: _Columns, example: int, biggest: float
) -> None:
    chain, chosen = seen.chain, example == seen.example
    canvas.mark(0, y, canvas.width, example)
    if chosen:
        canvas.put(INDENT, y, "▸", "accent_glyph", bold=True)
    number = str(example + 1)
    x = INDENT + 2 + max(len(str(len(seen.view.inputs))), 2)
    canvas.right(x, y, number, "bright" if chosen else "text")
    if columns.inputs_width:
        canvas.put(x + 2, y, columns.inputs[example], "bright" if chosen else "text")
    for at, link in enumerate(chain.links):
        value = None if link.values is None else float(link.values[example])
        _draw_number(canvas, columns.x_end(at), y, value, columns, chosen)
        sign = "=" if at == len(chain.links) - 1 else "×"
        canvas.put(columns.x_end(at) + columns.gap // 2, y, sign, "dim")
    product = None if chain.products is None else float(chain.products[example])
    _draw_number(canvas, columns.end, y, product, columns, chosen)
    if columns.bar and product is not None:
        _draw_share(canvas, y, columns, product, biggest, len(seen.view.inputs))


def _draw_number(
    canvas: Canvas, end: int, y: int, value: float | None, columns: _Columns, bold: bool = False
) -> None:
    if value is None:
        canvas.right(end, y, NOT_YET, "faint")
    elif value != value or abs(value) == float("inf"):
        canvas.right(end, y, columns.form(value), "ink", "accent", bold=True)
    else:
        canvas.right(end, y, columns.form(value), canvas.palette.signed(value), bold=bold)


def _draw_share(
    canvas: Canvas, y: int, columns: _Columns, product: float, biggest: float, batch: int
) -> None:
    """What the example adds to the mean, as a bar of the sign's colour and as a number."""
    x = columns.end + 2
    if biggest > 0 and abs(product) <= biggest:
        drawn = bar(abs(product) / biggest, columns.bar)
        x = canvas.put(x, y, drawn, canvas.palette.signed(product), bold=False)
    canvas.put(x + 1, y, s7(product / batch).strip(), "dim")


def _draw_rest(canvas: Canvas, y: int, chain: WeightChain, columns: _Columns, shown: Sequence[int]) -> None:
    if chain.products is None:
        return
    left, total = chain.rest(shown)
    room = columns.end - columns.digits - 3 - INDENT - 2
    told = next(
        (t for t in (f"{count(left)} more, together", f"{count(left)} more") if len(t) <= room), "more"
    )
    canvas.put(INDENT + 2, y, told, "dim")
    _draw_number(canvas, columns.end, y, total, columns)
    if columns.bar:
        canvas.put(columns.end + 3, y, s7(total / len(chain.products)).strip(), "dim")


def _draw_mean(canvas: Canvas, y: int, seen: Inspected, columns: _Columns) -> None:
    """The mean; where there is a penalty its share and both together."""
    chain, batch = seen.chain, len(seen.view.inputs)
    mean = f"mean of the {count(batch)}" if batch > 1 else "the one example"
    rows: list[tuple[str, float | None]] = [(f"{mean}, ∂L/∂{chain.short}", chain.mean)]
    if chain.penalty is not None:
        together = None if chain.mean is None else chain.mean + chain.penalty
        rows = [
            (mean, chain.mean),
            (f"penalty, {chain.penalty_form}", chain.penalty),
            (f"together, ∂L/∂{chain.short}", together),
        ]
    for number, (label, value) in enumerate(rows):
        last = number == len(rows) - 1
        canvas.right(columns.end - columns.digits - 2, y + number, label, "dim")
        canvas.put(columns.end - columns.digits - 1, y + number, "=", "dim")
        if value is None or not last:
            _draw_number(canvas, columns.end, y + number, value, columns)
        else:
            text = f" {columns.form(value).strip()} ".rjust(columns.digits)
            canvas.right(columns.end + 1, y + number, text, "ink", "accent", bold=True)


# ------------------------------------------------------------ the paths


def _paths_table(seen: Inspected, paths: Paths, most: int) -> Section:
    """Those that carry most, the others together, their sum."""
    listed = paths.listed[:most]
    rest = paths.ways - len(listed)
    value = paths.rest + sum(path.value for path in paths.listed[most:])
    biggest = max((abs(path.value) for path in listed), default=0.0)

    def draw(canvas: Canvas, y: int) -> None:
        told = f"What is sent back to {paths.unit}: {count(paths.ways)} paths, example {paths.example + 1}"
        canvas.put(INDENT, y, in_cells(told), "text")
        end = canvas.width - INDENT - _BAR_WIDTH - 3 if canvas.width >= 70 else canvas.width - INDENT
        for path in listed:
            y += 1
            way = in_cells(" ▸ ".join((*path.over, "ℓ")))
            room = end - 12 - INDENT - 2
            canvas.put(
                INDENT + 2, y, way if len(way) <= room else f"{way[: room - 1]}…", "bright", bold=False
            )
            canvas.right(end, y, s10(path.value), canvas.palette.signed(path.value))
            if canvas.width >= 70 and biggest:
                drawn = bar(abs(path.value) / biggest, _BAR_WIDTH)
                canvas.put(end + 2, y, drawn, canvas.palette.signed(path.value), bold=False)
        if rest:
            y += 1
            canvas.put(INDENT + 2, y, f"{count(rest)} more, together", "dim")
            canvas.right(end, y, s10(value), canvas.palette.signed(value))
        canvas.right(end - 12, y + 1, "sent back =", "dim")
        canvas.right(end + 1, y + 1, f" {s10(paths.total).strip()} ", "ink", "accent", bold=True)

    return Section(0, 2 + len(listed) + bool(rest), draw)


# ------------------------------------------------------------ check and update


def _tail_sections(seen: Inspected, width: int) -> list[Section]:
    sections = []
    if isinstance(seen.check, str):
        told = seen.check
        sections.append(Section(3, 1, lambda canvas, y: _labelled(canvas, y, "check", told, "dim")))
    elif seen.check:
        lines = seen.check
        sections.append(Section(3, len(lines), lambda canvas, y: _draw_checks(canvas, y, lines)))
    if seen.said:
        # The sentence follows the numbers, its rows do not.
        rows = 1 if width >= 120 else 2 if width >= 70 else 3
        said = wrap(in_cells(seen.said), max(width - 2 * INDENT, 10))[:rows]
        sections.append(Section(5, rows, lambda canvas, y: _put_said(canvas, y, said)))
    if seen.update:
        told_update = seen.update
        sections.append(Section(2, 1, lambda canvas, y: _labelled(canvas, y, "update", told_update, "text")))
    return sections


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
        text = whole(line.value) if canvas.width >= 76 else s10(line.value).strip()
        canvas.put(x, y + number, text, "text")
        x += 26 if canvas.width >= 76 else 12
        told = f"difference {u7(line.difference).strip()}" if wide else f"Δ {u7(line.difference).strip()}"
        x = canvas.put(x, y + number, told, "text")
        mark = "✓" if line.agrees else "✕"
        canvas.put(x + 2, y + number, mark, "text" if line.agrees else "accent_glyph", bold=True)
