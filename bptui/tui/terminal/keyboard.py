"""What a terminal sends, as messages: keys, mouse, pastes and reports, whoever wrote them.

The library's parser takes a report that nobody asked for as keys, ends on what is not UTF-8, and makes a
key of each character of a flood. So what comes is cut into whole sequences here; the library is asked
only what key or mouse event one of them is.
"""

from __future__ import annotations

import re
import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator

from textual import events, messages
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

FLOOD = 256  # characters at once: nobody types so fast, it is a paste
QUIET = 0.1  # seconds without input after which a flood, or a sequence that was cut off, is over
LONGEST_PASTE = 65_536  # characters that are kept of one
LONGEST_SEQUENCE = 64  # characters of a key or a report; more is none
LOST_PASTE = 1.5  # seconds without input after which a paste's end comes no more

ESC = "\x1b"
PASTE, PASTED = "\x1b[200~", "\x1b[201~"

# fmt: off
_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[\[."                          # F1 to F5 of the Linux console
    r"|\[M..."                        # the mouse as terminals of old tell it
    r"|\[(?![\[M])[0-?]*[ -/]*[@-~]"  # a control sequence
    r"|O[0-9;]*[^0-9;\x1b]"           # a key of the number pad
    r"|[^\[O\]P_^X\x1b]"              # Alt and a key
    r")", re.DOTALL)
_STRING = re.compile(r"\x1b[\]P_^X]")  # opens a string that ends with BEL or ESC \
_RXVT = re.compile(r"\x1b\[\d+\$")     # keys that end as no control sequence ends
# fmt: on
_MOUSE = re.compile(r"\x1b\[<\d{1,4};\d{1,5};\d{1,5}[Mm]")
_CURSOR = re.compile(r"\x1b\[\d+;\d+R")
_SYNCHRONIZED = re.compile(r"\x1b\[\?2026;[1-4]\$y")
_EXTENDED = re.compile(r"\x1b\[[\d:;]*[u~ABCDEFHPQRS]")
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


class Keyboard:
    """Cuts bytes into messages. `reported` is called for each cursor report: the answer to `CSI 6n`.

    A cursor report looks like F3 with modifiers (`CSI 1;2R`); the report it is, for no key of the
    playground is.
    """

    def __init__(self, reported: Callable[[], None]) -> None:
        self._reported = reported
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._library = XTermParser()
        self._waiting = ""  # the beginning of a sequence
        self._pasting: list[str] | None = None
        self._pasted = 0
        self._in_string = False
        self._skipping = False  # a sequence that became too long
        self._flooded = float("-inf")
        self._heard = float("-inf")

    @property
    def unsure(self) -> bool:
        """What came last may be the beginning of something: `tick` is to be called soon."""
        return bool(self._waiting) or self._pasting is not None or self._in_string or self._skipping

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """The messages that `data`, read at `now` (seconds), completes."""
        self._heard = now
        self._waiting += self._decode(data)
        while self._waiting and (step := self._step()) is not None:
            yield from step(now)

    def tick(self, now: float) -> Iterator[Message]:
        """To be called often while it is `unsure`: what will not be completed any more."""
        quiet = now - self._heard
        if quiet >= LOST_PASTE and self._pasting is not None:
            yield from self._end_paste()
        if quiet < QUIET or not self._waiting:
            return
        waiting, self._waiting = self._waiting, ""
        if self._in_string or self._skipping or self._pasting is not None:
            self._in_string = self._skipping = False
        elif waiting == ESC:
            yield events.Key("escape", ESC)
        elif _RXVT.fullmatch(waiting):
            yield from self._key(waiting)
        elif len(waiting) == 2:  # Alt and a key that could have opened something
            yield from self._alt(waiting)

    def _step(self) -> Callable[[float], Iterator[Message]] | None:
        """What to do with the beginning of what waits; None where more must come."""
        text = self._waiting
        if self._pasting is not None:
            return self._paste if PASTED in text or len(text) > len(PASTED) else None
        if self._in_string:
            return self._string
        if self._skipping:
            return self._skip
        if text[0] != ESC:
            return self._typed
        if len(text) == 1:
            return None
        if text[1] == ESC:
            return self._escape
        if _STRING.match(text):
            return self._open_string if len(text) > 2 else None
        if _SEQUENCE.match(text):
            return self._sequence
        if _RXVT.match(text) and len(text) > 4 and text[4:5] == ESC:
            return self._rxvt
        if len(text) > LONGEST_SEQUENCE or any(c < " " for c in text[1:LONGEST_SEQUENCE]):
            return self._give_up
        return None

    # Text

    def _typed(self, now: float) -> Iterator[Message]:
        end = self._waiting.find(ESC)
        end = len(self._waiting) if end < 0 else end
        text, self._waiting = self._waiting[:end], self._waiting[end:]
        if len(text) >= FLOOD or now - self._flooded < QUIET:
            self._flooded = now
            if kept := harmless(text):
                yield events.Paste(kept)
            return
        for character in text.replace("\ufffd", ""):
            yield from self._key(character)

    def _paste(self, now: float) -> Iterator[Message]:
        assert self._pasting is not None
        text = self._waiting
        end = text.find(PASTED)
        cut = end if end >= 0 else len(text) - len(PASTED) + 1  # the end may be cut in two
        self._waiting = text[end + len(PASTED) :] if end >= 0 else text[cut:]
        if self._pasted < LONGEST_PASTE:
            self._pasting.append(text[: min(cut, LONGEST_PASTE - self._pasted)])
            self._pasted += len(self._pasting[-1])
        if end >= 0:
            yield from self._end_paste()

    def _end_paste(self) -> Iterator[Message]:
        text = harmless("".join(self._pasting or ()))
        self._pasting = None
        if text:
            yield events.Paste(text)

    # Strings: answers to what was never asked

    def _open_string(self, now: float) -> Iterator[Message]:
        self._waiting = self._waiting[2:]
        self._in_string = True
        yield from ()

    def _string(self, now: float) -> Iterator[Message]:
        match = re.search("\x07|\x9c|\x1b", self._waiting)
        if match is None:
            self._waiting = ""
        elif match.group() != ESC:
            self._waiting, self._in_string = self._waiting[match.end() :], False
        else:
            rest = self._waiting[match.start() :]
            self._waiting, self._in_string = rest[2:] if rest[1:2] == "\\" else rest, False
        yield from ()

    def _give_up(self, now: float) -> Iterator[Message]:
        """No sequence is like this: its beginning goes, and what is left up to its end."""
        self._waiting, self._skipping = self._waiting[2:], True
        yield from ()

    def _skip(self, now: float) -> Iterator[Message]:
        match = re.search(r"[^ -?]", self._waiting)
        if match is None:
            self._waiting = ""
        else:
            at = match.start() if match.group() == ESC else match.end()
            self._waiting, self._skipping = self._waiting[at:], False
        yield from ()

    # Sequences

    def _escape(self, now: float) -> Iterator[Message]:
        self._waiting = self._waiting[1:]
        yield events.Key("escape", ESC)

    def _rxvt(self, now: float) -> Iterator[Message]:
        match = _RXVT.match(self._waiting)
        assert match is not None
        self._waiting = self._waiting[match.end() :]
        yield from self._key(match.group())

    def _sequence(self, now: float) -> Iterator[Message]:
        match = _SEQUENCE.match(self._waiting)
        assert match is not None
        sequence, self._waiting = match.group(), self._waiting[match.end() :]
        if sequence == PASTE:
            self._pasting, self._pasted = [], 0
        elif _CURSOR.fullmatch(sequence):
            self._reported()
        elif sequence == "\x1b[I":
            yield events.AppFocus()
        elif sequence == "\x1b[O":
            yield events.AppBlur()
        elif _SYNCHRONIZED.fullmatch(sequence):
            yield messages.TerminalSupportsSynchronizedOutput()
        elif _MOUSE.fullmatch(sequence):
            event = self._library.parse_mouse_code(sequence)
            if event is not None:
                yield event
        elif sequence in ANSI_SEQUENCES_KEYS or _EXTENDED.fullmatch(sequence):
            yield from self._key(sequence)
        elif len(sequence) == 2:
            yield from self._alt(sequence)
        # All else answers nobody: device attributes, sizes, modes.

    def _alt(self, sequence: str) -> Iterator[Message]:
        if sequence in ANSI_SEQUENCES_KEYS:
            yield from self._key(sequence)
        else:
            yield from self._key(sequence[1], alt=True)

    def _key(self, sequence: str, alt: bool = False) -> Iterator[Message]:
        if len(sequence) > LONGEST_SEQUENCE:
            return
        try:
            found = list(self._library._sequence_to_key_events(sequence, alt))
        except (ValueError, OverflowError):  # a code point that there is not
            return
        for event in found:
            if event.key != Keys.Ignore and not _is_surrogate(event.character):
                yield event


def harmless(text: str) -> str:
    """A paste as it may stand on a screen: nothing that moves a cursor, hides or reorders."""
    kept = text[:LONGEST_PASTE].replace("\r\n", "\n").replace("\r", "\n").replace("\ufffd", "")
    if kept.isascii() and kept.isprintable():
        return kept
    return "".join(c for c in kept if c in "\n\t" or unicodedata.category(c) not in _HARMFUL)


def _is_surrogate(character: str | None) -> bool:
    return character is not None and any("\ud800" <= c <= "\udfff" for c in character)
