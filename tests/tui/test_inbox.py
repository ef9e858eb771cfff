"""What waits for the app is bounded, in order, and handed over as the app catches up."""

from __future__ import annotations

import asyncio
import time

from textual import events
from textual.message import Message

from bptui.tui.terminal.inbox import MOST, Inbox


class Receiver:
    """An app that can be busy."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.busy = False
        self.inbox = Inbox(asyncio.get_running_loop(), self.got.append, lambda: self.busy)


def key(name: str) -> events.Key:
    return events.Key(name, None)


def move(x: int) -> events.MouseMove:
    return events.MouseMove(None, x, 0, 0, 0, 0, False, False, False)


async def test_in_order() -> None:
    app = Receiver()
    for name in "abc":
        app.inbox.put(key(name))
    await asyncio.sleep(0)
    assert [message.key for message in app.got if isinstance(message, events.Key)] == ["a", "b", "c"]


async def test_while_the_app_is_busy_it_waits_and_a_flood_is_cut() -> None:
    app = Receiver()
    app.busy = True
    for _ in range(10 * MOST):
        app.inbox.put(key("n"))
    await asyncio.sleep(0.01)
    assert app.got == []
    app.busy = False
    await asyncio.sleep(0.01)
    assert len(app.got) == MOST


async def test_of_moves_the_last_and_of_pastes_the_first_is_kept() -> None:
    app = Receiver()
    for x in range(5):
        app.inbox.put(move(x))
    for text in "abc":
        app.inbox.put(events.Paste(text))
    await asyncio.sleep(0)
    moved, pasted = app.got
    assert isinstance(moved, events.MouseMove)
    assert moved.x == 4
    assert isinstance(pasted, events.Paste)
    assert pasted.text == "a"


async def test_it_knows_that_the_loop_stands_still() -> None:
    app = Receiver()
    app.inbox.put(key("ctrl+c"))
    pressed = time.monotonic()
    assert app.inbox.holds(pressed)
    await asyncio.sleep(0)
    assert not app.inbox.holds(pressed)
