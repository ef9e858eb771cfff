"""A preset's keys as they are changed by hand: what a key holds, the value beside it, one that is typed.

Pure functions of a preset. Every value is one that the key's own kind takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bptui.errors import ActionableError
from bptui.experiment import schema
from bptui.experiment.changes import in_force, value_at
from bptui.experiment.kinds import Choice, Either, Flag, Integer, Kind, ListOf, Mismatch, Number
from bptui.experiment.overrides import parse_value
from bptui.experiment.schema import OPTIMIZER_KEYS, DeclaredKey, Preset
from bptui.session.eta import rung_above, rung_below

Pending = Mapping[str, Any]  # values by path; None takes an optional key away

EVEN_STEPS = {"data.noise": 0.05, "data.test_fraction": 0.1, "training.momentum": 0.1, "training.alpha": 0.01}
FIRST_RUNG = 0.001  # from 0 up
DOUBLED = ("training.batch_size", "data.points", "training.epochs", "training.patience")
MOST_BY_ARROW = 100_000


def value_of(preset: Preset, path: str, pending: Pending | None = None) -> Any:
    """What the key holds: what is pending, else what the preset says, else what then holds."""
    pending = pending or {}
    value = pending[path] if path in pending else value_at(preset, path)
    return _default(preset, _declared(path), pending) if value is None else value


def _declared(path: str) -> DeclaredKey:
    key = schema.declared(path)
    assert key is not None
    return key


def _default(preset: Preset, key: DeclaredKey, pending: Pending) -> Any:
    """That of the optimizer in force for its own keys; None where the data decide."""
    if key.section == "training" and key.name in ("eta", *OPTIMIZER_KEYS):
        optimizer = pending.get("training.optimizer") or preset.training.optimizer
        return in_force({key.name: None, "optimizer": optimizer}, key.name)
    return key.default


def typed(key: DeclaredKey, text: str) -> Any:
    """The value of what was typed; "" is None. ActionableError where the key cannot hold it."""
    if not text:
        return None
    try:
        return key.kind.read(parse_value(key.path, text, key.path))
    except Mismatch as error:
        raise ActionableError(key.path, error.found, f"It must be {key.kind.words()}") from error


def beside(preset: Preset, path: str, step: int, pending: Pending | None = None) -> Any:
    """The next value (step 1) or the one before (−1); the present one where there is none."""
    key = _declared(path)
    now = value_of(preset, path, pending)
    moved = _moved(key.kind, path, now, step)
    try:
        return key.kind.read(moved)
    except Mismatch:
        return now


def _moved(kind: Kind, path: str, now: Any, step: int) -> Any:
    if path == "training.batch_size":
        return _batch(now, step)
    if isinstance(kind, Either):
        kind = next((k for k in kind.kinds if now is not None and k.fits(now)), kind.kinds[0])
    if isinstance(kind, Choice):
        return _cycled(kind.names, now, step)
    if isinstance(kind, Flag):
        return not now
    if isinstance(kind, Integer):
        return _whole(path, now, step)
    if isinstance(kind, Number):
        return _number(path, now, step)
    if isinstance(kind, ListOf) and path == "network.hidden" and now:
        return (*now[:-1], now[-1] + step)
    return now


def _cycled(names: tuple[str, ...], now: Any, step: int) -> str:
    if now not in names:
        return names[0 if step > 0 else -1]
    return names[(names.index(now) + step) % len(names)]


def _batch(now: Any, step: int) -> Any:
    if now == "all":
        return now
    return now * 2 if step > 0 else max(now // 2, 1)


def _whole(path: str, now: Any, step: int) -> Any:
    if now is None:
        return 1
    if path not in DOUBLED:
        return now + step
    return min(now * 2, max(MOST_BY_ARROW, now)) if step > 0 else max(now // 2, 1)


def _number(path: str, now: Any, step: int) -> float:
    if now is None:
        return 0.01
    if path in EVEN_STEPS:
        return round(float(now) + step * EVEN_STEPS[path], 10)
    if now == 0:
        return FIRST_RUNG if step > 0 else 0.0
    if step < 0 and now <= FIRST_RUNG and path not in ("training.eta", "network.init_scale"):
        return 0.0
    return rung_above(float(now)) if step > 0 else rung_below(float(now))
