"""The training task: it works in slices, and not at all while paused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from pilots import until

from bptui.tui.screens.rhythm import Rhythm
from bptui.tui.slices import Slices


class Work:
    """Wants time for `most` slices."""

    def __init__(self, most: int, delay: float = 0.0) -> None:
        self.most, self.wait, self.done, self.longest = most, delay, 0, 0.0
        self.unchecked = 0  # slices

    @property
    def wants_time(self) -> bool:
        return self.done < self.most

    def advance(self, deadline: Callable[[], bool]) -> None:
        began = time.perf_counter()
        while not deadline():
            pass
        self.longest = max(self.longest, time.perf_counter() - began)
        self.done += 1

    def delay(self) -> float:
        return self.wait

    @property
    def wants_check(self) -> bool:
        return self.unchecked > 0

    def check_slice(self, deadline: Callable[[], bool]) -> None:
        self.unchecked -= 1


async def test_it_trains_until_the_session_rests_and_wakes_again() -> None:
    work, rests = Work(3), 0

    def rested() -> None:
        nonlocal rests
        rests += 1

    slices = Slices(lambda: work, rested)
    task = asyncio.create_task(slices.run())
    await until(lambda: rests == 1)
    assert work.done == 3
    work.most = 5
    slices.wake()
    await until(lambda: rests == 2)
    assert work.done == 5
    task.cancel()


async def test_paused_it_does_nothing() -> None:
    work = Work(0)
    slices = Slices(lambda: work, lambda: None)
    task = asyncio.create_task(slices.run())
    await asyncio.sleep(0.01)
    assert work.done == 0
    task.cancel()


async def test_others_get_their_turns_between_two_slices() -> None:
    work, turns = Work(10), []

    async def other() -> None:
        while work.wants_time:
            turns.append(work.done)
            await asyncio.sleep(0)

    task = asyncio.create_task(Slices(lambda: work, lambda: None).run())
    await other()
    assert all(turns.count(slice_) >= 8 for slice_ in range(1, 10))
    task.cancel()


async def test_where_nothing_waits_it_trains_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    work, turns, sleep = Work(10), 0, asyncio.sleep

    async def counted(seconds: float) -> None:
        nonlocal turns
        turns += seconds == 0
        await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", counted)
    task = asyncio.create_task(Slices(lambda: work, lambda: None).run())
    await until(lambda: work.done == 10)
    assert turns < 5 * 10  # of at most ten each
    task.cancel()


async def test_a_command_ends_the_wait_of_a_slow_speed() -> None:
    work = Work(2, delay=60.0)
    slices = Slices(lambda: work, lambda: None)
    task = asyncio.create_task(slices.run())
    await until(lambda: work.done == 1)
    slices.wake()
    await until(lambda: work.done == 2)
    task.cancel()


async def test_at_rest_the_gradients_are_checked_and_told_once() -> None:
    work, told = Work(0), 0

    def checked() -> None:
        nonlocal told
        told += 1

    work.unchecked = 3
    slices = Slices(lambda: work, lambda: None, checked=checked)
    task = asyncio.create_task(slices.run())
    await until(lambda: told == 1)
    assert not work.unchecked
    task.cancel()


async def test_a_command_comes_before_the_check() -> None:
    work = Work(0)
    work.unchecked = 1_000_000
    slices = Slices(lambda: work, lambda: None)
    task = asyncio.create_task(slices.run())
    await until(lambda: work.unchecked < 1_000_000)
    work.most = 2
    slices.wake()
    await until(lambda: work.done == 2)
    assert work.unchecked
    task.cancel()


class Screen:
    """Counts its pictures."""

    def __init__(self) -> None:
        self.commands = self.drawn = 0

    def prepare_digits(self) -> None:
        pass

    def digits(self, dear: bool) -> list[Callable[[], None]]:
        return [self.between_digits]

    def between_digits(self) -> None:
        self.drawn += 1


class Dear(Screen):
    """Its digits take 30 ms, the rest 12, and four tenths of that to show them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.spent = 0.0

    def digits(self, dear: bool) -> list[Callable[[], None]]:
        return [lambda: self.take(0.030)]

    def between_digits(self) -> None:
        self.take(0.012)

    def take(self, seconds: float) -> None:
        self.drawn += 1
        self.now += seconds
        self.spent += 1.4 * seconds


def test_pictures_take_a_fifth_of_the_time_with_all_that_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, rhythm = Dear(), Rhythm()
    monkeypatch.setattr(time, "perf_counter", lambda: screen.now)
    while screen.now < 10.0:
        drawn = screen.spent
        list(rhythm.pictures(screen))
        screen.now += 0.005 + (screen.spent - drawn) * 0.4 / 1.4
    assert 0.1 < screen.spent / screen.now < 0.2


def test_no_picture_is_drawn_before_the_terminal_has_read_the_last() -> None:
    screen, ready = Screen(), False
    rhythm = Rhythm(ready=lambda: ready)
    assert list(rhythm.pictures(screen)) == []
    assert screen.drawn == 0
    ready = True
    list(rhythm.pictures(screen))
    assert screen.drawn == 1
