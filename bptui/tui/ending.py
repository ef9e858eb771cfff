"""The run kept beside the screen: now and then, at the end, and offered again where the end came unasked."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bptui.errors import ActionableError
from bptui.session import keeping
from bptui.session.keeping import Keeper

if TYPE_CHECKING:
    from bptui.tui.app import App

LONG = 20.0  # seconds: what is said at the start, before anybody looks


class Keeping:
    """keeper: writes the run; None: it is not kept."""

    def __init__(self, app: App, keeper: Keeper | None) -> None:
        self._app, self._keeper = app, keeper
        self._kept: tuple[object, ...] = ()  # the moment that was kept last
        self._told = ""  # the failure that was told last

    def start(self) -> None:
        """After the first paint."""
        if self._keeper is not None:
            self._app.set_interval(keeping.EVERY, self.keep)
            if left := keeping.left_behind():
                self._app.run_worker(self._offer(left[0].path), name="offering")

    def keep(self) -> None:
        """Where there is anything new."""
        session, keeper = self._app.session, self._keeper
        if keeper is None or keeper.busy:
            return
        self._tell(keeper.failure)
        if not session.untouched and session.moment != self._kept:
            self._kept = session.moment
            keeper.keep(session.snapshot())

    def _tell(self, failure: str) -> None:
        if failure != self._told:
            self._told = failure
            if failure:
                self._app.main.flash(f"the run is not kept: {failure}", LONG)
                self._app.main.say()

    async def _offer(self, path: Path) -> None:
        """Say which run was left, and which key takes it up."""
        from bptui.session import stored

        try:
            kept, _ = await asyncio.to_thread(stored.read, path)
        except ActionableError as error:
            words = f"a run that was left cannot be read: {error}"
        else:
            key = self._app.main.keys["take_up"]
            # The key first: a narrow line has no room for all.
            run = f"{kept.title} at step {kept.place.step:,}"
            words = f"{key} takes up {run}: bptui ended without warning, and its run is kept"
        self._app.main.flash(words, LONG)
        self._app.main.say()

    def took_up(self, path: Path) -> None:
        """The run in hand was left there."""
        if self._keeper is not None:
            self._keeper.took_up(path)

    def end(self) -> None:
        """The app has ended, and the terminal is as it was."""
        if self._keeper is not None:
            session = self._app.session
            new = not session.untouched and session.moment != self._kept
            self._keeper.close(session.snapshot() if new else None, orderly=not self._app.failure)
