"""A panel: it holds a picture made elsewhere and shows it line by line."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.segment import Segment
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from bptui.escape import safe
from bptui.session.frame import Frame, State
from bptui.tui.actions import ACTIONS, Action
from bptui.tui.drawing.canvas import Canvas, style
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.palette import Palette
from bptui.tui.failures import Guarded, write_down

LARGEST = (1000, 400)  # cells: a terminal may claim to be of any size


@dataclass(frozen=True, eq=False)
class View:
    """What a panel draws from. Each is a new object, so that setting one always redraws."""

    frame: Frame
    choice: Choice
    palette: Palette
    compact: bool
    zoomed: str = ""  # the id of the panel that has the whole screen
    actions: tuple[Action, ...] = ACTIONS  # with the user's own keys


class Pressed(Message):
    """A key's name was clicked: the same as pressing it."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action


class Inspect(Message):
    """A weight was clicked: the layer from 1, its unit and its source from 0 (n_{l-1}: the bias)."""

    def __init__(self, layer: int, unit: int, source: int) -> None:
        super().__init__()
        self.layer, self.unit, self.source = layer, unit, source


class Stale(Message):
    """A panel has to be drawn again and needs a frame of this moment."""


class Panel(Guarded, Widget, can_focus=True):
    """Draws when its view, size, focus or visibility changes; `render_line` only hands out strips.

    The picture is made in the watcher, before the event loop turns: the frame's arrays are the
    trainer's own.
    """

    title: ClassVar[str] = ""
    VIEWS: ClassVar[tuple[str, ...]] = ()  # what `v` goes through; the first is the usual one
    explanation: ClassVar[str] = ""  # what the panel shows, in the article's words

    view: var[View | None] = var(None)

    def __init__(self) -> None:
        super().__init__(id=type(self).__name__.lower())
        self._strips: list[Strip] = []
        self._lines: list[Strip] = []  # the strips after the app's filters
        self._canvas: Canvas | None = None  # that the strips were made of
        self.shown = self.VIEWS[0] if self.VIEWS else ""  # the view in question
        self.cost = 0.0  # seconds that the last picture took
        self._made_from: object = None  # what the picture was made from
        self._logged = ""  # the last failure

    def draw(self, view: View, width: int, height: int) -> Canvas:
        """The picture. An exception here shows in this panel alone."""
        raise NotImplementedError

    def drawn(self, draw: Callable[..., Canvas], view: View, width: int, height: int, *more: Any) -> Canvas:
        """By a drawing; more: what it takes beside what all of them take."""
        return draw(view.frame, width, height, view.palette, view.choice, self.has_focus, view.compact, *more)

    @classmethod
    def paragraphs(cls) -> list[str]:
        """The explanation, each paragraph in one line."""
        return [" ".join(part.split()) for part in cls.explanation.split("\n\n") if part.strip()]

    def marked(self, x: int, y: int) -> int | None:
        """What the drawing marked a cell with, for the mouse."""
        return None if self._canvas is None else self._canvas.marked(x, y)

    def views(self, frame: Frame) -> tuple[str, ...]:
        """Those of VIEWS that there are of this frame."""
        return self.VIEWS

    def shown_of(self, frame: Frame) -> str:
        """The view in question; the usual one where this frame has no such view."""
        return self.shown if self.shown in self.views(frame) else self.VIEWS[0]

    def next_view(self) -> str:
        """Show the next view; its name, "" where there is but one."""
        views = self.VIEWS if self.view is None else self.views(self.view.frame)
        if len(views) < 2:
            return ""
        at = views.index(self.shown) if self.shown in views else 0
        self.shown = views[(at + 1) % len(views)]
        self.redraw(anew=True)
        return self.shown

    def closer(self, view: View) -> Screen[None] | None:
        """What Enter opens of the choice; None where there is nothing closer."""
        return None

    def stops(self) -> Sequence[int]:
        """The steps where a cursor can stand in the picture, in their order; none: the panel has none."""
        return ()

    def copied(self, view: View) -> str:
        """The choice as text: a table as TSV, a number whole; "" where there is nothing to copy."""
        return ""

    def watch_view(self) -> None:
        self.redraw()

    def on_resize(self) -> None:
        self._changed()

    def on_show(self) -> None:
        self._changed()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._changed()

    def _changed(self) -> None:
        """Draw again; while the run goes on, the frame at hand is old and a new one is asked for."""
        if self.view is not None and self.view.frame.state is State.RUNNING:
            self.post_message(Stale())
        else:
            self.redraw()

    def redraw(self, anew: bool = False) -> None:
        """Make the picture and show the lines that changed; nothing while it is not seen, nor, unless
        `anew`, where it is made of what it was made of last."""
        size = self.size
        if self.view is None or not self.display or not size:
            return
        made_from = (self.view, size, self.has_focus)
        if made_from == self._made_from and not anew:
            return
        self._made_from = made_from
        canvas, before = self._picture(self.view, size), self._strips
        self._strips = canvas.strips(self._canvas, before)
        self._canvas = canvas
        if len(before) != len(self._strips):
            self._lines = self._filtered(list(self._strips))
            self.refresh()
            return
        changed = [y for y, (old, new) in enumerate(zip(before, self._strips, strict=True)) if old is not new]
        for y, line in zip(changed, self._filtered([self._strips[y] for y in changed]), strict=True):
            self._lines[y] = line
        if changed:
            self.refresh(*(Region(0, y, size.width, 1) for y in changed))

    def _filtered(self, strips: list[Strip]) -> list[Strip]:
        """Without colours under NO_COLOR. Of the library's filters the one that turns the terminal's own
        colours into true ones has nothing to do here."""
        for line_filter in self.get_line_filters():
            if not isinstance(line_filter, ANSIToTruecolor):
                strips = [strip.apply_filter(line_filter, self.background_colors[1]) for strip in strips]
        return strips

    def _picture(self, view: View, size: Size) -> Canvas:
        width, height = min(size.width, LARGEST[0]), min(size.height, LARGEST[1])
        began = time.perf_counter()
        try:
            canvas = self.draw(view, width, height)
            if view.zoomed == self.id:
                keys = [action.shown for action in view.actions if action.id == "zoom" and action.shown]
                canvas.note_on_rule(0, f"full screen, {' or '.join([*keys, 'Esc'])} back")
            return canvas
        except Exception as error:  # one broken panel must not end the session
            if repr(error) != self._logged:
                self._logged = repr(error)
                write_down(error)
            return failed(self.title, error, width, height, view.palette)
        finally:
            self.cost = time.perf_counter() - began

    def render_lines(self, crop: Region) -> list[Strip]:
        """The whole picture as it is. Textual asks every panel for all its lines at each update, and would
        look on each line for a border, padding, tint and opacity: a panel has none."""
        if self._canvas is None and self.view is not None and self.view.frame.state is not State.RUNNING:
            self.redraw()  # the first layout is painted before on_resize is called
        if self._canvas is not None and crop == (0, 0, self._canvas.width, self._canvas.height):
            return self._lines
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width)
        if self.view is None:
            return Strip.blank(self.size.width)
        ground = style(self.view.palette.text, self.view.palette.bg, False)
        return Strip([Segment(" " * self.size.width, ground)], self.size.width)


def failed(title: str, error: Exception, width: int, height: int, palette: Palette) -> Canvas:
    """What stands in place of a picture that could not be made."""
    canvas = Canvas(width, height, palette)
    canvas.rule(0, title)
    canvas.put(0, 1, f"this panel failed: {type(error).__name__}: {safe(str(error))}"[:width], "accent_glyph")
    return canvas
