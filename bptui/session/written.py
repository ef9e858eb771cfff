"""Journals, branches and checkpoints as JSON, with their arrays in a pool, and back.

What is read was written by anybody: every value is looked at, and ValueError, KeyError or TypeError tells
that one cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import isfinite, nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.experiment import schema
from bptui.experiment.changes import UPDATE_KEYS
from bptui.nn.optimizers import OPTIMIZERS
from bptui.session.batches import Begin
from bptui.session.branches import End, Stands
from bptui.session.checkpoints import Checkpoint
from bptui.session.commands import Change, HoldLayer, SetEta, SetKeys, SetWeight, SwitchUnit
from bptui.session.frame import Sample
from bptui.session.history import BUCKETS, LEVELS, Curve, Lowest, Tail
from bptui.session.journal import SECTION, Entry, InForce, Journal
from bptui.session.pool import Found, Pool
from bptui.session.rules import RuleState

Json = dict[str, Any]

MOST_STEPS = 2**53  # a larger one is no whole number to most readers of JSON
MOST_SAMPLES = 4096


class Shape(NamedTuple):
    """Of a network: n_0 … n_L and its kind of numbers."""

    sizes: tuple[int, ...]
    dtype: str

    @property
    def parameters(self) -> int:
        return sum(n * (m + 1) for m, n in pairwise(self.sizes))


def whole(value: object, most: int = MOST_STEPS, least: int = 0) -> int:
    """ValueError unless it is a whole number of these."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{str(value)[:40]} is no whole number from {least} to {most}")
    return value


def truth(value: object) -> bool:
    """ValueError unless it is true or false."""
    if type(value) is not bool:
        raise ValueError(f"{str(value)[:40]} is neither true nor false")
    return value


def text(value: object, longest: int) -> str:
    """ValueError unless it is a text of at most so many characters."""
    if type(value) is not str or len(value) > longest:
        raise ValueError(f"{str(value)[:40]} is no text of at most {longest} characters")
    return value


def number(value: object) -> float:
    """ValueError unless it is a finite number."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise ValueError(f"{str(value)[:40]} is no finite number")
    return float(value)


def figure(value: float | None) -> str | None:
    """A float that may be infinite or none, whole."""
    return None if value is None else float(value).hex()


def read_figure(value: object) -> float | None:
    """ValueError where it is neither a figure nor null."""
    return None if value is None else float.fromhex(text(value, 40))


def _rate(value: object) -> float:
    if number(value) <= 0:
        raise ValueError(f"{str(value)[:40]} is no learning rate")
    return number(value)


# ---------------------------------------------------------------- journals


def in_force(now: InForce) -> Json:
    """Only what is not there by default stands beside the keys."""
    told: Json = {"eta": now.eta, "keys": {k: v for k, v in now.keys.items() if v != _default(k)}}
    if now.off:
        told["off"] = [list(unit) for unit in sorted(now.off)]
    if now.held:
        told["held"] = sorted(now.held)
    return told


def read_in_force(told: Json, shape: Shape) -> InForce:
    keys = {name: _default(name) for name in UPDATE_KEYS} | _keys(told["keys"])
    off = frozenset(_unit(layer, unit, shape) for layer, unit in told.get("off", []))
    held = frozenset(_layer(layer, shape) for layer in told.get("held", []))
    return InForce(_rate(told["eta"]), keys, off, held)


def journal(made: Journal) -> list[Any]:
    """Each entry: its step, what it is, its values."""
    return [[entry.step, *_change(entry.command)] for entry in made.entries]


def read_journal(told: list[Any], first: InForce, shape: Shape) -> Journal:
    entries = [Entry(whole(step), _read_change(kind, values, shape)) for step, kind, *values in told]
    if any(one.step > other.step for one, other in pairwise(entries)):
        raise ValueError("the changes of a journal are not in the order of their steps")
    return Journal(first, entries)


def _change(command: Change) -> list[Any]:
    match command:
        case SetEta(value):
            return ["eta", value]
        case SetKeys(changes):
            return ["keys", {path.removeprefix(SECTION): value for path, value in changes}]
        case SetWeight(layer, unit, source, value):
            return ["weight", layer, unit, source, value]
        case SwitchUnit(layer, unit, off):
            return ["unit", layer, unit, off]
        case HoldLayer(layer, held):
            return ["layer", layer, held]


def _read_change(kind: object, values: list[Any], shape: Shape) -> Change:
    if kind == "eta":
        (value,) = values
        return SetEta(_rate(value))
    if kind == "keys":
        (keys,) = values
        return SetKeys(tuple((SECTION + name, value) for name, value in _keys(keys).items()))
    if kind == "weight":
        return _read_weight(values, shape)
    if kind == "unit":
        layer, unit, off = values
        return SwitchUnit(*_unit(layer, unit, shape), truth(off))
    if kind == "layer":
        layer, held = values
        return HoldLayer(_layer(layer, shape), truth(held))
    raise ValueError(f"{str(kind)[:40]!a} is no change")


def _read_weight(values: list[Any], shape: Shape) -> SetWeight:
    layer, unit, source, value = values
    into = _layer(layer, shape)
    row = whole(unit, shape.sizes[into] - 1)
    column = None if source is None else whole(source, shape.sizes[into - 1] - 1)
    return SetWeight(into, row, column, number(value))


def _default(name: str) -> Any:
    key = schema.declared(SECTION + name)
    assert key is not None
    return key.default


def _keys(told: Json) -> Json:
    """By the rules that files are read by; None is a key that is not given."""
    found = {}
    for name, value in told.items():
        key = schema.declared(SECTION + name)
        if name not in UPDATE_KEYS or key is None:
            raise ValueError(f"{name[:40]!a} is no key that changes in a run")
        found[name] = None if value is None and key.default is None else key.kind.read(value)
    return found


def _layer(layer: object, shape: Shape) -> int:
    return whole(layer, len(shape.sizes) - 1, 1)


def _unit(layer: object, unit: object, shape: Shape) -> tuple[int, int]:
    hidden = whole(layer, len(shape.sizes) - 2, 1)
    return hidden, whole(unit, shape.sizes[hidden] - 1)


# ---------------------------------------------------------------- how a branch stands


def stands(now: Stands) -> list[Any]:
    return [now.rules, now.stop_reason, now.stepping]


def read_stands(told: list[Any]) -> Stands:
    rules, reason, stepping = told
    return Stands(truth(rules), text(reason, 200), truth(stepping))


def end(branch_end: End) -> list[Any]:
    return [branch_end.step, branch_end.position, branch_end.diverged, stands(branch_end.stands)]


def read_end(told: list[Any]) -> End:
    step, position, diverged, stood = told
    return End(whole(step), whole(position, 10_000), truth(diverged), read_stands(stood))


# ---------------------------------------------------------------- what has arrays


def checkpoint(made: Checkpoint, pool: Pool) -> Json:
    lowest = made.tail.lowest
    numbers = (
        made.eta,
        made.epoch_sum,
        made.rules.best,
        made.tail.final,
        nan if lowest is None else lowest.value,
    )
    return {
        "step": made.step,
        "t": made.t,
        "since": made.rules.since,
        "begun": list(made.begun),
        "level": made.tail.first_level,
        "lowest": None if lowest is None else lowest.update,
        "numbers": pool.put(np.array(numbers, np.float64)),
        "bounds": pool.put(made.tail.bounds),
        "parameters": pool.put(made.parameters),
        "moments": [pool.put(moment) for moment in made.moments],
    }


def read_checkpoint(told: Json, found: Found, way: Journal, shape: Shape) -> Checkpoint:
    """way: the journal of the branch, by which its optimizer is known."""
    step, count = whole(told["step"]), shape.parameters
    level = whole(told["level"], LEVELS - 1)
    eta, epoch_sum, best, final, low = found.array(told["numbers"], "float64", 5).tolist()
    lowest = None if told["lowest"] is None else Lowest(whole(told["lowest"], step, 1), low)
    moments = tuple(found.array(place, shape.dtype, count) for place in told["moments"])
    return Checkpoint(
        step,
        found.array(told["parameters"], shape.dtype, count),
        moments,
        whole(told["t"]),
        _rate(eta),
        epoch_sum,
        RuleState(best, whole(told["since"])),
        Tail(step, level, found.array(told["bounds"], "float64", LEVELS - level, 2), final, lowest),
        Begin(*(whole(number) for number in told["begun"])),
    )


def moments_of(now: InForce) -> int:
    """How many vectors the optimizer in force has for its state."""
    return len(OPTIMIZERS[now.keys["optimizer"]].moment_names)


def curve(made: Curve | None, pool: Pool) -> Json | None:
    if made is None:
        return None
    lowest = made.lowest
    numbers = np.array([made.last, nan if lowest is None else lowest.value, *made.open])
    return {
        "stride": made.stride,
        "length": made.length,
        "lowest": None if lowest is None else lowest.update,
        "numbers": pool.put(numbers),
        "buckets": pool.put(made.closed),
    }


def read_curve(told: Json | None, found: Found) -> Curve | None:
    if told is None:
        return None
    stride, length = whole(told["stride"], 2**LEVELS, 1), whole(told["length"])
    if stride & (stride - 1) or length // stride >= BUCKETS:
        raise ValueError("a curve has more buckets than there are")
    last, low, *bounds = found.array(told["numbers"], "float64", 4).tolist()
    lowest = None if told["lowest"] is None else Lowest(whole(told["lowest"], length, 1), low)
    closed = found.array(told["buckets"], "float64", 3, length // stride)
    return Curve(closed, stride, length, np.array(bounds), last, lowest)


def samples(made: Iterable[Sample], pool: Pool) -> list[int]:
    """(n, 4) with NaN where there is no such measure."""
    rows = [[nan if value is None else float(value) for value in sample] for sample in made]
    return pool.put(np.array(rows, np.float64).reshape(-1, 4))


def read_samples(told: list[int], found: Found) -> tuple[Sample, ...]:
    rows = whole(told[2], MOST_SAMPLES)
    array: NDArray[np.float64] = found.array(told, "float64", rows, 4)
    steps = [whole(int(step)) for step in array[:, 0].tolist()]
    if steps != sorted(set(steps)):
        raise ValueError("samples are not in the order of their steps")
    rest = [[None if value != value else value for value in row] for row in array[:, 1:].tolist()]
    return tuple(Sample(step, *row) for step, row in zip(steps, rest, strict=True))
