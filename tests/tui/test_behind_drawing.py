"""The screen behind an overlay: the same text in what is left of its colours."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bptui.tui.drawing.behind import SHARE, Dimmer
from bptui.tui.drawing.palette import DARK, Palette
from bptui.tui.drawing.xterm import fitted


def dimmed(palette: Palette) -> Strip:
    loud = Style(color=palette.bright, bgcolor=palette.accent, bold=True, meta={"@click": "quit"})
    return Dimmer(palette).dimmed(Strip([Segment("step 3", loud), Segment(" ")], 7))


def test_a_part_of_each_colour_is_left() -> None:
    strip = dimmed(DARK)
    first, last = (segment.style for segment in strip)
    assert strip.text == "step 3 "
    assert first == Style(color=DARK.faded(DARK.bright, SHARE), bgcolor=DARK.faded(DARK.accent, SHARE))
    assert last == Style(color=DARK.faded(DARK.text, SHARE), bgcolor=DARK.bg)


def test_of_16_colours_the_faintest_is_left_on_the_ground() -> None:
    palette = fitted(DARK, "standard")
    first, _ = (segment.style for segment in dimmed(palette))
    assert first == Style(color=palette.faint, bgcolor=palette.bg)
