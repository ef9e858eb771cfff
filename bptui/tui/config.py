"""config.toml: theme, speed, frames a second and keys as a person chose them, remembered from start to start.

A mistake in the file is told and passed over. What is remembered changes one line: the person's comments,
order and unknown keys stay, and a file that cannot be read is left as it is.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bptui.errors import ActionableError
from bptui.escape import cut
from bptui.session.pace import Speed, named
from bptui.tui.actions import ACTIONS, Action
from bptui.tui.remapping import remapped

NAME = "config.toml"
THEMES = ("dark", "light")
FPS = 20  # pictures a second
MOST_FPS = 60
LARGEST_FILE = 2**16  # bytes

Value = bool | int | float | str


class Settings(NamedTuple):
    """What was chosen; what was not has its default."""

    theme: str = THEMES[0]
    speed: Speed | None = None  # None: each preset's own
    fps: int = FPS
    greeted: bool = False  # the first start's lines have done their work
    actions: tuple[Action, ...] = ACTIONS


class Config:
    """The settings of this start, where they stand, and what is wrong with the file.

    file: the path of config.toml; None where nothing is read or remembered
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.mistakes: list[ActionableError] = []
        self.settings = self._read()

    def remember(self, key: str, value: Value) -> None:
        """For later starts. Nothing is said where it cannot be written."""
        if self.file is None:
            return
        from bptui.files import replace_file  # start-up is felt
        from bptui.tui.keeping import with_value

        try:
            text = _text(self.file)  # of now: the person may have written into it
            values = tomllib.loads(text)
            if values.get(key) == value and key in values:
                return
            changed = with_value(text, key, value)
            if tomllib.loads(changed) == values | {key: value}:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                replace_file(self.file, changed.encode("utf-8"))
        except (OSError, ValueError, RecursionError, ActionableError):
            return

    def _read(self) -> Settings:
        if self.file is None:
            return Settings()
        try:
            text = _text(self.file)
            values = _parsed(text)
        except ActionableError as error:
            self.mistakes.append(error)
            return Settings()
        lines = _lines(text)
        settings: dict[str, Any] = {}
        for key, value in values.items():
            try:
                settings |= self._setting(key, value, lines)
            except _Mistake as mistake:
                self.mistakes.append(_at(lines.get(key), mistake.found, mistake.remedy))
        return Settings(**settings)

    def _setting(self, key: str, value: object, lines: Mapping[str, int]) -> dict[str, Any]:
        if key == "keys":
            return {"actions": self._actions(value, lines)}
        reader = _READERS.get(key)
        if reader is None:
            raise _Mistake(f"there is no setting {key}", f"It is kept. The settings are {_listed()}")
        return {key: reader(key, value)}

    def _actions(self, value: object, lines: Mapping[str, int]) -> tuple[Action, ...]:
        """The table with the person's keys; a mistake in one leaves the others."""
        if not isinstance(value, dict):
            raise _Mistake("keys is no table", 'Write [keys], and under it such as operation = "x"')
        wanted = {}
        for action, keys in value.items():
            written = [keys] if isinstance(keys, str) else keys
            if isinstance(written, list) and all(isinstance(key, str) for key in written):
                wanted[action] = written
            else:
                remedy = f'Such as {action} = "x" or {action} = ["x", "F3"]'
                line = lines.get(f"keys.{action}")
                self.mistakes.append(_at(line, f"keys.{action} is no key", remedy))
        actions, objections = remapped(wanted)
        for found in objections:
            line = lines.get(f"keys.{found.action}")
            remedy = "Settings stand above [keys]" if found.action in _READERS else found.remedy
            self.mistakes.append(_at(line, f"{found.action}: {found.found}", remedy))
        return actions


class _Mistake(Exception):
    """A value that cannot be used."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.remedy = found, remedy


def _theme(key: str, value: object) -> str:
    if value not in THEMES:
        raise _Mistake(f"theme is {_said(value)}", 'Themes are "dark" and "light"')
    return str(value)


def _speed(key: str, value: object) -> Speed:
    speed = named(value)
    if speed is None:
        raise _Mistake(
            f"speed is {_said(value)}", 'A speed is such as 100 (updates a second), "1 op/s" or "full"'
        )
    return speed


def _fps(key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_FPS:
        raise _Mistake(f"fps is {_said(value)}", f"It is a whole number from 1 to {MOST_FPS}")
    return value


def _truth(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _Mistake(f"{key} is {_said(value)}", "It is true or false")
    return value


_READERS: dict[str, Callable[[str, object], Any]] = {
    "theme": _theme,
    "speed": _speed,
    "fps": _fps,
    "greeted": _truth,
}


def _listed() -> str:
    return ", ".join([*_READERS, "[keys]"])


def _said(value: object) -> str:
    return cut(repr(value), 40)


def _at(line: int | None, found: str, remedy: str) -> ActionableError:
    return ActionableError(NAME if line is None else f"{NAME}:{line}", found, remedy)


# ---------------------------------------------------------------- the text


def _text(file: Path) -> str:
    """What stands in it, "" where there is none. ActionableError where it cannot be read."""
    remedy = "It is left as it is, and nothing is remembered"
    try:
        # Of a pipe the end is waited for; only a regular file is read.
        if not stat.S_ISREG(file.stat().st_mode):
            raise ActionableError(NAME, "it is no regular file", remedy)
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ActionableError(NAME, f"it cannot be read: {reason}", remedy) from None
    if len(content) > LARGEST_FILE:
        raise ActionableError(NAME, f"it is larger than {LARGEST_FILE // 1024} KiB", remedy)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _at(line, "this is no UTF-8 text", "Save it as UTF-8; until then it is passed over") from None


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ActionableError(NAME, "its brackets are nested too deeply", "It is passed over") from None
    except ValueError as error:
        found = re.search(r"(.*) \(at line (\d+), column \d+\)$", str(error), re.DOTALL)
        what, line = (found[1], int(found[2])) if found else (str(error), None)
        said = what[:1].lower() + what[1:]
        raise _at(
            line, f"this is no TOML: {said}", "Until it is mended the whole file is passed over"
        ) from None


_HEADER = re.compile(r"\s*\[+\s*[\"']?([^\"'\]]+?)[\"']?\s*\]")
_ASSIGNMENT = re.compile(r"\s*[\"']?([\w.-]+)[\"']?\s*=")


def _lines(text: str) -> dict[str, int]:
    """The line of every key, from 1, where each stands at the beginning of one."""
    table = ""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = f"{header[1]}."
            lines.setdefault(header[1], number)
        elif assignment := _ASSIGNMENT.match(line):
            lines.setdefault(table + assignment[1], number)
    return lines
