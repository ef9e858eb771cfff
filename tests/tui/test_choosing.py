"""Moving the choice."""

from __future__ import annotations

from dataclasses import replace

import fake
import numpy as np

from bptui.tui.drawing.choice import Choice
from bptui.tui.screens.choosing import first_choice, fitted, moved


def test_the_first_choice_is_an_example_with_something_to_show() -> None:
    assert first_choice(fake.frame()) == Choice(example=2, layer=1, unit=0, output_example=2)


def test_arrows_in_the_network() -> None:
    frame, start = fake.frame(), Choice()
    assert moved(start, frame, "network", 0, 1).unit == 1
    assert moved(start, frame, "network", 0, -1).unit == 0
    last = moved(replace(start, unit=3), frame, "network", 1, 0)
    assert (last.layer, last.unit) == (2, 0)
    assert moved(last, frame, "network", 1, 0) == last


def test_arrows_in_the_operation_choose_unit_and_source() -> None:
    frame = fake.frame(1)
    assert moved(Choice(), frame, "operation", 1, 0).source == 1
    assert moved(Choice(source=1), frame, "operation", 1, 0).source == 1
    assert moved(Choice(), frame, "operation", 0, 1).unit == 1


def test_an_example_is_the_same_everywhere() -> None:
    frame = replace(fake.frame(), batch_rows=np.array([3, 1, 0, 2]))
    chosen = moved(Choice(example=0), frame, "output", 0, 1)
    assert (chosen.example, chosen.output_example) == (1, 1)
    assert moved(chosen, frame, "output", 0, 99).output_example == 2


def test_a_smaller_net_takes_the_nearest() -> None:
    old = Choice(example=31, layer=5, unit=60, source=9, output_example=900)
    assert fitted(old, fake.frame()) == Choice(example=3, layer=2, unit=0, source=3, output_example=3)


def test_arrows_in_the_loss_go_from_one_stop_to_the_next() -> None:
    frame, stops = replace(fake.frame(), step=9), (0, 3, 6, 9)
    first = moved(Choice(), frame, "loss", -1, 0, stops)
    assert first.cursor == 6
    assert moved(first, frame, "loss", 1, 0, stops).cursor == 9
    assert moved(replace(first, cursor=4), frame, "loss", 1, 0, stops).cursor == 6
    assert moved(replace(first, cursor=9), frame, "loss", 1, 0, stops).cursor == 9
    assert moved(first, frame, "loss", 0, 1, stops) == first


def test_a_cursor_keeps_to_the_axis() -> None:
    frame = replace(fake.frame(), step=9)
    assert fitted(Choice(cursor=12), frame).cursor == 9
    later = replace(frame, end=11)
    assert fitted(Choice(cursor=12), later).cursor == 11
    assert fitted(Choice(cursor=12), replace(frame, step=0)).cursor is None


def test_other_panels_leave_it() -> None:
    assert moved(Choice(), fake.frame(), "gradients", 1, 0) == Choice()
    assert moved(Choice(), fake.frame(), "loss", 1, 1) == Choice()  # nothing is drawn yet
