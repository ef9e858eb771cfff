"""The first and the last row of the chooser: what there is, and what the keys do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bptui.explain.numbers import count
from bptui.tui.drawing.answers import narrow
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.palette import Palette

TITLE = 24  # cells of a preset's name


class Part(NamedTuple):
    """Words of the footer: what it does when it is clicked, "" nothing; they begin at column x."""

    x: int
    text: str
    token: str
    action: str = ""


Footer = tuple[Part, ...]


class Standing(NamedTuple):
    """What the footer tells of.

    title, steps: of the run being played; is_open: it is what is chosen; other, other_steps: of what is
    chosen, where a run of it is kept; more: there is more of the preview than is seen; looking: at the
    preview, where it takes turns with the list, else None.
    """

    title: str
    steps: int
    is_open: bool = False
    other: str = ""
    other_steps: int = 0
    more: bool = False
    looking: bool | None = None


def draw_title(counts: Sequence[tuple[str, int]], width: int, palette: Palette) -> Canvas:
    """counts: the offers of each group."""
    canvas = Canvas(width, 1, palette)
    told = " · ".join(f"{count(number)} {group}" for group, number in counts if number)
    canvas.rule(0, "Presets", told, focused=True)
    return canvas


def footer(now: Standing) -> Footer:
    """What Enter, the arrows and Esc do."""
    name = narrow(now.title, TITLE)
    words = [("Enter", "go on" if now.is_open or now.other else "open", "open"), ("↑ ↓", "choose", "")]
    if now.more and now.looking is not False:
        words.append(("PgDn", "more", "scroll"))
    if now.looking is not None:
        words.append(("←", "back", "look") if now.looking else ("→", "look", "look"))
    words.append(("Esc", "back" if now.looking else f"keep {name}", "leave"))
    parts, x = [], 1
    for key, does, action in words:
        parts += [Part(x, key, "bright", action), Part(x + len(key) + 1, does, "dim", action)]
        x += len(key) + len(does) + 4
    return (*parts, Part(x + 2, _note(now, name), "dim"))


def _note(now: Standing, name: str) -> str:
    if now.is_open:
        return f"{name} is being played, at step {count(now.steps)}"
    if now.other:
        return f"{narrow(now.other, TITLE)} is kept at step {count(now.other_steps)}: Enter goes on"
    return f"{name} at step {count(now.steps)} is kept: choose it again to go on" if now.steps else ""


def draw_footer(parts: Footer, width: int, palette: Palette) -> Canvas:
    """A note that does not fit is left out."""
    canvas = Canvas(width, 1, palette)
    for part in parts:
        if part.action or part.token == "bright" or part.x + len(part.text) <= width:
            canvas.put(part.x, 0, part.text, part.token)
    return canvas
