"""Fewer bytes, the same cells: what is sent is drawn on a small terminal, before and after."""

from __future__ import annotations

import io
import random
import re

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from bptui.tui.terminal.thrift import thrifty

TOKEN = re.compile(r"\x1b\[([\d;?]*)([A-Za-z])|(.)", re.DOTALL)
COLOURS = ("#ff0000", "#00ff00", "blue", "bright_red", None)


def cells(text: str) -> list[tuple[str, str, str, frozenset[str]]]:
    """(character, front, back, attributes) of each that is written; a blank has no front."""
    found, front, back, attributes = [], "", "", frozenset[str]()
    for codes, final, character in TOKEN.findall(text):
        if final == "m":
            numbers = (codes or "0").split(";")
            while numbers:
                number = numbers.pop(0)
                if number in ("38", "48"):
                    count = 4 if numbers[0] == "2" else 2
                    colour = ";".join(numbers[:count])
                    del numbers[:count]
                    front, back = (colour, back) if number == "38" else (front, colour)
                elif number == "0":
                    front, back, attributes = "", "", frozenset()
                elif len(number) == 1:
                    attributes |= {number}
                else:
                    kind = int(number) // 10
                    front, back = (number, back) if kind in (3, 9) else (front, number)
        elif final:
            found.append((f"{codes}{final}", "", "", frozenset[str]()))
        elif character == " ":
            found.append(
                (" ", "" if not attributes & {"4", "7", "9"} else front, back, attributes - {"1", "2"})
            )
        elif character not in "\r\n":
            found.append((character, front, back, attributes))
    return found


def drawn(segments: list[Segment], system: str) -> str:
    console = Console(file=io.StringIO(), force_terminal=True, color_system=system, width=200)  # type: ignore[arg-type]
    return console._render_buffer(segments)


@pytest.mark.parametrize("system", ["truecolor", "256", "standard"])
def test_every_cell_looks_the_same(system: str) -> None:
    chance = random.Random(0)
    for _ in range(100):
        segments = [
            Segment(
                chance.choice(("abc", "  ", " x ", "\r\n", "▀▀")),
                chance.choice(
                    (
                        None,
                        Style(
                            color=chance.choice(COLOURS),
                            bgcolor=chance.choice(COLOURS),
                            bold=chance.choice((True, None)),
                            reverse=chance.choice((True, None, None)),
                        ),
                    )
                ),
            )
            for _ in range(20)
        ]
        text = "\x1b[3;4H" + drawn(segments, system) + "\x1b[7;8H"
        assert cells(thrifty(text)) == cells(text)


def test_it_ends_without_a_style() -> None:
    assert thrifty("\x1b[1;38;5;75mw\x1b[0m") == "\x1b[1;38;5;75mw\x1b[0m"


def test_what_is_on_is_not_sent_again_and_a_blank_has_no_colour() -> None:
    text = "\x1b[31;44ma\x1b[0m\x1b[32;44m \x1b[0m\x1b[31;44mb\x1b[0m\r\n\x1b[2;1H\x1b[31;44mc\x1b[0m"
    assert thrifty(text) == "\x1b[31;44ma b\r\n\x1b[2;1Hc\x1b[0m"


def test_what_has_no_style_stays_as_it_is() -> None:
    text = "\x1b[?1049h\x1b]52;c;YQ==\x07plain\x1b[6n"
    assert thrifty(text) == text
