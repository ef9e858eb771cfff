"""What becomes of a mistake in bptui itself: it is told and logged, and the run goes on where it can."""

from __future__ import annotations

import time
import traceback
from pathlib import Path
from typing import ClassVar, Protocol, cast

from textual import events
from textual.message import Message
from textual.message_pump import MessagePump

from bptui.escape import safe

LARGEST_LOG = 1_000_000  # bytes; a larger one is begun anew


class Survivor(Protocol):
    """The app, as far as what fails knows it."""

    def survive(self, error: Exception) -> None: ...


class Guarded(MessagePump):
    """A widget or screen in which a message that fails does not end the app."""

    SURVIVES_ITS_START: ClassVar[bool] = True  # where composing or mounting fails

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            starting = isinstance(message, (events.Compose, events.Mount))
            if starting and not self.SURVIVES_ITS_START:
                raise
            cast(Survivor, self.app).survive(error)


def log_path() -> Path:
    """Where mistakes are written down."""
    import platformdirs

    return Path(platformdirs.user_log_dir("bptui")) / "bptui.log"


def write_down(error: BaseException) -> Path | None:
    """Add the traceback to the log; its path, or None where it cannot be written."""
    try:
        path = log_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        anew = path.exists() and path.stat().st_size > LARGEST_LOG
        with path.open("w" if anew else "a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(time.strftime("%Y-%m-%d %H:%M:%S\n"))
            log.writelines(traceback.format_exception(error))
            log.write("\n")
    except (OSError, RuntimeError):
        return None
    return path


def told(error: BaseException) -> str:
    """An error in a line."""
    text = str(error).strip().splitlines()
    return safe(f"{type(error).__name__}: {text[0]}" if text else type(error).__name__, 120)


def last_words(error: BaseException) -> str:
    """What is said on stderr where the app cannot go on: one line."""
    path = write_down(error)
    where = f"; the log is {safe(str(path))}" if path else ""
    return f"bptui failed: {told(error)}, please report{where}"
