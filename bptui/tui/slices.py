"""Training beside the screen: short slices of work on the event loop, and none while paused."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Protocol

SLICE = 0.004  # seconds of training between two looks at the keyboard
HOPS = 10  # a key crosses many turns of the loop before it is a command


class Trainable(Protocol):
    """What a session must offer to be driven."""

    @property
    def wants_time(self) -> bool: ...
    def advance(self, deadline: Callable[[], bool]) -> None: ...
    def delay(self) -> float: ...


class Slices:
    """Gives a session its time. `rested` is called whenever it stops wanting any."""

    def __init__(self, source: Callable[[], Trainable], rested: Callable[[], None]) -> None:
        self._source = source
        self._rested = rested
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """A command was done: there may be work, or the pace may have changed."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if not self._source().wants_time:
                self._rested()
                self._woken.clear()
                await self._woken.wait()
            else:
                await self._slice(self._source())

    async def _slice(self, session: Trainable) -> None:
        clock = time.perf_counter
        end = clock() + SLICE
        session.advance(lambda: clock() >= end)
        delay = session.delay() if session.wants_time else 0.0
        if delay > SLICE:
            await self._sleep(delay)
        for _ in range(HOPS):
            await asyncio.sleep(0)

    async def _sleep(self, seconds: float) -> None:
        """Until the next work is due or a command came."""
        self._woken.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)
