"""The same picture in half the bytes: a colour that is already on is not sent again.

Rich ends each run of cells with a reset and begins the next with its whole style; on a slow line three
bytes in four are that. And a blank has a ground, but no colour.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_SGR = re.compile(r"\x1b\[([\d;]*)m")
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
    pieces = _SGR.split(text)
    made, shown, wanted = [pieces[0]], _PLAIN, _PLAIN
    for codes, written in zip(pieces[1::2], pieces[2::2], strict=True):
        wanted = _added(wanted, codes)
        if written:
            style = _seen(wanted, shown, written)
            if style != shown:
                made.append(_change(shown, style))
                shown = style
            made.append(written)
    if shown is not _PLAIN:
        made.append(_RESET)
    return "".join(made)


def _seen(wanted: _Style, shown: _Style, written: str) -> _Style:
    """The style to write in, which looks the same as `wanted`: `shown` where nothing of it is seen."""
    if wanted is _PLAIN:
        return shown if _UNSEEN.fullmatch(written) else wanted
    if wanted.back and not written.strip(" ") and {wanted.attributes, shown.attributes} <= _UNDER_BLANKS:
        return _Style(shown.attributes, shown.front, wanted.back)
    return wanted


def _added(style: _Style, codes: str) -> _Style:
    if codes in ("", "0"):
        return _PLAIN
    style_of_codes = _parsed(codes)
    if style is _PLAIN:
        return style_of_codes
    attributes = ";".join(filter(None, (style.attributes, style_of_codes.attributes)))
    return _Style(attributes, style_of_codes.front or style.front, style_of_codes.back or style.back)


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


@lru_cache(maxsize=4096)
def _change(before: _Style, after: _Style) -> str:
    """From one style to another, by what is shorter to say."""
    if before.attributes == after.attributes and not (
        (before.front and not after.front) or (before.back and not after.back)
    ):
        codes = [c for c, b in ((after.front, before.front), (after.back, before.back)) if c != b]
    else:
        codes = [*(() if before == _PLAIN else ("0",)), *filter(None, after)]
    return f"\x1b[{';'.join(codes)}m" if codes else ""
