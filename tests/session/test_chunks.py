"""How long the stretches between two checkpoints become."""

from __future__ import annotations

import pytest

from bptui.session.chunks import LONGEST, SECONDS, longer


@pytest.mark.parametrize(
    ("chunk", "seconds_each", "then"),
    [
        (1, SECONDS / 10, 2),
        (4, SECONDS / 10, 8),
        (8, SECONDS / 10, 8),  # ten fit, sixteen do not
        (1, SECONDS * 10, 1),
        (1, 0.0, 2),  # too short to be measured
        (LONGEST // 2, 0.0, LONGEST),
        (LONGEST, 0.0, LONGEST),
    ],
)
def test_it_doubles_while_twice_as_many_fit_into_its_time(chunk: int, seconds_each: float, then: int) -> None:
    assert longer(chunk, chunk, chunk * seconds_each) == then
