"""The quick keys: what people change most, a key each, as changes of the preset's keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bptui.experiment.schema import ACTIVATIONS, Preset
from bptui.session.keys import beside
from bptui.tui.drawing.choice import Choice

Changes = tuple[tuple[str, Any], ...]


class Now(NamedTuple):
    """What is there: the preset as it stands, the choice, the examples in a batch."""

    preset: Preset
    choice: Choice
    batch: int


Quick = Callable[[Now], Changes]

USUAL = ("sigmoid", "tanh", "relu")  # activations: the others follow
PENALTIES = (0.0, 0.001, 0.01, 0.1)
NOISES = (0.0, 0.1, 0.2, 0.5)
TEST_PARTS = (0.0, 0.2, 0.5)
NEW_LAYER = 4  # units, where there is no layer to be like


def _units(step: int) -> Quick:
    def change(now: Now) -> Changes:
        """Of the hidden layer that is chosen, else of the last."""
        hidden = list(now.preset.network.hidden)
        if not hidden:
            return ()
        at = min(now.choice.layer, len(hidden)) - 1
        hidden[at] = max(hidden[at] + step, 1)
        return _hidden(now.preset, tuple(hidden))

    return change


def more_layers(now: Now) -> Changes:
    """One more hidden layer, like the last."""
    hidden = now.preset.network.hidden
    return _hidden(now.preset, (*hidden, hidden[-1] if hidden else NEW_LAYER))


def fewer_layers(now: Now) -> Changes:
    """Without the last hidden layer."""
    return _hidden(now.preset, now.preset.network.hidden[:-1])


def _hidden(preset: Preset, hidden: tuple[int, ...]) -> Changes:
    """With one activation a layer there are as many as layers; exact starting values fit no other network."""
    if hidden == preset.network.hidden:
        return ()
    changes: Changes = (("network.hidden", hidden),)
    each = preset.network.activation
    if isinstance(each, tuple) and len(each) != len(hidden):
        kept = each[: len(hidden)]
        changes += (("network.activation", kept + (kept or ("tanh",))[-1:] * (len(hidden) - len(kept))),)
    return changes if preset.network.initial is None else (*changes, ("network.initial", None))


def activation(now: Now) -> Changes:
    """The next activation of the hidden layers, the usual ones first."""
    names = (*USUAL, *(name for name in ACTIVATIONS if name not in USUAL))
    each = now.preset.network.activation
    first = each if isinstance(each, str) else each[0] if each else names[-1]
    return (("network.activation", names[(names.index(first) + 1) % len(names)]),)


def optimizer(now: Now) -> Changes:
    """The next optimizer, with its own learning rate and coefficients."""
    own = ("eta", "momentum", "alpha", "beta1", "beta2", "eps", "weight_decay", "lr_decay")
    training = now.preset.training
    taken = tuple((f"training.{name}", None) for name in own if getattr(training, name) is not None)
    return (("training.optimizer", beside(now.preset, "training.optimizer", 1)), *taken)


def _batch(step: int) -> Quick:
    def change(now: Now) -> Changes:
        """Twice or half as many; half of all is half of those there are."""
        size = now.preset.training.batch_size
        if isinstance(size, str):
            return () if step > 0 else (("training.batch_size", max(now.batch // 2, 1)),)
        return (("training.batch_size", beside(now.preset, "training.batch_size", step)),)

    return change


def _next_of(path: str, values: tuple[float, ...]) -> Quick:
    section, name = path.split(".")

    def change(now: Now) -> Changes:
        held = getattr(getattr(now.preset, section), name)
        return ((path, next((value for value in values if value > held), values[0])),)

    return change


QUICK: dict[str, Quick] = {
    "more_units": _units(1),
    "fewer_units": _units(-1),
    "more_layers": more_layers,
    "fewer_layers": fewer_layers,
    "activation": activation,
    "optimizer": optimizer,
    "larger_batch": _batch(1),
    "smaller_batch": _batch(-1),
    "penalty": _next_of("training.l2", PENALTIES),
    "noise": _next_of("data.noise", NOISES),
    "test_part": _next_of("data.test_fraction", TEST_PARTS),
}
