"""The keys that a person has given to actions: what can be had, and an objection for each that cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bptui.tui import keynames
from bptui.tui.actions import ACTIONS, BY_ID, Action

# The ways out, and Tab, which every program has: their keys stay what they are, others can be added.
KEPT = {"tab": "next_panel", "shift+tab": "previous_panel", "escape": "escape", "ctrl+p": "palette"}
KEPT_NAMES = {"ctrl+c": "copying and quitting", "ctrl+q": "quitting"}  # no actions of the table
NEEDED = ("quit", "help")

Keys = Mapping[str, Sequence[str]]


class Objection(NamedTuple):
    """Why the keys of an action stay as they were."""

    action: str  # as it was written
    found: str
    remedy: str


def remapped(wanted: Keys) -> tuple[tuple[Action, ...], list[Objection]]:
    """The table of actions with these keys (as a person writes them); what cannot be had stays as it was."""
    given: dict[str, tuple[str, ...]] = {}
    objections: list[Objection] = []
    for action, written in wanted.items():
        objection = _objection(action, written)
        if objection is None:
            given[action] = _keys(action, written)
        else:
            objections.append(objection)
    while clash := _clash(given):
        objections.append(clash)
        del given[clash.action]
    return tuple(a.on(given[a.id]) if a.id in given else a for a in ACTIONS), objections


def _keys(action: str, written: Sequence[str]) -> tuple[str, ...]:
    """Textual's names, each once; a key that is kept stays, after those that were asked for."""
    names = (keynames.named(key) or "" for key in written)
    kept = (key for key, owner in KEPT.items() if owner == action)
    return tuple(dict.fromkeys([*names, *kept]))


def _objection(action: str, written: Sequence[str]) -> Objection | None:
    """What is wrong with the keys of one action, the others aside."""
    if action not in BY_ID:
        return Objection(action, f"there is no action {action}", _nearest(action))
    if not written and action in NEEDED:
        return Objection(action, f"{action} needs a key", "Give it one")
    for key in written:
        name = keynames.named(key)
        if name is None:
            return Objection(action, f"{key!r} is no key", 'Keys are such as "x", "ctrl+x", "F3" or "/"')
        owner = KEPT_NAMES.get(name) or KEPT.get(name)
        if owner is not None and owner != action:
            what = BY_ID[owner].words if owner in BY_ID else owner
            return Objection(action, f"{keynames.shown(name)} is kept for: {what}", "Choose another key")
    return None


def _clash(given: Mapping[str, tuple[str, ...]]) -> Objection | None:
    """The first two actions on one key; that of the two which was given it last cannot have it."""
    order = list(given)
    owners: dict[str, str] = {}
    for action in (*(a.id for a in ACTIONS if a.id not in given), *order):
        for key in given.get(action, BY_ID[action].keys):
            if key in owners:
                found = f"{keynames.shown(key)} is already the key of {owners[key]}"
                return Objection(action, found, f"Choose another, or give {owners[key]} another")
            owners[key] = action
    return None


def _nearest(action: str) -> str:
    import difflib  # for a mistake alone

    near = difflib.get_close_matches(action.lower(), BY_ID, 1)
    return f"Did you mean {near[0]}?" if near else "The README lists the actions"
