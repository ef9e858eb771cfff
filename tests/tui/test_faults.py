"""A few of the random sequences of benchmarks/faults.py; the script runs as many as are asked for."""

from __future__ import annotations

import sys

import pytest
from test_terminal import loaded

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@pytest.mark.parametrize("seed", range(1000, 1004))
def test_no_sequence_breaks_the_app(seed: int) -> None:
    loaded("pseudo_terminal")
    assert loaded("faults").outside(seed) == []


@pytest.mark.parametrize("seed", range(1000, 1004))
async def test_at_rest_no_panel_contradicts_another(seed: int) -> None:
    loaded("pseudo_terminal")
    assert await loaded("faults").inside(seed, most=10) == []
