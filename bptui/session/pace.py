"""How fast a run goes: operations or updates a second, by a clock that is handed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

Clock = Callable[[], float]


class Speed(NamedTuple):
    """per_second None: as fast as the machine can. operations: it counts operations, not updates."""

    per_second: float | None
    operations: bool = False

    @property
    def label(self) -> str:
        if self.per_second is None:
            return "full"
        return f"{self.per_second:,g} op/s" if self.operations else f"{self.per_second:,g}/s"

    @property
    def value(self) -> int | float | str:
        """As a file says it, and `named` reads it: 100 (updates a second), "1 op/s" or "full"."""
        if self.per_second is None or self.operations:
            return self.label
        whole = int(self.per_second)
        return whole if whole == self.per_second else self.per_second


FULL = Speed(None)
LADDER = (Speed(1, True), Speed(5, True), Speed(1), Speed(10), Speed(100), Speed(1000), FULL)

_WRITTEN = re.compile(r"([0-9]+(?:\.[0-9]+)?) *(op)?(?:/s)?")
FASTEST = 1e9  # a second: what is above is no pace but "full"

BURST = 0.25  # seconds of delay that are made up for; more is let go


def named(value: object) -> Speed | None:
    """The speed that a person wrote: 100, "100/s", "1 op/s" or "full"; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value).strip().replace(",", "")
    if text.lower() == "full":
        return FULL
    written = _WRITTEN.fullmatch(text)
    if written is None or not 0 < float(written[1]) <= FASTEST:
        return None
    return Speed(float(written[1]), written[2] is not None)


class Pace:
    """Tells how many units are due; the clock gives seconds."""

    def __init__(self, speed: Speed, clock: Clock) -> None:
        self.speed = speed
        self._clock = clock
        self._last = clock()

    def start(self) -> None:
        """The first unit is due at once."""
        self._last = self._clock() - self._interval

    def due(self) -> int:
        """Units due since the last call."""
        assert self.speed.per_second is not None
        now = self._clock()
        self._last = max(self._last, now - max(BURST, self._interval))
        count = int((now - self._last) / self._interval + 1e-9)
        self._last += count * self._interval
        return count

    def put_back(self, count: int) -> None:
        """So many of the units due were not done."""
        self._last -= count * self._interval

    def delay(self) -> float:
        """Seconds until the next unit is due; 0 at full speed."""
        return 0.0 if self.speed.per_second is None else max(0.0, self._last + self._interval - self._clock())

    def faster(self) -> Speed:
        """The next speed of the ladder; one beside it goes to the next rung."""
        return next((s for s in LADDER if _rank(s) > _rank(self.speed)), FULL)

    def slower(self) -> Speed:
        return next((s for s in reversed(LADDER) if _rank(s) < _rank(self.speed)), LADDER[0])

    @property
    def _interval(self) -> float:
        return 0.0 if self.speed.per_second is None else 1.0 / self.speed.per_second


def _rank(speed: Speed) -> float:
    """Operations come below all updates."""
    if speed.per_second is None:
        return float("inf")
    return speed.per_second * (1e-6 if speed.operations else 1.0)
