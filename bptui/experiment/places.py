"""Where a preset's keys stand, for messages; and the error that tells several mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bptui.errors import ActionableError


class Mistakes(ActionableError):
    """All mistakes of one file. `mistakes` are the single errors, each with its own place."""

    def __init__(self, place: str, mistakes: Sequence[ActionableError]) -> None:
        super().__init__(place, "; ".join(mistake.found for mistake in mistakes))
        self.args = (place, tuple(mistakes))
        self.mistakes = tuple(mistakes)

    def within(self, outer: str) -> ActionableError:
        """The same mistakes, each told from a wider place."""
        return Mistakes(outer, [mistake.within(outer) for mistake in self.mistakes])

    def __str__(self) -> str:
        return "\n".join(str(mistake) for mistake in self.mistakes)


def raise_all(place: str, mistakes: Sequence[ActionableError]) -> None:
    """Raise what there is: nothing, the one error, or all of them as Mistakes, in the order of the file."""
    if len(mistakes) == 1:
        raise mistakes[0]
    if mistakes:
        raise Mistakes(place, sorted(mistakes, key=_line))


def _line(mistake: ActionableError) -> int:
    """Where in its file; 0 for what stands nowhere."""
    found = re.match(r"[^\n]*?:(\d+)( |$)", mistake.place)
    return int(found[1]) if found else 0


@dataclass(frozen=True)
class Places:
    """file: as the person knows it, "" for none; lines: of the keys in it, by path ("training.eta");
    given: the option that gave a key, where it was not the file."""

    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    def of(self, path: str) -> str:
        """`file:line path`; a key that stands nowhere is told with the file alone."""
        owner = self._owner(self.given, path)
        if owner:
            return self.given[owner]
        owner = self._owner(self.lines, path)
        file = f"{self.file}:{self.lines[owner]}" if owner else self.file
        return f"{file} {path}".strip()

    @staticmethod
    def _owner(known: Mapping[str, object], path: str) -> str:
        """The nearest part of the path that is known: network.initial for network.initial.weights."""
        while path and path not in known:
            path = path.rpartition(".")[0]
        return path

    def error(self, path: str, found: str, remedy: str = "") -> ActionableError:
        """An error about that key."""
        return ActionableError(self.of(path), found, remedy)
