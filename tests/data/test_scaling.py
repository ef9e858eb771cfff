"""Scaling to a common size, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bptui.data.scaling import KINDS, Scaling
from bptui.errors import ActionableError

COLUMNS = np.array([[1.0, 5.0, -2.0], [3.0, 5.0, 0.0], [5.0, 5.0, 8.0]])
TABLES = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 6), st.integers(1, 3)), elements=st.floats(-1e6, 1e6)
)


def test_standard_has_the_populations_deviation() -> None:
    scaled = Scaling.fit("standard", COLUMNS).apply(COLUMNS)
    np.testing.assert_allclose(scaled[:, 0], np.array([-1, 0, 1]) * np.sqrt(1.5))
    np.testing.assert_allclose(scaled[:, 2].std(), 1)


def test_minmax_reaches_from_0_to_1() -> None:
    scaled = Scaling.fit("minmax", COLUMNS).apply(COLUMNS)
    assert scaled[:, 0].tolist() == [0, 0.5, 1]
    assert scaled[:, 2].tolist() == [0, 0.2, 1]


def test_none_is_the_same_bits_in_an_array_of_its_own() -> None:
    scaling = Scaling.fit("none", COLUMNS)
    assert np.array_equal(scaling.apply(COLUMNS), COLUMNS)
    assert not np.shares_memory(scaling.apply(COLUMNS), COLUMNS)
    assert scaling.constant == ()


@pytest.mark.parametrize("kind", ["standard", "minmax"])
def test_a_constant_column_becomes_0_and_comes_back(kind: str) -> None:
    scaling = Scaling.fit(kind, COLUMNS)
    assert scaling.constant == (1,)
    assert scaling.apply(np.array([[0.0, 7.0, 0.0]]))[0, 1] == 0
    assert scaling.undo(scaling.apply(COLUMNS))[:, 1].tolist() == [5, 5, 5]


def test_the_other_part_is_scaled_as_the_first() -> None:
    assert Scaling.fit("minmax", COLUMNS).apply(np.array([[9.0, 5.0, 18.0]])).tolist() == [[2, 0, 2]]


@pytest.mark.parametrize(
    "column", [[0.1] * 3, [1e-320, 0.0, 2e-320], [1e299, -1e299, 0.0], [1.0, 1.0 + 2**-52, 1.0]]
)
@pytest.mark.parametrize("kind", ["standard", "minmax"])
def test_columns_at_the_edge_of_floats(kind: str, column: list[float]) -> None:
    array = np.array(column)[:, None]
    scaling = Scaling.fit(kind, array)
    scaled = scaling.apply(array)
    assert np.isfinite(scaled).all()
    assert scaling.constant == ((0,) if len(set(column)) == 1 else ())
    np.testing.assert_allclose(scaling.undo(scaled), array, rtol=1e-12)


def test_too_large_to_scale() -> None:
    with pytest.raises(ActionableError, match="column 2 has values beyond 1e\\+300"):
        Scaling.fit("minmax", np.array([[1.0, 1e301]]))


def test_an_unknown_kind() -> None:
    with pytest.raises(ValueError, match="robust"):
        Scaling.fit("robust", COLUMNS)


@given(TABLES, st.sampled_from(KINDS))
def test_undo_takes_back(array: np.ndarray, kind: str) -> None:
    scaling = Scaling.fit(kind, array)
    size = np.abs(array).max() + 1e-300
    np.testing.assert_allclose(scaling.undo(scaling.apply(array)), array, rtol=0, atol=1e-14 * size)
