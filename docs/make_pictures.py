"""Make the README's pictures anew, from the real app without a terminal.

python docs/make_pictures.py        (with bptui installed)
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ.pop("NO_COLOR", None)

from rich.style import Style
from textual.strip import Strip

from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.drawing.palette import DARK

HERE = Path(__file__).parent
SIZE = (160, 48)
STEPS = 140  # updates before the step that is shown
OPERATIONS = 8  # up to the error signal of the hidden layer
CELL, LINE, BASE = 8.43, 18, 14  # pixels: a cell's width and height, and where its letters stand


async def backward() -> list[Strip]:
    """XOR in the middle of its backward pass, as the rows of the screen."""
    session = Session.open("xor")
    session.trainer.run(steps=STEPS)
    app = App(session)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*"s" * OPERATIONS)
        await pilot.pause()
        return app.screen._compositor.render_strips()


def svg(rows: list[Strip]) -> str:
    """Cell by cell, so that every viewer puts every letter where the terminal would."""
    width, height = round(SIZE[0] * CELL), len(rows) * LINE
    body = "".join(part for y, row in enumerate(rows) for part in _row(y * LINE, row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
        "<title>bptui, in the middle of a backward pass</title>"
        f'<rect width="100%" height="100%" fill="{DARK.bg}"/>'
        f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">{body}</g></svg>\n'
    )


def _row(top: int, row: Strip) -> Iterator[str]:
    x = 0
    for segment in row:
        style = segment.style or Style()
        ground, ink = _colour(style.bgcolor, DARK.bg), _colour(style.color, DARK.text)
        left, wide = x * CELL, len(segment.text) * CELL
        if ground != DARK.bg:
            size = f'width="{wide + 0.3:.1f}" height="{LINE + 0.3}"'
            yield f'<rect x="{left:.1f}" y="{top}" {size} fill="{ground}"/>'
        yield from _letters(x, top, segment.text, f'fill="{ink}"' + ' font-weight="bold"' * bool(style.bold))
        x += len(segment.text)


def _letters(x: int, top: int, text: str, look: str) -> Iterable[str]:
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


def main() -> None:
    (HERE / "bptui.svg").write_text(svg(asyncio.run(backward())), encoding="utf-8")


if __name__ == "__main__":
    main()
