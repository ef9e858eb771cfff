"""The one kind of error a person can act on: where it is, what was found, what to do."""

from __future__ import annotations


class ActionableError(Exception):
    """A mistake in what a person gave bptui.

    place:  the file, line and key (or the option) it stands in; may be empty
    found:  what was found there
    remedy: what to do about it; may be empty
    All three are raw text: whoever prints them makes them harmless with `escape.safe`.
    """

    def __init__(self, place: str, found: str, remedy: str = "") -> None:
        super().__init__(place, found, remedy)
        self.place = place
        self.found = found
        self.remedy = remedy

    def within(self, outer: str) -> ActionableError:
        """The same error, told from a wider place: `outer: place`."""
        place = f"{outer}: {self.place}" if self.place else outer
        return ActionableError(place, self.found, self.remedy)

    def __str__(self) -> str:
        sentence = f"{self.place}: {self.found}" if self.place else self.found
        return f"{sentence}. {self.remedy}" if self.remedy else sentence


class AlreadyThere(ActionableError):
    """Something of that name is there, and is overwritten only where that is asked for."""
