"""The app for tests that press its keys, and what can be read on its screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.panels.base import Panel
from bptui.tui.panels.message import MessageLine
from bptui.tui.screens.board import Board

WIDE, SMALL = (160, 48), (80, 24)


@asynccontextmanager
async def playing(size: tuple[int, int] = WIDE) -> AsyncIterator[tuple[App, Pilot[int], Session]]:
    """XOR, paused at step 0."""
    session = Session.open("xor")
    app = App(session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot, session


def shown(app: App, name: str) -> str:
    """What a panel says."""
    panel = app.main.query_one(f"#{name}", Panel)
    return "\n".join(panel.render_line(y).text.rstrip() for y in range(panel.size.height))


def message(app: App) -> str:
    """What the message line says."""
    return "".join(text for text, _ in app.main.query_one(MessageLine).parts)


def sheet(app: App) -> str:
    """What the sheet on top says."""
    board = app.screen.query_one(Board)
    return "\n".join(board.render_line(y).text.rstrip() for y in range(board.size.height))


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what comes in its own time: a frame of the run, a worker's file."""
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")
