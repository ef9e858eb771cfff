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


def draw_title(counts: Sequence[tuple[str, int]], width: int, palette: Palette) -> Canvas:
    """counts: the offers of each group."""
    canvas = Canvas(width, 1, palette)
    told = " · ".join(f"{count(number)} {group}" for group, number in counts if number)
    canvas.rule(0, "Presets", told, focused=True)
    return canvas


def footer(
    title: str, steps: int, is_open: bool, other: str, other_steps: int, looking: bool | None
) -> Footer:
    """What Enter, the arrows and Esc do.

    title, steps: of the run being played; is_open: it is what is chosen; other, other_steps: of a run that is
    kept; looking: at the preview, where it takes turns with the list, else None.
    """
    name = narrow(title, TITLE)
    words: list[tuple[str, str, str]] = [("Enter", "go on" if is_open or other else "open", "open")]
    words.append(("↑ ↓", "choose", ""))
    if looking is not None:
        words.append(("←", "back", "look") if looking else ("→", "look", "look"))
    words.append(("Esc", f"keep {name}" if not looking else "back", "leave"))
    parts, x = [], 1
    for key, does, action in words:
        parts += [Part(x, key, "bright", action), Part(x + len(key) + 1, does, "dim", action)]
        x += len(key) + len(does) + 4
    note = _note(name, steps, is_open, narrow(other, TITLE), other_steps)
    return (*parts, Part(x + 2, note, "dim"))


def _note(name: str, steps: int, is_open: bool, other: str, other_steps: int) -> str:
    if is_open:
        return f"{name} is being played, at step {count(steps)}"
    if other:
        return f"{other} is kept at step {count(other_steps)}: Enter goes on"
    return f"{name} at step {count(steps)} is kept: choose it again to go on" if steps else ""


def draw_footer(parts: Footer, width: int, palette: Palette) -> Canvas:
    """A note that does not fit is left out."""
    canvas = Canvas(width, 1, palette)
    for part in parts:
        if part.action or part.token == "bright" or part.x + len(part.text) <= width:
            canvas.put(part.x, 0, part.text, part.token)
    return canvas
