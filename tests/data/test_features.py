"""Features of two inputs, and what they are called."""

from __future__ import annotations

import numpy as np
import pytest

from bptui.data.features import FEATURES, IDENTITY, expand, feature_names
from bptui.errors import ActionableError


def test_every_feature() -> None:
    expected = [[2.0, 3.0, 4.0, 9.0, 6.0, np.sin(2.0), np.sin(3.0)]]
    np.testing.assert_array_equal(expand(FEATURES, np.array([[2.0, 3.0]])), expected)


def test_features_come_in_the_order_asked_for() -> None:
    assert expand(("x2", "x1"), np.array([[2.0, 3.0]])).tolist() == [[3, 2]]


@pytest.mark.parametrize(("count", "names"), [(1, IDENTITY), (3, IDENTITY), (3, ()), (3, ("x1", "x2", "x3"))])
def test_other_numbers_of_inputs_stay_as_they_are(count: int, names: tuple[str, ...]) -> None:
    raw = np.arange(2.0 * count).reshape(2, count)
    features = expand(names, raw)
    assert np.array_equal(features, raw)
    assert not np.shares_memory(features, raw)


@pytest.mark.parametrize(
    ("names", "count", "message"),
    [
        (
            ("x1", "x1*x3"),
            2,
            'features: there is no feature "x1*x3". Did you mean "x1*x2"? '
            f"The features are {', '.join(FEATURES)}",
        ),
        (("x1", "x1"), 2, 'features: "x1" is named twice. Name it once'),
        ((), 2, f"features: no feature is named. Name some of {', '.join(FEATURES)}"),
        (("x1^2",), 4, "features: there are 4 inputs, and features are made of two. Leave features out"),
        (("x1^2",), 1, "features: there are 1 input, and features are made of two. Leave features out"),
    ],
)
def test_features_that_cannot_be_had(names: tuple[str, ...], count: int, message: str) -> None:
    with pytest.raises(ActionableError) as caught:
        expand(names, np.ones((1, count)))
    assert str(caught.value) == message


def test_squares_beyond_the_largest_number() -> None:
    with pytest.raises(ActionableError, match=r"x2\^2 is beyond the largest number"):
        expand(FEATURES, np.array([[1.0, 1e200]]))


def test_names() -> None:
    names = feature_names(FEATURES, ("x2", "b"))
    assert names == ("x2", "b", "x2^2", "b^2", "x2*b", "sin(x2)", "sin(b)")
    assert feature_names(IDENTITY, ("a", "b", "c")) == ("a", "b", "c")
