"""The layout: nothing overlaps, nothing leaves the terminal, the drawings' places are kept."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.geometry import Region

from bptui.tui.screens.places import PARTS, places

SIZES = [(40, 12), (41, 13), (60, 20), (80, 24), (99, 60), (200, 29), (100, 30), (120, 36), (147, 50)]
SIZES += [(148, 40), (160, 48), (220, 70), (400, 120)]
BOTTOM = {"messageline", "etaprompt", "question"}  # one stands in the other's place


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tab", [0, 1, 2])
@pytest.mark.parametrize("depth", [1, 2, 6, 10, 20])
def test_no_overlap(size: tuple[int, int], tab: int, depth: int) -> None:
    found = places(*size, tab, depth).regions
    whole = Region(0, 0, *size)
    for name, region in found.items():
        assert region in whole, name
        assert region.area > 0, name
    for (one, first), (other, second) in combinations(found.items(), 2):
        assert {one, other} <= BOTTOM or not first.overlaps(second), (one, other)


def test_every_part_has_its_place_at_some_size() -> None:
    found = {name for size in SIZES for tab in range(3) for name in places(*size, tab, 2).regions}
    assert found == set(PARTS)


def test_160x48_is_as_drawn() -> None:
    found = places(160, 48, 0, 2).regions
    assert found["network"] == Region(0, 2, 94, 21)
    assert found["tape"] == Region(0, 24, 94, 2)
    assert found["operation"] == Region(0, 27, 94, 19)
    assert found["loss"] == Region(97, 2, 63, 15)
    assert found["output"] == Region(97, 18, 63, 16)
    assert found["gradients"] == Region(97, 35, 63, 11)
    assert found["messageline"].y == 46


def test_rows_that_the_gradients_cannot_use_go_to_the_output() -> None:
    two, six = places(240, 70, 0, 2).regions, places(240, 70, 0, 6).regions
    assert two["gradients"].height == 11
    assert six["gradients"].height == 18
    assert two["output"].height == six["output"].height + 7


def test_two_columns_from_100x30() -> None:
    assert not places(100, 30, 0, 2).tabs
    assert places(99, 30, 0, 2).tabs
    assert places(100, 29, 0, 2).tabs
    assert places(100, 30, 0, 2).regions["network"].width == 64


def test_each_tab_shows_its_panels_and_the_tape() -> None:
    shown = [set(places(80, 24, tab, 2).regions) & PANELS for tab in range(3)]
    assert shown == [
        {"tape", "loss", "output", "gradients"},
        {"tape", "network"},
        {"tape", "operation"},
    ]


PANELS = {"tape", "loss", "output", "gradients", "network", "operation"}


def test_deep_nets_take_rows_for_their_gradients() -> None:
    shallow, deep = (places(160, 48, 0, depth).regions for depth in (2, 10))
    assert deep["gradients"].height > shallow["gradients"].height
    assert deep["loss"] == shallow["loss"]


def test_below_60x20_without_the_output() -> None:
    assert "output" not in places(58, 20, 0, 2).regions
    assert "loss" in places(58, 20, 0, 2).regions


def test_too_small() -> None:
    assert not places(39, 12, 0, 2).regions
    assert not places(40, 11, 0, 2).regions
