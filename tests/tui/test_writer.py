"""What is written goes out in order, and a terminal that does not read, or is gone, holds up nobody."""

from __future__ import annotations

import os
import sys
import time

import pytest

from bptui.tui.terminal.writer import TOO_MUCH, Writer


class Pipe:
    """A writer to a pipe that somebody reads, or nobody."""

    def __init__(self) -> None:
        self.read, self.write = os.pipe()
        self.lost = 0
        self.writer = Writer(self.write, self._lost)
        self.writer.start()

    def _lost(self) -> None:
        self.lost += 1

    def written(self) -> bytes:
        """Until now; the writer stops."""
        self.writer.stop()
        os.close(self.write)
        with os.fdopen(self.read, "rb") as file:
            return file.read()


@pytest.fixture
def pipe() -> Pipe:
    return Pipe()


def until(condition: object) -> None:
    end = time.monotonic() + 5
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.001)


def test_in_order_and_whole(pipe: Pipe) -> None:
    assert pipe.writer.write("η") == 2
    pipe.writer.write("b" * 10_000)
    pipe.writer.write("\ud800c")
    assert pipe.written() == "η".encode() + b"b" * 10_000 + b"?c"


def test_where_nobody_reads_it_ends_all_the_same(pipe: Pipe) -> None:
    began = time.monotonic()
    pipe.writer.write("x" * 1_000_000)
    assert pipe.writer.waiting > 900_000
    pipe.writer.abandon()
    assert time.monotonic() - began < 2.0


def test_much_that_waits_is_forgotten_at_the_end(pipe: Pipe) -> None:
    pipe.writer.write("x" * 100_000)  # more than a pipe holds
    until(lambda: pipe.writer.waiting < 100_000)
    pipe.writer.write("picture" * TOO_MUCH)
    pipe.writer.forget()
    pipe.writer.write("last")
    written = b""
    while not written.endswith(b"last"):
        written += os.read(pipe.read, 65_536)
    assert written == b"x" * 100_000 + b"last"


@pytest.mark.skipif(sys.platform == "win32", reason="no signal of a broken pipe")
def test_a_terminal_that_is_gone_is_told_once_and_forgotten(pipe: Pipe) -> None:
    os.close(pipe.read)
    for _ in range(3):
        pipe.writer.write("x")
    pipe.writer.stop()
    assert pipe.lost == 1
    assert pipe.writer.waiting == 0
