"""Which rows are kept back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.data.split import split
from bptui.errors import ActionableError


def test_no_test_part_draws_nothing() -> None:
    rng, untouched = np.random.default_rng(1), np.random.default_rng(1)
    train, test = split(5, 0.0, rng)
    assert train.tolist() == [0, 1, 2, 3, 4]
    assert test.tolist() == []
    assert rng.random() == untouched.random()


@given(st.integers(2, 200), st.floats(0.01, 0.99), st.integers(0, 9))
def test_every_row_is_in_one_part(n: int, fraction: float, seed: int) -> None:
    count = round(n * fraction)
    if not 0 < count < n:
        with pytest.raises(ActionableError, match="part empty"):
            split(n, fraction, np.random.default_rng(seed))
        return
    train, test = split(n, fraction, np.random.default_rng(seed))
    assert len(test) == count
    assert sorted([*train, *test]) == list(range(n))
    assert (np.diff(train) > 0).all()
    assert (np.diff(test) > 0).all()


def test_the_same_state_gives_the_same_parts_and_another_other_ones() -> None:
    parts = [split(100, 0.2, np.random.default_rng(seed))[1].tolist() for seed in (0, 0, 1)]
    assert parts[0] == parts[1] != parts[2]


@pytest.mark.parametrize(
    ("n", "fraction", "message"),
    [
        (150, 0.001, "test_fraction: 0.001 of 150 rows leaves the test part empty"),
        (4, 0.9, "test_fraction: 0.9 of 4 rows leaves the training part empty"),
        (4, 1.0, "test_fraction: 1.0 is not a share of the rows"),
        (4, -0.1, "test_fraction: -0.1 is not a share of the rows"),
        (4, float("nan"), "test_fraction: nan is not a share of the rows"),
    ],
)
def test_parts_that_cannot_be(n: int, fraction: float, message: str) -> None:
    with pytest.raises(ActionableError, match=message):
        split(n, fraction, np.random.default_rng(0))
