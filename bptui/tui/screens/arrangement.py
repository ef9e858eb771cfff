"""The parts of the main screen put in their places."""

from __future__ import annotations

from collections.abc import Set

from rich.text import Text
from textual.screen import Screen
from textual.widgets import Static

from bptui.tui.screens.places import PARTS, SMALLEST, Places


def arrange(screen: Screen[None], places: Places, hidden: Set[str]) -> None:
    """Each part to its region; those that are `hidden`, or have no region, are not shown. Where the terminal
    is too small for any, a line says so."""
    with screen.app.batch_update():
        for name in PARTS:
            _put(screen, name, places, name in hidden)
        width, height = screen.app.size
        small = screen.query_one("#toosmall", Static)
        small.display = not places.regions
        small.update(
            Text(f"bptui needs {SMALLEST[0]}x{SMALLEST[1]}, this is {width}x{height}. Training goes on.")
        )


def _put(screen: Screen[None], name: str, places: Places, hidden: bool) -> None:
    widget, region = screen.query_one(f"#{name}"), places.regions.get(name)
    widget.display = region is not None and not hidden
    if region is not None:
        widget.styles.offset = (region.x, region.y)
        widget.styles.width, widget.styles.height = region.width, region.height
