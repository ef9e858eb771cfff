"""The names of keys: as people write them, as Textual calls them, as the screen shows them; and what stands
in the place of a key on other keyboards."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

SIGNS = {
    " ": "space", "!": "exclamation_mark", '"': "quotation_mark", "#": "number_sign", "$": "dollar_sign",
    "%": "percent_sign", "&": "ampersand", "'": "apostrophe", "(": "left_parenthesis",
    ")": "right_parenthesis", "*": "asterisk", "+": "plus", ",": "comma", "-": "minus", ".": "full_stop",
    "/": "slash", ":": "colon", ";": "semicolon", "<": "less_than_sign", "=": "equals_sign",
    ">": "greater_than_sign", "?": "question_mark", "@": "at", "[": "left_square_bracket",
    "\\": "backslash", "]": "right_square_bracket", "^": "circumflex_accent", "_": "underscore",
    "`": "grave_accent", "{": "left_curly_bracket", "|": "vertical_line", "}": "right_curly_bracket",
    "~": "tilde",
}  # fmt: skip
_CHARACTERS = {name: sign for sign, name in SIGNS.items() if sign != " "}

# Keys that make no character, as the screen shows them.
_NAMED = {
    "space": "space", "tab": "Tab", "enter": "Enter", "escape": "Esc", "backspace": "Backspace",
    "delete": "Del", "insert": "Ins", "home": "Home", "end": "End", "pageup": "PageUp",
    "pagedown": "PageDown", "up": "↑", "down": "↓", "left": "←", "right": "→",
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}  # fmt: skip
_WRITTEN = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup",
    "pgdn": "pagedown", "pgdown": "pagedown", "page_up": "pageup", "page_down": "pagedown",
    "spacebar": "space", "bksp": "backspace", "back_tab": "shift+tab", "backtab": "shift+tab",
    **{arrow: name for name, arrow in _NAMED.items() if arrow in "↑↓←→"},
}  # fmt: skip
_MODIFIERS = {
    "ctrl": "ctrl", "control": "ctrl", "strg": "ctrl", "c": "ctrl", "alt": "alt", "option": "alt",
    "meta": "alt", "m": "alt", "shift": "shift", "super": "super", "cmd": "super", "win": "super",
}  # fmt: skip
# What a terminal sends for a letter with Ctrl is another key's own code.
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}


def named(written: str) -> str | None:
    """Textual's name of a key as a person writes it: "ctrl+x", "F2", "/", "PgUp", "Shift+R"; None where there
    is no such key."""
    text = written if written == " " else written.strip()
    if len(text) == 1:
        return _WRITTEN.get(text) or of_character(text)
    modifiers, last = _parted(text)
    if modifiers is None:
        return None
    key = _bare(last)
    if key is None:
        return None
    *more, key = key.split("+")  # Shift+Tab has names of its own
    return _joined({*modifiers, *more}, key)


def of_character(character: str) -> str | None:
    """Textual's name of the key that types it; None where nothing is typed with it."""
    if character in SIGNS:
        return SIGNS[character]
    if character.isalnum():
        return character
    if not character.isprintable():
        return None
    return unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_") or None


def shown(key: str) -> str:
    """As the screen shows a key of Textual's: + for plus, Ctrl+P for ctrl+p, F2 for f2."""
    *modifiers, last = key.split("+")
    name = _CHARACTERS.get(last) or _NAMED.get(last) or last
    if modifiers and len(name) == 1:
        name = name.upper()
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])


def _parted(text: str) -> tuple[list[str] | None, str]:
    """The modifiers and the rest: both + and - may join them, and be the key itself."""
    modifiers: list[str] = []
    while True:
        at = next((i for i, character in enumerate(text[:-1]) if character in "+-" and i), 0)
        if not at:
            return modifiers, text
        modifier = _MODIFIERS.get(text[:at].lower())
        if modifier is None:
            return None, text
        modifiers.append(modifier)
        text = text[at + 1 :]


def _bare(name: str) -> str | None:
    """A key without modifiers."""
    if len(name) == 1:
        return _WRITTEN.get(name) or of_character(name)
    name = name.lower().replace(" ", "_")
    name = _WRITTEN.get(name, name)
    return name if name in _NAMED or name in _CHARACTERS or name == "shift+tab" else None


def _joined(modifiers: set[str], key: str) -> str | None:
    if modifiers == {"shift"} and len(key) == 1:
        return key.upper() if key.upper() != key.lower() else None
    if modifiers == {"shift"} and key in _CHARACTERS:
        return None  # it is another character: that one is to be named
    if modifiers and len(key) == 1:
        key = key.lower()
    whole = "+".join([*sorted(modifiers), key])
    return _SAME.get(whole, whole)


class Layout(NamedTuple):
    """A keyboard: what it types (`theirs`) with the keys that type `ours` on a Latin one."""

    name: str
    ours: str
    theirs: str


_LATIN = "qwertyuiop[]asdfghjklzxcvbnm" + "QWERTYUIOPASDFGHJKLZXCVBNM" + "<>"
LAYOUTS = (
    Layout("Russian", _LATIN, "йцукенгшщзхъфывапролдячсмить" + "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ" + "БЮ"),
    Layout("Ukrainian", _LATIN, "йцукенгшщзхїфівапролдячсмить" + "ЙЦУКЕНГШЩЗФІВАПРОЛДЯЧСМИТЬ" + "БЮ"),
    Layout("Greek", "wertyuiopasdfghjklzxcvbnm" + "ERTYUIOPASDFGHJKLZXCVBNM",
           "ςερτυθιοπασδφγηξκλζχψωβνμ" + "ΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ"),
    Layout("AZERTY", "123", '&é"'),
)  # fmt: skip


def neighbours(key: str) -> tuple[str, ...]:
    """The keys that stand in the place of `key` on other keyboards; Textual's names."""
    character = _CHARACTERS.get(key, key)
    if len(character) != 1:
        return ()
    found = [
        of_character(layout.theirs[layout.ours.index(character)])
        for layout in LAYOUTS
        if character in layout.ours
    ]
    return tuple(dict.fromkeys(name for name in found if name))
