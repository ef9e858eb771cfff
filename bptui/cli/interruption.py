"""The signals that ask a verb to stop: it leaves by exit, with a status, and never dies of them."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

_ASKING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupted(BaseException):
    """Raised where a signal ends a verb at once; `status` is what the shell is told."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Interruption:
    """While entered, the first such signal is noted; it ends the verb at once unless `deferred` is set.

    A verb that defers looks at `pending` between two updates. A second Ctrl+C ends it all the same.
    A signal that was ignored from outside (nohup, a job in the background) stays ignored.
    """

    def __init__(self) -> None:
        self.deferred = False
        self.status: int | None = None
        self._before: dict[int, Any] = {}

    def pending(self) -> bool:
        return self.status is not None

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            for number in _ASKING:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._arrived)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _arrived(self, number: int, frame: FrameType | None) -> None:
        again = self.status is not None
        if self.status is None:
            self.status = 128 + number
        if not self.deferred or (again and number == signal.SIGINT):
            raise Interrupted(self.status)
