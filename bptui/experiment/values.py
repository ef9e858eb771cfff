"""How a value of a preset is written as TOML."""

from __future__ import annotations

import math


def written(value: object, long: bool = False) -> str:
    """As a file has it; long: a text of several lines may stand on as many."""
    if isinstance(value, str):
        return _long_text(value) if long and "\n" in value else _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, tuple | list):
        return f"[{', '.join(written(item) for item in value)}]"
    return str(value)


def _number(value: float) -> str:
    """Whole numbers without a point: 1000; the rest at full precision."""
    whole = value.is_integer() and abs(value) < 1e15 and not (value == 0 and math.copysign(1, value) < 0)
    return str(int(value)) if whole else repr(value)


def _text(value: str) -> str:
    """A basic string: JSON's escapes are TOML's, but DEL and lone surrogates."""
    import json  # to write a preset; the playground, whose start is felt, reads one

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _long_text(value: str) -> str:
    lines = [_text(line)[1:-1] for line in value.split("\n")]
    return '"""\n' + "\n".join(lines) + '"""'
