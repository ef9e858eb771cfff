"""The equation of one element, line by line: in symbols, in numbers, term by term, and what it makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bptui.explain.chain import SMALLER, Chain, Factor
from bptui.explain.document import Working

_NUMBER = r"\d[\d.]*(?:e−?\d+)?"
_AFTER_OPERATOR = re.compile(rf"([×·÷/] ?)−({_NUMBER})")
_AFTER_MINUS = re.compile(rf"− −({_NUMBER})")


def of_chain(chain: Chain, number: Callable[[float], str], symbols: str = "") -> Working:
    """A chain's columns as lines; one that only repeats the line before it is left out. symbols: the first
    line, where it is not to be made of the factors'."""
    lines = [
        symbols or _line(chain, [_or_more(factor, factor.symbols) for factor in chain.factors]),
        _line(chain, [_or_more(factor, factor.numbers) for factor in chain.factors]),
        _line(chain, [factor.value for factor in chain.factors]),
    ]
    return working(chain.left, *lines, number(chain.result))


def working(left: str, *lines: Sequence[str] | str) -> Working:
    """Lines of terms, or of one; equal ones are written once."""
    kept: list[tuple[str, ...]] = []
    for line in lines:
        terms = (line,) if isinstance(line, str) else tuple(line)
        tidied = tuple(tidy(term) for term in terms)
        if not kept or "".join(tidied) != "".join(kept[-1]):
            kept.append(tidied)
    return Working(left, tuple(kept))


def tidy(term: str) -> str:
    """Signs as they are written by hand: no + −, and a bracket around a negative number after an operator."""
    spaced = re.sub(r" ?× ?", " × ", term)
    added = re.sub(r"\+ −", "− ", spaced)
    return _AFTER_OPERATOR.sub(r"\1(−\2)", _AFTER_MINUS.sub(r"− (−\1)", added)).strip()


def _line(chain: Chain, texts: list[str]) -> list[str]:
    terms = []
    for index, (factor, text) in enumerate(zip(chain.factors, texts, strict=True)):
        if factor.before.endswith(("×", "−")):
            text = bracketed(text)
        before = factor.before if index or factor.before else chain.prefix
        terms.append(f"{before} {text}".strip())
    if chain.suffix:
        terms[-1] = f"{terms[-1]} {chain.suffix}"
    return terms


def bracketed(text: str) -> str:
    """In brackets where it is a sum."""
    return f"({text})" if re.search(r" [+−] ", re.sub(r"\([^()]*\)", "", text)) else text


def _or_more(factor: Factor, text: str) -> str:
    """What stands for many terms is called so: (61 more)."""
    return f"({factor.caption})" if factor.numbers == SMALLER else text
