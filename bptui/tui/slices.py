"""Training beside the screen: short slices of work on the event loop, and none while paused.

Pictures are made by the same task, a panel at a time: the arrays that they show stand still, and a key
never waits for more than one panel.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from typing import Protocol

SLICE = 0.005  # seconds of training between two looks at the keyboard
REST = 0.25  # seconds without a command before gradients are checked: no key that repeats is slowed
PAINTED = 1 / 60  # seconds until the screen says that it runs: the first slice may be a step that takes long
HOPS = 10  # a key crosses many turns of the loop before it is a command; where nothing waits, one will do


class Trainable(Protocol):
    """What a session must offer to be driven."""

    @property
    def wants_time(self) -> bool: ...
    def advance(self, deadline: Callable[[], bool]) -> None: ...
    def delay(self) -> float: ...
    @property
    def wants_check(self) -> bool: ...
    def check_slice(self, deadline: Callable[[], bool]) -> None: ...


class Slices:
    """Gives a session its time. `rested` is called whenever it stops wanting any, `checked` when the
    gradients that stand there were checked; `pictures` after each slice, and between two of its items others
    get their turns."""

    def __init__(
        self,
        source: Callable[[], Trainable],
        rested: Callable[[], None],
        pictures: Callable[[], Iterable[None]] = tuple,
        checked: Callable[[], None] = lambda: None,
    ) -> None:
        self._source = source
        self._rested = rested
        self._pictures = pictures
        self._checked = checked
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
                await self._check()
                await self._woken.wait()
                await asyncio.sleep(PAINTED)
            else:
                await self._slice(self._source())

    async def _slice(self, session: Trainable) -> None:
        self._woken.clear()  # a command from here on ends the wait
        session.advance(_until(time.perf_counter() + SLICE))
        await self._let_others()
        for _ in self._pictures():
            await self._let_others()
        delay = session.delay() if session.wants_time else 0.0
        if delay > SLICE:
            await self._sleep(delay)

    async def _check(self) -> None:
        """While nothing is asked for: the gradients are checked; a command ends it."""
        if not self._source().wants_check:
            return
        await self._sleep(REST)
        while self._source().wants_check and not self._woken.is_set():
            self._source().check_slice(_until(time.perf_counter() + SLICE))
            await self._let_others()
        if not self._woken.is_set():
            self._checked()

    async def _let_others(self) -> None:
        # asyncio's own list of what waits for its turn, threads' calls too; another loop may have none.
        waiting = getattr(asyncio.get_running_loop(), "_ready", True)
        for _ in range(HOPS):
            await asyncio.sleep(0)
            if not waiting:
                return

    async def _sleep(self, seconds: float) -> None:
        """Until the next work is due or a command came."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)


def _until(end: float) -> Callable[[], bool]:
    return lambda: time.perf_counter() >= end
