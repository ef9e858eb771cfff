"""Rows of the screen as SVG, cell by cell, so that every viewer puts every letter where a terminal would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from rich.style import Style
from textual.strip import Strip

from bptui.tui.drawing.palette import Palette

CELL, LINE, BASE = 8.43, 18, 14  # pixels: a cell's width and height, and where its letters stand
FONT = "DejaVu Sans Mono, Menlo, Consolas, monospace"

Rows = Sequence[Strip]


def still(rows: Rows, palette: Palette, title: str) -> str:
    """One picture."""
    body = "".join(_row(y, row, palette) for y, row in enumerate(rows))
    return _document(rows, palette, title, body)


def moving(frames: Sequence[Rows], seconds: Sequence[float], palette: Palette, title: str) -> str:
    """Pictures of one size one after another, each so many seconds, over and over. A row that stays the same
    from one to the next is written once."""
    total, starts = sum(seconds), [sum(seconds[:i]) for i in range(len(seconds) + 1)]
    body: list[str] = []
    looks: dict[tuple[float, float], str] = {}  # from, to: the class of what is seen then
    for y in range(len(frames[0])):
        drawn = [_row(y, frame[y], palette) for frame in frames]
        for picture, run in groupby(range(len(frames)), key=drawn.__getitem__):
            numbers = list(run)
            first, last = starts[numbers[0]] / total, starts[numbers[-1] + 1] / total
            if len(numbers) == len(frames):
                body.append(picture)
            else:
                name = looks.setdefault((first, last), f"t{len(looks)}")
                body.append(f'<g class="{name}">{picture}</g>')
    rules = "".join(_seen(name, first, last, total) for (first, last), name in looks.items())
    return _document(frames[0], palette, title, f"<style>{rules}</style>" + "".join(body))


def _seen(name: str, first: float, last: float, total: float) -> str:
    """A class that is seen from `first` to `last`, shares of the whole; the first picture also where nothing
    moves."""
    steps = {f"{first:.4%}": "visible", f"{last:.4%}": "visible" if last == 1 else "hidden"}
    if first:
        steps = {"0%": "hidden", **steps}
    frames = "".join(f"{at}{{visibility:{seen}}}" for at, seen in steps.items())
    still = "hidden" if first else "visible"
    look = f".{name}{{visibility:{still};animation:{name} {total:g}s step-end infinite}}"
    return f"@keyframes {name}{{{frames}}}{look}"


def _document(rows: Rows, palette: Palette, title: str, body: str) -> str:
    width, height = round(max(row.cell_length for row in rows) * CELL), len(rows) * LINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
        f'<title>{escape(title)}</title><rect width="100%" height="100%" fill="{palette.bg}"/>'
        f'<g font-family="{FONT}" font-size="14">{body}</g></svg>\n'
    )


def _row(y: int, row: Strip, palette: Palette) -> str:
    return "".join(_cells(y * LINE, row, palette))


def _cells(top: int, row: Strip, palette: Palette) -> Iterator[str]:
    x = 0
    for segment in row:
        style = segment.style or Style()
        ground, ink = _colour(style.bgcolor, palette.bg), _colour(style.color, palette.text)
        if style.reverse:
            ground, ink = ink, ground
        left, wide = x * CELL, len(segment.text) * CELL
        if ground != palette.bg:
            size = f'width="{wide + 0.3:.1f}" height="{LINE + 0.3}"'
            yield f'<rect x="{left:.1f}" y="{top}" {size} fill="{ground}"/>'
        yield from _letters(x, top, segment.text, f'fill="{ink}"' + ' font-weight="bold"' * bool(style.bold))
        x += len(segment.text)


def _letters(x: int, top: int, text: str, look: str) -> Iterator[str]:
    if set(text) == {"▀"}:
        wide = len(text) * CELL + 0.3
        yield f'<rect x="{x * CELL:.1f}" y="{top}" width="{wide:.1f}" height="{LINE / 2}" {look}/>'
        return
    for word in re.finditer(r"\S+", text):
        left, wide = (x + word.start()) * CELL, len(word.group()) * CELL
        place = f'x="{left:.1f}" y="{top + BASE}" textLength="{wide:.1f}"'
        yield f"<text {place} {look}>{escape(word.group())}</text>"


def _colour(colour: object, otherwise: str) -> str:
    triplet = getattr(colour, "triplet", None)
    return triplet.hex if triplet else otherwise
