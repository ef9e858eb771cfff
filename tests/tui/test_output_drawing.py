"""The output panel, compared with its picture: one test a kind of task."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from frames import XOR, frame, output, xor_answers, xor_output

from bptui.session.frame import Frame, OutputFrame
from bptui.tui.drawing.answers import class_letters, narrow, pretty, short
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.output import draw_output
from bptui.tui.drawing.palette import DARK

FIELD = "▀" * 28
POINTS = np.random.default_rng(0).normal(size=(40, 2))
IRIS = ("setosa", "versicolor", "virginica")


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def three(raw: np.ndarray) -> np.ndarray:
    """Raw inputs of two or more columns -> three classes."""
    x, y = raw[:, 0], raw[:, 1]
    return softmax(3 * np.stack([x, y - x, -y], axis=1))


def lines(
    out: OutputFrame, width: int = 63, height: int = 16, example: int = 2, **fields: object
) -> list[str]:
    return draw_output(frame(output=out, **fields), width, height, DARK, Choice(example=example)).lines()


def colours(drawn: Frame, x: int, y: int) -> tuple[str, str]:
    strip = draw_output(drawn, 63, 16, DARK, Choice(example=2)).strips()[y].crop(x, x + 1)
    style = next(iter(strip)).style
    assert style is not None
    assert style.color is not None
    assert style.bgcolor is not None
    return style.color.name, style.bgcolor.name


def test_two_inputs_are_a_plane_with_its_examples_and_a_legend() -> None:
    assert lines(xor_output()) == [
        "Output ─────────────────────── ŷ over the plane, at this moment",
        "x₂  ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀     #  x₁  x₂   y       ŷ",
        f"    {FIELD}     1   0   0  ○0  0.0621 ✓",
        f"    {FIELD}     2   0   1  ●1  0.8702 ✓",
        "  1 ▀▀▀▀▀▀▀●▀▀▀▀▀▀▀▀▀▀▀▀○▀▀▀▀▀▀▀   ▸ 3   1   0  ●1  0.8397 ✓",
        f"    {FIELD}     4   1   1  ○0  0.2078 ✓",
        f"    {FIELD}",
        f"    {FIELD}     ● class 1  blue ŷ > ½",
        f"    {FIELD}     ○ class 0  orange ŷ < ½",
        f"    {FIELD}     the fainter, the less sure",
        f"    {FIELD}",
        "  0 ▀▀▀▀▀▀▀○▀▀▀▀▀▀▀▀▀▀▀▸●▀▀▀▀▀▀▀",
        f"    {FIELD}",
        f"    {FIELD}",
        f"    {FIELD}",
        "           0            1     x₁",
    ]


def test_a_small_plane_has_a_narrow_list() -> None:
    canvas = draw_output(frame(), 34, 10, DARK, Choice(example=2), compact=True)
    assert canvas.lines() == [
        "Output ───────────────────────────",
        "x₂  ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀   1 ○ 0.062 ✓",
        "    ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀   2 ● 0.870 ✓",
        "  1 ▀▀▀▀●▀▀▀▀▀▀○▀▀▀▀  ▸3 ● 0.840 ✓",
        "    ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀   4 ○ 0.208 ✓",
        "    ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀",
        "  0 ▀▀▀▀○▀▀▀▀▀▸●▀▀▀▀   ● 1  ŷ > ½",
        "    ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀   ○ 0  ŷ < ½",
        "    ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀",
        "        0      1  x₁",
    ]


def test_the_plane_is_blue_where_the_answer_is_class_1_and_orange_where_it_is_class_0() -> None:
    wall = output(XOR, [[0], [0], [1], [1]], lambda raw: (raw[:, :1] > 0.5) * 1.0, classes=("0", "1"))
    left, right = colours(frame(output=wall), 5, 7), colours(frame(output=wall), 30, 7)
    assert left == (DARK.ramp_neg[8], DARK.ramp_neg[8])
    assert right == (DARK.ramp_pos[8], DARK.ramp_pos[8])


def test_the_grid_is_asked_for_once_with_two_points_a_cell() -> None:
    asked = []

    def answers(raw: np.ndarray) -> np.ndarray:
        asked.append(raw.shape)
        return xor_answers(raw)

    lines(output(XOR, [[0], [1], [1], [0]], answers, classes=("0", "1")))
    assert asked == [(4, 2), (28 * 28, 2)]  # the first is the frame's own


def test_the_plane_is_the_right_way_up() -> None:
    rising = output(XOR, [[0], [1], [0], [1]], lambda raw: (raw[:, 1:] > 0.5) * 1.0, classes=("0", "1"))
    assert colours(frame(output=rising), 5, 1)[0] == DARK.ramp_pos[8]
    assert colours(frame(output=rising), 5, 14)[1] == DARK.ramp_neg[8]


def test_a_wrong_point_is_an_accent_fill_and_told_in_the_list() -> None:
    wrong = output(XOR, [[1], [1], [1], [0]], xor_answers, classes=("0", "1"))
    assert colours(frame(output=wrong), 11, 11) == (DARK.ink, DARK.accent)
    assert lines(wrong)[2].endswith("1   0   0  ●1  0.0621 ✕")


def test_above_ten_examples_the_wrong_ones_come_first_and_the_chosen_one_stays() -> None:
    targets = (POINTS[:, :1] * POINTS[:, 1:] < 0.1) * 1.0
    drawn = lines(output(POINTS, targets, xor_answers, classes=("no", "yes")), batch_rows=np.arange(8, 16))
    listed = [line[33:].strip() for line in drawn[2:11]]
    assert all(line.endswith("✕") for line in listed[:6])
    assert any(line.startswith("▸ 11") for line in listed)
    assert any(line.startswith("… 3") and line.endswith("more") for line in listed)
    assert any(" of 40 right" in line for line in drawn)
    assert any("● yes  blue ŷ > ½" in line for line in drawn)


def test_one_guess_for_everybody_is_said() -> None:
    targets = (POINTS[:, :1] > 0) * 1.0
    same = output(POINTS, targets, lambda raw: np.full((len(raw), 1), 0.5937), classes=("0", "1"))
    text = "\n".join(lines(same))
    assert "ŷ is 0.5937 everywhere:" in text
    assert "one guess for everybody" in text


def test_several_classes_in_the_plane_are_letters() -> None:
    truth = np.eye(3)[three(POINTS).argmax(axis=1)]
    drawn = lines(
        output(POINTS, truth, three, classes=IRIS, input_names=("petal_length", "petal_width")), 63, 16
    )
    assert drawn[0].endswith("winner over the plane, at this moment")
    assert set("".join(line[4:32] for line in drawn[1:15])) == {"A", "B", "C", "▸"}
    assert (drawn[1][4], drawn[1][31], drawn[14][31]) == ("B", "A", "C")
    text = "\n".join(line[33:] for line in drawn)
    assert "A setosa" in text
    assert "→ petal_length" in text


def test_two_classes_with_a_softmax_are_a_plane_too() -> None:
    two = output(
        XOR,
        [[1, 0], [0, 1], [0, 1], [1, 0]],
        lambda raw: softmax(np.c_[-raw[:, 0], raw[:, 0]]),
        classes=("a", "b"),
    )
    drawn = lines(two)
    assert "● b  blue ŷ > ½" in "\n".join(drawn)
    assert "○a  0.5000" in drawn[2]


def test_numbers_over_the_plane_say_where_blue_begins() -> None:
    raised = output(XOR, [[100], [150], [150], [200]], lambda raw: 100 + 50 * raw.sum(axis=1, keepdims=True))
    assert "● y > 150  blue ŷ > 150" in "\n".join(lines(raised))


def test_one_input_is_a_curve_with_its_data() -> None:
    x = np.linspace(-1, 1, 9)[:, None]
    drawn = lines(
        output(x, x**2, lambda raw: raw**2 - 0.2, input_names=("x",)), 45, 10, batch_rows=np.arange(9)
    )
    assert drawn == [
        "Output ───────────────── ŷ(x), white · data ○",
        "       ⡀                                   ⢀",
        "     1 ⠑○                                 ○⠊",
        "        ⠈⢆                               ⡰⠁",
        "          ⠱⡀ ○                       ○ ⢀⠎",
        "           ⠈⠢⡀                       ⢀⠔⠁",
        "             ⠈⠢⡀▸○               ○ ⢀⠔⠁",
        "     0         ⠈⠢⢄   ○   ○   ○   ⡠⠔⠁",
        "                  ⠉⠒⠤⣀⡀     ⢀⣀⠤⠒⠉",
        "        −1               0                 x",
    ]


def test_the_plane_gives_way_a_little_where_the_list_then_fits() -> None:
    drawn = lines(xor_output(), 34, 11)
    assert drawn[1] == "x₂  ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀   1 ○ 0.062 ✓"
    assert drawn[6] == "  0 ▀▀▀▀○▀▀▀▀▀▸●▀▀▀▀   ● 1  ŷ > ½"
    assert lines(xor_output(), 30, 11)[1].count("▀") == 18


def test_without_finite_weights_the_data_stay() -> None:
    x = np.linspace(-1, 1, 9)[:, None]
    out = output(x, x**2, lambda raw: raw, finite=False)
    drawn = lines(out, 45, 10, batch_rows=np.arange(9))
    assert drawn[1] == "        no curve: the weights are not finite"
    assert "".join(drawn[2:]).count("○") == 9
    assert "⠁" not in "".join(drawn)


def test_a_curve_that_leaves_the_picture_is_cut_not_bent() -> None:
    x = np.linspace(-1, 1, 9)[:, None]
    wild = output(x, 0 * x, lambda raw: np.exp(np.minimum(raw * 800, 700)))
    drawn = lines(wild, 45, 10)
    right = "".join(line[30:] for line in drawn[1:4])
    assert not right.strip()


def test_what_is_not_a_number_leaves_a_gap_in_the_curve() -> None:
    x = np.linspace(-1, 1, 9)[:, None]
    drawn = lines(output(x, 0 * x, lambda raw: np.where(raw > 0, np.nan, 0.5 + 0 * raw)), 45, 10)
    assert len(drawn) == 10


def test_several_classes_of_many_inputs_are_a_confusion_matrix() -> None:
    raw = np.array([[3, 0, 0], [0, 3, 0], [0, -3, 0], [-1, 0, 9.0], [2.5, 0, 1]])
    truth = np.eye(3)[[0, 1, 2, 1, 2]]
    assert lines(output(raw, truth, three, classes=IRIS))[:12] == [
        "Output ─────────────────────────── confusion, training part (5)",
        "says ▸              setosa versicolor  virginica",
        "is setosa                1          ·          ·",
        "▾  versicolor            ·          2          ·",
        "   virginica             1          ·          1",
        "",
        "   4 of 5 training examples right",
        "",
        "   wrong, surest first",
        "   #5 virginica→setosa 100 %",
        "",
        "",
    ]


def test_the_count_of_right_answers_ends_before_the_errors_beside_it() -> None:
    raw = np.tile([[3, 0, 0], [0, 3, 0], [0, -3, 0], [2.5, 0, 1]], (20, 1))
    truth = np.tile(np.eye(3)[[0, 1, 2, 2]], (20, 1))
    drawn = lines(output(raw, truth, three, classes=("iris", "rose", "tulip")))
    assert drawn[6].startswith("   60 of 80 right ")
    assert drawn[6].split("right")[1].strip() == "#20 tulip→iris 100 %"


def digits() -> OutputFrame:
    raw = np.arange(5 * 64, dtype=float).reshape(5, 64) % 17
    says, truth = np.eye(10)[[0, 1, 2, 3, 8]] * 0.8 + 0.02, np.eye(10)[[0, 1, 2, 5, 0]]
    return output(
        raw, truth, lambda q: says[: len(q)], classes=tuple("0123456789"), image=(8, 8), part="test"
    )


def test_images_that_are_wrong_are_shown_surest_first() -> None:
    drawn = lines(digits())
    assert drawn[0].endswith("confusion, test part (5)")
    assert drawn[1] == "says ▸  0  1  2  3  4  5  6  7  8  9     wrong, surest first"
    assert drawn[2] == "is 0    1  ·  ·  ·  ·  ·  ·  ·  1  ·     ▀▀▀▀▀▀▀▀  ▀▀▀▀▀▀▀▀"
    assert drawn[6] == "   4    ·  ·  ·  ·  ·  ·  ·  ·  ·  ·     5→3 82 %  0→8 82 %"
    assert drawn[13] == "   3 of 5 test examples right"


def test_counts_of_three_digits_keep_a_blank_and_two_images_fit_beside_them() -> None:
    many = digits()
    truth = np.vstack([np.repeat(np.eye(10)[[4]], 130, axis=0), np.eye(10)[[5, 0]]])
    says = np.vstack([np.repeat(np.eye(10)[[4]], 130, axis=0), np.eye(10)[[3, 8]]])
    raw = np.repeat(many.raw_inputs, 27, axis=0)[: len(truth)]
    made = output(raw, truth, lambda q: says[: len(q)], classes=many.classes, image=(8, 8), part="test")
    drawn = lines(made)
    assert drawn[1] == "says ▸ 0   1   2   3   4   5   6   7   8   9  wrong"
    ground = colours(frame(output=made), 21, 6)
    assert ground[1] in DARK.ramp_pos
    assert colours(frame(output=made), 20, 6)[1] == DARK.bg
    assert drawn[6].startswith("   4   ·   ·   ·   · 130   ·")
    assert drawn[2] == "is 0   ·   ·   ·   ·   ·   ·   ·   ·   1   · ▀▀▀▀▀▀▀▀  ▀▀▀▀▀▀▀▀"


def test_no_cell_moves_when_more_are_right() -> None:
    truth = np.repeat(np.eye(10)[[4]], 130, axis=0)
    raw = np.zeros((130, 64))
    for right in (5, 130):
        says = np.vstack([truth[:right], np.repeat(np.eye(10)[[3]], 130 - right, axis=0)])
        classes = tuple("0123456789")
        made = output(raw, truth, lambda q, says=says: says[: len(q)], classes=classes, image=(8, 8))
        assert lines(made)[1].startswith("says ▸ 0   1   2   3")


def test_where_it_is_small_the_matrix_stays_and_says_what_it_cuts() -> None:
    drawn = lines(digits(), 34, 8)
    assert drawn[1] == "says ▸  0  1  2  3  4   wrong"
    assert drawn[2].startswith("is 0    1")
    assert drawn[7].strip() == "… 5 more classes"


def test_right_is_blue_and_wrong_is_orange() -> None:
    drawn = frame(output=digits())
    assert colours(drawn, 8, 2)[1] in DARK.ramp_pos
    assert colours(drawn, 32, 2)[1] in DARK.ramp_neg


def test_numbers_of_many_inputs_are_predicted_against_true() -> None:
    raw = np.linspace(-1, 1, 60).reshape(20, 3)
    prices = output(raw, raw[:, :1], lambda q: q[:, :1], output_names=("price",))
    drawn = lines(prices)
    assert drawn[0].endswith("price: predicted against true, training")
    assert drawn[15].split() == ["0", "true", "…", "7", "more"]
    far = output(raw, raw[:, :1], lambda q: q[:, :1] + 100)
    assert "20 outside" in lines(far)[1]


def test_several_yes_or_no_outputs_are_told_one_by_one() -> None:
    raw = np.array([[1.0, -1, 1], [1, 1, 1], [-1, -1, 1], [-1, 1, 1]])
    tags = output(
        raw,
        raw[:, :2] > 0,
        lambda q: (q[:, :2] > [0, 9]) * 1.0,
        classes=("0", "1", "2"),
        output_names=("a", "bb"),
        right=np.array([True, False, True, False]),
    )
    assert lines(tags, 63, 6) == [
        "Output ─────────────────────── right answers, training part (4)",
        "a   4 of 4",
        "bb  2 of 4",
        "",
        "",
        "2 of 4 examples right in all of them",
    ]


@pytest.mark.parametrize(
    ("out", "word"),
    [
        (xor_output(), "plane"),
        (output(XOR[:, :1], XOR[:, :1], lambda q: q), "curve"),
        (digits(), "answers"),
        (output(np.ones((3, 3)), np.ones((3, 1)), lambda q: q[:, :1]), "picture"),
    ],
)
def test_weights_that_are_not_finite_have_no_picture(out: OutputFrame, word: str) -> None:
    text = "\n".join(lines(replace(out, finite=False)))
    assert f"no {word}: the weights are not finite" in text
    assert "▀" not in text


def test_without_colours_the_plane_is_glyphs_and_the_legend_names_them() -> None:
    canvas = draw_output(frame(), 63, 16, replace(DARK, colourless=True), Choice(example=2))
    assert canvas.lines()[11] == "  0 =≡≡≡≡≡≡○≡≡=--  ▒▒▒▒▸●▓▓▓▓▓▓▓"
    text = "\n".join(canvas.lines())
    assert "● class 1  ▓ ŷ > ½" in text
    assert "○ class 0  = ŷ < ½" in text


def test_the_test_part_has_no_chosen_example() -> None:
    assert "▸" not in "\n".join(lines(replace(xor_output(), part="test")))


def test_names_of_others_are_harmless_and_one_cell_a_character() -> None:
    assert narrow("a\x1b[31mb漢") == "a\\x1b[31mb?"
    assert pretty("x12") == "x₁₂"
    assert pretty("sepal_length", 6) == "sepal…"
    assert class_letters(("cat", "dog")) == ("c", "d")
    assert class_letters(("red", "rose")) == ("A", "B")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1.0, 0, "1"),
        (-0.536, 2, "−0.54"),
        (1e9, 0, "1.0e9"),
        (float("nan"), 2, "nan"),
        (float("-inf"), 0, "−inf"),
    ],
)
def test_a_datum_is_short(value: float, decimals: int, text: str) -> None:
    assert short(value, decimals) == text


@pytest.mark.parametrize("width", [0, 1, 3, 8, 12, 20, 33, 50, 140])
def test_no_size_is_too_small(width: int) -> None:
    x = np.linspace(-1, 1, 9)[:, None]
    truth = np.eye(3)[three(POINTS).argmax(axis=1)]
    pictures = [
        xor_output(),
        output(POINTS, truth, three, classes=IRIS),
        output(x, x, lambda q: q),
        digits(),
        output(np.ones((3, 3)), np.ones((3, 1)), lambda q: q[:, :1]),
    ]
    for height in (0, 1, 2, 3, 5, 9, 50):
        for out in pictures:
            assert len(lines(out, width, height)) == height
