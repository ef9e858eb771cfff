"""The keys that the presets' notes name do what the notes say."""

from __future__ import annotations

from typing import Any

import pytest

from bptui.experiment import catalogue
from bptui.experiment.changes import value_at
from bptui.session import commands as c
from bptui.session.session import Session
from bptui.tui.actions import ACTIONS
from bptui.tui.drawing.choice import Choice
from bptui.tui.keynames import of_character
from bptui.tui.screens.quick import QUICK, Now

# preset, its words, the keys, the preset's key and its value then
NAMED: tuple[tuple[str, str, str, str, Any], ...] = (
    ("xor", "no hidden layer ({)", "{", "network.hidden", ()),
    ("xor", "two hidden units (press ( twice)", "((", "network.hidden", (2,)),
    ("and-or", "η = 0.1 in place of 1 (- three times, then r)", "---r", "training.eta", 0.1),
    ("circle", "two hidden units (press ( twice)", "((", "network.hidden", (2,)),
    ("dead-relu", "elu (A twice)", "AA", "network.activation", "elu"),
    ("digits", "no hidden layer ({)", "{", "network.hidden", ()),
    ("digits", "l2 = 0.01 (P twice)", "PP", "training.l2", 0.01),
    ("gauss", "noise 0.5 (N three times)", "NNN", "data.noise", 0.5),
    ("gauss", "η = 0.5 (+ twice)", "++", "training.eta", 0.5),
    ("iris", "no hidden layer ({)", "{", "network.hidden", ()),
    ("plane", "noise 0.2 (N twice)", "NN", "data.noise", 0.2),
    ("sine", "relu (A)", "A", "network.activation", "relu"),
    ("spiral", "a hidden layer less ({)", "{", "network.hidden", (8,)),
    ("too-large-eta", "r, then - until η is 0.1", "r----", "training.eta", 0.1),
    ("vanishing", "tanh (A)", "A", "network.activation", "tanh"),
    ("vanishing", "relu (A once more)", "AA", "network.activation", "relu"),
    ("vanishing", "{ eight times", "{" * 8, "network.hidden", (6,)),
)


@pytest.mark.parametrize(("name", "words", "keys", "path", "value"), NAMED)
def test_a_key_does_what_the_notes_say(name: str, words: str, keys: str, path: str, value: Any) -> None:
    assert words in " ".join(catalogue.find(name).preset.notes.split())
    session = Session.open(name)
    for key in keys:
        press(session, key)
    assert value_at(session.preset, path) == value


def press(session: Session, character: str) -> None:
    """What the action of that key does to the preset."""
    key = of_character(character)
    action = next(action for action in ACTIONS if key in action.keys)
    if action.command is not None:
        session.do(action.command)
    else:
        batch = len(session.frame().batch_rows)
        session.do(c.SetKeys(QUICK[action.id](Now(session.preset, Choice(), batch))))
