"""What changes a run from here on: η, any key, a weight by hand, units, layers, a new beginning; and taking
such a change back.

Each function carries out one command on a run and returns what to tell the user.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np

from bptui.errors import ActionableError
from bptui.experiment import changes
from bptui.session import commands as c
from bptui.session import eta as ladder
from bptui.session import running, words
from bptui.session.live import LiveRun
from bptui.session.marks import eta_label, layer_label, unit_label, weight_label
from bptui.session.undo import do_again, take_back


def set_eta(run: LiveRun, command: c.SetEta) -> str:
    """An exact one."""
    return change_eta(run, rate(run, command.value))


def rate(run: LiveRun, value: float) -> float:
    """As it is where the network's numbers can hold it."""
    with np.errstate(all="ignore"):
        held = run.trainer.network.dtype.type(value)
    if not (np.isfinite(held) and held > 0):
        raise ActionableError("η", "η must be a number above 0", "such as 0.05 or 3e-4")
    return float(value)


def eta_up(run: LiveRun, command: c.EtaUp) -> str:
    """A rung of the ladder."""
    return change_eta(run, ladder.rung_above(run.trainer.eta))


def eta_down(run: LiveRun, command: c.EtaDown) -> str:
    """A rung of the ladder."""
    return change_eta(run, ladder.rung_below(run.trainer.eta))


def change_eta(run: LiveRun, value: float) -> str:
    """From the next update on."""
    trainer = run.trainer
    old = trainer.eta
    _make_ready(run)
    run.timeline.record(c.SetEta(value))
    if trainer.eta == old:
        return f"η stays {eta_label(old)[2:]}"
    return f"{eta_label(old)} → {eta_label(value)[2:]} from step {trainer.steps:,}"


def set_keys(run: LiveRun, command: c.SetKeys) -> str:
    """With those of one kind the run goes on, with others it starts anew."""
    before, now = run.trainer.experiment, run.timeline.preset
    found = changes.change(before, now, command.changes)
    told = words.of_keys(before, now, found)
    if all(path == "training.eta" for path, _ in command.changes):
        return change_eta(run, found.experiment.eta)
    if not found.paths:
        return told
    if found.anew:
        running.finish_piece(run)
        run.restart(found.experiment, found.experiment.seed, keep=False)
        return "; ".join((told, *words.new_notices(before, found.experiment)))
    _make_ready(run)
    run.change(found.experiment, set(found.paths))
    return words.from_step(told, found.paths, run.trainer.steps)


def set_weight(run: LiveRun, command: c.SetWeight) -> str:
    """By hand."""
    trainer, network = run.trainer, run.trainer.network
    _check_layer(run, command.layer)
    rows, columns = network.weights[command.layer - 1].shape
    if not 0 <= command.unit < rows or not (command.source is None or 0 <= command.source < columns):
        raise ActionableError("weight", f"layer {command.layer} has {rows} units with {columns} inputs each")
    with np.errstate(all="ignore"):
        held = float(network.dtype.type(command.value))
    if not isfinite(held):
        raise ActionableError("weight", "a weight must be a finite number", "such as 0.5 or -2")
    _make_ready(run)
    run.timeline.record(command)
    return f"{weight_label(command)} from step {trainer.steps:,}"


def switch_unit(run: LiveRun, command: c.SwitchUnit) -> str:
    """Off or on."""
    sizes = run.trainer.network.sizes
    if not 0 < command.layer < len(sizes) - 1:
        raise ActionableError("unit", "only a hidden unit can be switched off")
    if not 0 <= command.unit < sizes[command.layer]:
        raise ActionableError("unit", f"layer {command.layer} has {sizes[command.layer]} units")
    _make_ready(run)
    run.timeline.record(command)
    return f"{unit_label((command.layer, command.unit), command.off)} from step {run.trainer.steps:,}"


def hold_layer(run: LiveRun, command: c.HoldLayer) -> str:
    """Still, or let it learn."""
    _check_layer(run, command.layer)
    _make_ready(run)
    run.timeline.record(command)
    return f"{layer_label(command.layer, command.held)} from step {run.trainer.steps:,}"


def _check_layer(run: LiveRun, layer: int) -> None:
    depth = run.trainer.network.depth
    if not 0 < layer <= depth:
        raise ActionableError(f"layer {layer}", f"the network has layers 1 to {depth}")


def _make_ready(run: LiveRun) -> None:
    """Between two operations, with finite numbers."""
    running.finish_piece(run)
    run.came_from = None
    if run.trainer.divergence:
        run.timeline.go_to(run.trainer.steps)


# ---------------------------------------------------------------- a new beginning


def reset(run: LiveRun, command: c.Reset) -> str:
    """The same starting weights."""
    return _start_again(run, run.trainer.seed, f"reset to seed {run.trainer.seed}")


def new_seed(run: LiveRun, command: c.NewSeed) -> str:
    """The next one."""
    seed = run.trainer.seed + 1 if run.trainer.seed < 2**63 - 1 else 0
    return _start_again(run, seed, f"seed {seed}")


def _start_again(run: LiveRun, seed: int, message: str) -> str:
    running.finish_piece(run)
    run.restart(run.trainer.experiment, seed, keep=True)
    return message


# ---------------------------------------------------------------- taking back


def undo(run: LiveRun, command: c.Undo) -> str:
    """The last change."""
    running.pause_at_once(run)
    mark = take_back(run.timeline)
    run.moved()
    return f"took back {mark.label}: at step {mark.step:,}, before it"


def redo(run: LiveRun, command: c.Redo) -> str:
    """What was taken back last."""
    running.pause_at_once(run)
    place = do_again(run.timeline)
    run.moved()
    return f"done again: at step {place.step:,}"


Alteration = Callable[[LiveRun, Any], str]

ALTERATIONS: dict[type[c.Command], Alteration] = {
    c.SetEta: set_eta,
    c.EtaUp: eta_up,
    c.EtaDown: eta_down,
    c.SetKeys: set_keys,
    c.SetWeight: set_weight,
    c.SwitchUnit: switch_unit,
    c.HoldLayer: hold_layer,
    c.Reset: reset,
    c.NewSeed: new_seed,
    c.Undo: undo,
    c.Redo: redo,
}
