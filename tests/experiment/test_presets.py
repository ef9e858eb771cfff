"""The built-in presets are lessons: each is whole, and what its notes promise is run."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from bptui.experiment import catalogue
from bptui.experiment.build import build

ROOT = Path(__file__).parents[2]


def _promises() -> ModuleType:
    spec = importlib.util.spec_from_file_location("promises", ROOT / "benchmarks" / "promises.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["promises"] = module
    spec.loader.exec_module(module)
    return module


promises = _promises()


def test_the_traps_are_those_that_are_meant_to_fail() -> None:
    traps = {name for name in catalogue.LESSONS if catalogue.find(name).preset.trap}
    assert traps == {"symmetry", "vanishing", "dead-relu", "too-large-eta"}


@pytest.mark.parametrize("name", catalogue.LESSONS)
def test_a_lesson_is_whole(name: str) -> None:
    preset = catalogue.find(name).preset
    assert preset.title
    assert preset.summary.endswith(".")
    assert "Try " in preset.notes
    assert "Look " in preset.notes
    assert any(promise.preset == name for promise in promises.PROMISES)


@pytest.mark.parametrize("name", catalogue.LESSONS)
def test_it_can_be_built(name: str) -> None:
    experiment = build(name)
    assert np.isfinite(experiment.network().parameters).all()
    assert experiment.name == name


def test_titles_differ() -> None:
    titles = [entry.title for entry in catalogue.builtin()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("promise", promises.PROMISES, ids=lambda p: f"{p.preset}: {p.words}")
def test_a_promise_stands_in_the_notes(promise: object) -> None:
    notes = " ".join(catalogue.find(promise.preset).preset.notes.split())  # type: ignore[attr-defined]
    assert promise.words in notes  # type: ignore[attr-defined]


LONG = {"digits", "moons", "spiral", "mazur"}  # seconds each with one seed


@pytest.mark.parametrize(
    "promise",
    [p for p in promises.PROMISES if not p.overrides or p.preset not in LONG],
    ids=lambda p: f"{p.preset}: {p.words}",
)
def test_a_promise_is_kept_with_the_preset_s_own_seed(promise: object) -> None:
    assert promise.kept(0)  # type: ignore[attr-defined]
