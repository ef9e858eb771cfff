"""The terminal of Linux and macOS: what is written to it, what comes from it, its modes, its stops.

Textual's own driver ends on a wrong byte, spins where the terminal is gone, waits for one that does not
read, and believes every report; this one does not. Reports of the size within the input are not asked
for: the system knows the size.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import time
import tty
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual import constants, events
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from bptui.tui.terminal.inbox import Inbox
from bptui.tui.terminal.keyboard import Keyboard
from bptui.tui.terminal.line import ASK, Line, multiplexed
from bptui.tui.terminal.thrift import thrifty
from bptui.tui.terminal.writer import Writer

if TYPE_CHECKING:
    from textual.app import App

HUNG_UP = 128 + 1
LARGEST = (1000, 400)  # cells: a terminal may claim to be of any size
UNKNOWN = (80, 24)
SHORT = 64  # characters: no picture
SOON = 0.02  # seconds between two looks whether a sequence was cut off
SECOND_PRESS = 2.0  # seconds within which Ctrl+C ends the app
CAUGHT_UP = 4  # messages that may wait in the app's own queues
ITS_TURN = 1.5  # seconds in which a terminal that is busy reads on: else it cannot be restored

_MOUSE = "\x1b[?1000{0}\x1b[?1003{0}\x1b[?1015{0}\x1b[?1006{0}"
KEYS = "" if constants.DISABLE_KITTY_KEY else "\x1b[>25u"  # disambiguate, all keys, their text
ENTER = "\x1b[?1049h" + _MOUSE.format("h") + "\x1b[?25l\x1b[?1004h"
# From wherever it is: also out of a sequence cut in two, a synchronized update and modes it never was in.
LEAVE = (
    "\x18\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?7h"
    + _MOUSE.format("l")
    + "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)


class Heedful(Protocol):
    """An app that minds signals from here on."""

    def heed_signals(self) -> None: ...


class Terminal(Driver):
    """Draws on stderr, reads keys from stdin."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert sys.__stdin__ is not None
        assert sys.__stderr__ is not None
        self._in, self._out = sys.__stdin__.fileno(), sys.__stderr__.fileno()
        self._size = size or self._measured()
        self._before: list[Any] | None = None  # the terminal's settings
        self._writer: Writer | None = None
        self._reader: Thread | None = None
        self._bell: tuple[int, int] | None = None  # a pipe that ends the reading
        self._inbox = Inbox(self._loop, app.post_message, self._busy)
        self.line = self._new_line()
        self._drawn = 0  # bytes since the last question
        self._interrupted = float("-inf")

    @property
    def can_suspend(self) -> bool:
        return True

    def _new_line(self) -> Line:
        return Line(not multiplexed(os.environ), lambda: self._writer.waiting if self._writer else 0)

    def _measured(self) -> tuple[int, int]:
        for fd in (self._out, self._in):
            with contextlib.suppress(OSError):
                width, height = os.get_terminal_size(fd)
                if width and height:
                    return min(width, LARGEST[0]), min(height, LARGEST[1])
        return UNKNOWN

    # Output

    def write(self, data: str) -> None:
        if self._writer is not None:
            self._drawn += self._writer.write(thrifty(data) if len(data) > SHORT else data)

    def drawn(self) -> None:
        """A picture was written: from here on the line is busy with it."""
        size, self._drawn = self._drawn, 0
        if size and self.line.ask(size):
            self.write(ASK)
            self._drawn = 0

    def _lost(self) -> None:
        """From any thread: the terminal is gone."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(lambda: self._app.exit(return_code=HUNG_UP))

    # Modes

    def start_application_mode(self) -> None:
        cast(Heedful, self._app).heed_signals()
        # First, so that no answer is echoed; in the background (`bg`) the system stops it here.
        with contextlib.suppress(termios.error):
            self._before = termios.tcgetattr(self._in)
            termios.tcsetattr(self._in, termios.TCSANOW, _raw(termios.tcgetattr(self._in)))
        self._writer = Writer(self._out, self._lost)
        self._writer.start()
        self.line = self._new_line()
        if self.line.ask(0):  # while the line is idle: how long is the way?
            self.write(ASK)
        self.write(ENTER + KEYS)
        signal.signal(signal.SIGWINCH, lambda *_: self.measure())
        self.measure()
        self._bell = os.pipe()
        self._reader = Thread(target=self._read, args=(self._bell[0],), daemon=True, name="bptui-input")
        self._reader.start()
        # An old console and Apple's terminal would show the question itself.
        if os.environ.get("TERM") != "linux" and os.environ.get("TERM_PROGRAM") != "Apple_Terminal":
            self.write("\x1b[?2026$p")
        self.write("\x1b[?2004h\x1b[?7l")
        self._drawn = 0

    def disable_input(self) -> None:
        if self._reader is None or self._bell is None:
            return
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        self.write(_MOUSE.format("l"))
        os.close(self._bell[1])
        self._reader.join(1.0)
        self._reader = self._bell = None
        with contextlib.suppress(termios.error):
            termios.tcflush(self._in, termios.TCIFLUSH)

    def stop_application_mode(self) -> None:
        self.disable_input()
        if self._writer is not None:
            self._writer.forget()
        self.write(LEAVE)
        self._restore_settings()

    def _restore_settings(self) -> None:
        if self._before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._in, termios.TCSANOW, self._before)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.stop()
            if self._writer.is_alive():
                self._leave_at_once(self._writer)
            self._writer = None

    def _leave_at_once(self, writer: Writer) -> None:
        """The terminal reads too slowly for the last picture: what restores it goes in its place."""
        with contextlib.suppress(termios.error):
            termios.tcflush(self._out, termios.TCOFLUSH)
        writer.abandon()
        self._write_leave()

    def _write_leave(self) -> None:
        """Past the writer, where the terminal takes it."""
        with contextlib.suppress(OSError, ValueError):
            if select.select([], [self._out], [], ITS_TURN)[1]:
                os.write(self._out, LEAVE.encode())

    def rescue(self) -> None:
        """Restore the terminal from another thread, while the event loop stands still."""
        if self._writer is not None:
            self._writer.abandon()  # else its picture would go on behind the last words
        self._write_leave()
        self._restore_settings()
        with contextlib.suppress(termios.error):
            termios.tcflush(self._in, termios.TCIFLUSH)

    # Size

    def measure(self) -> None:
        """Look at the size and tell the app; also in a signal's handler."""
        self._size = self._measured()
        size = Size(*self._size)
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._app.post_message, events.Resize(size, size))

    # Stops

    def stop(self) -> None:
        """Ctrl+Z: give the terminal back and stop the job; returns when it goes on again.

        Where no shell would let it go on, the system does not stop it.
        """
        self.suspend_application_mode()
        before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.killpg(os.getpgrp(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, before)
        self.resume_application_mode()

    def resume(self) -> None:
        """It was stopped unasked: whoever had the terminal meanwhile left it in other modes."""
        self.suspend_application_mode()
        self.resume_application_mode()

    # Input

    def send_message(self, message: Message) -> None:
        self._inbox.put(message)

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.MouseEvent):
            width, height = self._size or UNKNOWN
            message._x = message._screen_x = min(message._x, width - 1)
            message._y = message._screen_y = min(message._y, height - 1)
        super().process_message(message)
        if isinstance(message, events.Key) and message.key == "ctrl+c":
            self._interrupt()

    def _interrupt(self) -> None:
        """Ctrl+C, of which the app cannot know while its loop stands still: the second is the signal."""
        now = time.monotonic()
        if now - self._interrupted < SECOND_PRESS and self._inbox.holds(self._interrupted):
            os.kill(os.getpid(), signal.SIGINT)
        self._interrupted = now

    def _busy(self) -> bool:
        """The app has not caught up with what it was given."""
        app = self._app
        pumps = [app, *app._screen_stack[-1:]]
        if pumps[1:] and app.focused is not None:
            pumps.append(app.focused)
        return sum(pump._message_queue.qsize() for pump in pumps) > CAUGHT_UP

    def _read(self, bell: int) -> None:
        """Until the bell's other end is closed."""
        keyboard = Keyboard(self.line.answered)
        while bell not in (ready := self._readable(bell, SOON if keyboard.unsure else None)):
            if self._in in ready:
                data = self._some()
                if data == b"":
                    self._lost()
                    break
                for message in keyboard.feed(data or b"", time.monotonic()):
                    self.process_message(message)
            for message in keyboard.tick(time.monotonic()):
                self.process_message(message)
        os.close(bell)

    def _readable(self, bell: int, seconds: float | None) -> list[int]:
        try:
            return select.select([self._in, bell], [], [], seconds)[0]
        except (OSError, ValueError):
            return [self._in]

    def _some(self) -> bytes | None:
        """What has come; None where nothing has after all, b"" where nothing will any more."""
        try:
            return os.read(self._in, 4096)
        except BlockingIOError:
            return None
        except OSError:
            return b""


def _raw(settings: list[Any]) -> list[Any]:
    """Keys as they are pressed, none of them a signal; TEXTUAL_ALLOW_SIGNALS leaves them signals."""
    signals = 0 if os.environ.get("TEXTUAL_ALLOW_SIGNALS") else termios.ISIG
    settings[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | signals)
    settings[tty.IFLAG] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    settings[tty.CC][termios.VMIN] = 1
    settings[tty.CC][termios.VTIME] = 0
    return settings
