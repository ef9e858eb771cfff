"""train --save, train FILE.bptui, replay, share, open and --last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bptui.session import store, stored


@pytest.fixture
def file(run, tmp_path: Path) -> str:
    path = str(tmp_path / "run.bptui")
    run("train", "spiral", "--epochs", "20", "--save", path).exits(0)
    return path


def test_a_saved_run_goes_on_as_if_it_had_not_stopped(run, file, tmp_path):
    on = run("train", file, "--epochs", "35", "--json", "--weights", "--save", file).exits(0).document
    straight = run("train", "spiral", "--epochs", "35", "--json", "--weights").exits(0).document
    for key in ("preset", "seed", "steps", "epochs", "stopped", "train", "test", "weights", "biases"):
        assert on[key] == straight[key]
    assert run("train", file, "--epochs", "35", "--json").document["steps"] == on["steps"]


def test_what_changes_a_preset_is_no_word_for_a_run(run, file):
    for option in (("--seed", "2"), ("--eta", "0.5"), ("--set", "training.l2=1"), ("--target", "x")):
        run("train", file, *option).exits(2).says(option[0], "is a saved run, which goes on as it is")


def test_save_says_before_training_what_cannot_be(run, tmp_path):
    run("train", "xor", "--save", "run.txt").exits(2).says("is no .bptui file")
    run("train", "xor", "--save", str(tmp_path / "none" / "a.bptui")).exits(2).says("there is no folder")


def test_a_save_that_fails_after_training_tells_the_result_first(run, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    done = run("train", "xor", "--epochs", "3", "--json", "--save", str(tmp_path / "a.bptui"))
    done.exits(74).says("it cannot be saved: No space left on device")
    assert done.document["steps"] == 3
    assert list(tmp_path.glob("*.bptui")) == []


def test_replay_finds_the_same(run, file):
    run("replay", file).exits(0).prints("trained again: 400 updates on 1 branch", "the same, bit for bit")
    told = run("replay", file, "--json").exits(0).document
    assert (told["same"], told["updates"], told["difference"], told["machine"]) == (True, 400, None, [])


def test_replay_tells_the_first_difference(run, file):
    kept, _ = stored.read(Path(file))
    first, *_ = [c for c in kept.roots[0].past.along(kept.branch.journal) if c.step > 20]
    value = float(first.parameters[0])
    first.parameters[0] = np.nextafter(value, 9)
    store.write(kept, Path(file), overwrite=True)
    other = float(np.nextafter(value, 9))
    words = f"branch 1, step {first.step}: w₁₁⁽¹⁾ is {other!r} in the file, and {value!r} trained again"
    run("replay", file).exits(1).prints(words)
    told = run("replay", file, "--json").exits(1).document["difference"]
    assert (told["step"], told["stored"], told["computed"]) == (first.step, other, value)


def test_replay_tells_another_machine(run, file):
    kept, _ = stored.read(Path(file))
    store.write(kept._replace(made_by={**kept.made_by, "numpy": "1.26.4"}), Path(file), overwrite=True)
    run("replay", file).exits(0).says("note: NumPy is ", ", and was 1.26.4")


def test_a_bad_file_is_one_message(run, file):
    content = Path(file).read_bytes()
    Path(file).write_bytes(content[:-9])
    for verb in ("replay", "share", "train"):
        done = run(verb, file).exits(2).says("it is damaged: its checksum does not hold")
        assert done.err.count("\n") == 1


def test_share_prints_a_line(run, file):
    line = run("share", file).exits(0).out.strip()
    assert line.startswith("bptui1-")
    assert len(line) < 2048
    told = run("share", file, "--json").document
    assert (told["line"], told["step"]) == (line, 400)


def test_open_hands_the_line_to_the_playground(run, file, monkeypatch):
    opened: list[Any] = []
    monkeypatch.setenv("TEXTUAL_DRIVER", "a:b")
    monkeypatch.setattr("bptui.cli.play.open_app", lambda *arguments: opened.append(arguments) or 0)
    line = run("share", file).out.strip()
    run("open", line, "--theme", "light", "--memory", "64").exits(0).says("note: trains 400 updates again")
    [(opened_line, target, looks)] = opened
    assert (opened_line, target, looks.theme, looks.fps, looks.memory) == (line, None, "light", None, 64)
    run("open", line, "--memory", "0").exits(2).says("no whole number of megabytes")
    run("open", line[:-1]).exits(2).says("the line: ")
    assert len(opened) == 1


def test_last_is_the_run_that_was_left_last(run, file, monkeypatch, tmp_path):
    opened: list[Any] = []
    monkeypatch.setenv("TEXTUAL_DRIVER", "a:b")
    monkeypatch.setenv("BPTUI_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr("bptui.cli.play.open_app", lambda *arguments: opened.append(arguments) or 0)
    run("--last").exits(2).says("--last: no run was kept yet")
    (tmp_path / "runs").mkdir()
    Path(file).rename(tmp_path / "runs" / "last.bptui")
    run("--last").exits(0)
    [(source, target, looks)] = opened
    assert (source, target, looks.memory) == (str(tmp_path / "runs" / "last.bptui"), None, 256)
    monkeypatch.undo()
    monkeypatch.setenv("TEXTUAL_DRIVER", "a:b")
    run(str(tmp_path / "runs" / "last.bptui"), "--target", "x").exits(2).says(
        "--target: it is for data files"
    )
    run("xor", "--last").exits(2).says("Give one of them")


def test_a_saved_run_is_one_json_in_a_zip(file):
    import zipfile

    with zipfile.ZipFile(file) as members:
        manifest = json.loads(members.read("manifest.json"))
        assert manifest["format"] == 1
        assert set(members.namelist()) == {"manifest.json", *manifest["members"]}
        assert np.load(members.open("float64.npy"), allow_pickle=False).ndim == 1
