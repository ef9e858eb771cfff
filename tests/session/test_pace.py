from __future__ import annotations

from itertools import pairwise

import pytest
from experiments import Clock

from bptui.session.pace import FULL, LADDER, Pace, Speed, named


def started(speed: Speed) -> tuple[Pace, Clock]:
    clock = Clock()
    pace = Pace(speed, clock)
    pace.start()
    return pace, clock


def test_the_first_unit_is_due_at_once() -> None:
    pace, _ = started(Speed(10))
    assert pace.delay() == 0
    assert pace.due() == 1
    assert pace.due() == 0
    assert pace.delay() == pytest.approx(0.1)


def test_units_come_due_at_their_speed() -> None:
    pace, clock = started(Speed(100))
    pace.due()
    clock.now = 0.05
    assert pace.due() == 5


@pytest.mark.parametrize("frame", [0.001, 0.016, 0.1, 0.2])
def test_over_a_while_no_unit_is_lost_or_won(frame: float) -> None:
    pace, clock = started(Speed(1000))
    total = pace.due()
    for i in range(1, 501):
        clock.now = i * frame
        total += pace.due()
    assert abs(total - (1 + 500 * frame * 1000)) <= 1


def test_after_a_long_halt_only_a_burst_is_made_up_for() -> None:
    pace, clock = started(Speed(100))
    pace.due()
    clock.now = 60.0
    assert pace.due() == 25
    assert pace.due() == 0


def test_a_slow_speed_keeps_its_unit_over_a_halt() -> None:
    pace, clock = started(Speed(1, operations=True))
    pace.due()
    clock.now = 0.9
    assert pace.due() == 0
    clock.now = 5.0
    assert pace.due() == 1


def test_what_was_not_done_is_due_again() -> None:
    pace, clock = started(Speed(100))
    pace.due()
    clock.now = 0.1
    assert pace.due() == 10
    pace.put_back(4)
    assert pace.due() == 4


def test_full_speed_never_waits() -> None:
    pace, _ = started(FULL)
    assert pace.delay() == 0


def test_the_ladder_up_and_down() -> None:
    labels = [speed.label for speed in LADDER]
    assert labels == ["1 op/s", "5 op/s", "1/s", "10/s", "100/s", "1,000/s", "full"]
    clock = Clock()
    for below, above in pairwise(LADDER):
        assert Pace(below, clock).faster() == above
        assert Pace(above, clock).slower() == below
    assert Pace(FULL, clock).faster() == FULL
    assert Pace(LADDER[0], clock).slower() == LADDER[0]


def test_a_speed_beside_the_ladder_goes_to_the_next_rung() -> None:
    beside = Pace(Speed(50), Clock())
    assert beside.faster() == Speed(100)
    assert beside.slower() == Speed(10)
    assert Pace(Speed(0.5), Clock()).slower() == Speed(5, operations=True)
    assert Pace(Speed(5000), Clock()).faster() == FULL


@pytest.mark.parametrize(
    ("written", "speed"),
    [
        (100, Speed(100)),
        (0.5, Speed(0.5)),
        ("1,000/s", Speed(1000)),
        ("5 op/s", Speed(5, operations=True)),
        (" Full ", FULL),
    ],
)
def test_a_speed_as_it_is_written(written: object, speed: Speed) -> None:
    assert named(written) == speed


@pytest.mark.parametrize("written", [0, -1, True, None, "fast", "op/s", "1 up/s", float("nan"), 1e300, [1]])
def test_what_is_no_speed(written: object) -> None:
    assert named(written) is None


@pytest.mark.parametrize("speed", [*LADDER, Speed(50), Speed(0.5)])
def test_a_speed_is_read_as_it_is_written(speed: Speed) -> None:
    assert named(speed.value) == speed
