"""`bptui picture`: the screen as a file."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET

import pytest

from bptui.session import commands as c
from bptui.session.session import Session


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    """The verb changes the process's own."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


def test_a_text_is_the_screen_after_so_many_updates(run, tmp_path):
    path = tmp_path / "xor.txt"
    run("picture", "xor", "--steps", "140", "--output", str(path)).exits(0)
    rows = path.read_text(encoding="utf-8").splitlines()
    session = Session.open("xor")
    for _ in range(140):
        session.do(c.StepUpdate())
    assert len(rows) == 48
    assert max(map(len, rows)) <= 160
    assert "step 140" in rows[0]
    assert f"{session.frame().loss:.4f}" in rows[0]
    assert "Network" in rows[2]


def test_the_gradients_are_checked_to_the_end_before_it_is_taken(run, tmp_path):
    path = tmp_path / "digits.txt"
    run("picture", "digits", "--steps", "3", "--output", str(path)).exits(0)
    row = next(row for row in path.read_text(encoding="utf-8").splitlines() if "largest relative" in row)
    assert "so far" not in row
    assert "✓" in row


def test_it_may_stand_inside_a_step(run, tmp_path):
    path = tmp_path / "xor.txt"
    run("picture", "xor", "--operation", "8", "--size", "80x24", "--output", str(path)).exits(0)
    text = path.read_text(encoding="utf-8")
    assert "op  8/10" in text
    assert "δ⁽¹⁾" in text
    assert len(text.splitlines()) == 24


@pytest.mark.parametrize(("theme", "ground"), [("dark", "#0f1318"), ("light", "#fbfaf7")])
def test_an_svg_has_the_same_letters_in_the_theme_s_colours(run, tmp_path, theme, ground):
    os.environ["NO_COLOR"] = "1"  # of the terminal, not of the picture
    path, text = tmp_path / "xor.svg", tmp_path / "xor.txt"
    for file in (path, text):
        run("picture", "xor", "--size", "100x30", "--theme", theme, "--output", str(file)).exits(0)
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    written = "".join(e.text or "" for e in root.iter() if e.tag.endswith("}text"))
    told = "".join(text.read_text(encoding="utf-8").split()).replace("▀", "")
    assert written.replace("▀", "") == told
    assert f'fill="{ground}"' in path.read_text(encoding="utf-8")
    assert 'fill="#' in path.read_text(encoding="utf-8").replace(f'fill="{ground}"', "")


def test_a_run_that_diverges_has_its_picture_too(run, tmp_path):
    path = tmp_path / "x.txt"
    run("picture", "too-large-eta", "--steps", "100000", "--output", str(path)).exits(0)
    assert "Diverged" in path.read_text(encoding="utf-8")


def test_json_tells_what_was_written(run, tmp_path):
    path = tmp_path / "x.txt"
    told = run("picture", "xor", "--steps", "3", "--output", str(path), "--json").exits(0).document
    assert told == {"preset": "xor", "step": 3, "output": str(path)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--output", "x.png"), "'x.png' is no .svg or .txt"),
        (("--output", "x.svg", "--size", "30x10"), "no size from 40x12 to 1000x400"),
        (("--output", "x.svg", "--size", "wide"), "such as 160x48"),
        (("--output", "x.svg", "--operation", "11"), "a step of this network has 10 operations"),
        ((), "--output"),
    ],
)
def test_a_mistake_is_told(run, arguments, words):
    run("picture", "xor", *arguments).exits(2).says(words)


def test_what_cannot_be_written_is_told(run, tmp_path):
    run("picture", "xor", "--output", str(tmp_path / "no" / "x.svg")).exits(74).says("could not be written")
