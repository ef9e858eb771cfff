"""Numbers as a person types them."""

from __future__ import annotations

import math
import re

from bptui.errors import ActionableError

_WHOLE = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,18}")


def number(text: str) -> float:
    """nan where it is none. A true minus is a minus, a comma a point."""
    typed = text.strip().replace("−", "-").replace(",", ".")
    try:
        return float(typed) if typed.isascii() and "_" not in typed else math.nan
    except ValueError:
        return math.nan


def parse_weight(text: str) -> float:
    """A finite number. ActionableError tells what is wrong."""
    value = number(text)
    if not math.isfinite(value):
        raise ActionableError("weight", "a weight must be a finite number", "such as 0.5 or -2")
    return value


def parse_step(text: str, last: int) -> int:
    """A whole number from 0 to `last`, commas between its thousands or not. ActionableError tells what is
    wrong."""
    typed = text.strip()
    step = int(typed.replace(",", "")) if _WHOLE.fullmatch(typed) else -1
    if not 0 <= step <= last:
        raise ActionableError("step", f"a step is a whole number from 0 to {last:,}", "such as 0")
    return step
