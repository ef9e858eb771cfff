"""The line beside the η that is typed: what stands, what it would do, the ways out."""

from __future__ import annotations

import math

from bptui.explain.numbers import u7

FIGURE = 8  # cells: a sign and seven of a number
EXAMPLES = "a number above 0, such as 0.05 or 3e-4"
GAP = "   "


def figure(change: float) -> str:
    """A change of the loss in a cell of its own."""
    if math.isnan(change):
        return "nan".rjust(FIGURE)
    sign = "" if change == 0 else "−" if change < 0 else "+"
    return (sign + u7(abs(change)).strip()).rjust(FIGURE)


def eta_line(now: str, first_order: str, reached: str, width: int) -> str:
    """As much as fits. now: η as it stands; first_order, reached: the figures, both "" before anything is
    typed. What falls away first stands at the right; of the forecast, what is really reached stays to the
    last."""
    told = f"first order {first_order}, really {reached}" if first_order else ""
    stands, ways = f"now {now}", ("Enter set", f"Esc keep {now}")
    lines = [
        (stands, f"next update: {told}" if told else "", *ways, EXAMPLES),
        (stands, f"next update: {told}" if told else "", *ways),
        (stands, f"next update: {told}" if told else "", ways[0]),
    ]
    if told:
        lines += [(stands, told, ways[0]), (stands, told), (told,), (f"really {reached}",), ()]
    else:
        lines += [(stands, EXAMPLES), (stands, ways[0]), (stands,), ()]
    joined = (GAP.join(part for part in line if part) for line in lines)
    return next(line for line in joined if len(line) <= width or not line)
