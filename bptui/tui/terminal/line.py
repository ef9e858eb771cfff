"""The line to the terminal: how far it is with what was sent, so that pictures never queue up before a key.

After each picture the terminal is asked where its cursor is (`CSI 6n`); its report says that it has read
so far. All terminals answer that, and over ssh the answer comes from the far end. A terminal that has
never answered is not waited for. tmux and screen answer for themselves, so there it is not asked.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from threading import RLock

ASK = "\x1b[6n"
MOST_ON_THE_WAY = 3  # pictures
PATIENCE = 2.0  # seconds for an answer
MOST = 900_000  # bytes a second to a terminal that takes them


def multiplexed(environment: Mapping[str, str]) -> bool:
    """Inside tmux or screen."""
    return (
        "TMUX" in environment
        or "STY" in environment
        or environment.get("TERM", "").startswith(("screen", "tmux"))
    )


class Line:
    """`waiting` gives the bytes that the system has not taken yet; the clock gives seconds."""

    def __init__(
        self,
        paced: bool,
        waiting: Callable[[], int] = lambda: 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._paced = paced
        self._waiting = waiting
        self._clock = clock
        self._asked: deque[float] = deque()
        self._lock = RLock()  # reports are read by a thread of their own
        self._answers = False
        self._shortest = float("inf")  # an answer on the idle line: the way there and back
        self._busy_since = 0.0
        self._rests_until = 0.0

    def ask(self, size: int) -> bool:
        """A picture of `size` bytes was sent; whether to ask for a report after it."""
        with self._lock:
            return self._ask(self._clock(), size)

    def _ask(self, now: float, size: int) -> bool:
        self._rests_until = max(self._rests_until, now) + size / MOST
        if not self._paced or (self._asked and not self._answers):
            return False  # one question is enough to learn whether it answers
        if not self._asked:
            self._busy_since = now
        self._asked.append(now)
        return True

    def answered(self) -> None:
        """A report came."""
        with self._lock:
            if self._asked:
                self._take(self._clock())

    def _take(self, now: float) -> None:
        self._answers = True
        self._shortest = min(self._shortest, now - self._asked.popleft())
        if not self._asked:
            # As long as it was busy it is left alone: of two keys, one finds it idle.
            busy = min(now - self._busy_since - self._shortest, PATIENCE)
            self._rests_until = max(self._rests_until, now + busy)

    @property
    def idle(self) -> bool:
        """All that was sent has been read, as far as that can be known: what a key did may be drawn."""
        with self._lock:
            return self._is_idle()

    def _is_idle(self) -> bool:
        if self._waiting() > 0:
            return False
        if not self._answers or not self._asked:
            return True
        if self._clock() - self._asked[-1] < PATIENCE:
            return False
        self._asked.clear()
        self._answers = False
        return True

    @property
    def crowded(self) -> bool:
        """Keys come faster than the terminal reads what they do: even that must wait."""
        return not self.idle and len(self._asked) >= MOST_ON_THE_WAY

    @property
    def ready(self) -> bool:
        """The next picture of a run may be drawn."""
        return self._clock() >= self._rests_until and self.idle
