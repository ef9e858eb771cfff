"""A few hundred random networks; `python tests/nn/random_networks.py 10000` looks at more."""

from __future__ import annotations

import pytest
from random_networks import DEEPEST, Tally, draw, judge

from bptui.nn.activations import ACTIVATIONS, OUTPUTS


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_gradients_agree_with_complex_step(first: int) -> None:
    tally = Tally()
    for seed in range(first, first + 40):
        tally.add(seed, judge(seed))
    assert not tally.failed, str(tally)


def test_the_draw_reaches_everything() -> None:
    problems = [draw(seed) for seed in range(240)]
    depths = {len(p.activations) - 1 for p in problems}
    ends = {(p.activations[-1], p.loss) for p in problems}
    widths = {len(b) for p in problems for b in p.biases} | {len(p.inputs) for p in problems}
    assert depths == set(range(DEEPEST + 1))
    assert {name for p in problems for name in p.activations[:-1]} == set(ACTIVATIONS)
    assert {(o, "mse") for o in OUTPUTS} | {(o, "cross_entropy") for o in ("sigmoid", "softmax")} == ends
    assert {1, 40} <= widths <= set(range(1, 41))
    assert {(p.l1 > 0, p.l2 > 0) for p in problems} == {(a, b) for a in (True, False) for b in (True, False)}
