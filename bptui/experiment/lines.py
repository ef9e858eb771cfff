"""The line of every key of a TOML text, which tomllib does not tell.

The text has been read by tomllib before, so it is valid, and only what tells keys from values matters:
strings, brackets, comments.
"""

from __future__ import annotations

_BLANK = " \t"
_SPACE = " \t\r\n"
_BARE_END = frozenset(" \t\r\n=.]")
_VALUE_END = frozenset(" \t\r\n,]}#")


def key_lines(text: str) -> dict[str, int]:
    """{"training.eta": 12}, from 1; a table's name has the line of its header. The first one counts."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.lines: dict[str, int] = {}
        self._counted_to, self._line = 0, 1

    def document(self) -> None:
        table: tuple[str, ...] = ()
        while self._skip_space():
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> tuple[str, ...]:
        line = self._line_here()
        while self.text[self.at] == "[":
            self.at += 1
        path = self._path()
        self._tell(path, line)
        while self._peek() == "]":
            self.at += 1
        return path

    def _pair(self, table: tuple[str, ...]) -> None:
        """path = value"""
        line = self._line_here()
        path = table + self._path()
        self._tell(path, line)
        self.at += 1
        self._value(path)

    def _path(self) -> tuple[str, ...]:
        """A dotted key, up to its = or ]."""
        parts = []
        while True:
            self._skip(_BLANK)
            if self.text[self.at] in "\"'":
                start = self.at + 1
                self._string()
                parts.append(self.text[start : self.at - 1])
            else:
                parts.append(self._bare())
            self._skip(_BLANK)
            if self._peek() != ".":
                return tuple(parts)
            self.at += 1

    def _bare(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in _BARE_END:
            self.at += 1
        return self.text[start : self.at]

    def _value(self, path: tuple[str, ...]) -> None:
        self._skip_space()
        first = self._peek()
        if first and first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in _VALUE_END:
                self.at += 1
            self._rest_of_date()

    def _rest_of_date(self) -> None:
        """A date may have a space before its time."""
        following = self.text[self.at : self.at + 2]
        if len(following) == 2 and following[0] == " " and following[1].isdigit():
            self.at += 1
            while self.at < len(self.text) and self.text[self.at] not in _VALUE_END:
                self.at += 1

    def _array(self, path: tuple[str, ...]) -> None:
        self.at += 1
        while self._skip_space() and self.text[self.at] != "]":
            if self.text[self.at] == ",":
                self.at += 1
            else:
                self._value(path)
        self.at += 1

    def _inline_table(self, path: tuple[str, ...]) -> None:
        self.at += 1
        while self._skip_space() and self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
            else:
                self._pair(path)
        self.at += 1

    def _string(self) -> None:
        """Past a string of any of the four kinds."""
        quote = self.text[self.at]
        triple = quote * 3
        closing = triple if self.text.startswith(triple, self.at) else quote
        self.at += len(closing)
        while not self.text.startswith(closing, self.at) and self.at < len(self.text):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += len(closing)
        # Up to two quotes may stand right before the closing three.
        while len(closing) == 3 and self._peek() == quote:
            self.at += 1

    def _skip_space(self) -> bool:
        """Past blanks, ends of lines and comments; False at the end of the text."""
        while True:
            self._skip(_SPACE)
            if self._peek() != "#":
                return self.at < len(self.text)
            end = self.text.find("\n", self.at)
            self.at = end if end >= 0 else len(self.text)

    def _skip(self, characters: str) -> None:
        while self.at < len(self.text) and self.text[self.at] in characters:
            self.at += 1

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line

    def _tell(self, path: tuple[str, ...], line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(".".join(path[:length]), line)
