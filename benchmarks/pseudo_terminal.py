"""A program in a pseudo-terminal, for the scripts and tests that look at it from outside: as fast or slow
a line as is wanted, with the terminal's answers. Linux and macOS."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import Any

COLUMNS, ROWS = 160, 48
ASKED = re.compile(rb"\x1b\[6n")
SETTINGS = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
# In the child: the terminal becomes its controlling one.
OWN = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
MULTIPLEXED = ("TMUX", "STY")


class Reader:
    """What a program writes to its terminal: a thread reads it; `pieces` holds (when, data) of it all."""

    def __init__(self, master: int, pid: int) -> None:
        self.master, self.pid = master, pid
        self.started = time.perf_counter()
        self.pieces: list[tuple[float, bytes]] = []
        self.written = 0
        self._over = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while not self._over:
            try:
                data = self._piece()
            except (OSError, ValueError):
                return
            if data:
                self._take(data)

    def _piece(self) -> bytes:
        ready, _, _ = select.select([self.master], [], [], 0.05)
        return os.read(self.master, 1 << 16) if ready else b""

    def _take(self, data: bytes) -> None:
        self.pieces.append((time.perf_counter(), data))
        self.written += len(data)

    def text(self) -> bytes:
        return b"".join(data for _, data in self.pieces)

    def has_ended(self) -> bool:
        """Nothing more will come."""
        return False

    def wait_for(self, text: bytes, since: float = 0.0, limit: float = 20.0) -> float:
        """When `text` was first read after `since` (perf_counter); TimeoutError after `limit` seconds."""
        began, seen, place = time.perf_counter(), b"", 0
        while time.perf_counter() - began < limit:
            for when, data in self.pieces[place:]:
                place += 1
                if when >= since:
                    seen = seen[-200:] + data
                    if text in seen:
                        return when
            if self.has_ended() and place == len(self.pieces):
                time.sleep(0.05)
                if place == len(self.pieces):
                    break
            time.sleep(0.0005)
        raise TimeoutError(f"no {text!r} within {limit} s; the last read: {self.text()[-300:]!r}")

    def processor_seconds(self) -> float:
        """User and system time so far."""
        stat = Path(f"/proc/{self.pid}/stat")
        if stat.exists():
            fields = stat.read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        told = subprocess.run(["ps", "-o", "cputimes=", "-p", str(self.pid)], capture_output=True, text=True)
        return float(told.stdout.strip() or 0)


class PseudoTerminal(Reader):
    """Reads at most `rate` bytes a second, and answers `CSI 6n` where `answers`.

    The program runs in a session of its own with this as its controlling terminal.
    """

    def __init__(
        self,
        command: list[str],
        size: tuple[int, int] = (COLUMNS, ROWS),
        rate: float = 0.0,
        answers: bool = True,
        settings: dict[str, str] | None = None,
        cwd: str | Path | None = None,
    ) -> None:
        master, self.slave = pty.openpty()
        resize(master, *size)
        self.before = termios.tcgetattr(self.slave)
        environment = {k: v for k, v in os.environ.items() if k not in MULTIPLEXED}
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-c", OWN, *command],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env={**environment, **SETTINGS, **(settings or {})},
            cwd=cwd,
            start_new_session=True,
        )
        self.rate, self.answers, self.reads = rate, answers, True
        self._tail = b""
        self._free = time.perf_counter()  # when the line has carried what was read
        super().__init__(master, self.process.pid)

    # What it reads

    def _piece(self) -> bytes:
        if not self.reads:
            time.sleep(0.01)
            return b""
        ready, _, _ = select.select([self.master], [], [], 0.05)
        data = os.read(self.master, 1024 if self.rate else 1 << 16) if ready else b""
        if data and self.rate:  # it has read these when the line has carried them
            self._free = max(self._free, time.perf_counter()) + len(data) / self.rate
            time.sleep(max(0.0, self._free - time.perf_counter()))
        return data

    def _take(self, data: bytes) -> None:
        super()._take(data)
        seen = self._tail + data
        if self.answers:
            for _ in ASKED.findall(seen):
                self.send(b"\x1b[1;1R")
        cut = seen.rfind(b"\x1b")
        self._tail = seen[cut:] if cut >= 0 and not ASKED.match(seen[cut:]) and len(seen) - cut < 4 else b""

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def wait_quiet(self, seconds: float = 0.15, limit: float = 10.0) -> float:
        """When the last byte was read before `seconds` without any."""
        began = time.perf_counter()
        while time.perf_counter() - began < limit:
            last = self.pieces[-1][0] if self.pieces else self.started
            if time.perf_counter() - last > seconds:
                return last
            time.sleep(0.005)
        return time.perf_counter()

    # What it does

    def send(self, data: bytes, limit: float = 30.0) -> float:
        """Write all of `data` as if typed; when that was begun."""
        began = time.perf_counter()
        while data and time.perf_counter() - began < limit:
            if self.process.poll() is not None:
                return began
            if select.select([], [self.master], [], 0.1)[1]:
                with contextlib.suppress(OSError):
                    data = data[os.write(self.master, data[:1024]) :]
        if data:
            raise TimeoutError(f"{len(data)} bytes are not read within {limit} s")
        return began

    def resize(self, columns: int, rows: int) -> None:
        resize(self.master, columns, rows)

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def hang_up(self) -> None:
        """Close the terminal."""
        self._stop_reading()
        os.close(self.slave)
        os.close(self.master)

    # What can be seen of it

    def memory(self) -> float:
        """Resident megabytes; 0 where the system does not tell."""
        with contextlib.suppress(OSError, IndexError):
            return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096 / 1e6
        return 0.0

    def state(self) -> str:
        """R, S, T (stopped), Z …; "" where the system does not tell."""
        with contextlib.suppress(OSError, IndexError):
            return Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return ""

    def ended(self, limit: float = 5.0) -> int | None:
        """The exit status (negative: died of a signal), or None where it has not ended by then."""
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            return None

    def faults_left(self) -> list[str]:
        """What an ended program did not restore."""
        time.sleep(0.05)
        self.wait_quiet(0.05, 2.0)
        text, found = self.text(), []
        for name, on, off in (
            ("alternate screen", b"\x1b[?1049h", b"\x1b[?1049l"),
            ("mouse", b"\x1b[?1003h", b"\x1b[?1003l"),
            ("bracketed paste", b"\x1b[?2004h", b"\x1b[?2004l"),
            ("focus reports", b"\x1b[?1004h", b"\x1b[?1004l"),
            ("hidden cursor", b"\x1b[?25l", b"\x1b[?25h"),
            ("kitty keys", b"\x1b[>25u", b"\x1b[<u"),
            ("synchronized update", b"\x1b[?2026h", b"\x1b[?2026l"),
        ):
            if text.rfind(on) > text.rfind(off):
                found.append(f"{name} left on")
        if _settings(termios.tcgetattr(self.slave)) != _settings(self.before):
            found.append("terminal settings not restored")
        return found

    def _stop_reading(self) -> None:
        """Before a number of a file is free for another."""
        self._over = True
        self._reader.join()

    def close(self) -> None:
        """Kill what is left of it."""
        if self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait()
        self._stop_reading()
        for fd in (self.master, self.slave):
            with contextlib.suppress(OSError):
                os.close(fd)


def _settings(attributes: list[Any]) -> list[Any]:
    return [*attributes[:6], list(attributes[6])]


def resize(terminal: int, columns: int, rows: int) -> None:
    """Give it a size."""
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
