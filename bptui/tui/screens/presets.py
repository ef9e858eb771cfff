"""The chooser: every preset by title, a broken one with its error; typing filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.experiment import catalogue

BESIDE = 100  # columns from which the preview stands beside the list
MOST_ERRORS = 8  # mistakes of a broken preset that are told


@dataclass(frozen=True)
class Offer:
    """A preset as the chooser shows it; `error` is a line a mistake, empty where it is sound."""

    source: str
    title: str
    summary: str
    notes: str
    shape: str
    own: bool
    error: str = ""

    def matches(self, typed: str) -> bool:
        return typed.casefold() in f"{self.title}\n{self.summary}\n{self.notes}\n{self.source}".casefold()


class Presets(ModalScreen[str | None]):
    """Answers with what to open, or None. The run goes on behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,f2", "leave", "keep"),
        ("down", "move(1)", "down"),
        ("up", "move(-1)", "up"),
    ]

    def __init__(self, current: str, offers: Sequence[Offer] | None = None) -> None:
        super().__init__()
        self._current = current
        self._offers = tuple(catalogue_offers() if offers is None else offers)
        self._shown: tuple[Offer, ...] = ()

    def compose(self) -> ComposeResult:
        built_in = sum(not offer.own for offer in self._offers)
        with Vertical(classes="overlay"):
            yield Static(
                Text.assemble(
                    ("Presets", "bold"),
                    (f"   {built_in} built in · {len(self._offers) - built_in} yours", "dim"),
                    ("   Enter open   ↑ ↓ choose   Esc keep", "dim"),
                ),
                id="presets-title",
            )
            yield Input(
                id="search",
                placeholder="type to search titles, notes and files, or a path",
                max_length=500,
                compact=True,
            )
            with Container(id="presets-body"):
                yield OptionList(id="presets-list")
                yield Static(id="presets-preview")

    def on_resize(self) -> None:
        self.query_one("#presets-body").set_class(self.app.size.width >= BESIDE, "beside")

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._list("")

    @on(Input.Changed, "#search")
    def _searched(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, typed: str) -> None:
        self._shown = tuple(offer for offer in self._offers if offer.matches(typed.strip()))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._line(o), id=str(self._offers.index(o))) for o in self._shown])
        names = [offer.source for offer in self._shown]
        options.highlighted = (
            names.index(self._current) if self._current in names else 0 if self._shown else None
        )
        if not self._shown:
            self._preview(Text(f"Nothing matches '{safe(typed, 40)}'. A file: type its path."))

    def _line(self, offer: Offer) -> Text:
        mark = "✕" if offer.error else "▸" if offer.source == self._current else " "
        where = "yours" if offer.own else ""
        open_ = "open" if offer.source == self._current else ""
        title = safe(offer.title, 34)
        return Text(f"{mark} {title:<35}{safe(offer.shape, 16):<18}{open_ or where}", no_wrap=True)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        offer = self._offers[int(event.option_id or 0)]  # the list may have changed since
        if offer.error:
            lines = [offer.source, *offer.error.splitlines()[:MOST_ERRORS]]
            self._preview(Text("✕ " + "\n".join(map(safe, lines))))
            return
        notes = "\n".join(safe(line) for line in offer.notes.strip().splitlines())
        self._preview(Text.assemble((safe(offer.summary), "bold"), "\n", notes))

    def _preview(self, text: Text) -> None:
        self.query_one("#presets-preview", Static).update(text)

    @on(Input.Submitted, "#search")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        highlighted = self.query_one(OptionList).highlighted
        if self._shown and highlighted is not None:
            self._open(self._shown[highlighted])
        elif event.value.strip():
            self.dismiss(event.value.strip())

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._open(self._offers[int(event.option_id or 0)])

    def _open(self, offer: Offer) -> None:
        if not offer.error:
            self.dismiss(offer.source)

    def action_move(self, step: int) -> None:
        options = self.query_one(OptionList)
        if self._shown:
            options.highlighted = ((options.highlighted or 0) + step) % len(self._shown)

    def action_leave(self) -> None:
        self.dismiss(None)


def catalogue_offers() -> list[Offer]:
    """Every preset there is; a built-in that the user's own hides is opened by its path."""
    own = {entry.name for entry in catalogue.own()}
    return [_offer(entry, hidden=entry.builtin and entry.name in own) for entry in catalogue.entries()]


def _offer(entry: catalogue.Entry, hidden: bool) -> Offer:
    source = entry.path if hidden else entry.name
    try:
        preset = None if entry.error else catalogue.find(entry.path).preset
    except ActionableError as error:
        return Offer(source, entry.title, "", "", "", not entry.builtin, str(error))
    if preset is None:
        return Offer(source, entry.title, "", "", "", not entry.builtin, entry.error or "")
    hidden_layers = "-".join(map(str, preset.network.hidden)) or "none"
    shape = f"hidden {hidden_layers}"
    return Offer(source, entry.title, entry.summary, preset.notes, shape, not entry.builtin)
