"""A horizontal bar in eighths of a cell."""

from __future__ import annotations

_EIGHTHS = "▏▎▍▌▋▊▉█"


def bar(share: float, width: int) -> str:
    """`share` (0 to 1) of `width` cells; what is above 0 shows at least an eighth."""
    if not 0 < share <= 1:
        return ""
    eighths = max(round(share * width * 8), 1)
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")
