"""Any other question, asked as η is: what it asks for is handed to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.message import Message

from bptui.tui.panels.prompt import Prompt

GAP = "   "


class Asked(NamedTuple):
    """label:  what is asked for
    words:  beside the field, each time it is said; those that come last go first where room is scarce
    answer: takes what was entered; why it will not do, "" where it does
    text:   stands in the field at first
    field:  columns of the field where there is room; longest: characters that can be typed
    """

    label: str
    words: Callable[[], Sequence[str]]
    answer: Callable[[str], str]
    text: str = ""
    field: int = 18
    longest: int = 24


class Question(Prompt):
    """Closed says that it was answered."""

    class Closed(Message):
        """What was entered has done."""

    asked: Asked | None = None

    def ask(self, asked: Asked) -> None:
        """Open with this question."""
        self.asked, self.LONGEST = asked, asked.longest
        self.open(asked.text)

    @property
    def label(self) -> str:
        return f" {self.asked.label} " if self.asked else ""

    def field(self, width: int) -> int:
        return min(self.asked.field, max(width * 2 // 5, self.NARROW_FIELD)) if self.asked else 0

    def hint(self, room: int) -> str:
        words = list(self.asked.words()) if self.asked else []
        while words and len(GAP.join(words)) > room:
            words.pop()
        return GAP.join(words)

    def entered(self, text: str) -> str:
        refusal = self.asked.answer(text) if self.asked else ""
        if not refusal:
            self.post_message(self.Closed())
        return refusal
