"""The same picture in half the bytes: a colour that is already on is not sent again.

Rich ends each run of cells with a reset and begins the next with its whole style; on a slow line three
bytes in four are that. And a blank has a ground, but no colour.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_BEGIN = "\x1b["
_CODES = re.compile(r"[\d;]*")
# What shows nothing: ends of lines, the cursor set, modes, a question.
_UNSEEN = re.compile(r"(?:[\r\n]|\x1b\[\??[\d;]*[Hhln])+")
_UNDER_BLANKS = {"", "1", "2"}  # bold and dim do not show where nothing is written
_RESET = "\x1b[0m"


class _Style(NamedTuple):
    """What a sequence turns on, in its own codes; "" is the terminal's usual."""

    attributes: str
    front: str
    back: str


_PLAIN = _Style("", "", "")


def thrifty(text: str) -> str:
    """`text`, whose styles are each whole and begun after a reset, looks the same and is shorter.

    It begins and ends without any style, as `text` must.
    """
    first, *pieces = text.split(_BEGIN)
    made, shown, wanted = [first], _PLAIN, ""
    for piece in pieces:
        if piece == "0m":
            wanted = ""
            continue
        codes, end, written = piece.partition("m")
        if not end or not _are_codes(codes):
            written = _BEGIN + piece
        elif codes in ("", "0"):
            wanted = ""
        else:
            wanted = f"{wanted};{codes}" if wanted else codes
        if wanted and written:
            change, shown = _turn(shown, wanted, not written.strip(" "))
            made += change, written
        elif written:
            if shown is not _PLAIN and not _UNSEEN.fullmatch(written):
                made.append(_RESET)
                shown = _PLAIN
            made.append(written)
    if shown is not _PLAIN:
        made.append(_RESET)
    return "".join(made)


@lru_cache(maxsize=4096)
def _are_codes(codes: str) -> bool:
    return _CODES.fullmatch(codes) is not None


@lru_cache(maxsize=8192)
def _turn(shown: _Style, codes: str, blank: bool) -> tuple[str, _Style]:
    """What to send for what is written in `codes` to look right, and the style that is on then; `blank`: it
    is blanks alone, which show no colour of their own."""
    wanted = _parsed(codes)
    if wanted.back and blank and {wanted.attributes, shown.attributes} <= _UNDER_BLANKS:
        wanted = _Style(shown.attributes, shown.front, wanted.back)
    return ("", shown) if wanted == shown else (_change(shown, wanted), wanted)


@lru_cache(maxsize=4096)
def _parsed(codes: str) -> _Style:
    attributes, front, back = [], "", ""
    numbers = iter(codes.split(";"))
    for number in numbers:
        value = int(number or 0)
        if value in (38, 48):
            kind = next(numbers, "5")
            colour = ";".join([number, kind, *(next(numbers, "0") for _ in range(3 if kind == "2" else 1))])
            front, back = (colour, back) if value == 38 else (front, colour)
        elif 30 <= value <= 39 or 90 <= value <= 97:
            front = number
        elif 40 <= value <= 49 or 100 <= value <= 107:
            back = number
        else:
            attributes.append(number)
    return _Style(";".join(attributes), front, back)


def _change(before: _Style, after: _Style) -> str:
    """From one style to another, by what is shorter to say."""
    if before.attributes == after.attributes and not (
        (before.front and not after.front) or (before.back and not after.back)
    ):
        codes = [c for c, b in ((after.front, before.front), (after.back, before.back)) if c != b]
    else:
        codes = [*(() if before == _PLAIN else ("0",)), *filter(None, after)]
    return f"\x1b[{';'.join(codes)}m" if codes else ""
