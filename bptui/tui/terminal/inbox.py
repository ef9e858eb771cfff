"""Between the thread that reads the keyboard and the app: what is not yet handled waits here, bounded."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable

from textual import events
from textual.message import Message

MOST = 256  # messages that wait; a key more is lost
LATER = 0.002  # seconds until it looks again whether the app has caught up


class Inbox:
    """`put` from any thread; `deliver` is called on the loop, as long as the app is not `busy`."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        deliver: Callable[[Message], object],
        busy: Callable[[], bool],
    ) -> None:
        self._loop = loop
        self._deliver = deliver
        self._busy = busy
        self._waiting: deque[Message] = deque()
        self._called = False
        self._called_at = 0.0

    def holds(self, since: float) -> bool:
        """The loop has not turned since then (monotonic seconds)."""
        return self._called and self._called_at <= since

    def put(self, message: Message) -> None:
        """Of moves of the mouse, and of pastes, without anything between, one waits."""
        last = self._waiting[-1] if self._waiting else None
        if isinstance(message, events.Paste) and isinstance(last, events.Paste):
            return
        if isinstance(message, events.MouseMove) and isinstance(last, events.MouseMove):
            with contextlib.suppress(IndexError):  # just delivered
                self._waiting.pop()
        if len(self._waiting) >= MOST:
            return
        self._waiting.append(message)
        if not self._called:
            self._called, self._called_at = True, time.monotonic()
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._called = False
        while self._waiting and not self._busy():
            self._deliver(self._waiting.popleft())
        if self._waiting and not self._called:
            self._called, self._called_at = True, time.monotonic()
            self._loop.call_later(LATER, self._hand_over)
