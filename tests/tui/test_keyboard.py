"""What a terminal sends becomes keys, pastes and nothing else, whoever wrote it."""

from __future__ import annotations

import random
import time

import pytest
from textual import events
from textual.message import Message

from bptui.tui.terminal.keyboard import LONGEST_PASTE, LOST_PASTE, QUIET, Keyboard


class Typed:
    """A keyboard, and what came of what was typed."""

    def __init__(self) -> None:
        self.reports = 0
        self.keyboard = Keyboard(self._reported)
        self.now = 0.0

    def _reported(self) -> None:
        self.reports += 1

    def send(self, data: bytes) -> list[str]:
        return told(self.keyboard.feed(data, self.now))

    def wait(self, seconds: float) -> list[str]:
        self.now += seconds
        return told(self.keyboard.tick(self.now))


def told(messages: object) -> list[str]:
    return [_told(message) for message in messages]  # type: ignore[attr-defined]


def _told(message: Message) -> str:
    if isinstance(message, events.Key):
        return message.key
    return f"paste {message.text}" if isinstance(message, events.Paste) else type(message).__name__


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"s+ \r\t\x7f\x03", ["s", "plus", "space", "enter", "tab", "backspace", "ctrl+c"]),
        ("ηé".encode(), ["η", "é"]),
        (b"\x1b[A\x1bOB\x1b[Z\x1b[5~", ["up", "down", "shift+tab", "pageup"]),
        (b"\x1b[[A\x1bOP", ["f1", "f1"]),
        (b"\x1bf\x1bx", ["ctrl+right", "alt+x"]),
        (b"\x1b[97;1;97u\x1b[13u", ["a", "enter"]),
        (b"\x1b[<0;5;6M\x1b[<0;5;6m", ["MouseDown", "MouseUp"]),
        (b"\x1b[200~q\nq\x1b[201~n", ["paste q\nq", "n"]),
        (b"\x1b[I\x1b[O", ["AppFocus", "AppBlur"]),
        (b"\x1b[?2026;2$y", ["TerminalSupportsSynchronizedOutput"]),
    ],
)
def test_keys_mouse_and_pastes(data: bytes, keys: list[str]) -> None:
    assert Typed().send(data) == keys
    slowly = Typed()  # a byte at a time is the same
    assert [key for byte in data for key in slowly.send(bytes([byte]))] == keys


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\xc3(",
        b"\x1b[48;60000;60000;1;1t\x1b[48;0;0;0;0t",
        b"\x1b[?2048;1$y",
        b"\x1b[?62;22c\x1b[>1;10;0c\x1b[0n",
        b"\x1b]11;rgb:0000/ffff/0000\x07\x1b]52;c;cXFx\x1b\\",
        b"\x1bP1$r0 q\x1b\\\x1b_Gi=31;OK\x1b\\",
        b"\x1b[99999999999u\x1b[1114112u\x1b[55296;1;55296u",
        b"\x1b[<0;99999999;5M\x1b[<0;-5;5M\x1b[M !!",
        b"\x1b[" + b"1;" * 5000 + b"q",
    ],
)
def test_what_nobody_asked_for_is_nothing(data: bytes) -> None:
    typed = Typed()
    assert [key for key in typed.send(data) if key != "left_parenthesis"] == []
    typed.wait(QUIET)
    assert typed.send(b"n") == ["n"]


def test_a_report_of_the_cursor_is_no_key_and_is_told() -> None:
    typed = Typed()
    assert typed.send(b"\x1b[12;40R\x1b[1;2Rs") == ["s"]
    assert typed.reports == 2


def test_escape_is_known_by_what_does_not_follow() -> None:
    typed = Typed()
    assert typed.send(b"\x1b") == []
    assert typed.wait(QUIET / 2) == []
    assert typed.wait(QUIET) == ["escape"]
    assert typed.send(b"\x1b\x1b[A") == ["escape", "up"]


def test_a_sequence_that_is_cut_off_is_forgotten() -> None:
    typed = Typed()
    assert typed.send(b"\x1b[1;") == []
    assert typed.wait(QUIET) == []
    assert typed.send(b"q") == ["q"]


def test_a_paste_without_end_ends() -> None:
    typed = Typed()
    assert typed.send(b"\x1b[200~some text that ends nowhere") == []
    assert typed.wait(LOST_PASTE)[0].startswith("paste some text")
    typed.wait(QUIET)
    assert typed.send(b"n") == ["n"]


def test_a_paste_is_kept_to_a_length_and_made_harmless() -> None:
    typed = Typed()
    (paste,) = typed.send(b"\x1b[200~a\x07\x9bb\x00\xe2\x80\xae\r\nc\x1b[201~")
    assert paste == "paste ab\nc"
    (paste,) = typed.send(b"\x1b[200~" + b"x" * 1_000_000 + b"\x1b[201~")
    assert len(paste) == len("paste ") + LONGEST_PASTE


def test_more_than_anyone_types_is_a_paste_to_its_last_character() -> None:
    typed = Typed()
    assert typed.send(b"q" * 300) == ["paste " + "q" * 300]
    assert typed.send(b"q") == ["paste q"]
    typed.now += 1.0
    assert typed.send(b"q") == ["q"]


def test_ten_megabytes_take_no_time() -> None:
    typed, began = Typed(), time.process_time()
    for data in (b"q" * 4096, b"\x1b[200~" + b"q" * 4090):
        for _ in range(1220):
            typed.send(data)
    assert time.process_time() - began < 2.0


def test_noise_raises_nothing() -> None:
    chance, typed = random.Random(0), Typed()
    pieces = (b"\x1b", b"[", b"]", b"O", b"M", b"<", b";", b"1", b"$", b"u", b"R", b"\x9b", b"\x07", b"\\")
    for _ in range(3000):
        typed.send(b"".join(chance.choice((*pieces, chance.randbytes(2))) for _ in range(9)))
        typed.wait(chance.choice((0.0, 0.2, 2.0)))
