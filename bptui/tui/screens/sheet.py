"""A sheet over the main screen that shows one thing closer: a picture made by a drawing, and its keys.

It follows the run: each frame that the main screen shows is drawn here too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from bptui.escape import safe
from bptui.tui.actions import BY_ID
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.keys import put_keys
from bptui.tui.drawing.palette import Palette
from bptui.tui.panels.base import View
from bptui.tui.panels.question import Asked, Question
from bptui.tui.screens.board import Board
from bptui.tui.screens.overlay import Overlay

if TYPE_CHECKING:
    from bptui.tui.app import App
    from bptui.tui.screens.main import Main

# What goes on running, stepping and choosing while the sheet is open: keys of the table of actions.
PASSED_ON = ("run", "operation", "update", "epoch", "back", "example_before", "example_after")
SAID = 2.0  # seconds


class Sheet(Overlay[None]):
    """`draw` makes the picture, `keys` the last row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q", "leave", "close"),
        ("c", "copy", "copy"),
        ("pageup", "scroll(-1)", "up"),
        ("pagedown", "scroll(1)", "down"),
        *((",".join(BY_ID[name].keys), f"pass_on('{name}')", BY_ID[name].words) for name in PASSED_ON),
    ]
    LARGEST: ClassVar[tuple[int, int]] = (111, 30)  # cells
    first_page_fits: ClassVar[bool] = False  # the first page is a picture of its own, all of it is behind

    def __init__(self) -> None:
        super().__init__()
        self.page = 0
        self._note = ""  # what a key has just done
        self._question: Question | None = None
        # Held here too: the run goes on, and is told of, while the screen is torn down.
        self.board = Board("sheet")

    def compose(self) -> ComposeResult:
        yield self.board

    def on_mount(self) -> None:
        self._fit()
        self.view = self.main.fresh_view()

    def on_resize(self) -> None:
        self._fit()
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        self._place_question()
        self.redraw()

    def _fit(self) -> None:
        width, height = self.app.size
        self.board.styles.width = min(width - (4 if width >= 80 else 2), self.LARGEST[0])
        self.board.styles.height = min(height - 2, self.LARGEST[1])

    @property
    def main(self) -> Main:
        """The screen behind."""
        return cast("App", self.app).main

    def draw(self, view: View, width: int, height: int, palette: Palette) -> Canvas:
        """The picture above the row of keys, title first; what is higher scrolls."""
        raise NotImplementedError

    def keys(self, view: View) -> tuple[tuple[str, str], ...]:
        """The keys of the last row, each with its word."""
        return (("Esc", "close"),)

    def copied(self, view: View) -> str:
        """What `c` copies."""
        return ""

    def clicked(self, number: int) -> None:
        """What the drawing marked with `number` was clicked."""

    def watch_view(self) -> None:
        self._picture()

    def redraw(self) -> None:
        """From a frame of this moment: that at hand may be old."""
        if self.is_mounted:
            self.view = self.main.fresh_view()

    def _picture(self) -> None:
        """Made in the watcher, before the event loop turns: the frame's arrays are the trainer's own."""
        width, height = self.board.size
        if self.view is None or not width or not height:
            return
        palette = replace(self.view.palette, bg=self.view.palette.surface)
        canvas = Canvas(width, height, palette)
        room = width - 2
        body, below = max(height - 2, 1), False
        try:
            drawn = self.draw(self.view, room, body, palette)
            scrolled = self._scrolled(drawn.height, body)
            canvas.paste(drawn, 1, -scrolled)
            if scrolled:
                canvas.paste(drawn.top(1), 1, 0)
            canvas.paste(Canvas(width, height - body, palette), 0, body)
            below = drawn.height > body + scrolled
        except Exception as error:  # a picture that cannot be made must not end the session
            self.log.error(repr(error))
            canvas.put(1, 1, f"this failed: {type(error).__name__}: {safe(str(error))}", "accent_glyph")
        put_keys(canvas, height - 1, self.keys(self.view), self._note, below)
        self.board.show(canvas)

    def on_click(self, event: events.Click) -> None:
        """Outside closes."""
        self.dismiss(None)

    @on(Board.Pressed)
    def _pressed(self, event: Board.Pressed) -> None:
        """A marked cell is chosen."""
        number = None if self.board.canvas is None else self.board.canvas.marked(event.x, event.y)
        if number is not None:
            self.clicked(number)

    def action_leave(self) -> None:
        """What covers most first."""
        if self.asking:
            self._close_question()
        else:
            self.close()

    def close(self) -> None:
        """A step back, at last to the main screen."""
        self.dismiss(None)

    def action_pass_on(self, name: str) -> None:
        """A key that means the same with the sheet open."""
        command = BY_ID[name].command
        if command is None:
            self.main.action_act(name)
        else:
            self.main.do(command)

    def action_by_hand(self, name: str) -> None:
        """A key of the main screen that changes what is chosen; what came of it is said here."""
        self.main.action_act(name)
        self._say(self.main.flashed)

    # A question, in the place of the keys

    def ask(self, asked: Asked) -> None:
        """What was entered is done, or refused in its own words."""
        if self._question is None:
            self._question = Question()
            self.mount(self._question)
        self._place_question()
        self._question.ask(asked)

    @property
    def asking(self) -> bool:
        """A question is open."""
        return self._question is not None and self._question.has_class("asking")

    def _place_question(self) -> None:
        if self._question is not None:
            place = self.board.region
            self._question.styles.width = place.width
            self._question.styles.margin = (0, 0, self.app.size.height - place.bottom, place.x)

    def _close_question(self) -> None:
        if self._question is not None:
            self._question.close()
        self.set_focus(None)

    @on(Question.Closed)
    def _answered(self) -> None:
        self._close_question()
        self._say(self.main.flashed)

    def on_screen_resume(self) -> None:
        """What covered it is gone: the frame at hand may be old."""
        self.call_after_refresh(self.redraw)

    def action_scroll(self, pages: int) -> None:
        self.page = max(self.page + pages, 0)
        self.redraw()

    def _scrolled(self, height: int, body: int) -> int:
        """Rows under the title that are scrolled away; a page that is too far is taken back."""
        step, left = max(body - 2, 1), max(height - body, 0)
        first = 1 if self.first_page_fits else 0
        self.page = min(self.page, -(-left // step) + first) if left else 0
        return min(max(self.page - first, 0) * step, left)

    def action_copy(self) -> None:
        self.put_on_clipboard(self.copied(self.main.fresh_view()))

    def put_on_clipboard(self, text: str) -> None:
        """And say so for a while."""
        if text:
            self.app.copy_to_clipboard(text)
            lines = text.count("\n") + 1
            self._say(f"copied {lines} lines" if lines > 1 else "copied")

    def _say(self, note: str) -> None:
        self._note = note
        self.redraw()
        if note:
            self.set_timer(SAID, lambda: self._say(""))
