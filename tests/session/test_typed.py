"""Numbers as people type them."""

from __future__ import annotations

import pytest

from bptui.errors import ActionableError
from bptui.session.typed import parse_step, parse_weight


@pytest.mark.parametrize(
    ("text", "step"), [("0", 0), (" 12 ", 12), ("1,234", 1234), ("1234", 1234), ("007", 7)]
)
def test_a_step(text: str, step: int) -> None:
    assert parse_step(text, 1234) == step


@pytest.mark.parametrize(
    "text", ["", "-1", "1.5", "1e3", "1,23", "12,34", "1235", "٣", "1_0", "+1", "9" * 30]
)
def test_no_step(text: str) -> None:
    with pytest.raises(ActionableError, match="from 0 to 1,234"):
        parse_step(text, 1234)


@pytest.mark.parametrize(("text", "value"), [("0", 0.0), ("−2.5", -2.5), ("-2,5", -2.5), ("1e-3", 1e-3)])
def test_a_weight(text: str, value: float) -> None:
    assert parse_weight(text) == value


@pytest.mark.parametrize("text", ["", "w", "nan", "inf", "1e999", "1_0", "٣"])
def test_no_weight(text: str) -> None:
    with pytest.raises(ActionableError, match="a weight must be a finite number"):
        parse_weight(text)
