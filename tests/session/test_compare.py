"""Two branches compared: where they parted, by what, and how far apart their weights are."""

from __future__ import annotations

import numpy as np
import pytest
from experiments import at_step, changed, cloud, done, keys, session, xor

from bptui.errors import ActionableError
from bptui.session import commands as c
from bptui.session.marks import Mark
from bptui.session.session import Session
from bptui.session.trainer import Trainer


def two_ways() -> Session:
    """Branch 1 goes to step 30 with η 0.1 from 20 on; branch 2, in hand, leaves it at 10 with η 2 and goes to
    step 15."""
    made = at_step(20, session(xor()))
    done(made, c.SetEta(0.1))
    at_step(10, made)
    done(made, c.GoTo(10), c.SetEta(2.0))
    return at_step(5, made)


def straight(*changes: tuple[int, float], steps: int) -> Trainer:
    """A run of its own with other learning rates from these steps on."""
    trainer = Trainer(xor())
    for at, eta in changes:
        trainer.run(steps=at, rules=False)
        trainer.eta = eta
    trainer.run(steps=steps, rules=False)
    return trainer


def test_the_changes_that_separate_them_begin_where_they_parted() -> None:
    found = two_ways().compare(1, 2)
    assert found.parted == 10
    assert found.one.changes == (Mark(20, "η 0.1"),)
    assert found.other.changes == (Mark(10, "η 2"),)
    assert (found.one.branch.step, found.other.branch.step) == (30, 15)
    assert (found.beginning, found.obstacle) == ("", "")


def test_weights_are_those_of_straight_runs_to_the_ends() -> None:
    found = two_ways().compare(1, 2)
    one, other = straight((20, 0.1), steps=30).network, straight((10, 2.0), steps=15).network
    for layer, told in enumerate(found.layers):
        away = one.weights[layer] - other.weights[layer]
        assert told.layer == layer + 1
        assert told.weights == pytest.approx(np.sqrt((away**2).sum()), rel=1e-14)
        assert told.relative == pytest.approx(
            np.linalg.norm(away) / np.linalg.norm(one.weights[layer]), rel=1e-14
        )
        assert told.other == pytest.approx(np.linalg.norm(other.weights[layer]), rel=1e-14)
        assert told.biases == pytest.approx(
            np.linalg.norm(one.biases[layer] - other.biases[layer]), rel=1e-14
        )


def test_the_other_way_round_is_its_mirror() -> None:
    made = two_ways()
    there, back = made.compare(1, 2), made.compare(2, 1)
    assert (back.one, back.other) == (there.other, there.one)
    assert [layer.weights for layer in back.layers] == [layer.weights for layer in there.layers]


def test_in_the_past_it_is_still_the_end_that_is_compared() -> None:
    made = two_ways()
    before = made.compare(1, 2)
    done(made, c.GoTo(12))
    assert made.compare(1, 2) == before


def test_the_losses_at_the_ends_are_those_of_the_header() -> None:
    made = two_ways()
    found = made.compare(1, 2)
    assert found.other.branch.loss == pytest.approx(made.frame().loss, rel=1e-12)
    done(made, c.Jump(1))
    assert found.one.branch.loss == pytest.approx(made.frame().loss, rel=1e-12)
    assert made.frame().loss != made.trainer.history.last  # that of the update before


def test_the_batch_in_hand_stays_where_a_loss_is_looked_at() -> None:
    made = at_step(3)
    operations = len(made.trainer.tape.operations)
    done(made, *[c.StepOperation()] * operations)  # the last batch of an epoch: the next order is another
    rows = made.frame().batch_rows
    before = rows.tolist()
    made.branches()
    assert rows.tolist() == before


def test_the_curves_are_whole() -> None:
    found = two_ways().compare(1, 2)
    assert [(side.losses[0].first, side.losses[-1].last) for side in (found.one, found.other)] == [
        (1, 30),
        (1, 15),
    ]
    assert found.one.losses[:10] == found.other.losses[:10]


def test_a_branch_that_goes_on_where_the_other_stays_parted_at_its_end() -> None:
    made = two_ways()
    done(made, c.GoTo(12))
    done(made, c.SetEta(1.0))
    found = made.compare(2, 3)
    assert (found.parted, found.one.changes, found.other.changes) == (12, (), (Mark(12, "η 1"),))


def test_another_seed_began_differently() -> None:
    made = two_ways()
    done(made, c.NewSeed())
    found = made.compare(2, 3)
    assert found.parted is None
    assert found.beginning == "η 0.5 → 2; seed 0 → 1"
    assert found.one.changes == (Mark(10, "η 2"),)
    assert len(found.layers) == 2


def test_a_reset_begins_as_the_run_before_it_did() -> None:
    made = at_step(5, session(xor()))
    done(made, c.Reset())
    at_step(3, made)
    assert made.compare(1, 2).parted == 3
    done(made, c.SetEta(0.1))
    at_step(1, made)
    assert made.compare(1, 2).parted == 3


def test_other_switches_at_the_start_are_told() -> None:
    made = at_step(5, session(xor()))
    done(made, c.SwitchUnit(1, 2, True), c.HoldLayer(2, True), c.Reset())
    found = made.compare(1, 2)
    assert found.parted is None
    assert found.beginning == "unit 1.3 off; layer 2 held"


def test_what_was_set_before_the_first_update_separates_too() -> None:
    made = at_step(5, session(xor()))
    done(made, c.GoTo(0), c.SetEta(1.0))
    found = made.compare(1, 2)
    assert (found.parted, found.other.changes) == (0, (Mark(0, "η 1"),))


def test_networks_of_other_shapes_cannot_be_compared() -> None:
    made = at_step(5, session(xor()))
    done(made, c.SetKeys((("network.hidden", [3, 2]),)))
    found = made.compare(1, 2)
    assert found.layers == ()
    assert found.obstacle.startswith("2-4-1 and 2-3-2-1 are networks of different shapes")
    assert found.beginning == "hidden 4 → 3, 2"


def test_float32_is_compared_in_full() -> None:
    made = at_step(4, session(changed(cloud(), ("network.dtype", "float32"))))
    done(made, c.GoTo(2), keys(l2=0.1))
    at_step(2, made)
    found = made.compare(1, 2)
    assert 0 < found.layers[0].weights < found.layers[0].one
    assert found.other.changes == (Mark(2, "l2 0.1"),)


def test_a_number_that_no_branch_has() -> None:
    with pytest.raises(ActionableError, match="none of that number"):
        two_ways().compare(1, 7)
