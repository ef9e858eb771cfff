"""One budget of memory for all that is kept of the past: every run, every branch, every checkpoint."""

from __future__ import annotations

from typing import Protocol

BUDGET = 256 * 2**20  # bytes


class Kept(Protocol):
    """Something that is kept only as long as there is room."""

    @property
    def bytes(self) -> int: ...

    def thin(self) -> bool:
        """Give up a good part of it; False where there is nothing more to give."""


class Memory:
    """budget: bytes, over which the largest of what is kept is thinned until there is room again."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self._kept: list[Kept] = []

    def keep(self, kept: Kept) -> None:
        """From now on it counts."""
        self._kept.append(kept)

    def drop(self, kept: Kept) -> None:
        """It is gone."""
        self._kept.remove(kept)

    @property
    def bytes(self) -> int:
        return sum(kept.bytes for kept in self._kept)

    def make_room(self) -> None:
        """To three quarters of the budget where it is passed, as far as that can be."""
        if self.bytes <= self.budget:
            return
        given = set(self._kept)
        while given and self.bytes > 0.75 * self.budget:
            largest = max(given, key=lambda kept: kept.bytes)
            if not largest.thin():
                given.remove(largest)
