"""The two lines at the bottom: what comes next, and the keys; and a sheet's row of keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bptui.tui.actions import ACTIONS, Action
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.palette import Palette

ROOMY = 100  # from here on words are whole
FIRST_KEY = 1_000_000  # the mark of a sheet's first key: what else is marked has smaller numbers

Part = tuple[str, str]  # text, token; the token "key" is an accent fill


class Word(NamedTuple):
    """A stretch of the key line: `text` at x is `token`; a click on it does `action`."""

    x: int
    text: str
    token: str
    action: str


def draw_keys(width: int, palette: Palette, running: bool, actions: Sequence[Action] = ACTIONS) -> Canvas:
    """The key line."""
    canvas = Canvas(width, 1, palette)
    for word in words(width, running, actions):
        canvas.put(word.x, 0, word.text, word.token)
    return canvas


def action_at(width: int, running: bool, x: int, actions: Sequence[Action] = ACTIONS) -> str | None:
    """The action whose key or word stands at column x."""
    hits = (w.action for w in words(width, running, actions) if w.x <= x < w.x + len(w.text))
    return next(hits, None)


def words(width: int, running: bool, actions: Sequence[Action] = ACTIONS) -> list[Word]:
    """The key line in words, as many keys as fit; the rare ones leave first."""
    groups = _groups(actions)
    gap = 2 if width >= 70 else 1
    while len(groups) > 1 and _length(groups, width, gap) > width:
        groups.remove(max(groups, key=lambda group: group[-1].rank))
    x, line = 1, []
    for group in groups:
        for action in group:
            if action.shown:
                line.append(Word(x, action.shown, "bright", action.id))
                x += len(action.shown) + 1
        said = _said(group[-1], width, running)
        line.append(Word(x, said, "dim", group[-1].id))
        x += len(said) + gap
    return line


def _groups(actions: Sequence[Action]) -> list[list[Action]]:
    """Keys that share a word stand together: an action without a word joins the next."""
    groups: list[list[Action]] = []
    waiting: list[Action] = []
    for action in actions:
        if not action.rank and not action.footer:
            continue
        waiting.append(action)
        if action.footer:
            groups.append(waiting)
            waiting = []
    return groups


def _said(action: Action, width: int, running: bool) -> str:
    if action.id == "run":
        return "pause" if running else "run  " if width >= ROOMY else "run"
    return action.footer if width >= ROOMY else action.short


def _length(groups: list[list[Action]], width: int, gap: int) -> int:
    keys = sum(len(action.shown) + 1 for group in groups for action in group if action.shown)
    said = sum(len(_said(group[-1], width, True)) + gap for group in groups)
    return 1 + keys + said - gap


def put_keys(
    canvas: Canvas, y: int, keys: Sequence[tuple[str, str]], done: str = "", below: bool = False
) -> None:
    """A sheet's keys, each with its word, as many as fit; how to close, the last, is the last to go. At the
    right what was just `done`, else that there is more `below`. Each is marked with FIRST_KEY and its place
    among `keys`."""
    note = done or ("PgDn ▾" if below else "")
    room = canvas.width - 3 - (len(note) + 1 if note else 0)
    canvas.right(canvas.width - 2, y, note, "text" if done else "dim")
    shown = list(keys)
    while len(shown) > 1 and sum(len(key) + len(word) + 4 for key, word in shown) - 3 > room:
        del shown[-2]
    x = 3
    for key, word in shown:
        canvas.mark(x, y, len(key) + 1 + len(word), FIRST_KEY + list(keys).index((key, word)))
        x = canvas.put(x, y, key, "bright") + 1
        x = canvas.put(x, y, word, "dim") + 3


def draw_message(parts: Sequence[Part], width: int, palette: Palette) -> Canvas:
    """The message line."""
    canvas = Canvas(width, 1, palette)
    x = 1
    for text, token in parts:
        if token == "key":
            x = canvas.put(x, 0, f" {text} ", "ink", "accent", bold=True)
        else:
            x = canvas.put(x, 0, text, token)
    if x > width:
        canvas.put(width - 1, 0, "…", "dim")
    return canvas
