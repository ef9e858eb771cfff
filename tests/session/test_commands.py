from __future__ import annotations

import pytest

from bptui.session import commands as c


def test_a_command_is_its_values() -> None:
    one = c.SetWeight(1, 2, None, 0.5)
    assert one == c.SetWeight(layer=1, unit=2, source=None, value=0.5)
    assert one != c.SetWeight(1, 2, 0, 0.5)
    assert (one in {c.SetWeight(1, 2, None, 0.5)}, c.Run() == c.Run(), c.Run() == c.Pause()) == (
        True,
        True,
        False,
    )
    assert c.GoTo(3) != c.Look(3)
    assert repr(one) == "SetWeight(layer=1, unit=2, source=None, value=0.5)"
    match one:
        case c.SetWeight(layer, unit, source, value):
            assert (layer, unit, source, value) == (1, 2, None, 0.5)


def test_what_has_a_default_may_be_left_out() -> None:
    assert c.OpenPreset("xor") == c.OpenPreset("xor", None)
    assert c.SavePreset("mine") == c.SavePreset("mine", overwrite=False)


def test_it_stays_as_it_is() -> None:
    with pytest.raises(AttributeError, match="step of a command stays"):
        c.GoTo(3).step = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    ("values", "named"), [((), {}), ((1, 2), {}), ((), {"stop": 1}), ((1,), {"step": 1})]
)
def test_what_it_does_not_have_is_refused(values: tuple[int, ...], named: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="GoTo"):
        c.GoTo(*values, **named)
