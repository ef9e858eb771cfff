"""A layer that is held: it has its gradient; the update leaves it, and the optimizer's state, alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from tapes import random_network, run, tape_for

from bptui.nn.network import Network
from bptui.nn.operation import Kind
from bptui.nn.optimizers import BLOCK, OPTIMIZERS
from bptui.nn.tape import Penalty, Tape

INPUTS = np.random.default_rng(1).normal(size=(6, 3))
TARGETS = np.eye(4)[[0, 1, 2, 3, 0, 1]]
HELD = [{1}, {2}, {3}, {1, 3}, {1, 2, 3}]


def made(
    optimizer: str, held: set[int], penalty: Penalty, options: Mapping[str, float], steps: int = 2
) -> Tape:
    """A tape over 3-5-4-4 whose layers are held after so many updates in which all moved."""
    network = random_network((3, 5, 4, 4), ("tanh", "gelu", "softmax"))
    before = tape_for(
        network, "cross_entropy", INPUTS, TARGETS, optimizer=optimizer, penalty=penalty, options=options
    )
    for _ in range(steps):
        run(before.calls)
    network.held = frozenset(held)
    tape = tape_for(
        network, "cross_entropy", INPUTS, TARGETS, optimizer=optimizer, penalty=penalty, options=options
    )
    for mine, theirs in zip(tape.optimizer.moments, before.optimizer.moments, strict=True):
        mine[...] = theirs
    tape.optimizer.t = before.optimizer.t
    return tape


def state(tape: Tape, layer: int) -> list[bytes]:
    """Bits of a layer's parameters and of the optimizer's state for them."""
    flats = (tape.network.parameters, *tape.optimizer.moments)
    return [tape.network.layers_of(flat)[layer - 1].tobytes() for flat in flats]


def put_back(tape: Tape, held: set[int]) -> None:
    """One update in which all layers move, then what is held as it was before."""
    flats = (tape.network.parameters, *tape.optimizer.moments)
    before = [flat.copy() for flat in flats]
    run(tape.calls)
    for flat, old in zip(flats, before, strict=True):
        for layer in held:
            tape.network.layers_of(flat)[layer - 1][...] = tape.network.layers_of(old)[layer - 1]


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    ("penalty", "options"), [(Penalty(), {}), (Penalty(0.01, 0.02), {"weight_decay": 0.1})]
)
def test_it_is_an_update_of_all_after_which_what_is_held_is_put_back(
    optimizer: str, held: set[int], penalty: Penalty, options: Mapping[str, float]
) -> None:
    """To the bit, in what is held and in what is not, over several updates."""
    tape, free = made(optimizer, held, penalty, options), made(optimizer, set(), penalty, options)
    still = {layer: state(tape, layer) for layer in held}
    for _ in range(4):
        run(tape.calls)
        put_back(free, held)
    for layer in (1, 2, 3):
        assert state(tape, layer) == state(free, layer)
    assert {layer: state(tape, layer) for layer in held} == still
    assert tape.optimizer.t == free.optimizer.t
    assert tape.read_loss() == free.read_loss()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_others_move(optimizer: str) -> None:
    tape = made(optimizer, {2}, Penalty(), {})
    before = [state(tape, layer) for layer in (1, 2, 3)]
    run(tape.calls)
    assert [state(tape, layer) == old for layer, old in zip((1, 2, 3), before, strict=True)] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "adagrad"])
def test_the_count_of_steps_goes_on(optimizer: str) -> None:
    tape = made(optimizer, {1, 2, 3}, Penalty(), {}, steps=2)
    run(tape.calls)
    assert tape.optimizer.t == 3


def test_its_gradient_is_the_one_it_has_where_it_moves() -> None:
    held, free = made("sgd", {1, 2}, Penalty(0.01, 0.0), {}), made("sgd", set(), Penalty(0.01, 0.0), {})
    for tape in (held, free):
        run([operation.run for operation in tape.operations[: tape.gradients]])
    assert_array_equal(held.network.gradient, free.network.gradient)
    assert held.network.grad_blocks[0].all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_any_prefix_before_the_update_can_run_again_without_changing_a_bit(optimizer: str) -> None:
    plain, rerun = (made(optimizer, {2}, Penalty(0.01, 0.02), {}) for _ in range(2))
    run(plain.calls)
    for length in range(rerun.gradients + 1):
        run([operation.run for operation in rerun.operations[:length]])
    run(rerun.calls)
    assert [state(plain, layer) for layer in (1, 2, 3)] == [state(rerun, layer) for layer in (1, 2, 3)]


@pytest.mark.parametrize("held", [{1}, {2}])
def test_layers_larger_than_a_block(held: set[int]) -> None:
    """300-150-250: 45,150 and 37,750 parameters, both over a block."""
    both = []
    for holds in (held, set[int]()):
        network = random_network((300, 150, 250), ("tanh", "linear"))
        network.held = frozenset(holds)
        rng = np.random.default_rng(7)
        inputs, targets = rng.normal(size=(4, 300)), rng.normal(size=(4, 250))
        both.append(tape_for(network, "mse", inputs, targets, optimizer="adam"))
        assert min(block.size for block in network.blocks) > BLOCK
    run(both[0].calls)
    put_back(both[1], held)
    assert [state(both[0], layer) for layer in (1, 2)] == [state(both[1], layer) for layer in (1, 2)]


def test_where_nothing_is_held_the_update_has_no_call_more() -> None:
    assert len(made("sgd", set(), Penalty(), {}).operations[-1].calls) == 2
    assert len(made("adam", set(), Penalty(), {}).operations[-1].calls) == 14
    assert len(made("adam", {2}, Penalty(), {}).operations[-1].calls) == 27


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_update_says_which(optimizer: str) -> None:
    update = made(optimizer, {1, 3}, Penalty(), {}).operations[-1]
    assert update.kind is Kind.UPDATE
    assert update.equation == f"{OPTIMIZERS[optimizer].equation} (W⁽¹⁾, W⁽³⁾ held)"


def test_it_may_be_held_beside_units_that_are_off() -> None:
    network: Network = random_network((3, 5, 4), ("tanh", "softmax"))
    network.off[0][2], network.held = True, frozenset({2})
    before = network.parameters.copy()
    run(tape_for(network, "cross_entropy", INPUTS, TARGETS).calls)
    changed = network.layers_of(network.parameters != before)
    assert_array_equal(changed[0].any(axis=1), [True, True, False, True, True])
    assert not changed[1].any()
