"""A layer's verdict with the rule behind it and the numbers it was found by, in words."""

from __future__ import annotations

from collections.abc import Sequence

from bptui.explain.numbers import percent, precise
from bptui.nn.health import IDLE_STEP, LARGE_STEP, SETTLED, LayerHealth, Verdict


def of_layer(health: Sequence[LayerHealth], number: int) -> str:
    """vanishing: rms δ 3.1e−7, under 1/1000 of the output's 0.21; number from 1."""
    layer = health[number - 1]
    return f"{layer.verdict.value}: {rule(health, number)}"


def rule(health: Sequence[LayerHealth], number: int) -> str:
    """Why layer `number` (from 1) has its verdict."""
    layer, output = health[number - 1], health[-1]
    ratio = "–" if layer.update_ratio is None else precise(layer.update_ratio, 2)
    delta = f"rms δ {precise(layer.delta_rms, 2)}"
    outputs = f"the output's {precise(output.delta_rms, 2)}"
    match layer.verdict:
        case Verdict.NOT_FINITE:
            return "a weight, gradient, δ or the optimizer's state is inf or nan"
        case Verdict.OFF:
            return "its units are switched off: nothing passes, forward or back"
        case Verdict.EXPLODING:
            return f"{delta}, over 1000 times {outputs}"
        case Verdict.VANISHING:
            return f"{delta}, under 1/1000 of {outputs}"
        case Verdict.DEAD:
            units = "its units that are on" if layer.off else "its units"
            return f"{percent(layer.dead or 0.0)} of {units} have slope 0 for every example"
        case Verdict.SATURATED:
            share = percent(layer.saturated or 0.0)
            slopes = "the slopes of units that are on" if layer.off else "its slopes"
            return f"{share} of {slopes} are under a tenth of the steepest there is"
        case Verdict.LARGE_STEP:
            return f"‖ΔW‖/‖W‖ {ratio} is over {LARGE_STEP}, for three updates in a row"
        case Verdict.IDLE:
            return f"‖ΔW‖/‖W‖ {ratio} is under {precise(IDLE_STEP, 1)}, and the loss is not settled"
        case Verdict.HELD:
            return f"{delta}, {outputs}; its weights and biases stay as they are"
        case Verdict.SETTLED:
            last = precise(output.delta_rms, 2)
            return f"rms δ at the output is {last}, under {SETTLED}: little is left to learn"
        case _:
            if layer is output:
                return f"{delta}; no fault found"
            return f"{delta}, {outputs}; no fault found"
