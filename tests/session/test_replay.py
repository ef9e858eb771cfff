"""A replay trains a run again from nothing: it is the same to the bit, or the first other bit is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from experiments import at_step, changed, done, line, session, xor
from test_store import played

from bptui.session import commands as c
from bptui.session import machine, store, stored
from bptui.session.kept import Snapshot
from bptui.session.replay import parameter_name, replay, updates
from bptui.session.session import Session


def kept_of(made: Session, path: Path) -> Snapshot:
    store.write(made.snapshot(), path, overwrite=True)
    return stored.read(path)[0]


@pytest.fixture
def kept(tmp_path: Path) -> Snapshot:
    return kept_of(played(), tmp_path / "run.bptui")


def test_a_run_of_every_kind_of_change_is_the_same_again(kept):
    told: list[int] = []
    found = replay(kept, told.append)
    assert found.difference is None
    assert found.branches == len(kept.branches) == 4
    assert found.checkpoints >= 10
    assert told[-1] == found.updates == updates(kept)
    assert told == sorted(told)


def test_a_weight_changed_by_one_unit_in_the_last_place_is_caught_at_its_checkpoint(kept, tmp_path):
    branch = kept.branches[0]
    checkpoints = list(kept.roots[0].past.along(branch.journal))
    wrong = checkpoints[len(checkpoints) // 2]
    before = float(wrong.parameters[7])
    wrong.parameters[7] = np.nextafter(before, 9)
    store.write(kept, tmp_path / "forged.bptui")  # whose checksums are right
    found = replay(stored.read(tmp_path / "forged.bptui")[0])
    assert found.difference is not None
    assert (found.difference.branch, found.difference.step) == (1, wrong.step)
    assert (found.difference.what, found.difference.computed) == ("w₃₂⁽¹⁾", before)
    assert found.difference.stored == np.nextafter(before, 9)
    assert found.checkpoints == len(checkpoints) // 2


@pytest.mark.parametrize("number", range(4))
def test_the_end_of_each_branch_is_compared(kept, number):
    end = kept.branches[number].final
    end.parameters[0] = -end.parameters[0]
    found = replay(kept).difference
    assert found is not None
    assert (found.branch, found.step) == (kept.branches[number].number, end.step)
    assert found.stored == -found.computed


def test_the_optimizer_is_compared(kept):
    end = kept.branches[0].final
    end.moments[1][3] += 1e-12
    found = replay(kept).difference
    assert found is not None
    assert "of w₁₂⁽¹⁾" in found.what or "of b₁⁽¹⁾" in found.what or found.what.endswith("⁽¹⁾")
    assert found.what.startswith("v of ")


def test_its_count_and_the_last_loss_are_compared(kept):
    branch = kept.branches[0]
    assert branch.final is not None
    counted = branch._replace(final=branch.final._replace(t=99))
    found = replay(kept._replace(branches=(counted, *kept.branches[1:]))).difference
    assert found is not None
    assert (found.what, found.stored) == ("the optimizer's count t", 99)
    tail = branch.final.tail._replace(final=0.5)
    lost = branch._replace(final=branch.final._replace(tail=tail))
    found = replay(kept._replace(branches=(lost, *kept.branches[1:]))).difference
    assert found is not None
    assert (found.what, found.stored) == ("the last update's loss", 0.5)


def test_a_change_that_is_told_otherwise_is_caught(tmp_path):
    made = at_step(40, session(xor()))
    done(made, c.SetEta(0.25))
    kept = kept_of(at_step(40, made), tmp_path / "run.bptui")
    branch = kept.branches[0]
    journal = branch.journal.recorded(40, c.SetEta(0.26))
    found = replay(kept._replace(branches=(branch._replace(journal=journal),))).difference
    assert found is not None
    assert 40 < found.step <= 80


def test_a_run_that_diverged_is_the_same_again(tmp_path):
    made = session(changed(line(), ("training.eta", 0.6)))
    while not made.trainer.divergence:
        done(made, c.StepUpdate())
    assert replay(kept_of(made, tmp_path / "run.bptui")).difference is None


def test_a_run_that_should_not_diverge(tmp_path):
    made = at_step(300, session(changed(line(), ("training.eta", 0.1))))
    kept = kept_of(made, tmp_path / "run.bptui")
    first = kept.roots[0].first._replace(eta=1e3)
    root = kept.roots[0]._replace(first=first)
    journal = type(kept.branch.journal)(first, ())
    branch = kept.branch._replace(journal=journal)
    alone = root._replace(past=type(root.past)(made._memory))
    found = replay(kept._replace(roots=(alone,), branches=(branch,))).difference
    assert found is not None
    assert (found.what, found.computed) == ("the training diverges here", None)
    assert 0 < found.step < 300


def test_names_of_parameters():
    network = xor().network()
    assert [parameter_name(network, place) for place in (0, 2, 3, 12, 16)] == [
        "w₁₁⁽¹⁾", "b₁⁽¹⁾", "w₂₁⁽¹⁾", "w₁₁⁽²⁾", "b₁⁽²⁾",
    ]  # fmt: skip
    with pytest.raises(IndexError):
        parameter_name(network, 17)


def test_another_machine_is_told():
    then = machine.made_by()
    assert machine.differences(then) == []
    other = machine.differences({**then, "numpy": "1.26.0", "threads": "4"})
    assert [words.split(",")[1] for words in other] == [" and was 1.26.0", " and was 4"]
