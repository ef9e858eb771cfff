"""What stands beside each operation of the table: the root mean square of what it writes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bptui import load
from bptui.explain.sizes import size_of
from bptui.nn.sizes import rms
from bptui.session.trainer import Trainer
from bptui.session.view import update_view


def test_sizes_are_those_of_the_arrays_written() -> None:
    trainer = Trainer(load("xor"))
    assert size_of(update_view(trainer), "z¹") is None
    trainer.look_ahead()
    view = update_view(trainer)
    assert size_of(view, "L") == view.loss
    for name, array in {"z¹": trainer.tape.z[0], "δ²": trainer.tape.delta[1]}.items():
        assert size_of(view, name) == pytest.approx(np.sqrt(np.square(array).mean()), rel=1e-12)
    gradients = np.concatenate([g.ravel() for g in trainer.network.grad_blocks])
    assert size_of(view, "W") == pytest.approx(0.5 * np.sqrt(np.square(gradients).mean()), rel=1e-12)


def test_the_size_of_several_arrays_neither_overflows_nor_hides_what_is_not_finite() -> None:
    assert rms(np.full(3, 1e200), np.full(5, 1e200)) == pytest.approx(1e200)
    assert rms(np.array([3.0, 0.0]), np.array([4.0, 0.0])) == pytest.approx(2.5)
    assert math.isnan(rms(np.ones(2), np.array([math.nan])))
    assert rms() == 0.0
