"""The examples that are wrong or cost most, compared with their table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from frames import Array, frame, output, xor_output

from bptui.session.frame import OutputFrame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.output import ERRORS, TEST, TEST_ERRORS, draw_output, views_of
from bptui.tui.drawing.palette import DARK

FLOWERS = np.array([[3, 0, 0], [0, 3, 0], [0, -3, 0], [-1, 0, 9.0], [2.5, 0, 1]])
TRUTH = np.eye(3)[[0, 1, 2, 1, 2]]


def shares(raw: Array) -> Array:
    power = np.exp(raw - raw.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


def flowers(**changes: object) -> OutputFrame:
    names = ("setosa", "versicolor", "virginica")
    raw = np.concatenate([FLOWERS, FLOWERS[:, :1]], axis=1)
    made = output(raw, TRUTH, lambda q: shares(q[:, :3]), classes=names)
    losses = -np.log((made.predictions * TRUTH).sum(axis=1))
    return replace(replace(made, losses=losses), **changes)


def drawn(out: OutputFrame, width: int = 63, height: int = 9, what: str = ERRORS) -> Canvas:
    return draw_output(frame(output=out), width, height, DARK, Choice(example=2), what=what)


def test_wrong_ones_come_first_and_each_kind_by_its_loss() -> None:
    assert drawn(flowers()).lines() == [
        "Output · errors ───────────── 3 of 5 wrong · largest loss first",
        "   #          is        says  ŷ of what it is      loss",
        "   4  versicolor   virginica          1.23e−4    9.0002 ✕",
        "   5   virginica      setosa           0.1710    1.7664 ✕",
        "▸  3   virginica      setosa           0.4879    0.7177 ✕",
        "   1      setosa      setosa           0.9094    0.0949 ✓",
        "   2  versicolor  versicolor           0.9094    0.0949 ✓",
        "",
        "",
    ]


def test_the_chosen_example_is_always_among_those_that_fit() -> None:
    lines = drawn(flowers(losses=np.array([1.0, 2, 0, 3, 4])), height=5).lines()
    assert [line[:5].strip() for line in lines[2:]] == ["5", "▸  3", "… 3"]


def test_one_output_tells_its_answer() -> None:
    out = replace(xor_output(), losses=np.array([0.06, 0.14, 0.17, 0.23]))
    lines = drawn(out).lines()
    assert lines[1] == "   #    is  says        ŷ      loss"
    assert lines[2] == "   4     0     0   0.2078    0.2300 ✓"
    assert lines[5].startswith("   1")


def test_numbers_tell_how_far_off_they_are() -> None:
    raw = np.array([[1.0, 0, 0], [2, 0, 0], [3, 0, 0]])
    out = output(raw, raw[:, :1], lambda q: q[:, :1] * 0.5, output_names=("price",))
    assert drawn(replace(out, losses=np.array([0.125, 0.5, 1.125]))).lines()[:5] == [
        "Output · errors ─────────────── 3 examples · largest loss first",
        "   #         y         ŷ     ŷ − y      loss",
        "▸  3    3.0000    1.5000   −1.5000    1.1250",
        "   2    2.0000    1.0000   −1.0000    0.5000",
        "   1    1.0000    0.5000   −0.5000    0.1250",
    ]


def test_without_losses_the_largest_error_comes_first() -> None:
    raw = np.array([[1.0, 0, 0], [3, 0, 0], [2, 0, 0]])
    lines = drawn(output(raw, raw[:, :1], lambda q: q[:, :1] * 0.5)).lines()
    assert [line[3] for line in lines[2:5]] == ["2", "3", "1"]
    assert lines[2].endswith("–")


def test_several_yes_or_no_outputs_tell_how_many_are_wrong() -> None:
    raw = np.array([[1.0, -1, 1], [1, 1, 1]])
    out = output(
        raw,
        raw[:, :2] > 0,
        lambda q: np.ones((len(q), 2)),
        classes=("0", "1", "2"),
        output_names=("a", "b"),
        right=np.array([False, True]),
    )
    assert drawn(out).lines()[2].split() == ["1", "1", "of", "2", "–", "✕"]


def digits(right: Array) -> OutputFrame:
    raw = np.arange(5 * 64, dtype=float).reshape(5, 64) % 17
    says, truth = np.eye(10)[[0, 1, 2, 3, 8]] * 0.8 + 0.02, np.eye(10)[[0, 1, 2, 5, 0]]
    return output(
        raw, truth, lambda q: says[: len(q)], classes=tuple("0123456789"), image=(8, 8), right=right
    )


def test_wrong_images_are_shown_over_the_whole_panel() -> None:
    lines = drawn(digits(np.array([True] * 3 + [False] * 2)), height=9).lines()
    assert lines[1] == "wrong, surest first"
    assert lines[2] == "▀▀▀▀▀▀▀▀  ▀▀▀▀▀▀▀▀"
    assert lines[6] == "5→3 82 %  0→8 82 %"


def test_where_no_image_is_wrong_those_of_largest_loss_are_listed() -> None:
    assert drawn(digits(np.ones(5, bool))).lines()[1].startswith("   #    is  says")


def test_the_test_part_has_views_of_its_own() -> None:
    test = flowers(part="test", rows=np.arange(100, 105))
    both = replace(flowers(), other=lambda: test)
    assert views_of(frame(output=both))[-2:] == (TEST, TEST_ERRORS)
    assert TEST not in views_of(frame(output=flowers()))
    assert (
        drawn(both, what=TEST).lines()[0] == "Output · test part ─────────────────── confusion, test part (5)"
    )
    errors = drawn(both, what=TEST_ERRORS).lines()
    assert errors[0].startswith("Output · errors of the test part ──")
    assert errors[2].split()[0] == "104"
    assert "▸" not in "".join(errors)


@pytest.mark.parametrize("width", [0, 1, 3, 8, 12, 20, 33, 140])
@pytest.mark.parametrize("height", [0, 1, 2, 3, 5, 50])
def test_no_size_is_too_small(width: int, height: int) -> None:
    for out in (flowers(), xor_output(), digits(np.array([False] * 5)), flowers(finite=False)):
        assert len(drawn(out, width, height).lines()) == height
