"""What the palette offers beside the actions: every preset by name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from bptui.escape import safe
from bptui.experiment import catalogue
from bptui.session import commands

if TYPE_CHECKING:
    from bptui.tui.app import App

LONGEST_TITLE = 60


class PresetCommands(Provider):
    """Open XOR, Open Spiral …: those that can be opened, and the user's own first of a name."""

    async def startup(self) -> None:
        """Once each time the palette is opened: the files may have changed."""
        named = {entry.name: entry for entry in catalogue.entries() if entry.error is None}
        self._entries = list(named.values())

    async def discover(self) -> Hits:
        for entry in self._entries:
            text = self._text(entry)
            yield DiscoveryHit(Content(text), self._open(entry), text, self._help(entry))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for entry in self._entries:
            text = self._text(entry)
            score = max(matcher.match(text), matcher.match(safe(entry.name)))
            if score > 0:
                yield Hit(score, Content(text), self._open(entry), text, self._help(entry))

    def _text(self, entry: catalogue.Entry) -> str:
        return f"Open {safe(entry.title, LONGEST_TITLE)}"

    def _help(self, entry: catalogue.Entry) -> str:
        key = cast("App", self.app).main.keys["presets"]
        chooser = f"key {key}, then " if key else ""
        return f"{chooser}{safe(entry.name)}".replace("[", "\\[")  # help is markup

    def _open(self, entry: catalogue.Entry) -> partial[None]:
        return partial(cast("App", self.app).main.do, commands.OpenPreset(entry.name))
