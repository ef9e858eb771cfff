"""A run as a file: it goes on where it was left, and a file that is not as it was written is refused."""

from __future__ import annotations

import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from experiments import adam_cloud, assert_same, at_step, changed, done, keys, line, session, slices, xor

from bptui.errors import ActionableError, AlreadyThere
from bptui.session import archive, store, stored
from bptui.session import commands as c
from bptui.session.frame import State
from bptui.session.session import Session


def played() -> Session:
    """One in which every kind of change was made, on four branches, that looks at a step of the past."""
    made = at_step(6, session(adam_cloud()))
    done(made, c.SetEta(0.03), c.StepUpdate(), c.SetWeight(2, 1, None, 0.25), c.SetWeight(1, 0, 1, -2.0))
    done(made, c.StepUpdate(), c.SwitchUnit(1, 2, True), c.StepUpdate(), c.HoldLayer(3, True))
    at_step(5, made)
    done(made, c.GoTo(9), keys(optimizer="momentum", beta1=None, batch_size=4, shuffle=False))
    at_step(7, made)
    done(made, c.NameBranch(2, "with momentum"), c.NewSeed(), c.StepUpdate())
    done(made, c.SetKeys((("network.hidden", [3]), ("network.activation", "relu"))))
    at_step(9, made)
    done(made, keys(l2=0.01), c.StepUpdate(), c.Undo(), c.Faster(), c.Slower())
    done(made, c.Jump(2), c.StepOperation(), c.Look(3))
    return made


def saved(made: Session, path: Path) -> Path:
    store.write(made.snapshot(), path, overwrite=True)
    return path


def opened(path: Path) -> Session:
    return Session.open(str(path), clock=lambda: 0.0)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(played(), tmp_path_factory.mktemp("saved") / "run.bptui")


def refusal(path: Path) -> str:
    with pytest.raises(ActionableError) as caught:
        opened(path)
    assert caught.value.place.startswith(str(path))
    return str(caught.value)


# ---------------------------------------------------------------- as it was left


def test_a_run_goes_on_where_it_was_left(tmp_path):
    made = played()
    again = opened(saved(made, tmp_path / "run.bptui"))
    assert_same(again.trainer, made.trainer)
    assert again.branches() == made.branches()
    assert again.speed == made.speed
    assert again.preset == made.preset
    frame, before = again.frame(), made.frame()
    assert (frame.step, frame.end, frame.looking, frame.state) == (3, before.end, True, State.PAUSED)
    assert (frame.future, frame.marks, frame.samples) == (before.future, before.marks, before.samples)
    for command in (c.ComeBack(), c.Jump(1), c.Jump(4), c.Redo(), c.NewSeed(), c.StepEpoch()):
        assert again.do(command) == made.do(command)
        while made.wants_time:
            made.advance(slices(3))
        while again.wants_time:
            again.advance(slices(3))
        assert_same(again.trainer, made.trainer)
        assert again.trainer.position == made.trainer.position
        assert again.branches() == made.branches()


@pytest.mark.parametrize("operations", [1, 7, 14])
def test_inside_a_step(tmp_path, operations):
    made = at_step(4, session(adam_cloud()))
    done(made, *[c.StepOperation()] * operations)
    again = opened(saved(made, tmp_path / "run.bptui"))
    assert again.state is State.STEPPING
    assert (again.trainer.steps, again.trainer.position) == (made.trainer.steps, made.trainer.position)
    assert_same(again.trainer, made.trainer)


def test_a_run_that_diverged(tmp_path):
    made = session(changed(line(), ("training.eta", 0.6)))
    while not made.trainer.divergence:
        done(made, c.StepUpdate())
    assert made.state is State.DIVERGED
    again = opened(saved(made, tmp_path / "run.bptui"))
    assert again.state is State.DIVERGED
    assert again.trainer.divergence == made.trainer.divergence


def test_a_run_that_a_rule_stopped(tmp_path):
    made = session(changed(xor(), ("training.stop_loss", 0.5)))
    done(made, c.Run())
    while made.wants_time:
        made.advance(slices(3))
    assert made.state is State.FINISHED
    again = opened(saved(made, tmp_path / "run.bptui"))
    assert again.state is State.FINISHED
    assert again.frame().stop_reason == made.frame().stop_reason
    assert again.experiment.stop_loss == 0.5


def test_float32_and_exact_starting_values(tmp_path):
    weights = [[[0.1, -0.2], [0.3, 0.4]], [[0.5, 0.6]]]
    initial = ("network.initial", {"weights": weights, "biases": [[0.1, 0.2], [0.3]]})
    made = at_step(5, session(changed(xor(), ("network.hidden", [2]), ("network.dtype", "float32"), initial)))
    again = opened(saved(made, tmp_path / "run.bptui"))
    assert again.trainer.network.dtype == np.float32
    assert_same(again.trainer, made.trainer)


def test_the_same_run_is_the_same_bytes(tmp_path):
    made = played()
    one, other = saved(made, tmp_path / "1.bptui"), saved(made, tmp_path / "2.bptui")
    assert one.read_bytes() == other.read_bytes()


def test_checkpoints_are_at_most_so_many_bytes_and_ends_come_first(tmp_path, monkeypatch):
    made = at_step(200, session(xor()))
    done(made, c.GoTo(100), c.SetEta(0.25))
    at_step(50, made)
    monkeypatch.setattr(store, "ROOM", 8000)
    kept, _ = stored.read(saved(made, tmp_path / "run.bptui"))
    held = {id(one): one for b in kept.branches for one in kept.roots[b.root].past.along(b.journal)}
    assert sum(one.size for one in held.values()) <= 8000
    before = made.snapshot()
    for one, other in zip(kept.branches, before.branches, strict=True):
        assert one.final.parameters.tobytes() == other.final.parameters.tobytes()
        nearest = [k.roots[0].past.nearest(one.journal, one.end.step - 3).step for k in (kept, before)]
        assert nearest[0] == nearest[1]


def test_what_a_branch_that_is_gone_went_further_is_not_written(tmp_path):
    made = at_step(3000, session(xor()))
    done(made, c.GoTo(10), c.SetEta(0.1), c.StepUpdate(), c.DropBranch(1), c.Undo())
    assert made.frame().end == 10
    kept, _ = stored.read(saved(made, tmp_path / "run.bptui"))
    for branch in kept.branches:
        steps = [one.step for one in kept.roots[0].past.along(branch.journal)]
        assert steps
        assert max(steps) <= branch.end.step
    assert opened(tmp_path / "run.bptui").branches() == made.branches()


# ---------------------------------------------------------------- with its data

TABLE = "a,b,kind\n" + "".join(f"{i % 7},{i % 5},{'xy'[i % 2]}\n" for i in range(40))


def own_data(folder: Path) -> Session:
    path = folder / "mine.csv"
    path.write_text(TABLE, encoding="utf-8")
    return at_step(8, Session.open(str(path), target="kind"))


def test_own_data_are_in_the_file(tmp_path):
    made = own_data(tmp_path)
    path = saved(made, tmp_path / "run.bptui")
    (tmp_path / "mine.csv").unlink()
    again = opened(path)
    assert_same(at_step(3, again).trainer, at_step(3, made).trainer)
    assert again.experiment.notices == made.experiment.notices
    done(again, c.SetKeys((("network.hidden", [2]),)))
    assert len(again.experiment.train) == 40


def test_data_that_changed_meanwhile_are_saved_as_they_were_learned(tmp_path):
    made = own_data(tmp_path)
    (tmp_path / "mine.csv").write_text(TABLE.replace("x", "z"), encoding="utf-8")
    again = opened(saved(made, tmp_path / "run.bptui"))
    assert again.experiment.task == made.experiment.task
    assert_same(again.trainer, made.trainer)


def test_a_preset_of_ones_own_is_saved_from_it_with_its_data(tmp_path, monkeypatch):
    path = saved(own_data(tmp_path), tmp_path / "run.bptui")
    (tmp_path / "mine.csv").unlink()
    monkeypatch.setenv("BPTUI_PRESETS", str(tmp_path / "own"))
    opened(path).do(c.SavePreset("kept"))
    assert (tmp_path / "own" / "kept.csv").read_text(encoding="utf-8") == TABLE
    assert len(Session.open("kept").experiment.train) == 40


def test_built_in_data_are_not_in_the_file_and_must_be_as_they_were(tmp_path, monkeypatch):
    made = at_step(2, Session.open("iris"))
    path = saved(made, tmp_path / "run.bptui")
    with zipfile.ZipFile(path) as members:
        assert not [name for name in members.namelist() if name.startswith("data/")]
    assert_same(opened(path).trainer, made.trainer)
    monkeypatch.setattr(stored, "digest_of_builtin", lambda named: "0" * 64)
    assert "bptui:iris.csv: it is not as it was" in refusal(path)


def test_data_too_large_to_be_kept_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("bptui.experiment.examples.LARGEST_DATA", 100)
    made = own_data(tmp_path)
    with pytest.raises(ActionableError, match=r"^mine\.csv: the data file has more than"):
        store.write(made.snapshot(), tmp_path / "run.bptui")


# ---------------------------------------------------------------- what cannot be written


def test_nothing_is_replaced_unasked(tmp_path):
    path = tmp_path / "run.bptui"
    path.write_text("a letter", encoding="utf-8")
    with pytest.raises(AlreadyThere):
        store.write(session(xor()).snapshot(), path)
    assert path.read_text(encoding="utf-8") == "a letter"


def test_two_apps_with_one_file(tmp_path):
    path = saved(at_step(3), tmp_path / "run.bptui")
    one, other = opened(path), opened(path)
    known = one.file[1]
    assert known == other.file[1]
    store.write(at_step(1, one).snapshot(), path, known=known)
    with pytest.raises(AlreadyThere, match="another bptui has saved into it since"):
        store.write(at_step(2, other).snapshot(), path, known=known)
    assert opened(path).trainer.steps == 4
    assert other.trainer.steps == 5


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, fails):
    path = saved(at_step(3), tmp_path / "run.bptui")
    before, made = path.read_bytes(), at_step(5)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(ActionableError, match=r"cannot be saved: No space left on device\. Make room"):
        store.write(made.snapshot(), path, overwrite=True)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["run.bptui"]
    assert at_step(1, made).trainer.steps == 6


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(ActionableError, match="it cannot be saved: No such file or directory"):
        store.write(at_step(1).snapshot(), tmp_path / "none" / "run.bptui")


# ---------------------------------------------------------------- what cannot be read


def test_a_file_cut_short_is_refused(file, tmp_path):
    content, path = file.read_bytes(), tmp_path / "cut.bptui"
    for hundredth in range(100):
        path.write_bytes(content[: len(content) * hundredth // 100])
        assert "damaged" in refusal(path) or "no run of bptui" in refusal(path)


def test_a_bit_that_turned_is_seen(file, tmp_path):
    content, path, dice = file.read_bytes(), tmp_path / "turned.bptui", random.Random(1)
    for _ in range(100):
        bit = dice.randrange(8 * len(content))
        turned = bytearray(content)
        turned[bit // 8] ^= 1 << bit % 8
        path.write_bytes(turned)
        assert "checksum does not hold" in refusal(path) or "no run of bptui" in refusal(path)


def forged(file: Path, path: Path, change: Callable[[dict[str, bytes]], None], told: bool = True) -> Path:
    """The same with other members, sealed again; told: their digests are those of its manifest."""
    with zipfile.ZipFile(file) as source:
        members = {name: source.read(name) for name in source.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    digests = manifest.pop("members")
    change(members)
    with open(path, "w+b") as out:
        if told:
            format_ = manifest.pop("format")
            assert format_ == 1
            archive.write(out, manifest, {name: _writer(name, content) for name, content in members.items()})
        else:
            with zipfile.ZipFile(out, "w") as made:
                for name, content in members.items():
                    made.writestr(name, content)
                made.writestr("manifest.json", json.dumps({**manifest, "members": digests}))
                made.comment = b"0" * archive.SEAL
            reseal(out)
    return path


def _writer(name: str, content: bytes) -> bytes | archive.Writer:
    return (lambda out: out.write(content) and None) if name.endswith(".npy") else content


def reseal(out) -> None:
    seal = archive._digest(out, out.seek(0, 2) - archive.SEAL)
    out.seek(-archive.SEAL, 2)
    out.write(seal.encode())


def test_a_file_forged_into_itself_is_read(file, tmp_path):
    assert opened(forged(file, tmp_path / "same.bptui", lambda members: None)).trainer.steps == 3


def test_a_member_that_is_missing(file, tmp_path):
    path = forged(file, tmp_path / "run.bptui", lambda m: m.pop("run.json"), told=False)
    assert "run.json is missing" in refusal(path)
    assert "float64.npy" in refusal(forged(file, path, lambda m: m.pop("float64.npy")))


@pytest.mark.parametrize("name", ["../run.json", "/etc/passwd", "data/../../x", "presets/a.toml"])
def test_a_member_that_should_not_be_there(file, tmp_path, name):
    path = forged(file, tmp_path / "run.bptui", lambda m: m.update({name: b""}))
    assert f"'{name}' is no part of a run" in refusal(path)


def test_a_member_that_is_another_than_told(file, tmp_path):
    path = forged(file, tmp_path / "run.bptui", lambda m: m.update({"run.json": b"{}"}), told=False)
    assert "run.json is not what its manifest tells" in refusal(path)


def test_a_member_twice(file, tmp_path):
    path = tmp_path / "run.bptui"
    shutil.copy(file, path)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as made:
        made.writestr("run.json", b"{}")
    with open(path, "r+b") as out:
        reseal(out)
    assert "it holds run.json twice" in refusal(path)


def test_a_newer_format(file, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "FORMAT", 2)
    path = saved(at_step(1), tmp_path / "run.bptui")
    monkeypatch.undo()
    assert "its format is '2'; this bptui reads 1. A newer bptui may read it" in refusal(path)


@pytest.mark.parametrize("shape", ["(99999999999999,)", "(4, 4)", "(-1,)", "(True,)"])
def test_an_array_whose_header_lies(file, tmp_path, shape):
    def lie(members: dict[str, bytes]) -> None:
        header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
        members["float64.npy"] = b"\x93NUMPY\x01\x00\x76\x00" + header.encode() + members["float64.npy"][128:]

    assert "it does not tell a run" in refusal(forged(file, tmp_path / "run.bptui", lie))


def test_no_objects_are_loaded(file, tmp_path):
    def objects(members: dict[str, bytes]) -> None:
        members["float64.npy"] = members["float64.npy"].replace(b"'<f8'", b"'|O' ", 1)

    assert "it does not tell a run" in refusal(forged(file, tmp_path / "run.bptui", objects))


LIES = {
    "a step that is a word": lambda run: run["place"].__setitem__(1, "9"),
    "a step after the end": lambda run: run["place"].__setitem__(1, 10**6),
    "a step that is true": lambda run: run["place"].__setitem__(1, True),
    "a branch that is none": lambda run: run["place"].__setitem__(0, 77),
    "a parent that is itself": lambda run: run["branches"][1].update(parent=2),
    "a number twice": lambda run: run["branches"][1].update(number=1),
    "a root that is none": lambda run: run["branches"][0].update(root=9),
    "a change that is none": lambda run: run["branches"][0]["journal"][0].__setitem__(1, "magic"),
    "an η of 0": lambda run: run["branches"][0]["journal"][0].__setitem__(2, 0),
    "a layer that is none": lambda run: run["branches"][0]["journal"][1].__setitem__(2, 9),
    "changes out of order": lambda run: run["branches"][0]["journal"].reverse(),
    "a key of the network": lambda run: run["branches"][1]["journal"][-1].__setitem__(2, {"hidden": [1]}),
    "a key out of its range": lambda run: run["branches"][1]["journal"][-1].__setitem__(2, {"l2": -1}),
    "an array elsewhere": lambda run: run["branches"][0]["final"]["parameters"].__setitem__(1, 10**12),
    "an array before the file": lambda run: run["branches"][0]["final"]["parameters"].__setitem__(1, -500),
    "an array of another shape": lambda run: run["branches"][0]["final"]["parameters"].__setitem__(2, 3),
    "a moment too few": lambda run: run["branches"][0]["final"]["moments"].pop(),
    "a curve too long": lambda run: run["branches"][0]["curve"].update(length=10**9),
    "a speed that is none": lambda run: run.update(speed="fast"),
    "no branches": lambda run: run.update(branches=[]),
    "nothing": lambda run: run.clear(),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_run_that_cannot_be_is_refused(file, tmp_path, lie):
    def change(members: dict[str, bytes]) -> None:
        run = json.loads(members["run.json"])
        LIES[lie](run)
        members["run.json"] = json.dumps(run).encode()

    assert "it does not tell a run" in refusal(forged(file, tmp_path / "run.bptui", change))


def test_what_is_no_run_at_all(tmp_path):
    path = tmp_path / "run.bptui"
    path.write_text("format = 1", encoding="utf-8")
    assert "this is no run of bptui" in refusal(path)
    path.unlink()
    assert "there is no such file" in refusal(path)
    path.mkdir()
    assert "this is a folder" in refusal(path)
