"""What goes to the terminal, from a thread of its own: a terminal that does not read holds up nobody."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

PIECE = 4096  # bytes: what waits is known this exactly
LAST_WORDS = 1.0  # seconds that the end waits for a terminal that reads
TOO_MUCH = 16_384  # bytes that wait: at the end they are not worth waiting for


class Writer(Thread):
    """Writes in order to a file descriptor; never raises. `lost` is called once, from the thread, where
    the terminal is gone; what is written after that is dropped."""

    def __init__(self, fd: int, lost: Callable[[], None]) -> None:
        super().__init__(daemon=True, name="bptui-output")
        self._fd = fd
        self._lost = lost
        self._gone = False
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()  # its put may be called in a signal handler
        self._put = 0
        self._written = 0

    @property
    def waiting(self) -> int:
        """Bytes not yet taken by the terminal."""
        return self._put - self._written

    def write(self, text: str) -> int:
        """How many bytes are to be written."""
        data = text.encode("utf-8", "replace")
        self._put += len(data)
        self._queue.put(data)
        return len(data)

    def forget(self) -> None:
        """What waits is not to be written where it is much; the piece in hand is."""
        if self.waiting > TOO_MUCH:
            while not self._queue.empty():
                self._written += len(self._queue.get() or b"")

    def run(self) -> None:
        while (data := self._queue.get()) is not None:
            self._write(data)

    def _write(self, data: bytes) -> None:
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            while piece and not self._gone:
                piece = piece[self._some(piece) :]
            self._written += min(PIECE, len(data) - start)

    def _some(self, piece: bytes) -> int:
        """Bytes written of it."""
        try:
            return os.write(self._fd, piece)
        except BlockingIOError:  # another program made it non-blocking
            select.select([], [self._fd], [], 1.0)
            return 0
        except OSError:
            self._gone = True
            self._lost()
            return 0

    def stop(self, patience: float = LAST_WORDS) -> None:
        """After what was written; not for ever."""
        self._queue.put(None)
        self.join(patience)

    def abandon(self) -> None:
        """Write no more than the piece in hand."""
        self._gone = True
        self.stop(LAST_WORDS / 2)
