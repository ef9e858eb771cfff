"""A field in the place of the message line: nothing is covered and training goes on."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.containers import Horizontal
from textual.widgets import Input, Static

from bptui.tui.failures import Guarded

ROOMY = 100  # columns of the line from which the field is wide
PADDING = 2


class Prompt(Guarded, Horizontal):
    """A label, the field, and a line beside it that says what can be typed, or why what was cannot be."""

    LABEL = ""
    FIELD, NARROW_FIELD = 18, 10  # columns
    LONGEST = 24  # characters that can be typed

    _refusal = ""  # why what was entered will not do

    @property
    def label(self) -> str:
        """What stands before the field."""
        return self.LABEL

    def hint(self, room: int) -> str:
        """What stands beside it, as much as fits."""
        raise NotImplementedError

    def field(self, width: int) -> int:
        """The field's columns where the line has `width`."""
        return self.FIELD if width >= ROOMY else self.NARROW_FIELD

    def read(self, text: str) -> None:
        """Another text stands in the field."""

    def changed(self) -> None:
        """A person typed, and it was read."""

    def entered(self, text: str) -> str:
        """Enter was pressed: why the text will not do, "" where it does."""
        raise NotImplementedError

    def open(self, text: str = "") -> None:
        """With this in the field, all of it to be typed over."""
        if not self.children:  # start-up is felt; what few ask for can wait
            self.mount(
                Static(classes="label"),
                Input(compact=True, select_on_focus=False),
                Static(classes="hint"),
            )
        self.add_class("asking")
        self.display = True
        self.query_one(".label", Static).update(Text(self.label))
        entry = self.query_one(Input)
        entry.max_length = self.LONGEST
        entry.value = text
        entry.select_all()
        self._refusal = ""
        self.read(text)
        self.tell()
        entry.focus()

    def close(self) -> None:
        """What stands in it is left as it is."""
        self.remove_class("asking")
        self.display = False

    @property
    def said(self) -> str:
        """What stands beside the field."""
        return str(self.query_one(".hint", Static).render())

    def on_resize(self) -> None:
        self.tell()

    def tell(self) -> None:
        """Say beside the field what is to be said now."""
        if not self.children:
            return
        width = self.size.width
        field = self.field(width)
        self.query_one(Input).styles.width = field
        room = width - len(self.label) - field - PADDING
        line = self._refusal or self.hint(room)
        self.query_one(".hint", Static).update(Text(line, no_wrap=True, overflow="ellipsis"))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._refusal = ""
        self.read(event.value)
        self.tell()
        self.changed()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self._refusal = self.entered(event.value)
        self.tell()
