"""The loss panel's other curves, its views, its cursor and its table."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from frames import frame, history

from bptui.session.frame import Mark, Sample, State
from bptui.session.history import Column
from bptui.tui.drawing import plot
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.loss import ACCURACY, LAST, LINEAR, LOG, USUAL, draw_loss, step_at, stops
from bptui.tui.drawing.palette import DARK
from bptui.tui.drawing.table import table
from bptui.tui.drawing.trace import loss_traces

STRAIGHT = [0.8 - i / 200 for i in range(101)]
FALLING = [math.exp(-i / 25) for i in range(101)]
LOOKS = tuple(Sample(i, 0.5 + i / 200, 0.9 - i / 200, 0.5 + i / 250) for i in range(0, 81, 20))
TESTED = (*LOOKS, Sample(100, 1.0, 0.4, 0.9))


def at_end(losses: list[float], **fields: object) -> dict[str, object]:
    """The last loss is that of this moment, the others were recorded."""
    made = {"history": history(losses[:-1]), "step": len(losses) - 1, "loss": losses[-1]}
    return made | {"first_loss": losses[0]} | fields


def gone_back(losses: list[float], step: int, **fields: object) -> dict[str, object]:
    ahead = history(losses).columns(1000, step)
    return at_end(losses[: step + 1]) | {"future": tuple(ahead)} | fields


def drawn(
    width: int = 50, height: int = 10, shown: str = USUAL, cursor: int | None = None, **fields: object
) -> Canvas:
    return draw_loss(frame(**fields), width, height, DARK, Choice(cursor=cursor), shown=shown)


def colours(canvas: Canvas, row: int) -> dict[str, str]:
    """The colour of each glyph of a row."""
    found = {}
    for segment in canvas.strips()[row]:
        assert segment.style is not None
        assert segment.style.color is not None
        found |= dict.fromkeys(segment.text, segment.style.color.name)
    return found


# The test part


def test_the_test_part_has_a_broken_curve_and_a_legend() -> None:
    canvas = drawn(**at_end(STRAIGHT, samples=TESTED))
    assert canvas.lines() == [
        "Loss ─────────────── train ─ test ┄ · linear scale",
        "        ⠑⠒⠤ ⣀⡀",
        "   0.8 ╴⠒⠤⣀⣀  ⠉⠒ ⠤⢄",
        "            ⠉⠒⠒⠤⢤⣀  ⠉⠑ ⠤⠤ ⡀",
        "   0.6 ╴          ⠉⠉⠒⠲⠤⣀⣀ ⠈ ⠒⠒ ⢄⣀",
        "                         ⠉⠒⠒⠤⢄⣀  ⠈⠑ ⠤⢄",
        "                               ⠉⠉⠒⠢⠤⣀⡀⠈⠉ ⠢⠤ ⡀",
        "   0.4 ╴                             ⠈⠉⠒⠒⠤⢄⣀⠈ ⠑⠒ ⠤",
        "                                            ⠉⠉⠒⠢⠤⣀",
        "        0                   50                 100",
    ]
    assert colours(canvas, 1)["⣀"] == DARK.dim
    assert colours(canvas, 8)["⠢"] == DARK.bright


def test_the_test_part_ends_at_this_moment_when_paused() -> None:
    paused = drawn(**at_end(STRAIGHT, samples=LOOKS, test_loss=0.4)).lines()
    assert paused == drawn(**at_end(STRAIGHT, samples=TESTED)).lines()
    running = drawn(**at_end(STRAIGHT, samples=LOOKS, test_loss=0.4, state=State.RUNNING)).lines()
    assert running == drawn(**at_end(STRAIGHT, samples=LOOKS)).lines() != paused


def test_a_spike_of_the_test_part_is_no_gap() -> None:
    flat = plot.curve(range(30), [0.0] * 30, 15, 3, (0, 29), (0.0, 1.0))
    for at in range(30):
        ys = [float(i == at) for i in range(30)]
        spiky = plot.broken(plot.curve(range(30), ys, 15, 3, (0, 29), (0.0, 1.0)))
        assert spiky[0].strip()
    assert plot.broken(flat)[2].split() == ["⣀⣀⣀", *["⣀⣀"] * 4]


def test_more_samples_than_can_be_seen_keep_their_extremes() -> None:
    many = tuple(Sample(i, 1.0, 9.0 if i == 4321 else 0.5, 1.0) for i in range(10_000))
    traces = loss_traces(frame(**at_end([0.4] * 10_000, samples=many)), 20)
    assert traces is not None
    assert len(traces.test.xs) <= 2 * 20
    assert list(zip(traces.test.xs, traces.test.ys, strict=True)).count((4321, 9.0)) == 1


# What came after


def test_after_going_back_the_axis_stays_and_this_moment_is_a_place_on_it() -> None:
    canvas = drawn(**gone_back(STRAIGHT, 50))
    assert canvas.lines() == [
        "Loss ────── linear scale · dotted: what came after",
        "   0.8 ╴⠉⠒⠤⢤⣀               │",
        "             ⠉⠓⠤⢄⣀          │",
        "                  ⠉⠑⠒⠤⣀⡀    │",
        "   0.6 ╴               ⠈⠉⠒⠤⢄⣀",
        "                            │⠁⠁⠂⠄⡀",
        "                            │     ⠁⠂⠂⠄⡀",
        "   0.4 ╴                    │          ⠁⠁⠂⠄⠄⡀",
        "                            │               ⠈⠁⠂⠂⠄⡀",
        "        0                now 50                101",
    ]
    assert colours(canvas, 6)["⠂"] == DARK.faint
    assert colours(canvas, 1)["⠒"] == DARK.bright


def test_the_name_of_this_moment_stands_beside_the_ends() -> None:
    assert drawn(**gone_back(STRAIGHT, 99)).row(9).endswith(" now 99 101")
    assert drawn(**gone_back(STRAIGHT, 0)).row(9)[8:].startswith("0 now 0 ")
    assert drawn(18, **gone_back(STRAIGHT, 99)).row(9)[8:] == "    now 99"


def test_a_column_that_began_before_this_moment_starts_at_it() -> None:
    columns = [Column(1, 80, 0.4, 0.5, 0.4), Column(81, 101, 0.3, 0.4, 0.3)]
    canvas = drawn(**at_end(STRAIGHT[:51], future=tuple(columns)))
    assert all(not set("⠁⠂⠄⡀") & set(line[8:28]) for line in canvas.lines()[5:9])


def test_a_future_that_diverged_ends_in_a_cross_and_cuts_the_axis() -> None:
    losses = [0.5 * 1.6**i for i in range(60)] + [math.inf]
    canvas = drawn(**gone_back(losses, 20))
    assert "cut at 1e6 × the first loss" in canvas.row(0)
    assert canvas.row(1).rstrip().endswith("✕")


def test_the_last_tenth_has_no_future() -> None:
    assert "now" not in drawn(shown=LAST, **gone_back(STRAIGHT, 50)).row(9)


# Views


def test_log_and_linear_are_kept_whatever_the_losses() -> None:
    assert drawn(shown=LINEAR, **at_end(FALLING)).row(0).startswith("Loss · linear ─")
    assert "0.5" in "".join(drawn(shown=LINEAR, **at_end(FALLING)).lines())
    logarithmic = drawn(shown=LOG, height=24, **at_end(STRAIGHT))
    assert logarithmic.row(0).startswith("Loss · log ─")
    assert [line[:7].strip() for line in logarithmic.lines() if "╴" in line] == ["0.5"]


def test_what_has_no_logarithm_is_linear_and_says_so() -> None:
    assert drawn(shown=LOG, **at_end([0.0] * 20)).row(0).endswith("─ linear scale")


def test_the_last_tenth_begins_where_it_says() -> None:
    canvas = drawn(shown=LAST, **at_end(STRAIGHT, samples=TESTED))
    assert canvas.row(0).startswith("Loss · last tenth ─")
    assert canvas.row(9).split() == ["90", "95", "100"]
    assert drawn(shown=LAST, **at_end(STRAIGHT[:4])).row(9).split() == ["1", "2", "3"]


def test_accuracy_of_both_parts_in_per_cent() -> None:
    canvas = drawn(shown=ACCURACY, height=8, **at_end(STRAIGHT, samples=TESTED, accuracy=1.0))
    assert canvas.lines() == [
        "Accuracy ──────── train ─ test ┄ · of all examples",
        " 100 % ╴                                    ⢀⣀⡠⠤⠒⠊",
        "                                     ⣀⣀⠤⠤⠒⠒⠉⣀⣀ ⠤⠤⠔",
        "  80 % ╴                      ⣀⡠⠤⠒⠒⣀⣀ ⠤⠒ ⠉⠉",
        "                      ⢀⣀⡠⠤⠔⣀⠉⠤⠤ ⠒⠉",
        "  60 % ╴       ⣀⢀⣀⣀⠒⠤⠤⠁⠒⠊ ⠉",
        "        ⣀⣀⡠⠔⠔⠒⠉⠉",
        "        0                   50                 100",
    ]


def test_before_a_look_there_is_no_accuracy() -> None:
    assert "No accuracy looked at yet." in drawn(shown=ACCURACY, accuracy=None).row(4)


def test_a_large_picture_has_more_steps_and_fewer_labels() -> None:
    canvas = drawn(160, 45, **at_end(FALLING))
    assert canvas.row(44).split() == ["0", "25", "50", "75", "100"]
    canvas = drawn(160, 45, shown=LINEAR, **at_end([1 - i / 100 for i in range(101)]))
    rows = [y for y in range(45) if canvas.at(7, y) == "╴"]
    assert len(rows) >= 5
    assert min(b - a for a, b in pairwise(rows)) >= 3


# Cursor


def test_the_cursor_tells_step_loss_and_eta() -> None:
    canvas = drawn(63, cursor=40, **at_end(STRAIGHT))
    step = min(stops(frame(**at_end(STRAIGHT)), 63, USUAL), key=lambda stop: abs(stop - 40))
    assert canvas.row(0).endswith(f"─ step {step:>3} · loss  {STRAIGHT[step]:.4f} · η 0.5")
    column = next(x for x in range(63) if canvas.at(x, 1) == "┃")
    crossing = [canvas.at(column, y) for y in range(1, 9) if canvas.at(column, y) != "┃"]
    assert len(crossing) == 1  # the curve is seen where it is crossed
    assert crossing[0] > "⠀"


@pytest.mark.parametrize(
    ("cursor", "told"),
    [
        (10, "loss  0.7500"),  # what η was before its first change is not known
        (50, "loss  0.5500 · η 1 since step 30"),
        (80, "loss  0.4000 · η 1 · batch 8 since step 70"),
    ],
)
def test_the_cursor_tells_what_was_changed_last(cursor: int, told: str) -> None:
    marks = (Mark(30, "η 1"), Mark(70, "batch 8"))
    assert drawn(160, cursor=cursor, **at_end(STRAIGHT, marks=marks)).row(0).endswith(told)


def test_the_cursor_tells_the_test_part_where_it_was_looked_at() -> None:
    title = drawn(160, cursor=60, **at_end(STRAIGHT, samples=TESTED)).row(0)
    assert title.endswith("step  60 · loss  0.5000 · η 0.5 · test  0.6000")
    title = drawn(160, shown=ACCURACY, cursor=61, **at_end(STRAIGHT, samples=TESTED)).row(0)
    assert title.endswith("step  60 · accuracy  80.0 % · η 0.5 · test  74.0 %")


def test_the_words_of_the_cursor_keep_their_width() -> None:
    titles = [drawn(63, cursor=step, **at_end(STRAIGHT)).row(0) for step in (3, 50, 100)]
    assert len({title.index("step") for title in titles}) == 1


def test_a_narrow_panel_tells_step_and_loss() -> None:
    assert drawn(27, cursor=100, **at_end(STRAIGHT)).row(0).endswith("step 100 ·  0.3000")


def test_the_cursor_goes_into_the_future() -> None:
    assert "step  80 " in drawn(200, cursor=80, **gone_back(STRAIGHT, 50)).row(0)


def test_at_the_end_of_the_future_no_loss_is_known_yet() -> None:
    end = len(STRAIGHT)
    canvas = drawn(200, cursor=end, **gone_back(STRAIGHT, 50))
    title = canvas.row(0)
    assert f"step {end} · loss       –" in title
    assert sum(canvas.at(199, y) == "┃" for y in range(1, 9)) == 8
    assert "η" not in title  # nor what was in force there
    assert f"\n{end}\t" not in table(frame(**gone_back(STRAIGHT, 50)), 400, USUAL)


def test_while_somebody_looks_it_stands_where_the_run_does() -> None:
    fields = gone_back(STRAIGHT, 50, looking=True)
    assert "step  50 · loss" in drawn(200, **fields).row(0)
    assert "step 50" in drawn(200, **fields).lines()[-1]  # it is not now
    assert "step  20 · loss" in drawn(200, cursor=20, **fields).row(0)  # on its way there


def test_the_last_tenth_stands_still_under_it() -> None:
    at_the_end = stops(frame(**at_end(STRAIGHT)), 200, LAST)
    assert stops(frame(**gone_back(STRAIGHT[:-1], 95)), 200, LAST)[0] == at_the_end[0]
    assert stops(frame(**gone_back(STRAIGHT, 50)), 200, LAST)[-1] == 50


def test_the_accuracies_ahead_are_drawn_and_can_be_gone_to() -> None:
    before = stops(frame(**at_end(STRAIGHT, samples=TESTED)), 200, ACCURACY)
    now = stops(frame(**gone_back(STRAIGHT, 30, samples=TESTED)), 200, ACCURACY)
    assert now == tuple(sorted({*before, 30}))
    canvas = drawn(160, shown=ACCURACY, **gone_back(STRAIGHT, 30, samples=TESTED))
    assert "now 30" in canvas.lines()[-1]


def test_the_cursor_leaves_words_whole() -> None:
    marks = (Mark(30, "batch 8"),)
    places = [drawn(120, cursor=step, **at_end(STRAIGHT, marks=marks)) for step in range(28, 40)]
    assert all("batch 8" in "\n".join(canvas.lines()) for canvas in places)
    assert any("┃" not in canvas.row(1) for canvas in places)


def test_a_cursor_stands_on_each_drawn_column_and_on_this_moment() -> None:
    assert stops(frame(**at_end(STRAIGHT)), 200, USUAL) == tuple(range(101))
    few = stops(frame(**at_end(STRAIGHT)), 28, USUAL)
    assert len(few) == 21
    assert few[-1] == 100
    assert stops(frame(**gone_back(STRAIGHT, 50)), 400, USUAL) == tuple(range(102))
    assert stops(frame(), 50, USUAL) == ()


def test_a_click_is_the_step_below_it() -> None:
    made = frame(**at_end(STRAIGHT))
    assert step_at(made, 109, 10, USUAL, 8, 4) == 0
    assert step_at(made, 109, 10, USUAL, 58, 4) == 50
    assert step_at(made, 109, 10, USUAL, 108, 8) == 100
    assert step_at(made, 109, 10, USUAL, 7, 4) is None
    assert step_at(made, 109, 10, USUAL, 50, 0) is None
    assert step_at(made, 109, 10, USUAL, 50, 9) is None
    assert step_at(frame(), 109, 10, USUAL, 50, 4) is None


# Table


def test_the_table_has_a_row_a_drawn_column() -> None:
    losses = [0.8, 0.6, 0.9, 0.3, 0.1]
    assert table(frame(**at_end(losses)), 10, USUAL).splitlines() == [
        "step\tloss\tlow\thigh",
        "1\t0.6\t0.6\t0.8",
        "3\t0.3\t0.3\t0.9",
        "4\t0.1\t0.1\t0.1",
    ]


def test_the_table_has_the_test_part_at_its_own_steps() -> None:
    samples = (Sample(0, 0.5, 0.95, 0.5), Sample(3, 0.75, 0.35, 0.5))
    rows = table(frame(**at_end([0.8, 0.6, 0.9, 0.3, 0.1], samples=samples)), 10, USUAL).splitlines()
    assert rows[:3] == ["step\tloss\tlow\thigh\ttest loss", "0\t\t\t\t0.95", "1\t0.6\t0.6\t0.8\t"]
    assert rows[3] == "3\t0.3\t0.3\t0.9\t0.35"
    accuracies = table(frame(**at_end([0.8, 0.6, 0.9, 0.3, 0.1], samples=samples)), 10, ACCURACY)
    assert accuracies == "step\taccuracy\ttest accuracy\n0\t0.5\t0.5\n3\t0.75\t0.5"


def test_before_the_first_update_there_is_no_table() -> None:
    assert table(frame(), 50, USUAL) == ""
    assert table(frame(), 50, ACCURACY) == ""


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (8, 2), (9, 3), (12, 4), (200, 60)])
@pytest.mark.parametrize("shown", [USUAL, LOG, LINEAR, ACCURACY, LAST])
def test_no_size_is_too_small(size: tuple[int, int], shown: str) -> None:
    fields = gone_back(FALLING, 50, samples=TESTED, marks=(Mark(3, "η 1"),), accuracy=0.5)
    canvas = drawn(*size, shown=shown, cursor=40, **fields)
    assert (canvas.width, canvas.height) == size
