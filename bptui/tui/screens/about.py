"""What the focused panel shows, and what can be done in it; the help's key goes on to the whole help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from bptui.tui.actions import Action
from bptui.tui.panels.base import Panel
from bptui.tui.screens.help import Covering, Rows


class About(Covering):
    """One panel explained."""

    def __init__(self, panel: Panel, actions: Sequence[Action], keys: Mapping[str, str]) -> None:
        super().__init__(actions)
        self._panel, self._keys = panel, keys

    def compose(self) -> ComposeResult:
        panel = self._panel
        on = f"{self._keys['help']} all keys and signs   Esc closes"
        with Vertical(classes="overlay about"):
            yield Static(self.heading(panel.title, on), id="help-title")
            with VerticalScroll(id="help-body"):
                yield Static(Text("\n\n".join(panel.paragraphs())))
                yield Static(Text("\nWhat you can do here", "bold"))
                for key, words in here(panel, self._keys):
                    yield Static(Text.assemble((f"{key:<9}", "bold"), words))


def here(panel: Panel, keys: Mapping[str, str]) -> Rows:
    """The keys that this panel answers to."""
    kind = type(panel)
    arrows = " ".join(keys[name] for name in ("up", "down", "left", "right"))
    rows = [(arrows, "choose")]
    if kind.closer is not Panel.closer:
        rows.append((keys["closer"], "look closer at what is chosen"))
    if len(panel.VIEWS) > 1:
        rows.append((keys["view"], f"the next of its views: {', '.join(panel.VIEWS)}; now {panel.shown}"))
    if kind.copied is not Panel.copied:
        rows.append((keys["copy"], "copy what is chosen as text"))
    return [*rows, (keys["zoom"], "the whole screen for it")]
