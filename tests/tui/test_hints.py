"""The message line in every state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import fake
import frames

from bptui.session.frame import Frame, State
from bptui.tui.actions import shown_keys
from bptui.tui.remapping import remapped
from bptui.tui.screens.hints import hint


def said(frame: Frame, newcomer: bool = False, **choices: Any) -> str:
    return "".join(text for text, _ in hint(frame, newcomer, **choices))


def test_a_newcomer_is_led_to_the_first_operation_and_one_key_is_filled() -> None:
    frame = replace(fake.frame(blank=True), step=0)
    assert said(frame, newcomer=True).startswith("Press s to do the first operation")
    assert [token for _, token in hint(frame, True)].count("key") == 1


def test_what_s_does_next() -> None:
    assert said(fake.frame(1)) == "s next  a⁽¹⁾ = tanh(z⁽¹⁾)"
    assert said(fake.frame()) == "s next  z⁽¹⁾ = W⁽¹⁾ a⁽⁰⁾ + b⁽¹⁾"
    assert said(fake.frame(10)) == "s next  z⁽¹⁾ = W⁽¹⁾ a⁽⁰⁾ + b⁽¹⁾"


def test_the_first_update_ends_with_a_word() -> None:
    assert said(replace(fake.frame(10), step=1)).startswith("That was one update.")


def test_a_later_start_goes_on_to_what_is_next() -> None:
    assert said(replace(fake.frame(10), step=1), first_start=False).startswith("s next  z⁽¹⁾")


def test_it_names_the_keys_that_the_user_has() -> None:
    actions, _ = remapped({"operation": ["X"], "run": ["ctrl+b"], "update": []})
    keys = shown_keys(actions)
    start = replace(fake.frame(blank=True), step=0)
    assert said(start, True, keys=keys).startswith("Press X to do")
    assert said(start, True, keys=keys).endswith("or Ctrl+B to train.")
    assert said(fake.frame(1), keys=keys).startswith("X next")
    # What has no key is in the palette.
    assert "Ctrl+P does one more" in said(replace(fake.frame(10), step=1), keys=keys)


def test_inside_a_step_it_tells_how_to_look_around_where_there_is_room() -> None:
    told = said(fake.frame(1), roomy=True)
    assert told.startswith("s next  a⁽¹⁾ = tanh(z⁽¹⁾)   ")
    assert told.endswith("   ↑ ↓ unit   [ ] example   Enter the chain of one weight   ")
    assert told.index("↑") == said(fake.frame(7), roomy=True).index("↑") == 52
    assert "unit" not in said(fake.frame(), roomy=True)


def test_after_a_divergence_one_key_is_filled() -> None:
    diverged = replace(fake.frame(), state=State.DIVERGED, history=frames.history([0.5, 0.2, 7.0]))
    assert said(diverged) == "Press g to go back to step 1, the lowest loss, or r for the same start."
    assert [token for _, token in hint(diverged, False)].count("key") == 1
    at_once = replace(diverged, history=frames.history([]))
    assert said(at_once) == "Press r for the same start, - for a smaller η."


def test_each_fits_on_a_narrow_screen() -> None:
    for frame in (
        replace(fake.frame(blank=True), step=0),
        replace(fake.frame(10), step=1),
        replace(fake.frame(), state=State.DIVERGED),
        replace(fake.frame(), state=State.FINISHED, stop_reason="loss ≤ 0.001 at step 1,871"),
    ):
        assert 30 < len(said(frame, newcomer=True, narrow=True)) < 58


def test_in_the_past_it_says_where_and_the_ways_on() -> None:
    past = replace(fake.frame(), step=500, end=1200)
    assert said(past) == "step 500 of 1,200   Esc comes back   space goes on from here   "
    assert said(past, roomy=True).endswith("   a change begins a branch")
    assert "Esc comes back   g stays here   space" in said(replace(past, looking=True))
    assert len(said(replace(past, looking=True, step=123_456, end=234_567), narrow=True)) < 58
    assert said(replace(past, end=500)).startswith("s next")
    assert said(replace(fake.frame(1), step=500, end=1200)).startswith("s next")  # inside a step


def test_running_says_nothing() -> None:
    assert said(fake.frame(state=State.RUNNING)) == ""


def test_a_stop_rule() -> None:
    frame = replace(fake.frame(), state=State.FINISHED, stop_reason="loss ≤ 0.001 at step 1,871")
    assert said(frame) == "stopped: loss ≤ 0.001 at step 1,871. space trains on."


def test_divergence_names_two_ways_on() -> None:
    told = said(replace(fake.frame(), state=State.DIVERGED))
    assert "Press g" in told
    assert "r for the same start" in told
