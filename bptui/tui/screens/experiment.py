"""The experiment: a form of every key of the preset format. What is changed is gathered, and made at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from bptui.errors import ActionableError, AlreadyThere
from bptui.escape import safe
from bptui.experiment.schema import OPTIMIZER_KEYS, OPTIMIZERS
from bptui.session import commands
from bptui.session.keys import beside, typed
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chooser import draw_footer
from bptui.tui.drawing.form import Entry, draw_form, draw_note, draw_title, entries, entry_at, footer
from bptui.tui.screens.board import Board
from bptui.tui.screens.overlay import Overlay

if TYPE_CHECKING:
    from bptui.experiment.schema import Preset
    from bptui.tui.drawing.palette import Palette

Do = Callable[[commands.Command], str]
Check = Callable[[commands.SetKeys], None]
LONGEST = 2_000  # characters of a value that is typed
KEPT = 24  # characters of the value that Esc keeps
BOARDS = ("title", "body", "note", "keys")


class ExperimentForm(Overlay[None]):
    """title: of what is being played; preset: gives it as it stands; check: ActionableError where changes
    cannot be made; do: makes them."""

    AUTO_FOCUS = ""  # keys are for the list until a value is typed
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave", "leave"),
        ("up,k", "move(-1)", "the key above"),
        ("down,j", "move(1)", "the key below"),
        ("pageup", "move(-10)", "ten up"),
        ("pagedown", "move(10)", "ten down"),
        ("left,h", "beside(-1)", "the value before"),
        ("right,l", "beside(1)", "the next value"),
        ("enter", "type", "type a value"),
        ("backspace,delete", "restore", "as it was"),
        ("a", "make", "make the changes"),
        ("s", "save", "save as a preset"),
    ]

    def __init__(
        self,
        title: str,
        preset: Callable[[], Preset],
        palette: Palette,
        check: Check,
        do: Do,
        chosen: str = "",
    ) -> None:
        super().__init__()
        self._heading = title
        self._read, self._preset = preset, preset()
        self._palette = replace(palette, bg=palette.surface)
        self._check, self._do = check, do
        self._pending: dict[str, Any] = {}
        self._at = self._number_of(chosen or "data.source")
        self._mistake = ""
        self._naming = False  # the field asks for a preset's name
        self._taken = ""  # the name that is there already, and may be entered once more to replace it
        self._warned = False  # Esc was pressed with changes pending
        self._told = ""  # what the last key did

    def compose(self) -> ComposeResult:
        with Vertical(classes="overlay"):
            for name in BOARDS:
                yield Board(f"form-{name}")
            with Horizontal(id="form-field"):
                yield Static(id="form-label")
                yield Input(id="form-input", max_length=LONGEST, compact=True)
                yield Static(id="form-hint")

    def on_mount(self) -> None:
        self.query_one("#form-field").display = False

    # What is there

    @property
    def _rows(self) -> tuple[Entry, ...]:
        return entries(self._preset, self._pending)

    @property
    def _entry(self) -> Entry:
        rows = self._rows
        self._at = min(self._at, len(rows) - 1)
        return rows[self._at]

    def _number_of(self, path: str) -> int:
        rows = entries(self._preset, self._pending)
        return next((number for number, row in enumerate(rows) if row.key.path == path), 0)

    def _changes(self) -> tuple[tuple[str, Any], ...]:
        return tuple(self._pending.items())

    def _show(self) -> None:
        for name in BOARDS:
            board = self.query_one(f"#form-{name}", Board)
            if board.size:  # the first layout shows it
                board.show(self._drawn(name, *board.size))

    def _drawn(self, name: str, width: int, height: int) -> Canvas:
        rows, palette = self._rows, self._palette
        if name == "title":
            return draw_title(self._preset.title or self._heading, width, palette)
        if name == "note":
            return draw_note(rows, self._told, width, height, palette)
        if name == "keys":
            return draw_footer(footer(width), width, palette)
        return draw_form(rows, min(self._at, len(rows) - 1), width, height, palette, self._mistake)

    def _say(self, text: str) -> None:
        """In the place of the changes, until the next key."""
        self._told = text
        self._show()

    # Moving and changing

    def action_move(self, step: int) -> None:
        self._at = min(max(self._at + step, 0), len(self._rows) - 1)
        self._mistake = self._told = ""
        self._show()

    @on(Board.Resized)
    def _resized(self) -> None:
        self._show()

    @on(Board.Pressed)
    async def _clicked(self, event: Board.Pressed) -> None:
        size = event.board.size
        if event.board.id == "form-keys":
            part = next((p for p in footer(size.width) if p.x <= event.x < p.x + len(p.text)), None)
            if part is not None and part.action:
                await self.run_action(part.action)
        elif event.board.id == "form-body":
            self._clicked_key(entry_at(self._rows, self._at, size.width, size.height, event.x, event.y))

    def _clicked_key(self, number: int | None) -> None:
        if number is not None and number == self._at:
            self.action_type()
        elif number is not None:
            self._at = number
            self.action_move(0)

    @on(Board.Turned)
    def _turned(self, event: Board.Turned) -> None:
        self.action_move(event.step)

    def action_beside(self, step: int) -> None:
        path = self._entry.key.path
        self._set(path, beside(self._preset, path, step, self._pending))

    def action_restore(self) -> None:
        self._pending.pop(self._entry.key.path, None)
        self._warned, self._mistake, self._told = False, "", ""
        self._show()

    def _set(self, path: str, value: Any) -> None:
        """Among the changes, where the rules of files allow it; the mistake is said beside the key."""
        self._pending[path] = value
        if path == "training.optimizer":
            self._leave_out_keys_of_others(value)
        self._drop_what_is_as_it_was()
        self._warned, self._mistake, self._told = False, "", ""
        try:
            self._check(commands.SetKeys(self._changes()))
        except ActionableError as error:
            # It stays among the changes: it may need another one, such as a softmax its labels.
            self._mistake = _in_words(error)
        self._at = self._number_of(path)
        self._show()

    def _leave_out_keys_of_others(self, optimizer: str) -> None:
        for name in OPTIMIZER_KEYS:
            held = getattr(self._preset.training, name) is not None or f"training.{name}" in self._pending
            if held and name not in OPTIMIZERS[optimizer]:
                self._pending[f"training.{name}"] = None

    def _drop_what_is_as_it_was(self) -> None:
        same = [row.key.path for row in self._rows if row.key.path in self._pending and not row.changed]
        for path in same:
            del self._pending[path]

    # Typing

    def action_type(self) -> None:
        entry = self._entry
        names = entry.key.options
        text = "" if entry.then is None else entry.key.written(entry.then)
        keeps = f"Esc keep {text if 0 < len(text) <= KEPT else 'it'}"
        if names and isinstance(entry.then, str):
            self._ask("", f"{entry.key.name} = ", f"Enter set   {keeps}   one of  {'  '.join(names)}")
        else:
            self._ask(text, f"{entry.key.name} = ", f"Enter set   {keeps}   {entry.key.kind.words()}")

    def _ask(self, text: str, label: str, hint: str) -> None:
        """In the place of the keys, which do not count meanwhile."""
        self.query_one("#form-label", Static).update(Text(label, "bold"))
        self.query_one("#form-hint", Static).update(Text(safe(hint, 400)))
        field = self.query_one(Input)
        field.value = text[:LONGEST]
        self._put_field(True)
        field.focus()

    def _close_field(self) -> None:
        self._put_field(False)
        self._naming, self._taken = False, ""
        self.set_focus(None)
        self._show()

    def _put_field(self, there: bool) -> None:
        self.query_one("#form-field").display = there
        self.query_one("#form-keys").display = not there

    @property
    def _typing(self) -> bool:
        return self.query_one("#form-field").display

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self._naming:
            self._save_as(event.value.strip())
        else:
            self._take(event.value.strip())

    def _take(self, text: str) -> None:
        key = self._entry.key
        try:
            value = typed(key, text)
        except ActionableError as error:
            self._mistake = _in_words(error)
            self._show()
        else:
            self._close_field()
            self._set(key.path, value)

    # Making and saving

    def action_make(self) -> None:
        """Make the changes and leave the form."""
        if self._make():
            self.dismiss(None)

    def _make(self) -> bool:
        if not self._pending:
            return True
        try:
            self._do(commands.SetKeys(self._changes()))
        except ActionableError as error:
            self._mistake = _in_words(error)
            self._show()
            return False
        self._pending.clear()
        self._preset = self._read()
        return True

    def action_save(self) -> None:
        """Ask for the name of an own preset; what is pending is made first."""
        if self._make():
            self._naming = True
            self._ask("", "save as  ", "Enter save   Esc do not   a name of your own, such as my-xor")

    def _save_as(self, name: str) -> None:
        try:
            told = self._do(commands.SavePreset(name, overwrite=bool(name) and name == self._taken))
        except AlreadyThere as error:
            self._taken = name
            self._say(f"{error.found}. Enter once more replaces it, or {error.remedy.lower()}")
        except ActionableError as error:
            self._say(_in_words(error))
        else:
            self._close_field()
            self._say(told)

    def action_leave(self) -> None:
        """The field first; then the form, which asks once where changes would be lost."""
        if self._typing:
            self._mistake = ""
            self._close_field()
        elif self._pending and not self._warned:
            self._warned = True
            changes = "1 change" if len(self._pending) == 1 else f"{len(self._pending)} changes"
            self._say(f"{changes} not made: a makes, Esc once more drops")
        else:
            self.dismiss(None)


def _in_words(error: ActionableError) -> str:
    """The place is known: it is the key in question, or the name that was typed."""
    return f"{error.found}. {error.remedy}"
