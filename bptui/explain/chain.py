"""The equation of one element: a column a factor, in symbols, in numbers, with each factor's value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from bptui.explain.numbers import s6, s7, u7
from bptui.explain.update import Array

ALL = 5  # a sum of so many terms is written out
LARGEST = 3  # of a longer one so many are
SMALLER = "smaller terms"  # what stands for the others in numbers


class Writing(NamedTuple):
    """How numbers are written in a product and by themselves, and how many terms of a sum are written out;
    of a longer one the largest among these (None: among all)."""

    factor: Callable[[float], str]
    value: Callable[[float], str]
    terms: int = ALL
    among: tuple[int, ...] | None = None


PANEL = Writing(lambda x: s6(x).strip(), lambda x: s7(x).strip())


class Factor(NamedTuple):
    """A column: what it is, its symbols, its numbers, its value; `before` joins it to the one before."""

    caption: str
    symbols: str
    numbers: str
    value: str
    before: str = ""

    @property
    def width(self) -> int:
        return max(len(self.caption), len(self.symbols), len(self.numbers), len(self.value))


class Chain(NamedTuple):
    """left = prefix factor before factor … suffix = result → goes_to."""

    left: str
    factors: tuple[Factor, ...]
    result: float
    goes_to: str
    prefix: str = ""
    suffix: str = ""
    signed: bool = True

    @property
    def lead(self) -> int:
        """Columns before the first factor, in the rows with an equals sign."""
        return len(self.left) + 3

    @property
    def width(self) -> int:
        return max(*(len(row) for row in self.rows()), sum(len(part) for part in self.result_row()))

    def rows(self) -> tuple[str, str, str, str]:
        """Captions, symbols, numbers, values: to be set under each other."""
        return (
            self._row(" " * self.lead, [f.caption for f in self.factors], operators=False).rstrip(),
            self._row(f"{self.left} = ", [f.symbols for f in self.factors]),
            self._row(self._again, [f.numbers for f in self.factors]),
            self._row(self._again, [f.value for f in self.factors]),
        )

    def result_row(self) -> tuple[str, str, str]:
        """The row's beginning, the result as a chip, where it goes."""
        form = s7 if self.signed else u7
        return self._again, f" {form(self.result).strip()} ", f" → {self.goes_to}" if self.goes_to else ""

    @property
    def _again(self) -> str:
        return f"{'= ':>{self.lead}}"

    def _row(self, start: str, texts: Sequence[str], operators: bool = True) -> str:
        parts = [start, f"{self.prefix} " if self.prefix else ""]
        for index, (factor, text) in enumerate(zip(self.factors, texts, strict=True)):
            parts.append(f" {factor.before} " if index or factor.before else "")
            parts.append(text.center(factor.width))
        parts.append(f" {self.suffix}" if self.suffix else "")
        if not operators:
            parts[1] = " " * len(parts[1])
            parts[2::2] = [" " * len(part) for part in parts[2::2]]
        return "".join(parts).rstrip()


class Sum(NamedTuple):
    """A sum's columns, and which of its terms are written out."""

    factors: tuple[Factor, ...]
    shown: tuple[int, ...]
    more: int
    rest: float  # what the others make together
    largest: bool  # none of the others is larger


def add_up(
    terms: Array, make: Callable[[int], Factor], more_symbols: str, room: int, writing: Writing = PANEL
) -> Sum:
    """The columns of a sum that fit into `room`: all of a few terms, else the largest and the rest."""
    terms = np.asarray(terms, float)
    counts = [len(terms)] if len(terms) <= writing.terms else []
    for keep in [*counts, *range(min(LARGEST, len(terms) - 1), 0, -1)]:
        made = _partly(terms, make, more_symbols, keep, writing)
        if sum(f.width + 3 for f in made.factors) <= room:
            break
    return made


def _partly(
    terms: Array, make: Callable[[int], Factor], more_symbols: str, keep: int, writing: Writing
) -> Sum:
    largest = np.argsort(np.abs(terms), kind="stable")[::-1]
    among = largest if writing.among is None else largest[np.isin(largest, writing.among)]
    shown = np.sort(among[:keep])
    factors = [make(int(i)) for i in shown]
    more = len(terms) - len(shown)
    rest = float(np.delete(terms, shown).sum())
    if more:
        factors.append(Factor(f"{more} more", more_symbols, SMALLER, writing.value(rest)))
    joined = (factors[0], *(f._replace(before="+") for f in factors[1:]))
    is_largest = set(shown.tolist()) == set(largest[: len(shown)].tolist())
    return Sum(joined, tuple(int(i) for i in shown), more, rest, is_largest)
