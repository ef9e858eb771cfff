"""The run in hand kept by itself: in a file of this process, now and then and when it ends.

A process holds a lock beside its file as long as it lives. A file whose lock is free was left without
warning, and can be taken up; one that is left in good order is the last run.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bptui.errors import ActionableError

if TYPE_CHECKING:
    from bptui.session.kept import Snapshot

EVERY = 20.0  # seconds between two looks: with the time to write, less than 30 are lost
LEAVING = 1.0  # seconds that a process may take to write when it ends
OLDEST = 30 * 86400.0  # seconds that a run that nobody took up is kept
LAST = "last.bptui"
_LIVE, _LOCK = "live-", ".lock"


class Left(NamedTuple):
    """A run that was left without warning: its file, and when it was kept last."""

    path: Path
    time: float


def folder() -> Path:
    """Where runs are kept by themselves; it need not be there."""
    chosen = os.environ.get("BPTUI_RUNS")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_state_dir("bptui")) / "runs"


def last_run() -> Path:
    """The run that was left last. ActionableError where none was kept."""
    path = folder() / LAST
    if not path.exists():
        raise ActionableError("--last", "no run was kept yet", "The playground keeps one when it is left")
    return path


def left_behind() -> list[Left]:
    """The runs of processes that ended without warning, the latest first. What is too old is taken away."""
    found = []
    try:
        for path in folder().glob(f"{_LIVE}*.bptui"):
            if _is_free(path.with_suffix(_LOCK)):
                found.append(Left(path, path.stat().st_mtime))
        for path in folder().glob(f"{_LIVE}*{_LOCK}"):
            if not path.with_suffix(".bptui").exists() and _is_free(path):
                path.unlink(missing_ok=True)
    except OSError:
        return []
    for one in [one for one in found if time.time() - one.time > OLDEST]:
        forget(one.path)
        found.remove(one)
    return sorted(found, key=lambda left: -left.time)


def forget(path: Path) -> None:
    """A run that was left is taken up, and kept elsewhere by now."""
    for each in (path, path.with_suffix(_LOCK)):
        with suppress(OSError):
            each.unlink(missing_ok=True)


class Keeper:
    """Keeps the run of one process. failure: why the last time it could not be, else ""."""

    def __init__(self, write: Callable[[Snapshot, Path], object] | None = None) -> None:
        """write: puts a snapshot into a file; of session.store where it is None."""
        self.path = folder() / f"{_LIVE}{os.getpid()}-{os.urandom(4).hex()}.bptui"
        self.failure = ""
        self._write = write
        self._lock: int | None = None
        self._writing: threading.Thread | None = None
        self._taken_up: list[Path] = []

    @property
    def busy(self) -> bool:
        """It is being written."""
        return self._writing is not None and self._writing.is_alive()

    def keep(self, kept: Snapshot) -> None:
        """Begin to write it, in a thread that nothing waits for."""
        self._writing = threading.Thread(target=self._put, args=(kept,), daemon=True, name="bptui-keeping")
        self._writing.start()

    def took_up(self, path: Path) -> None:
        """The run in hand is one that was left there: when it is kept here, it is not needed there."""
        self._taken_up.append(path)

    def wait(self, seconds: float) -> bool:
        """For what is being written, but no longer; whether it is on the disk."""
        if self._writing is not None:
            self._writing.join(seconds)
        return not self.busy

    def close(self, kept: Snapshot | None, orderly: bool = True) -> None:
        """The process ends: what it kept, and `kept` in its place where that is given, becomes the last run.
        Where it did not end in good order, or could not write in time, that stays as one that was left."""
        end = time.monotonic() + LEAVING
        if kept is not None and self.wait(LEAVING):
            self.keep(kept)
        if self.wait(max(end - time.monotonic(), 0.0)) and orderly:
            with suppress(OSError):
                os.replace(self.path, self.path.with_name(LAST))
            self.release()

    def release(self) -> None:
        """Leave no lock behind where there is nothing to take up."""
        if self._lock is not None and not self.path.exists():
            os.close(self._lock)
            self._lock = None
            with suppress(OSError):
                self.path.with_suffix(_LOCK).unlink(missing_ok=True)

    def _put(self, kept: Snapshot) -> None:
        try:
            if self._lock is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._lock = _locked(self.path.with_suffix(_LOCK))
            if self._write is not None:
                self._write(kept, self.path)
            else:
                from bptui.session import store  # start-up is felt

                store.write(kept, self.path, overwrite=True)
            self.failure = ""
            while self._taken_up:
                forget(self._taken_up.pop())
        except (ActionableError, OSError) as error:
            self.failure = str(error)


def _locked(path: Path) -> int:
    """An open file with a lock on it, as long as this process lives."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    _take(descriptor)
    return descriptor


def _is_free(path: Path) -> bool:
    """No living process has it locked."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        return _take(descriptor)
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    """Lock it; False where another has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
