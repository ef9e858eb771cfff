"""The palette: every action by its words, the themes, the run's branches, every preset by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from bptui.escape import safe
from bptui.experiment import catalogue
from bptui.session import commands
from bptui.tui.screens.overlay import Dimming

if TYPE_CHECKING:
    from bptui.tui.app import App

LONGEST_TITLE = 60


class CommandScreen(Dimming, CommandPalette):
    """Textual's palette over the dimmed screen."""


class Offered(NamedTuple):
    """A line of the palette; found by `text` and by `name`."""

    text: str
    help: str
    do: Callable[[], object]
    name: str = ""


class Commands(Provider):
    """In the order of the table of actions, then the run's branches, then the presets as lessons."""

    async def startup(self) -> None:
        """Once each time the palette is opened: files of one's own may have come."""
        app = cast("App", self.app)
        actions = (Offered(c.title, c.help, c.callback) for c in app.get_system_commands(self.screen))
        self._offered = [*actions, *offered_branches(app), *offered_presets(app)]

    async def discover(self) -> Hits:
        for one in self._offered:
            yield DiscoveryHit(Content(one.text), one.do, one.text, _no_markup(one.help))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for one in self._offered:
            score = max(matcher.match(one.text), matcher.match(one.name))
            if score > 0:
                yield Hit(score, Content(one.text), one.do, one.text, _no_markup(one.help))


def offered_branches(app: App) -> Iterator[Offered]:
    """The ends of those that it is not on."""
    for branch in app.main.session.branches():
        if not branch.current:
            name = f" {safe(branch.name)}" if branch.name else ""
            text = f"Go to branch {branch.number}{name}: {safe(branch.why, LONGEST_TITLE)}"
            do = partial(app.main.do, commands.Jump(branch.number))
            yield Offered(text, f"its end, step {branch.step:,}", do)


def offered_presets(app: App) -> Iterator[Offered]:
    """Those that can be opened; of two of a name the user's own."""
    key = app.main.keys["presets"]
    named = {entry.name: entry for entry in catalogue.entries()}
    for name, entry in named.items():
        if entry.error is None:
            text = f"Open {safe(entry.title, LONGEST_TITLE)}"
            do = partial(app.main.do, commands.OpenPreset(name))
            yield Offered(text, f"preset {safe(name)}, or key {key} and its name", do, name)


def _no_markup(text: str) -> str:
    return text.replace("[", "\\[")
