"""A run as a line of text: it is trained again to the same bits, and what is not whole is refused."""

from __future__ import annotations

import re

import numpy as np
import pytest
from experiments import adam_cloud, assert_same, at_step, cloud, done, keys, session, xor
from test_store import own_data, played

from bptui.errors import ActionableError
from bptui.experiment import catalogue
from bptui.session import commands as c
from bptui.session import share
from bptui.session.frame import State
from bptui.session.session import Session


def shared(made: Session) -> str:
    return share.line(made.snapshot())


def test_a_line_is_trained_again_to_the_same_bits():
    made = at_step(6, session(adam_cloud()))
    done(made, c.SetEta(0.03), c.StepUpdate(), c.SetWeight(2, 1, None, 0.25), c.SwitchUnit(1, 2, True))
    done(made, c.StepUpdate(), c.HoldLayer(3, True), keys(optimizer="rmsprop", beta1=None, batch_size="all"))
    at_step(5, made)
    done(made, c.StepOperation(), c.StepOperation())
    again = Session.open(shared(made))
    assert_same(again.trainer, made.trainer)
    assert again.state is State.STEPPING
    assert (again.trainer.position, again.speed) == (2, made.speed)
    assert again.journal.entries == made.journal.entries
    assert again.experiment.title == "Cloud"
    assert_same(at_step(9, again).trainer, at_step(9, made).trainer)


def test_of_several_branches_it_is_the_one_in_hand():
    made = played()
    again = Session.open(shared(made))
    assert_same(again.trainer, made.trainer)
    assert len(again.branches()) == 1


@pytest.mark.parametrize("name", [entry.name for entry in catalogue.builtin()])
def test_every_preset_has_room_in_a_line(name):
    made = Session.open(name)
    at_step(1, made)
    for turn in range(20):
        done(made, c.SetEta(0.01 * (turn + 1) / 3), c.StepUpdate())
    line = shared(made)
    assert len(line) <= 2048
    assert re.fullmatch(r"[A-Za-z0-9_-]+", line)
    assert_same(Session.open(line).trainer, made.trainer)


def test_a_hundred_changes_have_room():
    made = at_step(1, session(cloud()))
    dice = np.random.default_rng(1)
    for _ in range(100):
        done(made, c.SetEta(float(dice.choice([0.1, 0.2, 0.5, 1.0]))), c.StepUpdate())
    assert len(shared(made)) < 1200


def test_what_is_too_much_for_a_line_is_refused():
    made = session(cloud())
    for turn in range(200):
        done(made, c.SetWeight(1, turn % 6, turn % 2, float(np.sin(turn))), c.StepUpdate())
    with pytest.raises(ActionableError, match=r"^share: it would be a line of [0-9,]+ characters, and 2,048"):
        shared(made)


def test_own_data_are_refused(tmp_path):
    with pytest.raises(ActionableError, match=r"data of its own, mine\.csv.*Save the run and send the file"):
        shared(own_data(tmp_path))


def test_a_line_with_another_letter_or_end_is_refused():
    line = shared(at_step(3, session(xor())))
    start = len(share.BEGINNING)
    for at in range(start, len(line)):
        other = "A" if line[at] != "A" else "B"
        with pytest.raises(ActionableError, match=r"^the line: "):
            share.read(line[:at] + other + line[at + 1 :])
        with pytest.raises(ActionableError, match=r"^the line: "):
            share.read(line[:at])
    assert share.read(f" {line}\n").place.step == 3


def test_of_another_format():
    with pytest.raises(ActionableError, match="its format is 2; this bptui reads 1"):
        Session.open("bptui2-abc")


def test_what_is_no_line():
    with pytest.raises(ActionableError, match=r"no shared run\. `bptui share FILE` writes one"):
        share.read("xor")
    assert not share.is_line("xor")
    assert share.is_line(shared(session(xor())))


def forged(**changes: object) -> str:
    """A line whose checksum holds."""
    import base64
    import json
    import zlib

    told = share._told(at_step(3, session(xor())).snapshot()) | changes
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(json.dumps(told).encode()) + packer.flush()
    return share.BEGINNING + base64.urlsafe_b64encode(share._check(packed) + packed).decode().rstrip("=")


@pytest.mark.parametrize(
    "lie",
    [
        {"e": [-1, 0, 0]},
        {"e": [3, 99999999999999999, 0]},
        {"j": [[2, "eta", -1]]},
        {"j": [[-2, "eta", 1]]},
        {"p": "[data]\nsource = 'nothing'"},
        {"s": "1"},
        {"v": "fast"},
        {"n": 5},
        {"f": {}},
    ],
    ids=str,
)
def test_a_line_that_lies_is_refused(lie):
    with pytest.raises(ActionableError, match=r"^the line: "):
        share.read(forged(**lie))


def test_a_place_that_no_step_has_is_refused():
    with pytest.raises(ActionableError, match=r"^operation 99: a step of this network has"):
        Session.open(forged(e=[3, 99, 0]))
