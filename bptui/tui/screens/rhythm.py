"""When pictures are due while the run goes on: drawing and showing them takes a fifth of the time at most,
digits a tenth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

TICK = 1 / 20  # seconds between two pictures
DIGITS = 1 / 8  # seconds between two changes of the digits, and of the network
DEAR_TURNS = 2  # what is dear to draw comes with every second of these: 4 a second
SHOWN = 1.4  # times the drawing: with what it takes to bring it to the terminal
LONGEST_DRAWING = 0.005  # seconds after which a key gets its turn

Draw = Callable[[], None]


class Drawn(Protocol):
    """The screen that is drawn."""

    commands: int  # given so far

    def prepare_digits(self) -> None: ...
    def digits(self, dear: bool) -> Iterable[Draw]: ...
    def between_digits(self) -> None: ...


class Rhythm:
    """Deals out the time for pictures, by the clock."""

    def __init__(self, tick: float = TICK, ready: Callable[[], bool] = lambda: True) -> None:
        self.tick = tick  # seconds between two pictures; longer than DIGITS, the digits come with it
        self.ready = ready  # the terminal has read the last picture
        self._digits_due = 0.0
        self._picture_due = 0.0  # until then training has the time
        self._turns = 0

    def hold(self, seconds: float) -> None:
        """No picture for so long: a line that answers a key goes first."""
        self._picture_due = time.perf_counter() + seconds

    def pictures(self, screen: Drawn) -> Iterator[None]:
        """Draw what is due, some panels at a time. Where a key comes between, the rest is left: what it
        does is drawn anyway."""
        began = time.perf_counter()
        if began < self._picture_due or not self.ready():
            return
        digits = began >= self._digits_due
        spent, rested, commands = 0.0, 0.0, screen.commands
        if digits:
            screen.prepare_digits()
            yield
            if screen.commands != commands:
                return
        for draw in self._due(screen, digits):
            began = time.perf_counter()
            draw()
            spent += time.perf_counter() - began
            if spent - rested > LONGEST_DRAWING:
                rested = spent
                yield
                if screen.commands != commands:
                    return
        ended = time.perf_counter()
        if digits:
            self._digits_due = max(
                self._digits_due + max(DIGITS, self.tick), ended + (10 * SHOWN - 1) * spent
            )
        self._picture_due = ended + max(self.tick - spent, (5 * SHOWN - 1) * spent)

    def _due(self, screen: Drawn, digits: bool) -> Iterable[Draw]:
        if not digits:
            return [screen.between_digits]
        self._turns += 1
        return screen.digits(dear=self._turns % DEAR_TURNS == 0)
