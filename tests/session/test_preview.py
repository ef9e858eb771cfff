"""What would be opened, from the real build."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bptui.experiment.build import build
from bptui.session import preview as room
from bptui.session.preview import preview

WINE = "quality,acid,sugar\n3.5,1,2\n2.25,2,3\n7.125,3.5,2.5\n"


@pytest.fixture
def wine(tmp_path: Path) -> str:
    file = tmp_path / "wine.csv"
    file.write_text(WINE)
    return str(file)


def test_examples_are_those_that_train() -> None:
    made, real = preview("spiral"), build("spiral")
    assert np.array_equal(made.inputs, real.train.raw_inputs)
    assert np.array_equal(made.targets, real.train.targets)
    assert (made.sizes, made.parameters, made.examples) == ((2, 8, 8, 1), 105, 200)
    assert (made.classes, made.counts) == (("0", "1"), (100, 100))
    assert made.labels.tolist() == (real.train.targets[:, 0] == 1).astype(int).tolist()
    assert made.error == ""


def test_facts_are_in_words() -> None:
    assert dict(preview("spiral").facts) == {
        "task": "2 classes",
        "examples": "200",
        "loss": "cross-entropy",
        "optimizer": "adam, η 0.02",
        "batch": "10, shuffled",
        "stops at": "loss ≤ 0.05, 1,000 epochs",
    }
    assert dict(preview("moons").facts)["examples"] == "152, and 48 for the test"
    assert dict(preview("and-or").facts)["task"] == "2 answers at once"
    assert dict(preview("xor").facts)["batch"] == "all examples"


def test_both_parts_are_looked_at_in_their_order() -> None:
    made = preview("iris")
    assert made.examples == 150
    assert made.counts == (50, 50, 50)
    assert made.labels.tolist() == [0] * 50 + [1] * 50 + [2] * 50


def test_of_many_examples_a_part_is_kept() -> None:
    made = preview("digits")
    assert made.examples == 1797
    assert made.inputs.shape == (400, 64)
    assert made.image == (8, 8)


def test_numbers_are_in_their_own_unit(wine: str) -> None:
    made = preview(wine, "quality")
    assert made.numbers
    assert made.targets[:, 0] == pytest.approx([3.5, 2.25, 7.125])
    assert made.input_names == ("acid", "sugar")


def test_a_data_file_tells_its_columns_and_which_is_learned(wine: str) -> None:
    assert preview(wine).columns == ("quality", "acid", "sugar")
    assert preview(wine).target == "sugar"
    assert preview(wine, "acid").target == "acid"


def test_a_target_that_cannot_be_leaves_the_columns_to_choose_from(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text("name,acid,sugar\nann,1,2\nbob,2,3\n")
    made = preview(str(file))
    assert 'column "name"' in made.error
    assert made.columns == ("name", "acid", "sugar")


def test_what_is_wrong_is_told_a_line_a_mistake(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('format = 1\n[data]\nsource = "xor"\na = 1\nb = 2\n')
    assert len(preview(str(bad)).error.splitlines()) == 2
    assert "no such file" in preview(str(tmp_path / "gone.csv")).error


def test_a_large_file_is_not_read(wine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LARGEST", 10)
    made = preview(wine)
    assert made.large
    assert made.sizes == ()
    assert made.notices == (f"a large file, {len(WINE)} bytes: Enter opens it",)


def test_a_million_points_are_not_drawn(tmp_path: Path) -> None:
    many = tmp_path / "many.toml"
    many.write_text('format = 1\n[data]\nsource = "circle"\npoints = 1000000\n')
    assert preview(str(many)).large
