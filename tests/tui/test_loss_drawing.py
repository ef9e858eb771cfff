"""The loss panel, compared with its picture."""

from __future__ import annotations

import math

import pytest
from frames import frame, history

from bptui.session.frame import Mark, State
from bptui.session.history import Column
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.loss import draw_loss
from bptui.tui.drawing.palette import DARK, LIGHT

FALLING = [0.7 * math.exp(-i / 150) + 0.005 for i in range(641)]


def lines(width: int = 63, height: int = 15, **fields: object) -> list[str]:
    return draw_loss(frame(**fields), width, height, DARK, Choice()).lines()


def running(losses: list[float], **fields: object) -> dict[str, object]:
    """The last loss is that of this moment, the others were recorded."""
    made = {"history": history(losses[:-1]), "step": len(losses) - 1, "loss": losses[-1]}
    return made | {"first_loss": losses[0]} | fields


def test_a_falling_loss_is_a_curve_on_a_log_scale_with_what_was_changed() -> None:
    assert lines(**running(FALLING, marks=(Mark(300, "η 0.5"),))) == [
        "Loss ───────────────── log scale · −26 % in the last 64 updates",
        "        ⠑⠢⢄⡀                     ┊η 0.5",
        "   0.5 ╴   ⠈⠑⠢⢄⡀                 ┊",
        "               ⠈⠑⠢⢄⡀             ┊",
        "                   ⠈⠑⠢⢄⡀         ┊",
        "   0.2 ╴               ⠈⠑⠢⢄⡀     ┊",
        "                           ⠈⠑⠢⢄  ┊",
        "   0.1 ╴                       ⠉⠑⠤⣀",
        "                                 ┊ ⠉⠒⠤⣀",
        "  0.05 ╴                         ┊     ⠉⠒⠤⢤⣀",
        "                                 ┊          ⠉⠒⠤⣀",
        "                                 ┊              ⠉⠒⠤⣀⣀",
        "  0.02 ╴                         ┊                   ⠉⠒⠤⣀⣀",
        "                                 ┊                        ⠉⠒⠤⠤⣀",
        "        0                         320                       640",
    ]


def test_before_the_first_update_the_first_batch_has_a_loss() -> None:
    drawn = lines(height=9)
    assert drawn[0] == "Loss " + "─" * 58
    assert drawn[4:6] == ["        No update yet.", "        Loss of the first batch 0.7545"]
    assert [line for line in drawn[1:] if line] == drawn[4:6]


def test_nothing_is_known_of_the_first_batch() -> None:
    assert "Loss of" not in "\n".join(lines(first_loss=None))


def test_a_flat_loss_has_a_linear_scale() -> None:
    drawn = lines(50, 9, **running([0.5, 0.5, 0.5]))
    assert drawn == [
        "Loss ──────────────────────────────── linear scale",
        "0.5001 ╴",
        "",
        "",
        "0.5000 ╴⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒",
        "",
        "",
        "0.4999 ╴",
        "        0                    1                   2",
    ]


def test_one_spike_among_thousands_is_kept() -> None:
    losses = [1.0 + math.exp(-i / 500) for i in range(4001)]
    losses[2000] = 50.0
    drawn = lines(**running(losses))
    column = 8 + (63 - 8) // 2
    assert all(drawn[row][column - 1 : column + 1].strip() for row in range(1, 13))
    assert drawn[8][8 : column - 1].isspace()


def test_marks_near_each_other_share_a_label() -> None:
    marks = (Mark(100, "η 0.5"), Mark(104, "η 1"), Mark(600, "batch 8"))
    first = lines(**running([1.0 - i / 2000 for i in range(641)], marks=marks))
    text = "\n".join(first)
    assert "┊2 changes" in text
    assert "batch 8┊" in text
    assert "η 1" not in text


def test_marks_outside_of_what_was_run_are_left_out() -> None:
    assert "┊" not in "\n".join(lines(**running(FALLING, marks=(Mark(900, "η 1"),))))


def test_a_diverged_run_is_cut_and_ends_in_a_cross() -> None:
    losses = [0.5 * math.exp(-i / 100) + 0.05 for i in range(170)]
    losses += [0.05 * 10 ** (i * i / 40) for i in range(60)] + [math.inf]
    drawn = lines(
        history=history(losses), step=230, first_loss=0.5, state=State.DIVERGED, marks=(Mark(150, "η 1.5"),)
    )
    assert drawn == [
        "Loss ────────────────── log scale · cut at 1e6 × the first loss",
        "                                           ┊η 1.5   ⡎⠉⠉⠉⠉⠉⠉⠉⠉⠉✕",
        "                                           ┊        ⡇",
        "                                           ┊       ⢸",
        " 10000 ╴                                   ┊       ⢸",
        "                                           ┊       ⢸",
        "                                           ┊       ⡎",
        "   100 ╴                                   ┊      ⢀⠇",
        "                                           ┊      ⢸",
        "                                           ┊      ⢸",
        "                                           ┊      ⡎",
        "     1 ╴⣀                                  ┊     ⢰⠁",
        "         ⠉⠉⠉⠉⠉⠉⠉⠉⠑⠒⠒⠒⠒⠒⠒⠒⠒⠢⠤⠤⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀   ⡸",
        "                                           ┊  ⠉⠉⢇⠇",
        "        0                         115                       230",
    ]


@pytest.mark.parametrize("end", [math.inf, math.nan])
def test_what_is_not_finite_ends_the_curve_only(end: float) -> None:
    drawn = lines(history=history([1.0, 0.5, 0.4, end]), step=4, first_loss=1.0)
    assert "✕" in "\n".join(drawn)


def test_a_run_without_one_finite_loss_says_so() -> None:
    assert "Not finite from the first update on." in "\n".join(lines(history=history([math.nan] * 3), step=3))


def test_a_loss_of_exactly_zero_lies_at_the_lower_end() -> None:
    drawn = lines(**running([1.0, 0.1, 0.0, 0.0]))
    assert "log" in drawn[0]
    assert drawn[13].strip()


@pytest.mark.parametrize(
    ("losses", "told"),
    [
        ([1.0] * 91 + [0.79] * 10, "−21 % in the last 10 updates"),
        ([1.0] * 101, "−0.0 % in the last 10 updates"),
        ([1.0] * 91 + [1.021] * 10, "+2.1 % in the last 10 updates"),
    ],
)
def test_the_title_tells_the_change_over_the_last_tenth(losses: list[float], told: str) -> None:
    assert lines(**running(losses))[0].endswith(told)


def test_the_first_loss_is_whole_where_it_is_narrow() -> None:
    for width, told in (
        (63, "Loss of the first batch 0.7545"),
        (26, "First batch's loss 0.7545"),
        (12, "0.7545"),
    ):
        assert told in [line.strip() for line in lines(width, 9, first_loss=0.7545)]


def test_where_it_is_narrow_the_title_shortens() -> None:
    titles = [lines(width, 9, **running(FALLING))[0] for width in (63, 50, 38, 36, 27)]
    notes = [title.split("─ ")[-1] for title in titles]
    assert notes == [
        "log scale · −26 % in the last 64 updates",
        "log · −26 % in the last 64 updates",
        "log · −26 % in 64 updates",
        "log scale",
        "log scale",
    ]
    compact = draw_loss(frame(**running(FALLING)), 46, 9, DARK, Choice(), compact=True).lines()
    assert compact[0].endswith("─ log · −26 % in the last 64 updates")


def test_focus_is_in_the_rule() -> None:
    assert "━" in draw_loss(frame(), 40, 5, DARK, Choice(), focused=True).lines()[0]


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (8, 2), (9, 3), (12, 4), (200, 60)])
def test_no_size_is_too_small(size: tuple[int, int]) -> None:
    canvas = draw_loss(frame(**running(FALLING, marks=(Mark(3, "η 1"),))), *size, LIGHT, Choice())
    assert (canvas.width, canvas.height) == size


def left_behind(**fields: object) -> dict[str, object]:
    """At step 30, on a branch that left another one at step 20, which went on to step 60."""
    rising = [Column(i, i, 0.5 + i / 100, 0.5 + i / 100, 0.5 + i / 100) for i in range(21, 61)]
    made = running([1.0 - i / 50 for i in range(31)], marks=(Mark(20, "η 2"),), left_behind=tuple(rising))
    return made | {"branches": 3, "branch": 2, "end": 30} | fields


def test_the_curve_that_was_left_goes_on_beside_the_own_one() -> None:
    assert lines(**left_behind()) == [
        "Loss · branch 2 of 3 ───────── linear · dim: the branch it left",
        "                          ┊η 2     │                      ⣀⠤⠒⠊",
        "   1.0 ╴⡀                 ┊        │                ⢀⣀⡠⠒⠉⠉",
        "        ⠈⠢⡄               ┊        │            ⣀⠤⠒⠊⠁",
        "          ⠈⠒⢄             ┊        │      ⢀⣀⡠⠒⠉⠉",
        "             ⠉⠒⢄          ┊        │  ⣀⠤⠒⠊⠁",
        "   0.8 ╴        ⠑⢄⡀       ┊     ⢀⣀⡠⠒⠉⠉",
        "                  ⠈⠢⡄     ┊ ⣀⠤⠔⠊⠁  │",
        "                    ⠈⠒⢄   ⠉⠉       │",
        "                       ⠉⠢⣀┊        │",
        "   0.6 ╴                  ⠑⢄⡀      │",
        "                          ┊ ⠈⠢⡄    │",
        "                          ┊   ⠈⠒⢄  │",
        "   0.4 ╴                  ┊      ⠉⠢⡀",
        "        0                       now 30                       60",
    ]


def test_it_is_dim_and_lies_behind() -> None:
    canvas = draw_loss(frame(**left_behind()), 63, 15, DARK, Choice())
    inks = {
        str(segment.style.color.name)
        for strip in canvas.strips()[1:-1]
        for segment in strip
        if segment.style is not None and any(0x2800 <= ord(glyph) < 0x2900 for glyph in segment.text)
    }
    assert inks == {DARK.bright, DARK.dim}


def test_the_title_says_which_branch_it_is_where_there_is_room() -> None:
    assert lines(**left_behind())[0].startswith("Loss · branch 2 of 3 ──")
    assert lines(**left_behind(branch=7))[0].startswith("Loss · branch 7 ──")  # others were dropped
    assert lines(**left_behind(branch_name="calm\x1b[2J"))[0].startswith("Loss · calm\\x1b[2J ──")
    assert lines(30, **left_behind())[0].startswith("Loss ──")
    assert lines(**left_behind(branches=1))[0].startswith("Loss ──")


def test_a_cursor_stands_on_the_own_curve_alone() -> None:
    made = frame(**left_behind())
    drawn = draw_loss(made, 63, 15, DARK, Choice(cursor=55)).lines()
    assert drawn[0].startswith("Loss ──")
    assert "step 30 · loss" in drawn[0]


def test_the_left_one_may_have_diverged() -> None:
    broken = left_behind()
    columns = [*broken["left_behind"], Column(61, 61, math.nan, math.nan, math.nan)]
    assert "✕" in "\n".join(lines(**broken | {"left_behind": tuple(columns)}))
