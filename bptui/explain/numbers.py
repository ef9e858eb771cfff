"""How a number is written: one place, so that the screen, the verbs and saved texts never differ by a digit.

Fixed widths are right-aligned. A minus is always the true minus sign, never a hyphen.
"""

from __future__ import annotations

import math
import sys

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉,")
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e6


def s7(x: float) -> str:
    """Signed, 7 characters: panels."""
    return _cell(x, 7, 4, signed=True)


def s6(x: float) -> str:
    """Signed, 6 characters: compact panels."""
    return _cell(x, 6, 3, signed=True)


def s5(x: float) -> str:
    """Signed, 5 characters: matrices."""
    return _cell(x, 5, 2, signed=True)


def u7(x: float) -> str:
    """7 characters, a sign only where it is negative: norms, losses."""
    return _cell(x, 7, 4, signed=False)


def u10(x: float) -> str:
    """10 characters, as u7 with room for one more digit: ratios and losses in prose tables."""
    return _cell(x, 10, 4, signed=False, digits=4)


def s10(x: float) -> str:
    """Signed, 10 characters, four digits where it is scientific: the inspector's factors."""
    return _cell(x, 10, 4, signed=True, digits=4)


def _cell(x: float, width: int, decimals: int, signed: bool, digits: int | None = None) -> str:
    x = float(x)
    if x == 0:
        return "0".rjust(width)
    sign = "−" if x < 0 else "+" if signed and x == x else ""
    room = width - len(sign)
    return (sign + _magnitude(abs(x), room, decimals, digits)).rjust(width)


def _magnitude(x: float, room: int, decimals: int, digits: int | None) -> str:
    """A positive number, or inf or nan, in at most `room` characters."""
    if not math.isfinite(x):
        return "inf" if x > 0 else "nan"
    # Below, two decimals would keep no digit of the number, four still keep two.
    smallest = 0.01 if decimals < 3 else 0.001
    return (_fixed(x, room, decimals) if x >= smallest else None) or _scientific(x, room, digits)


def _fixed(x: float, room: int, decimals: int) -> str | None:
    """`decimals`, one fewer for each integer digit after the first; None where it does not fit."""
    if x >= 1e15:
        return None
    for kept in range(max(decimals - len(str(int(x))) + 1, 0), -1, -1):
        text = f"{x:.{kept}f}"
        if len(text) <= room and (kept == 0 or kept + len(text.split(".")[0]) <= decimals + 1):
            return text
    return None


def _scientific(x: float, room: int, digits: int | None) -> str:
    """As many digits as fit; where not even one does: its power of ten, ≈0 or big."""
    most = room if digits is None else digits - 1
    for kept in range(most, -1, -1):
        mantissa, exponent = f"{x:.{kept}e}".split("e")
        text = f"{mantissa}e{_minus(str(int(exponent)))}"
        if len(text) <= room:
            return text
    if x < 1:
        return "≈0"
    return f"e{int(exponent)}" if len(f"e{int(exponent)}") <= room else "big"


def _minus(text: str) -> str:
    return text.replace("-", "−")


def count(n: int) -> str:
    """1,204"""
    return _minus(f"{int(n):,}")


def share(x: float) -> str:
    """A share of 1 in a table: 31%. Only the whole is 100%, only nothing is 0%."""
    if not math.isfinite(x):
        return "–"
    rounded = round(100 * x)
    if rounded == 100 and x < 1:
        rounded = 99
    return _minus(f"{rounded}%")


def percent(x: float) -> str:
    """A share of 1 in prose: 95.8 %, 10 %. What is not the whole is never 100 %."""
    if not math.isfinite(x):
        return "–"
    text = f"{100 * x:.1f}".removesuffix(".0")
    if text == "100" and x < 1:
        text = "99.9"
    return _minus("0" if text == "-0" else text) + " %"


def plain(x: float) -> str:
    """A typed number such as η, with all its digits and no more: 0.5, 10, 3e−4."""
    x = float(x)
    if not math.isfinite(x):
        return _minus(str(x))
    if x == 0:
        return "0"
    if _PLAIN_FROM <= abs(x) < _PLAIN_TO:
        return _minus(repr(x).removesuffix(".0"))
    mantissa, exponent = _shortest(x)
    return _minus(f"{mantissa}e{exponent}")


def _shortest(x: float) -> tuple[str, int]:
    """Mantissa and exponent with the fewest digits that give x back."""
    for digits in range(sys.float_info.dig + 3):
        text = f"{x:.{digits}e}"
        if float(text) == x:
            break
    mantissa, exponent = text.split("e")
    return mantissa, int(exponent)


def whole(x: float) -> str:
    """Every digit (repr)."""
    return _minus(repr(float(x)))


def precise(x: float, digits: int = 4) -> str:
    """A number in prose, to `digits` significant digits: 3.983e−5, 0.1527."""
    x = float(x)
    if x == 0 or not math.isfinite(x):
        return _minus(str(x)) if x else "0"
    mantissa, power = f"{x:.{digits - 1}e}".split("e")
    exponent = int(power)  # of the rounded number: 9.9996 has as many digits as 10.00
    if abs(x) >= 1e-3 and exponent < digits:
        return _minus(f"{x:.{digits - 1 - exponent}f}")
    return _minus(f"{mantissa}e{exponent}")


def significant(x: float, digits: int) -> str:
    """To so many significant digits; with fewer where they are the whole number: 0.5, 1, but 0.5000 where it
    is rounded."""
    x = float(x)
    if not math.isfinite(x):
        return precise(x)
    exact = plain(x)
    kept = exact.split("e")[0].replace(".", "").lstrip("−0")
    if "." not in exact and "e" not in exact:
        kept = kept.rstrip("0")
    return exact if len(kept) <= digits else precise(x, digits)


def compact(l: int) -> str:
    """A layer's number where it is narrow: ²"""
    return str(l).translate(_SUPERSCRIPTS)


def layer_sup(l: int) -> str:
    """A layer's number as the article writes it: ⁽²⁾"""
    return f"⁽{compact(l)}⁾"


def sub(*indices: int) -> str:
    """An index or a pair of them, from 1: ₁₃; a pair with a two-digit one has a comma: ₁₃,₂₇."""
    between = "," if len(indices) > 1 and max(indices) > 9 else ""
    return between.join(str(i).translate(_SUBSCRIPTS) for i in indices)
