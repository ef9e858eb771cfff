"""Signals, heard by a thread: the app ends in good order, or without order where its loop stands still."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from threading import Event, Thread

ENDING = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
GRACE = 1.4  # seconds that an event loop has to end


class Watch:
    """Hears signals even while the main thread computes: the system's handler writes their numbers to a
    pipe, which a thread reads.

    end:    called on the loop with 128 + the signal's number
    rescue: called in the thread where that did not help; then the process ends at once
    others: what to call on the loop for SIGTSTP and SIGCONT, by name

    A signal that was ignored from outside (nohup) stays ignored.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        end: Callable[[int], None],
        rescue: Callable[[], None],
        others: dict[str, Callable[[], None]],
    ) -> None:
        self._loop = loop
        self._end = end
        self._rescue = rescue
        self._others = {getattr(signal, name): call for name, call in others.items() if hasattr(signal, name)}
        self._heeded: set[int] = set()
        self._ended = Event()
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        self._thread = Thread(target=self._listen, daemon=True, name="bptui-signals")

    def start(self) -> None:
        """On the main thread."""
        self._wakeup_before = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        ending = {getattr(signal, name) for name in ENDING if hasattr(signal, name)}
        for number in ending | set(self._others):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _heard)
                self._heeded.add(number)
        self._thread.start()

    def close(self) -> None:
        """The app has ended, and the process is about to: a key too many, now a signal, changes nothing."""
        self._ended.set()
        for number in self._others:
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(self._wakeup_before)
        with contextlib.suppress(OSError):
            os.write(self._write, b"\0")
        self._thread.join(1.0)

    def _listen(self) -> None:
        while not self._ended.is_set():
            for number in os.read(self._read, 64):
                self._hear(number)
        os.close(self._read)
        os.close(self._write)

    def _hear(self, number: int) -> None:
        if number in self._others:
            self._call(self._others[signal.Signals(number)])
        elif number in self._heeded:
            self._call(self._end, 128 + number)
            if not self._ended.wait(GRACE):
                self._rescue()
                os._exit(128 + number)
        elif number:
            self._call(_heard)  # Python's own handlers run when the loop turns

    def _call(self, what: Callable[..., object], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(what, *arguments)


def _heard(*_: object) -> None:
    """The thread does the rest."""
