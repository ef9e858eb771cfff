"""The run's branches as a tree: jump between their ends, name, drop, compare."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widgets import Input

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.session import commands
from bptui.session.branches import LONGEST_NAME
from bptui.session.commands import Command
from bptui.session.tree import BranchView
from bptui.tui.actions import BY_ID
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.history import (
    DETAIL,
    HEAD,
    Chosen,
    Row,
    draw_history,
    first_row,
    list_height,
    name_cells,
    rows_of,
)
from bptui.tui.drawing.palette import Palette
from bptui.tui.panels.base import View
from bptui.tui.screens.board import Board
from bptui.tui.screens.sheet import Sheet

ALSO = ("undo", "redo")  # keys that mean the same here


class NameField(Input):
    """A branch's name, where it stands in the list."""

    def on_click(self, event: events.Click) -> None:
        event.stop()  # else it would be one beside the sheet


class History(Sheet):
    """The list follows the run; the branch in question is known by its number."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)", "up"),
        ("down,j", "move(1)", "down"),
        ("enter", "enter", "to its end"),
        ("space", "mark", "mark"),
        ("c", "compare", "compare"),
        ("n", "name", "name"),
        ("d,delete", "drop", "drop"),
        (",".join(BY_ID["history"].keys), "leave", "close"),
        *((",".join(BY_ID[name].keys), f"pass_on('{name}')", BY_ID[name].words) for name in ALSO),
    ]
    AUTO_FOCUS = ""  # the field takes no key before it is there
    LARGEST = (125, 34)
    LEAST = 14  # rows, however few branches there are

    def __init__(self, current: int) -> None:
        super().__init__()
        self._chosen, self._marked, self._dropped = current, 0, 0  # branches; 0: none
        self._first = 0  # row of the list
        self._rows: tuple[Row, ...] = ()
        self._box = Container(id="history")
        self._field = NameField(id="history-name", max_length=LONGEST_NAME, compact=True)

    def compose(self) -> ComposeResult:
        with self._box:
            yield self.board
            yield self._field

    def on_mount(self) -> None:
        """A key may come before the first picture."""
        self._rows = rows_of(self.main.session.branches())

    def _fit(self) -> None:
        """No higher than its list."""
        super()._fit()
        wanted = max(len(self.main.session.branches()) + HEAD + DETAIL + 4, self.LEAST)
        self.board.styles.height = min(self.app.size.height - 2, self.LARGEST[1], wanted)
        self._box.styles.width, self._box.styles.height = self.board.styles.width, self.board.styles.height

    # Drawing

    def draw(self, view: View, width: int, height: int, palette: Palette) -> Canvas:
        session = self.main.session
        self._rows = rows_of(session.branches())
        if not any(row.branch.number == self._chosen for row in self._rows):
            self._chosen = next(row.branch.number for row in self._rows if row.branch.current)
        self._first = first_row(self._at, len(self._rows), list_height(height), self._first)
        chosen = Chosen(self._chosen, self._marked, self._dropped)
        return draw_history(self._rows, chosen, self._first, session.losses, (width, height), palette)

    def keys(self, view: View) -> tuple[tuple[str, str], ...]:
        if self._typing:
            return (("Enter", "name it"), ("Esc", "keep the name"))
        enter = f"compare with {self._marked}" if self._pair is not None else "to its end"
        return (
            ("Enter", enter),
            ("c", "compare"),
            ("n", "name"),
            ("d", "drop"),
            ("Space", "mark"),
            ("u", "undo"),
            ("↑ ↓", "choose"),
            ("Esc", "unmark" if self._marked else "close"),
        )

    @property
    def _at(self) -> int:
        """The row of the branch in question."""
        return next((at for at, row in enumerate(self._rows) if row.branch.number == self._chosen), 0)

    @property
    def _branch(self) -> BranchView:
        return self._rows[self._at].branch

    # Choosing

    def action_move(self, step: int) -> None:
        if not self._typing:
            at = min(max(self._at + step, 0), len(self._rows) - 1)
            self._choose(self._rows[at].branch.number)

    def _choose(self, number: int) -> None:
        self._chosen, self._dropped = number, 0
        self.redraw()

    def clicked(self, number: int) -> None:
        """A branch's row; a click on the one in question is Enter."""
        self._close_field()
        if number == self._chosen:
            self.action_enter()
        else:
            self._choose(number)

    @on(Board.Turned)
    def _turned(self, event: Board.Turned) -> None:
        self.action_move(event.step)

    def action_mark(self) -> None:
        """For a comparison; once more takes the mark away."""
        self._marked = 0 if self._marked == self._chosen else self._chosen
        self._choose(self._chosen)

    # Going there, comparing

    @property
    def _pair(self) -> tuple[int, int] | None:
        """The marked branch and the one in question."""
        return (self._marked, self._chosen) if self._marked not in (0, self._chosen) else None

    def action_enter(self) -> None:
        """To its end; where another is marked, compare with that."""
        if self._pair is not None:
            self._compare(*self._pair)
        elif self._stands_there or not self.main.do(commands.Jump(self._chosen)):
            self.dismiss(None)

    @property
    def _stands_there(self) -> bool:
        """The run is at the end of the branch in question: it need not even pause."""
        frame = self.main.frame
        return frame.branch == self._chosen and frame.step >= frame.end

    def action_compare(self) -> None:
        """The marked one, else the one in hand, with the one in question."""
        current = next(row.branch.number for row in self._rows if row.branch.current)
        pair = self._pair or (current, self._chosen)
        if pair[0] != pair[1]:
            self._compare(*pair)
        else:
            self._say("choose another one to compare with" if len(self._rows) > 1 else "there is no other")

    def _compare(self, one: int, other: int) -> None:
        from bptui.tui.screens.comparison import Comparing

        self.app.push_screen(Comparing(one, other))

    # Naming

    @property
    def _typing(self) -> bool:
        return self._field.has_class("there")

    def action_name(self) -> None:
        """In the list, where the name stands."""
        self._dropped = 0
        x, width = name_cells(self._rows[self._at], self.board.size.width - 2)
        self._field.styles.offset = (x + 1, HEAD + self._at - self._first)
        self._field.styles.width = width
        self._field.value = self._branch.name
        self._field.add_class("there")
        self._field.focus()
        self.redraw()

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        event.stop()
        if self._do(commands.NameBranch(self._chosen, event.value)):
            self._close_field()

    def _close_field(self) -> None:
        if self._typing:
            self._field.remove_class("there")
            self.set_focus(None)
            self.redraw()

    # Dropping

    def action_drop(self) -> None:
        """Asks once."""
        if self._branch.current:
            self._say("you are on it: go to another one first")
        elif self._dropped != self._chosen:
            self._dropped = self._chosen
            self.redraw()
        else:
            beside = self._rows[self._at - 1].branch.number
            if self._do(commands.DropBranch(self._chosen)):
                self._marked = 0 if self._marked == self._chosen else self._marked
                self._choose(beside)

    def _do(self, command: Command) -> bool:
        """Said here, where it is seen."""
        try:
            told = self.main.carry_out(command)
        except ActionableError as error:
            self._say(safe(error.found))
            return False
        self._say(safe(told))
        return True

    # Ways out

    def action_leave(self) -> None:
        """The field first, then what was asked for or marked."""
        if self._typing:
            self._close_field()
        elif self._dropped or self._marked:
            self._dropped = self._marked = 0
            self.redraw()
        else:
            self.dismiss(None)

    def on_resize(self) -> None:
        self._close_field()  # it stands where the name was
