"""The app in a pseudo-terminal: ends, stops, what a closed or hostile terminal does to it."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
ROOT = Path(__file__).parents[2]
# What a shell does for a job: a process group of its own that has the terminal; it goes on at SIGUSR1.
SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
signal.signal(signal.SIGUSR1, lambda *_: None)
job = os.fork()
if not job:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    _, status = os.waitpid(job, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
    os.tcsetpgrp(0, os.getpgrp())
    os.write(1, b"job stopped\\r\\n")
    signal.pause()
    os.tcsetpgrp(0, job)
    os.killpg(job, signal.SIGCONT)
"""
BPTUI = (sys.executable, "-m", "bptui")
IGNORING = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])
"""


def loaded(name: str) -> ModuleType:
    """A script of benchmarks/, as a module."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@contextmanager
def playing(*words: str, command: Sequence[str] = BPTUI, **choices: Any) -> Iterator[Any]:
    """bptui, paused, in a terminal."""
    command = [*command, *(words or ("xor",))]
    settings = {"PYTHONPATH": str(ROOT), **choices.pop("settings", {})}
    terminal = loaded("pseudo_terminal").PseudoTerminal(command, settings=settings, **choices)
    try:
        terminal.wait_for(b"paused")
        terminal.wait_quiet()
        yield terminal
    finally:
        terminal.close()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"])
def test_a_signal_restores_the_terminal_and_has_its_status(name: str) -> None:
    with playing() as terminal:
        terminal.send(b" ")
        terminal.signal(getattr(signal, name))
        assert terminal.ended() == 128 + getattr(signal, name)
        assert terminal.faults_left() == []


STALLED = """
import sys, time
from bptui.session.session import Session
Session.advance = lambda session, deadline: time.sleep(30)
from bptui.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("way", ["signal", "keys"])
def test_it_ends_in_the_middle_of_a_huge_step(way: str) -> None:
    with playing(command=[sys.executable, "-c", STALLED]) as terminal:
        terminal.wait_for(b"running", terminal.send(b" "))
        time.sleep(0.1)
        if way == "signal":
            began = time.perf_counter()
            terminal.signal(signal.SIGTERM)
        else:
            began = terminal.send(b"\x03")
            time.sleep(0.1)
            terminal.send(b"\x03")
        assert terminal.ended(4) == (143 if way == "signal" else 130)
        assert time.perf_counter() - began < 3.0
        assert terminal.faults_left() == []


def test_it_ends_with_its_terminal() -> None:
    with playing() as terminal:
        terminal.hang_up()
        assert terminal.ended() == 129


def test_it_ends_with_its_terminal_where_hanging_up_is_ignored() -> None:
    with playing(command=[sys.executable, "-c", IGNORING, *BPTUI]) as terminal:
        terminal.hang_up()
        assert terminal.ended() == 129


def test_it_ends_where_the_terminal_reads_no_more() -> None:
    with playing() as terminal:
        terminal.send(b" ")
        terminal.wait_for(b"running")
        terminal.reads = False
        time.sleep(0.5)
        began = terminal.send(b"q")
        assert terminal.ended() == 0
        assert time.perf_counter() - began < 3.0


@pytest.mark.parametrize("outside", [False, True])
def test_ctrl_z_stops_the_job_and_gives_the_terminal_back(outside: bool) -> None:
    with playing(command=[sys.executable, "-c", SHELL, *BPTUI]) as terminal:
        terminal.send(b" ")
        terminal.wait_for(b"running")
        if outside:
            job = int(Path(f"/proc/{terminal.process.pid}/task/{terminal.process.pid}/children").read_text())
            os.kill(job, signal.SIGTSTP)
        else:
            terminal.send(b"\x1a")
        stopped = terminal.wait_for(b"job stopped")
        assert terminal.faults_left() == []
        terminal.resize(100, 30)
        terminal.signal(signal.SIGUSR1)
        terminal.wait_for(b"running", stopped)
        pressed = terminal.send(b" ")
        terminal.wait_for(b"paused", pressed)
        terminal.wait_quiet()
        written = b"".join(data for when, data in terminal.pieces if when > pressed)
        assert b"\x1b[30;" in written  # the keys, on the last row of the new size
        assert b"\x1b[48;1H" not in written
        terminal.send(b"q")
        assert terminal.ended() == 0
        assert terminal.faults_left() == []


def test_without_a_shell_ctrl_z_does_not_stop_for_ever() -> None:
    with playing() as terminal:
        terminal.wait_for(b"\x1b[?1049h", terminal.send(b"\x1a"))
        terminal.wait_for(b"running", terminal.send(b" "))
        terminal.send(b"q")
        assert terminal.ended() == 0


def test_stopped_unasked_it_takes_the_terminal_again() -> None:
    with playing() as terminal:
        terminal.signal(signal.SIGSTOP)
        time.sleep(0.1)
        since = time.perf_counter()
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(b"\x1b[?1049h", since)
        terminal.wait_for(b"running", terminal.send(b" "))
        terminal.send(b"q")
        assert terminal.ended() == 0
        assert terminal.faults_left() == []


@pytest.mark.parametrize(("into", "bracketed"), [(b"", False), (b"=", True), (b"/", False)])
def test_a_megabyte_pasted_holds_up_nothing(into: bytes, bracketed: bool) -> None:
    pasted = b"q0n \n" * 200_000
    with playing() as terminal:
        terminal.send(into)
        terminal.send(b"\x1b[200~" + pasted + b"\x1b[201~" if bracketed else pasted)
        time.sleep(0.3)  # the flood is over
        began = terminal.send(b"\x1b")
        time.sleep(0.3)
        terminal.wait_for(b"step", terminal.send(b"n"))
        assert time.perf_counter() - began < 4.0
        assert terminal.memory() < 200
        terminal.send(b"q")
        assert terminal.ended() == 0
        assert terminal.faults_left() == []


def test_a_terminal_of_any_size() -> None:
    with playing() as terminal:
        for size in ((0, 0), (65535, 65535), (1, 1), (65535, 1), (1, 65535)):
            terminal.resize(*size)
            time.sleep(0.1)
        for number in range(300):
            terminal.resize(40 + number % 160, 12 + number % 50)
        terminal.resize(160, 48)
        time.sleep(0.1)
        terminal.wait_for(b"step", terminal.send(b"n"), limit=2.0)
        assert terminal.memory() < 300
        terminal.send(b"q")
        assert terminal.ended() == 0


def test_keys_go_before_pictures_on_a_slow_line(tmp_path: Path) -> None:
    """Without pacing the pictures of a second and a half are on their way: four seconds of them."""
    preset = tmp_path / "live.toml"
    preset.write_text('format = 1\n[data]\nsource = "xor"\n[training]\nepochs = 100000000\nspeed = "full"\n')
    with playing(str(preset), rate=20_000) as terminal:
        waits = []
        for _ in range(3):
            terminal.wait_for(b"running", terminal.send(b" "))
            time.sleep(1.5)
            pressed = terminal.send(b" ")
            waits.append(terminal.wait_for(b"paused", pressed) - pressed)
            terminal.wait_quiet()
        assert sorted(waits)[1] < 1.0
        terminal.send(b"q")
        assert terminal.ended() == 0
