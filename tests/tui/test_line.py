"""Pacing by the terminal's reports, by a clock that is handed in."""

from __future__ import annotations

import sys
import threading

import pytest

from bptui.tui.terminal.line import MOST, PATIENCE, Line, multiplexed


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def answering(clock: Clock) -> Line:
    """A line whose terminal has answered once, after 1 ms."""
    line = Line(True, clock=clock)
    assert line.ask(0)
    clock.now += 0.001
    line.answered()
    clock.now += 1.0
    return line


def test_a_terminal_that_never_answers_is_not_waited_for(clock: Clock) -> None:
    line = Line(True, clock=clock)
    assert line.ask(0)
    assert line.idle
    assert not line.ask(100)  # one question is enough
    clock.now += 0.01
    assert line.ready


def test_after_an_answer_the_next_is_waited_for(clock: Clock) -> None:
    line = answering(clock)
    assert line.ask(1000)
    assert line.ask(1000)
    clock.now += 0.3
    line.answered()
    assert not line.idle
    line.answered()
    assert line.idle


def test_three_on_their_way_are_a_crowd(clock: Clock) -> None:
    line = answering(clock)
    for crowded in (False, False, True):
        line.ask(1000)
        assert line.crowded == crowded
    line.answered()
    assert not line.crowded


def test_it_rests_as_long_as_it_was_busy(clock: Clock) -> None:
    line = answering(clock)
    line.ask(1000)
    clock.now += 0.301
    line.answered()
    clock.now += 0.29
    assert line.idle
    assert not line.ready
    clock.now += 0.02
    assert line.ready


def test_an_answer_that_does_not_come_is_waited_for_two_seconds(clock: Clock) -> None:
    line = answering(clock)
    line.ask(1000)
    clock.now += PATIENCE - 0.01
    assert not line.ready
    clock.now += 0.02
    assert line.ready
    assert line.ask(1000)
    assert line.idle  # until it answers again


def test_forged_answers_change_nothing(clock: Clock) -> None:
    line = Line(True, clock=clock)
    for _ in range(1000):
        line.answered()
    assert line.ready
    line.ask(100)
    assert line.idle


def test_at_most_a_megabyte_a_second(clock: Clock) -> None:
    line, sent, began = Line(False, clock=clock), 0, clock.now
    while clock.now < began + 10:
        if line.ready:
            assert not line.ask(50_000)
            sent += 50_000
        clock.now += 0.001
    assert 0.8 * MOST < sent / 10 < 1_000_000


def test_what_the_system_has_not_taken_is_waited_for(clock: Clock) -> None:
    waiting = 10
    line = Line(False, lambda: waiting, clock)
    assert not line.idle
    waiting = 0
    assert line.idle


def test_inside_tmux_and_screen_nothing_is_asked() -> None:
    assert multiplexed({"TMUX": "/tmp/tmux-0/default,1,0"})
    assert multiplexed({"TERM": "screen.xterm-256color"})
    assert multiplexed({"TERM": "tmux-256color"})
    assert not multiplexed({"TERM": "xterm-256color"})


def test_reports_that_are_read_by_another_thread_take_nothing_away_from_who_looks() -> None:
    """A look at the last question while its answer comes must not find the list empty."""
    line, over = Line(paced=True), threading.Event()

    def answer() -> None:
        while not over.is_set():
            line.answered()

    thread = threading.Thread(target=answer)
    thread.start()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20_000):
            line.ask(0)
            assert line.idle in (True, False)
    finally:
        sys.setswitchinterval(before)
        over.set()
        thread.join()
