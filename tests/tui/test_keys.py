"""Keys: their names, those of other keyboards, and what a person may change."""

from __future__ import annotations

import string

import pytest
from textual.keys import _character_to_key

from bptui.tui.actions import ACTIONS, Action, pressed_by
from bptui.tui.drawing.keys import draw_keys
from bptui.tui.drawing.palette import DARK
from bptui.tui.keynames import LAYOUTS, named, neighbours, of_character, shown
from bptui.tui.remapping import remapped


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("x", "x"), ("X", "X"), ("shift+x", "X"), ("ctrl+x", "ctrl+x"), ("Ctrl-X", "ctrl+x"),
        ("C-x", "ctrl+x"), ("F2", "f2"), ("/", "slash"), ("+", "plus"), ("-", "minus"), (" ", "space"),
        ("ctrl++", "ctrl+plus"), ("Space", "space"), ("esc", "escape"), ("Return", "enter"),
        ("PgUp", "pageup"), ("Page Down", "pagedown"), ("Shift+Tab", "shift+tab"), ("↑", "up"),
        ("alt+enter", "alt+enter"), ("shift+ctrl+left", "ctrl+shift+left"), ("ctrl+i", "tab"),
        ("question_mark", "question_mark"), ("ы", "ы"),
    ],
)  # fmt: skip
def test_a_key_as_it_is_written(written: str, key: str) -> None:
    assert named(written) == key


@pytest.mark.parametrize(
    "written", ["", "esc2", "ctrl", "ctrl+", "hyper+x", "shift+1", "f99", "xy", "\x1b", "\x00"]
)
def test_what_is_no_key(written: str) -> None:
    assert named(written) is None


def test_characters_are_named_as_the_library_names_them() -> None:
    for character in string.printable[:95] + "ыéσ":
        assert of_character(character) == _character_to_key(character)
        assert named(character) == of_character(character)


def test_a_key_is_shown_as_it_is_written() -> None:
    for key in ("ctrl+p", "f2", "plus", "pageup", "R", "up", "escape", "space", "shift+tab", "ctrl+plus"):
        assert named(shown(key)) == key
    assert [shown(key) for key in ("ctrl+p", "f2", "left_square_bracket")] == ["Ctrl+P", "F2", "["]


def test_the_table_writes_its_keys_alike() -> None:
    for action in ACTIONS:
        assert action.shown.split()[0] == shown(action.keys[0])


# Other keyboards

HARD = {"eta_up": "pageup", "eta_down": "pagedown", "example_before": "comma", "example_after": "full_stop",
        "presets": "f2", "help": "f1"}  # fmt: skip


def test_keys_that_keyboards_lack_have_a_second_way() -> None:
    keys = {action.id: action.keys for action in ACTIONS}
    for action, second in HARD.items():
        assert second in keys[action][1:]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_has_a_key_for_each(layout) -> None:
    assert len(layout.ours) == len(layout.theirs)
    assert len(set(layout.ours)) == len(layout.ours)


def test_every_letter_works_on_a_russian_keyboard() -> None:
    russian = dict(zip(LAYOUTS[0].ours, LAYOUTS[0].theirs, strict=True))
    assert {latin: russian[latin] for latin in "sneb"} == {"s": "ы", "n": "т", "e": "у", "b": "и"}
    pressed = pressed_by()
    for action in ACTIONS:
        for key in action.keys:
            if key in string.ascii_letters:
                assert russian[key] in pressed[action.id]


def test_no_key_does_two_things_on_any_keyboard() -> None:
    keys = [key for pressed in pressed_by().values() for key in pressed]
    assert len(keys) == len(set(keys))


def test_a_neighbour_never_takes_a_key_that_is_given() -> None:
    actions, _ = remapped({"zoom": ["ы"]})
    pressed = pressed_by(actions)
    assert "ы" in pressed["zoom"]
    assert "ы" not in pressed["operation"]
    assert neighbours("f1") == ()


# Remapping


def keys_of(actions: tuple[Action, ...], *names: str) -> list[tuple[str, ...]]:
    return [next(a.keys for a in actions if a.id == name) for name in names]


def test_keys_are_given_and_shown() -> None:
    actions, objections = remapped({"operation": ["o"], "help": ["F12", "?"], "zoom": []})
    assert objections == []
    assert keys_of(actions, "operation", "help", "zoom") == [("o",), ("f12", "question_mark"), ()]
    row = draw_keys(160, DARK, False, actions).row(0)
    assert "o operation" in row
    assert "F12 help" in row
    assert "  zoom" in row
    assert "z zoom" not in row


def test_two_keys_can_change_places() -> None:
    actions, objections = remapped({"operation": ["n"], "update": ["s"]})
    assert objections == []
    assert keys_of(actions, "operation", "update") == [("n",), ("s",)]


def test_keys_that_are_kept_stay_beside_those_given() -> None:
    actions, objections = remapped({"palette": [":"], "escape": ["0"], "next_panel": ["p"]})
    assert objections == []
    assert keys_of(actions, "palette", "escape", "next_panel") == [
        ("colon", "ctrl+p"), ("0", "escape"), ("p", "tab")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "action", "found"),
    [
        ({"operation": ["n"]}, "operation", "n is already the key of update"),
        ({"operation": ["o"], "update": ["o"]}, "update", "o is already the key of operation"),
        ({"operation": ["o", "q"]}, "operation", "q is already the key of quit"),
        ({"operation": ["Esc"]}, "operation", "Esc is kept for: close, stop, let go"),
        ({"operation": ["tab"]}, "operation", "Tab is kept for: next panel"),
        ({"operation": ["ctrl+c"]}, "operation", "Ctrl+C is kept for: copying and quitting"),
        ({"operation": ["ctrl+p"]}, "operation", "Ctrl+P is kept for: every command by name"),
        ({"quit": []}, "quit", "quit needs a key"),
        ({"help": []}, "help", "help needs a key"),
        ({"operation": ["esc2"]}, "operation", "'esc2' is no key"),
        ({"run_": ["x"]}, "run_", "there is no action run_"),
    ],
)
def test_what_cannot_be_had_stays_as_it_was(wanted: dict[str, list[str]], action: str, found: str) -> None:
    actions, (objection,) = remapped(wanted)
    assert objection.action == action
    assert objection.found.startswith(found)
    assert objection.remedy
    assert [a for a in actions if a.id == action] == [a for a in ACTIONS if a.id == action]


def test_a_refusal_may_lead_to_another() -> None:
    actions, objections = remapped({"operation": ["n"], "update": ["esc2"], "zoom": ["s"]})
    assert [o.action for o in objections] == ["update", "operation", "zoom"]
    assert actions == ACTIONS
