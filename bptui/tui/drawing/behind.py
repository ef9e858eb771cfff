"""The screen behind an overlay, dimmed.

Textual would mix the colours of every cell anew each time; a picture has few styles.
"""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bptui.tui.drawing.palette import Palette

SHARE = 0.3  # of a colour that is left


class Dimmer:
    """Dims strips for one palette."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self._styles: dict[Style | None, Style] = {}

    def dimmed(self, strip: Strip) -> Strip:
        """The same text in what is left of its colours; nothing of it is bold, nor can be clicked."""
        made = [Segment(text, self._style(style)) for text, style, _ in strip]
        return Strip(made, strip.cell_length)

    def _style(self, style: Style | None) -> Style:
        found = self._styles.get(style)
        if found is None:
            found = self._styles[style] = self._made(style)
        return found

    def _made(self, style: Style | None) -> Style:
        palette = self.palette
        front = _hex(style.color if style else None, palette.text)
        back = _hex(style.bgcolor if style else None, palette.bg)
        if not palette.mixes:
            return Style(color=palette.faint, bgcolor=palette.bg)
        return Style(color=palette.faded(front, SHARE), bgcolor=palette.faded(back, SHARE))


def _hex(colour: Color | None, usual: str) -> str:
    return usual if colour is None or colour.triplet is None else colour.triplet.hex
