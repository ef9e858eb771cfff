"""After going back: the losses that came after, until the run takes another way.

A run is the same to the bit as long as nothing is changed, so training on only catches up with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bptui.session.history import Column

MOST = 512  # columns


class Future:
    """Of one run. A step whose change was forgotten by going back before it is where the ways part."""

    def __init__(self) -> None:
        self._columns: tuple[Column, ...] = ()
        self._parts_at: int | None = None
        self.branches: tuple[int, ...] = ()  # steps at which the run took another way than it had before

    def keep(self, step: int, passed: Sequence[Column], changed: int | None) -> None:
        """The run goes back to `step`. passed: its losses after that step; changed: the first step after it
        at which something was changed, None where nothing was."""
        ahead = [column for column in passed if column.last > step]
        self._columns = _thinned(_joined(ahead, self._columns))
        self._parts_at = self._parts_at if changed is None else changed
        self.branches = tuple(branch for branch in self.branches if branch <= step)

    def after(self, step: int) -> tuple[Column, ...]:
        """What is still to come for a run that stands at `step`; the first column may have begun before."""
        columns, parts_at = self._columns, self._parts_at
        if parts_at is not None and step >= parts_at:
            if columns and columns[-1].last > parts_at:
                self.branches = (*self.branches, parts_at)
            self._forget()
        elif columns and columns[0].last <= step:
            self._columns = tuple(column for column in columns if column.last > step)
        return self._columns

    def cut(self, step: int) -> None:
        """At `step` the run takes another way."""
        self.after(step)
        self._forget()

    def _forget(self) -> None:
        self._columns, self._parts_at = (), None


def _joined(before: list[Column], after: tuple[Column, ...]) -> list[Column]:
    """In a row; those that overlap become one."""
    if not before or not after:
        return [*before, *after]
    apart = [column for column in before if column.last < after[0].first]
    return [*apart, _merged([*before[len(apart) :], after[0]]), *after[1:]]


def _thinned(columns: Sequence[Column]) -> tuple[Column, ...]:
    """At most MOST, about equally wide."""
    if len(columns) <= MOST:
        return tuple(columns)
    first, last = columns[0].first, columns[-1].last
    width = -(-(last - first + 1) // MOST)
    return tuple(_merged(list(group)) for _, group in groupby(columns, lambda c: (c.last - first) // width))


def _merged(columns: list[Column]) -> Column:
    return Column(
        min(column.first for column in columns),  # one that straddles the present begins before it
        columns[-1].last,
        min(column.low for column in columns),
        max(column.high for column in columns),
        columns[-1].final,
    )
