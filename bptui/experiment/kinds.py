"""What a key of a preset may hold: each kind can say it in words and read a TOML value.

A kind knows no key and no file: it raises Mismatch, and whoever knows the place makes a message of it.
Lists become tuples, whole numbers become floats where a number is meant.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from bptui import escape

LONGEST_SHOWN = 60  # characters of a foreign value in a message


class Mismatch(Exception):
    """found: what the value is; hint: what may have been meant, "" where nothing is near."""

    def __init__(self, found: str, hint: str = "") -> None:
        super().__init__(found, hint)
        self.found = found
        self.hint = hint


class Kind:
    """One kind of value."""

    def words(self) -> str:
        """What it must be, to follow "it must be"."""
        raise NotImplementedError

    def fits(self, value: object) -> bool:
        """Whether the value is of the right sort, whatever it says."""
        raise NotImplementedError

    def read(self, value: object) -> Any:
        """The value as presets hold it. Raises Mismatch."""
        raise NotImplementedError


class Text(Kind):
    """Any text."""

    def words(self) -> str:
        return "text in quotes"

    def fits(self, value: object) -> bool:
        return isinstance(value, str)

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise Mismatch(f"{shown(value)} is not text")
        return value


class Flag(Kind):
    """true or false."""

    def words(self) -> str:
        return "true or false"

    def fits(self, value: object) -> bool:
        return isinstance(value, bool)

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise Mismatch(f"{shown(value)} is neither true nor false")
        return value


class Integer(Kind):
    """A whole number from low to high, both included."""

    def __init__(self, low: int, high: int | None = None) -> None:
        self.low = low
        self.high = high

    def words(self) -> str:
        if self.high is None:
            return f"a whole number of at least {self.low:,}"
        top = "2^63 - 1" if self.high == 2**63 - 1 else f"{self.high:,}"
        return f"a whole number from {self.low:,} to {top}"

    def fits(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def read(self, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Mismatch(f"{shown(value)} is not a whole number")
        if value < self.low or (self.high is not None and value > self.high):
            raise Mismatch(f"{shown(value)} is out of range")
        return value


class Number(Kind):
    """A finite number; `above` and `below` are limits it does not reach, low and high ones it may."""

    def __init__(
        self,
        low: float | None = None,
        high: float | None = None,
        above: float | None = None,
        below: float | None = None,
    ) -> None:
        self.low = low
        self.high = high
        self.above = above
        self.below = below

    def words(self) -> str:
        limits = [
            *([f"above {self.above:g}"] if self.above is not None else []),
            *([f"at least {self.low:g}"] if self.low is not None else []),
            *([f"below {self.below:g}"] if self.below is not None else []),
            *([f"at most {self.high:g}"] if self.high is not None else []),
        ]
        return f"a finite number {' and '.join(limits)}".rstrip()

    def fits(self, value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def read(self, value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise Mismatch(f"{shown(value)} is not a number")
        number = _float(value)
        if not math.isfinite(number):
            raise Mismatch(f"{shown(value)} is not finite")
        if not self._within(number):
            raise Mismatch(f"{shown(value)} is out of range")
        return number

    def _within(self, number: float) -> bool:
        return (
            (self.low is None or number >= self.low)
            and (self.high is None or number <= self.high)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )


class Choice(Kind):
    """One of some names."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def words(self) -> str:
        return listed([f'"{name}"' for name in self.names], "or")

    def fits(self, value: object) -> bool:
        return isinstance(value, str)

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise Mismatch(f"{shown(value)} is not text")
        if value not in self.names:
            raise Mismatch(f"{shown(value)} is unknown", self._hint(value))
        return value

    def _hint(self, value: str) -> str:
        import difflib  # for a mistake alone

        near = difflib.get_close_matches(value.lower(), self.names, 1)
        return f'did you mean "{near[0]}"?' if near else ""


class ListOf(Kind):
    """A list of so many things of one kind."""

    def __init__(
        self, item: Kind, least: int = 0, most: int | None = None, noun: str = "a list", brief: bool = False
    ) -> None:
        self.item = item
        self.least = least
        self.most = most
        self.noun = noun
        self.brief = brief  # the noun says enough

    def words(self) -> str:
        return self.noun if self.brief else f"{self.noun}, each item {self.item.words()}"

    def fits(self, value: object) -> bool:
        return isinstance(value, list | tuple)

    def read(self, value: object) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise Mismatch(f"{shown(value)} is not a list")
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            raise Mismatch(f"it has {counted(len(value), 'item')}")
        return tuple(self._items(value))

    def _items(self, value: Sequence[object]) -> list[Any]:
        items = []
        for number, item in enumerate(value, start=1):
            try:
                items.append(self.item.read(item))
            except Mismatch as error:
                raise Mismatch(f"item {number}: {error.found}", error.hint) from None
        return items


class Rows(Kind):
    """Rows of finite numbers, all of one length; `flat` allows one number a row without its brackets."""

    def __init__(self, flat: bool = False) -> None:
        self.flat = flat

    def words(self) -> str:
        rows = "rows of finite numbers, all of one length: [[0, 1], [1, 0]]"
        return f"{rows}, or one number a row: [0, 1]" if self.flat else rows

    def fits(self, value: object) -> bool:
        return isinstance(value, list | tuple) and not any(isinstance(row, str) for row in value)

    def read(self, value: object) -> tuple[tuple[float, ...], ...]:
        if not isinstance(value, list | tuple):
            raise Mismatch(f"{shown(value)} is not a list of rows")
        if not value:
            raise Mismatch("it has no rows")
        rows = [self._row(number, row) for number, row in enumerate(value, start=1)]
        for number, row in enumerate(rows, start=1):
            if len(row) != len(rows[0]):
                lengths = f"row {number} has {counted(len(row), 'number')}, the first row {len(rows[0])}"
                raise Mismatch(lengths)
        return tuple(rows)

    def _row(self, number: int, row: object) -> tuple[float, ...]:
        cells = [row] if self.flat and _NUMBER.fits(row) else row
        if not isinstance(cells, list | tuple):
            raise Mismatch(f"row {number}: {shown(row)} is not a row of numbers")
        if not cells:
            raise Mismatch(f"row {number} is empty")
        try:
            return tuple(_NUMBER.read(cell) for cell in cells)
        except Mismatch as error:
            raise Mismatch(f"row {number}: {error.found}") from None


class Labels(Kind):
    """A class's name a row; whole numbers may stand for names."""

    def words(self) -> str:
        return 'a list of class names: ["cat", "dog"]'

    def fits(self, value: object) -> bool:
        return isinstance(value, list | tuple)

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise Mismatch(f"{shown(value)} is not a list")
        if not value:
            raise Mismatch("it has no rows")
        return tuple(self._label(number, label) for number, label in enumerate(value, start=1))

    def _label(self, number: int, label: object) -> str:
        if isinstance(label, bool) or not isinstance(label, str | int) or label == "":
            raise Mismatch(f"row {number}: {shown(label)} is not a name")
        return str(label)


class Either(Kind):
    """Any of some kinds: the first whose sort fits and that can read the value."""

    def __init__(self, kinds: tuple[Kind, ...]) -> None:
        self.kinds = kinds

    def words(self) -> str:
        return listed([kind.words() for kind in self.kinds], "or")

    def fits(self, value: object) -> bool:
        return any(kind.fits(value) for kind in self.kinds)

    def read(self, value: object) -> Any:
        mismatches = []
        for kind in self.kinds:
            if kind.fits(value):
                try:
                    return kind.read(value)
                except Mismatch as error:
                    mismatches.append(error)
        raise mismatches[0] if mismatches else Mismatch(f"{shown(value)} is neither")


_NUMBER = Number()


def shown(value: object) -> str:
    """A foreign value as a message quotes it: short, as TOML writes it, never whole tables."""
    if isinstance(value, str):
        return f'"{cut(value)}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a number of more than 20 digits"
    return str(value)


def cut(text: str) -> str:
    """A foreign text, of a length that a message can hold."""
    return escape.cut(text, LONGEST_SHOWN)


def listed(words: Sequence[str], conjunction: str) -> str:
    """a, b or c"""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def counted(number: int, noun: str) -> str:
    """1 row, 2 rows"""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _float(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
