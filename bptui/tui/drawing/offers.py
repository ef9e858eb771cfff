"""The list of the chooser: presets in groups, one a row, with their shape and a word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bptui.session.offers import Offer
from bptui.tui.drawing.answers import narrow
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.notation import shape
from bptui.tui.drawing.palette import Palette

WORD = 4  # cells: open, trap, kept
SHAPE = 12  # cells for the layers
NARROW = 9  # the same where room is scarce
WIDE = 42  # cells from which it is not
LEAST = 30  # cells from which the layers are shown


class Row(NamedTuple):
    """A row of the list: a group's heading, or the number of an offer."""

    heading: str = ""
    number: int | None = None


def rows_of(offers: Sequence[Offer]) -> tuple[Row, ...]:
    """The offers under the headings of their groups, a blank row before each but the first."""
    rows: list[Row] = []
    for number, offer in enumerate(offers):
        if number == 0 or offer.group != offers[number - 1].group:
            rows += [Row()] if rows else []
            rows.append(Row(heading=offer.group))
        rows.append(Row(number=number))
    return tuple(rows)


def first_row(rows: Sequence[Row], chosen: int | None, height: int, first: int) -> int:
    """The first row to be shown, as near to `first` as shows the chosen offer, and its heading above it."""
    at = next((y for y, row in enumerate(rows) if row.number == chosen and chosen is not None), 0)
    upper = at - 1 if at and rows[at - 1].heading else at
    first = min(first, upper)
    if at >= first + height:
        first = at - height + 1
    return max(min(first, len(rows) - height), 0)


def draw_offers(
    offers: Sequence[Offer],
    words: Sequence[str],
    chosen: int | None,
    first: int,
    size: tuple[int, int],
    palette: Palette,
) -> Canvas:
    """The rows from `first` on. words: what stands at the end of each offer's row; chosen: a number of an
    offer."""
    width, height = size
    canvas = Canvas(width, height, palette)
    rows = rows_of(offers)
    room = width - (2 if len(rows) > height else 0)  # a bar says where one is
    for y, row in enumerate(rows[first : first + height]):
        if row.heading:
            canvas.put(1, y, row.heading, "dim")
        elif row.number is not None:
            is_chosen = row.number == chosen
            _draw_offer(canvas, y, room, offers[row.number], words[row.number], is_chosen)
    if len(rows) > height:
        _draw_bar(canvas, first, len(rows))
    return canvas


def _draw_offer(canvas: Canvas, y: int, width: int, offer: Offer, word: str, chosen: bool) -> None:
    ground = "accent" if chosen else "bg"
    ink = "ink" if chosen else ("dim" if offer.error else "text")
    label = "ink" if chosen else "dim"
    canvas.put(0, y, " " * width, bg=ground)
    mark = "✕" if offer.error else "▸" if chosen else " "
    canvas.put(1, y, mark, ink, ground, bold=chosen)
    end = width - 1 - WORD
    if word:
        canvas.put(end, y, word, "ink" if chosen else _INKS.get(word, "dim"), ground)
    if width >= LEAST:
        room = SHAPE if width >= WIDE else NARROW
        end -= room + 1
        canvas.put(end, y, narrow(layers(offer), room), label, ground)
    canvas.put(3, y, narrow(offer.title, max(end - 4, 1)), ink, ground, bold=chosen)


_INKS = {"open": "bright", "trap": "accent_glyph"}


def layers(offer: Offer) -> str:
    """2-4-1, or as much of it as is known."""
    if offer.sizes:
        return shape(offer.sizes)
    if offer.hidden is None:
        return "data" if offer.is_data and not offer.error else ""
    return f"hidden {shape(offer.hidden)}" if offer.hidden else "no hidden"


def _draw_bar(canvas: Canvas, first: int, rows: int) -> None:
    """Which part of the rows is seen, at the right edge."""
    height, x = canvas.height, canvas.width - 1
    size = max(height * height // rows, 1)
    at = round(first * (height - size) / max(rows - height, 1))
    for y in range(height):
        inside = at <= y < at + size
        canvas.put(x, y, "▐" if inside else " ", "faint")
