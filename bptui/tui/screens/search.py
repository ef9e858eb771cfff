"""The chooser's search field: what is typed filters, and an arrow that leads beyond it is the preview's."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import Input

LONGEST = 500  # characters: a path


class Search(Input):
    """`beyond`: the arrows lead out of it even where there is text."""

    class Beyond(Message):
        """← (−1) or → (1) that has nowhere to go in the text."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self) -> None:
        super().__init__(
            id="search",
            placeholder="type to search titles, notes and files, or a path",
            max_length=LONGEST,
            compact=True,
        )
        self.beyond = False

    def action_cursor_right(self, select: bool = False) -> None:
        if not select and (self.beyond or self.cursor_position >= len(self.value)):
            self.post_message(self.Beyond(1))
        else:
            super().action_cursor_right(select)

    def action_cursor_left(self, select: bool = False) -> None:
        if not select and (self.beyond or not self.value):
            self.post_message(self.Beyond(-1))
        else:
            super().action_cursor_left(select)
