"""How numbers are written: the screen's table of examples, and what holds for every float."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.explain import numbers

FORMS = {"s7": (numbers.s7, 7), "s6": (numbers.s6, 6), "s5": (numbers.s5, 5), "u7": (numbers.u7, 7)}
VALUES = (0.0123, -0.9498, 123.456, 98765.4, 4.9e-4, 1.2e-9, 1.1e306, -0.0, math.nan, -math.inf)
TABLE = {
    "s7": ("+0.0123", "−0.9498", "+123.46", "+98765", "+4.9e−4", "+1.2e−9", "+1e306", "0", "nan", "−inf"),
    "s6": ("+0.012", "−0.950", "+123.5", "+98765", "+5e−4", "+1e−9", "+1e306", "0", "nan", "−inf"),
    "s5": ("+0.01", "−0.95", "+123", "+1e5", "+5e−4", "+1e−9", "+e306", "0", "nan", "−inf"),
    "u7": ("0.0123", None, "123.46", "98765", "4.90e−4", "1.20e−9", "1.1e306", "0", "nan", None),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_example_of_the_table(name: str) -> None:
    form, width = FORMS[name]
    for value, written in zip(VALUES, TABLE[name], strict=True):
        if written is not None:
            assert form(value) == written.rjust(width)


@pytest.mark.parametrize("name", FORMS)
@given(x=st.floats(allow_nan=True, allow_infinity=True))
def test_width_and_sign_hold_for_every_float(name: str, x: float) -> None:
    form, width = FORMS[name]
    text = form(x)
    assert len(text) == width
    assert "-" not in text
    bare = text.strip()
    if x == 0 or x != x:
        assert bare in {"0", "nan"}
    elif x < 0:
        assert bare[0] == "−"
    else:
        assert bare[0] == ("+" if name[0] == "s" else bare.lstrip("+")[0])


@pytest.mark.parametrize("name", ["s7", "s6", "u7"])
@given(x=st.floats(min_value=1e-90, max_value=1e90))
def test_what_is_read_back_is_near(name: str, x: float) -> None:
    text = FORMS[name][0](x).strip().lstrip("+").replace("−", "-")
    if "≈" not in text:
        assert float(text) == pytest.approx(x, rel=0.5)


@pytest.mark.parametrize(
    ("x", "written"),
    [
        (9.99996, "+10.000"),
        (999999.7, "+1.00e6"),
        (2.13e7, "+2.13e7"),
        (0.0086, "+0.0086"),
        (-3e-310, "−3e−310"),
    ],
)
def test_roundings_that_change_the_length(x: float, written: str) -> None:
    assert numbers.s7(x) == written


def test_what_no_cell_can_hold() -> None:
    assert numbers.s5(1e-12) == "  +≈0"
    assert numbers.s6(-1e-200) == "   −≈0"


@pytest.mark.parametrize(
    ("x", "written"),
    [
        (0.5, "0.5"),
        (3e-4, "3e−4"),
        (1e-6, "1e−6"),
        (10.0, "10"),
        (0.001, "0.001"),
        (2.5e-5, "2.5e−5"),
        (1e7, "1e7"),
    ],
)
def test_eta_as_it_was_typed(x: float, written: str) -> None:
    assert numbers.plain(x) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_plain_and_whole_lose_no_digit(x: float) -> None:
    assert float(numbers.plain(x).replace("−", "-")) == x
    assert float(numbers.whole(x).replace("−", "-")) == x


def test_shares_and_counts() -> None:
    assert (numbers.share(0.313), numbers.share(0.999), numbers.share(1.0)) == ("31%", "99%", "100%")
    assert (numbers.percent(0.958), numbers.percent(0.0979), numbers.percent(1.0)) == (
        "95.8 %",
        "9.8 %",
        "100 %",
    )
    assert numbers.percent(0.99999) == "99.9 %"
    assert numbers.count(1204) == "1,204"


def test_layers_and_indices() -> None:
    assert (numbers.layer_sup(2), numbers.layer_sup(12), numbers.compact(2)) == ("⁽²⁾", "⁽¹²⁾", "²")
    assert (numbers.sub(3, 1), numbers.sub(13, 27), numbers.sub(13)) == ("₃₁", "₁₃,₂₇", "₁₃")


def test_prose() -> None:
    assert numbers.precise(3.98312e-5) == "3.983e−5"
    assert numbers.precise(0.152673, 5) == "0.15267"
    assert numbers.precise(-1964.2) == "−1964"


@pytest.mark.parametrize(
    ("x", "digits", "written"),
    [
        (0.5, 4, "0.5"),
        (1.0, 4, "1"),
        (0.412533, 4, "0.4125"),
        (0.1 + 0.2, 4, "0.3000"),
        (-9.99996, 4, "−10.00"),
        (12345.678, 4, "1.235e4"),
        (12345.678, 17, "12345.678"),
        (100000.0, 1, "100000"),
        (123456.0, 4, "1.235e5"),
        (2.5e-5, 2, "2.5e−5"),
        (0.1 + 0.2, 17, "0.30000000000000004"),
        (7.0e22, 1, "7e22"),
        (0.0, 1, "0"),
        (math.inf, 4, "inf"),
        (-math.inf, 4, "−inf"),
        (math.nan, 4, "nan"),
    ],
)
def test_significant_digits_and_no_more_than_there_are(x: float, digits: int, written: str) -> None:
    assert numbers.significant(x, digits) == written


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 17))
def test_significant_digits_are_those_of_the_number(x: float, digits: int) -> None:
    read = float(numbers.significant(x, digits).replace("−", "-"))
    assert read == float(f"{x:.{digits - 1}e}")
