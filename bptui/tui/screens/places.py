"""Where each part of the main screen stands: a matter of terminal and network, never of training."""

from __future__ import annotations

from typing import NamedTuple

from textual.geometry import Region

SMALLEST = (40, 12)
COLUMNS = (100, 30)  # from here on two columns, below tabs
MANY_LAYERS = 8  # over them the gradients take rows from the output
ROOMY = (148, 40)  # from here on blank rows and whole numbers

PARTS = (
    "header",
    "tabline",
    "tape",
    "network",
    "operation",
    "loss",
    "output",
    "gradients",
    "messageline",
    "etaprompt",
    "question",
    "keys",
)


class Places(NamedTuple):
    """`regions` by the id of the part; what is not in it is not shown."""

    regions: dict[str, Region]
    compact: bool
    tabs: bool


def places(width: int, height: int, tab: int, depth: int, zoomed: str = "") -> Places:
    """`tab` 0 Learning, 1 Network, 2 Operation counts only where there are tabs; `depth` is L; `zoomed`: the
    one panel that is shown, "" for all."""
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return Places({}, True, False)
    if width >= ROOMY[0] and height >= ROOMY[1]:
        body, compact, tabs = _roomy(width, height, depth), False, False
    elif width >= COLUMNS[0] and height >= COLUMNS[1]:
        body, compact, tabs = _columns(width, height, depth), True, False
    else:
        body, compact, tabs = _tabs(width, height, tab, depth), width < 70, True
    bottom = {
        "header": Region(0, 0, width, 1),
        "messageline": Region(0, height - 2, width, 1),
        "etaprompt": Region(0, height - 2, width, 1),
        "question": Region(0, height - 2, width, 1),
        "keys": Region(0, height - 1, width, 1),
    }
    if zoomed:
        tape = {"tape": Region(0, 1, width, 2)} if zoomed in ("network", "operation") and height >= 24 else {}
        top = 3 if tape else 1
        body = {**tape, zoomed: Region(0, top, width, height - 2 - top)}
    return Places({**bottom, **body}, compact, tabs)


def _stack(x: int, y: int, width: int, parts: list[tuple[str, int]]) -> dict[str, Region]:
    """Parts one under another; a part without a name is a gap."""
    found = {}
    for name, height in parts:
        if name and height > 0:
            found[name] = Region(x, y, width, height)
        y += height
    return found


def _roomy(width: int, height: int, depth: int) -> dict[str, Region]:
    left = round(0.6 * (width - 3))
    right = left + 3
    spare = height - 8  # header, blank, message, keys; two blanks and the tape
    operation = min(19, 16 + max(spare - 32, 0) * 3 // 8)
    mechanism = [("network", spare - operation), ("", 1), ("tape", 2), ("", 1), ("operation", operation)]
    extra = max(height - 48, 0) // 3
    usual = min(11, 9 + (height - 40) // 4)
    loss = (height - 6 - usual - 2 * extra) * 15 // 31 + extra
    gradients = max(usual, min(depth + 2, 16)) if depth > MANY_LAYERS else usual
    gradients = _no_more_than_all(gradients, gradients + extra, depth)
    output = height - 6 - gradients - loss
    outcome = [("loss", loss), ("", 1), ("output", output), ("", 1), ("gradients", gradients)]
    return _stack(0, 2, left, mechanism) | _stack(right, 2, width - right, outcome)


def _columns(width: int, height: int, depth: int) -> dict[str, Region]:
    left = round(0.64 * width)
    right = left + 2
    extra = height - 30
    network = 15 + (extra + 1) // 2
    mechanism = [("network", network), ("tape", 2), ("operation", height - 5 - network)]
    gradients = max(8, min(depth + 3, 16))
    gradients = _no_more_than_all(gradients, gradients + extra // 3, depth)
    loss = 8 + extra // 3
    outcome = [("loss", loss), ("output", height - 3 - loss - gradients), ("gradients", gradients)]
    return _stack(0, 1, left, mechanism) | _stack(right, 1, width - right, outcome)


def _no_more_than_all(least: int, most: int, depth: int) -> int:
    """Rows of the gradients: three a layer with a blank between is all they can use."""
    return max(least, min(most, 4 * depth + 1))


def _tabs(width: int, height: int, tab: int, depth: int) -> dict[str, Region]:
    tape = 2 if height >= 24 else 1
    top = {"tabline": Region(0, 1, width, 1), "tape": Region(0, 2, width, tape)}
    y = 2 + tape
    if tab:
        y += tab == 2 and height >= 24
        return top | {("network", "operation")[tab - 1]: Region(0, y, width, height - 2 - y)}
    y += height >= 20
    return top | _learning(width, y, height - 2 - y, depth)


def _learning(width: int, y: int, rows: int, depth: int) -> dict[str, Region]:
    """Loss and output side by side above the gradients; where that is too small, without the output."""
    gradients = max(min(2 + 2 * depth, (rows - 5) // 2), 3)
    if rows < 8:
        return {"gradients": Region(0, y, width, rows)}
    upper = rows - gradients
    if width < 60 or upper < 8:
        return _stack(0, y, width, [("loss", upper), ("gradients", gradients)])
    half = round(0.45 * width)
    return {
        "loss": Region(0, y, half, upper),
        "output": Region(half + 2, y, width - half - 2, upper),
        "gradients": Region(0, y + upper, width, gradients),
    }
