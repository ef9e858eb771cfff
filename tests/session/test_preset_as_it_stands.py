"""The preset of an experiment whose keys were changed: what it gives, and what is saved of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from experiments import (
    assert_same,
    at_step,
    cloud,
    keys,
    refused,
    session,
)

from bptui.errors import ActionableError
from bptui.experiment import catalogue
from bptui.experiment.build import build
from bptui.session import commands as c
from bptui.session.session import Session
from bptui.session.trainer import Trainer


def test_the_preset_as_it_stands_gives_this_experiment() -> None:
    made = at_step(3)
    assert made.preset is made.experiment.preset
    made.do(c.EtaUp())
    made.do(c.NewSeed())
    made.do(keys(l2=0.01))
    expected = replace(cloud().preset.training, eta=0.2, seed=1, l2=0.01)
    assert made.preset.training == expected


TABLE = "age,height,kind\n" + "".join(f"{i},{i * i % 7},{'ab'[i % 3 > 0]}\n" for i in range(30))


def test_an_experiment_of_a_data_file_can_be_changed(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(TABLE)
    made = Session.open(str(tmp_path / "people.csv"))
    assert made.do(c.SetKeys((("data.inputs", ["age"]),))) == "inputs default → age: starts anew"
    assert made.frame().sizes[0] == 1
    assert refused(made, ("data.target", "size")).startswith(str(tmp_path / "people.csv"))
    assert made.do(keys(l2=0.1)) == "l2 0 → 0.1 from step 0"


def test_a_preset_beside_its_data_can_be_changed(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(TABLE)
    (tmp_path / "p.toml").write_text('format = 1\n[data]\nsource = "file"\npath = "people.csv"\n')
    made = Session.open(str(tmp_path / "p.toml"))
    made.do(c.SetKeys((("data.scale", "minmax"),)))
    assert made.experiment.preset.data.scale == "minmax"
    assert refused(made, ("data.path", "../people.csv")).startswith("data.path: ")
    made.do(c.SetKeys((("title", None), ("data.test_fraction", 0.5))))
    assert made.experiment.title == "p"


# ---------------------------------------------------------------- saving


def test_a_saved_preset_trains_to_what_a_reset_and_a_run_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BPTUI_PRESETS", str(tmp_path / "own"))
    made = at_step(5, Session(build("gauss"), clock=lambda: 0.0))
    made.do(keys(optimizer="adam", l2=0.01, batch_size=8, epochs=3))
    made.do(c.EtaDown())
    made.do(c.NewSeed())
    assert made.do(c.SavePreset("mine")) == f"saved as mine: {tmp_path / 'own' / 'mine.toml'}"
    assert catalogue.find("mine").preset.training == made.preset.training
    again = Trainer(build("mine"))
    again.run()
    made.do(c.Reset())
    while made.trainer.steps < again.steps:
        made.do(c.StepUpdate())
    assert_same(made.trainer, again)
    with pytest.raises(ActionableError, match="there is a preset called"):
        made.do(c.SavePreset("mine"))
    made.do(c.SavePreset("mine", overwrite=True))


def test_after_saving_over_a_preset_its_run_that_was_left_is_not_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BPTUI_PRESETS", str(tmp_path))
    made = session(build("gauss"))
    made.do(c.SavePreset("mine"))
    made.do(c.OpenPreset("mine"))
    at_step(3, made)
    made.do(c.OpenPreset("xor"))
    made.do(c.SavePreset("mine", overwrite=True))
    made.do(c.OpenPreset("mine"))
    assert (made.trainer.steps, made.experiment.preset.data.source) == (0, "xor")
    at_step(3, made)
    made.do(c.SavePreset("mine", overwrite=True))
    made.do(c.OpenPreset("mine"))
    assert made.trainer.steps == 3
