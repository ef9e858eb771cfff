"""The chain of factors as a table, and the paths in its place: rows of the inspector."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bptui.explain.numbers import count, s5, s6, s7, s10
from bptui.explain.paths import Paths
from bptui.explain.weight import ALL, LARGEST, Link, WeightChain
from bptui.tui.drawing.bars import bar
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import in_cells
from bptui.tui.drawing.inspected import INDENT, NOT_YET, Inspected, Section

MOST_TOLD = 100  # examples up to which their inputs are told
_BAR_WIDTH = 16
Form = tuple[Callable[[float], str], int, int]  # of a number: its width and the gap to the next
_FORMS: tuple[Form, ...] = ((s10, 10, 3), (s7, 7, 3), (s6, 6, 2), (s5, 5, 1))


def fitting_table(seen: Inspected, width: int, room: int) -> Section:
    """The longest that fits into so many rows; heading and rows fall away, the mean does not."""
    for most in range(LARGEST, -1, -1):
        made = chain_table(seen, width, most)
        if made.rows <= room:
            return made
    return chain_table(seen, width, 0, headed=False)


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
    if inputs.shape[1] > 3 or len(inputs) > MOST_TOLD:
        return []
    texts = [[f"{value:.3g}".replace("-", "−") for value in row] for row in inputs.tolist()]
    widest = [max(len(row[i]) for row in texts) for i in range(inputs.shape[1])]
    if sum(widest) > 12:
        return []
    return [" ".join(text.rjust(w) for text, w in zip(row, widest, strict=True)) for row in texts]


def chain_table(seen: Inspected, width: int, most: int, headed: bool = True) -> Section:
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
