from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.errors import ActionableError
from bptui.session.eta import HIGHEST, LOWEST, parse_eta, rung_above, rung_below


def test_the_ladder_is_one_two_five() -> None:
    climbed = [0.05]
    while climbed[-1] < 10:
        climbed.append(rung_above(climbed[-1]))
    assert climbed == [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]


@pytest.mark.parametrize(("eta", "above", "below"), [(0.3, 0.5, 0.2), (0.051, 0.1, 0.05), (7.0, 10.0, 5.0)])
def test_from_beside_the_ladder_to_the_next_rung(eta: float, above: float, below: float) -> None:
    assert rung_above(eta) == above
    assert rung_below(eta) == below


def test_the_ends_stay() -> None:
    assert rung_above(HIGHEST) == HIGHEST
    assert rung_below(LOWEST) == LOWEST
    assert rung_above(12_345.0) == 12_345.0
    assert rung_below(12_345.0) == HIGHEST
    assert rung_above(1e-9) == LOWEST


@given(st.floats(LOWEST * 1.01, HIGHEST * 0.99))
def test_up_and_down_move_and_surround(eta: float) -> None:
    assert rung_below(eta) < eta < rung_above(eta)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.05", 0.05), (" 3e-4 ", 3e-4), ("3e−4", 3e-4), ("0,5", 0.5), ("1", 1.0), ("5E2", 500.0), (".5", 0.5)],
)
def test_what_a_person_types_is_read(text: str, value: float) -> None:
    assert parse_eta(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "0", "-1", "−0.5", "nan", "inf", "1e999", "1e-999", "abc", "1_000", "٣", "0.5 0.5", "0x10", "[b]"],
)
def test_what_is_no_rate_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(ActionableError) as told:
        parse_eta(text)
    assert str(told.value) == "η: η must be a number above 0. such as 0.05 or 3e-4"
