"""Pictures of the real app, without a terminal: for slides, papers, tests and the README."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.strip import Strip

from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.drawing.palette import DARK, LIGHT, Palette
from bptui.tui.drawing.svg import still

Rows = list[Strip]


class Look(NamedTuple):
    """How it is taken: columns and rows, the ground, and the keys that are pressed before, as Textual names
    them ("s", "tab", "f1")."""

    size: tuple[int, int] = (160, 48)
    light: bool = False
    keys: tuple[str, ...] = ()

    @property
    def palette(self) -> Palette:
        return LIGHT if self.light else DARK


def take(session: Session, look: Look) -> Rows:
    """The rows of the screen as the session stands, after the look's keys."""
    return asyncio.run(_rows(session, look))


def as_text(rows: Iterable[Strip]) -> str:
    """Line by line, without trailing blanks."""
    return "".join(row.text.rstrip() + "\n" for row in rows)


def as_svg(rows: Sequence[Strip], look: Look, title: str) -> str:
    """In true colours, whatever the terminal at hand can show."""
    return still(rows, look.palette, title)


async def _rows(session: Session, look: Look) -> Rows:
    app = App(session)
    async with app.run_test(size=look.size) as pilot:
        if look.light:
            app.theme = "bptui-light"
        await pilot.press(*look.keys)
        session.check_slice(lambda: False)  # to its end: a picture is the same on every machine
        app.main.checked()
        await pilot.pause()
        return list(app.screen._compositor.render_strips())
