"""The chooser's list, its preview and each kind of picture of the data, compared with their pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bptui.session.offers import BUILT_IN, HERE, Offer
from bptui.session.preview import Preview
from bptui.tui.drawing.chooser import Standing, draw_footer, draw_title, footer
from bptui.tui.drawing.dataset import draw_dataset
from bptui.tui.drawing.offers import draw_offers, first_row, rows_of
from bptui.tui.drawing.palette import DARK
from bptui.tui.drawing.preview import draw_preview

OFFERS = (
    Offer("xor", "XOR", BUILT_IN, sizes=(2, 4, 1)),
    Offer("tower", "Vanishing tower", BUILT_IN, hidden=(6,) * 9, trap=True),
    Offer("and-or", "AND and OR", BUILT_IN, hidden=()),
    Offer("bad.toml", "bad.toml", HERE, error="bad.toml:3: wrong"),
    Offer("wine.csv", "wine.csv", HERE),
)
WORDS = ("open", "trap", "", "", "")
XOR = Preview(
    sizes=(2, 4, 1),
    activations=("tanh", "sigmoid"),
    inputs=np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]),
    targets=np.array([[0.0], [1], [1], [0]]),
    examples=4,
    classes=("0", "1"),
    counts=(2, 2),
    input_names=("x1", "x2"),
    output_names=("y",),
    facts=(("task", "2 classes"), ("examples", "4"), ("loss", "cross-entropy")),
)


def listed(chosen: int | None, width: int = 44, height: int = 8, first: int = 0) -> list[str]:
    return draw_offers(OFFERS, WORDS, chosen, first, (width, height), DARK).lines()


def pictured(preview: Preview, width: int, height: int) -> list[str]:
    return draw_dataset(preview, width, height, DARK).lines()


def told(offer: Offer, preview: Preview | None, width: int, block: int = 6) -> list[str]:
    return draw_preview(offer, preview, width, block, DARK).lines()


# The list


def test_the_list_has_groups_layers_and_words() -> None:
    assert listed(1) == [
        " built in",
        "   XOR                    2-4-1        open",
        " ▸ Vanishing tower        hidden 6×9   trap",
        "   AND and OR             no hidden",
        "",
        " here",
        " ✕ bad.toml",
        "   wine.csv               data",
    ]


def test_a_narrow_list_leaves_the_layers_out() -> None:
    assert listed(0, width=24)[1:3] == [" ▸ XOR             open", "   Vanishing tower trap"]


def test_a_title_is_cut_before_it_reaches_the_layers() -> None:
    offers = (Offer("a", "x" * 80, BUILT_IN, sizes=(2, 1)),)
    row = draw_offers(offers, ("",), None, 0, (44, 2), DARK).lines()[1]
    assert row == "   " + "x" * 21 + "… 2-1"


def test_a_list_that_is_longer_than_its_place_has_a_bar_and_follows_the_choice() -> None:
    rows = rows_of(OFFERS)
    assert [first_row(rows, chosen, 3, 0) for chosen in (0, 1, 2, 4)] == [0, 0, 1, 5]
    assert first_row(rows, 0, 3, 5) == 0  # with the heading above it
    assert first_row(rows, None, 3, 5) == 0
    shown = listed(4, height=3, first=5)
    assert [row.rstrip("▐ ") for row in shown] == [" here", " ✕ bad.toml", " ▸ wine.csv             data"]
    assert [row.endswith("▐") for row in shown] == [False, False, True]


def test_a_foreign_title_moves_nothing() -> None:
    offers = (Offer("a", "[/b]\x1b[31m日", BUILT_IN),)
    row = draw_offers(offers, ("",), None, 0, (44, 2), DARK).lines()[1]
    assert row == "   [/b]\\x1b[31m?"


# The data


def test_two_inputs_are_points_on_a_plane() -> None:
    assert pictured(XOR, 20, 7) == [
        "●        ○",
        "",
        "",
        "",
        "○        ●",
        "x₁ 0…1  x₂ 0…1",
        "○ 0  ● 1",
    ]


def test_more_classes_are_letters() -> None:
    made = replace_(XOR, targets=np.eye(3)[[0, 1, 2, 0]], classes=("ant", "bee", "cat"))
    rows = pictured(made, 20, 5)
    assert rows == ["b    a", "", "a    c", "x₁ 0…1  x₂ 0…1", "a ant  b bee  c cat"]


def test_numbers_over_a_plane_are_above_and_below_their_middle() -> None:
    made = replace_(XOR, numbers=True, classes=(), counts=(), targets=np.array([[0.0], [1], [1], [4]]))
    assert pictured(made, 20, 5) == ["○    ●", "", "○    ○", "x₁ 0…1  x₂ 0…1", "● y > 2  ○ y ≤ 2"]


def test_axes_that_do_not_fit_are_only_named() -> None:
    made = replace_(XOR, inputs=XOR.inputs / 7)
    assert pictured(made, 14, 5)[3] == "x₁ →  x₂ ↑"


def test_one_input_is_a_curve() -> None:
    x = np.linspace(-1, 1, 9).reshape(-1, 1)
    made = replace_(
        XOR,
        numbers=True,
        classes=(),
        counts=(),
        inputs=x,
        targets=x**2,
        input_names=("x",),
    )
    assert pictured(made, 8, 4) == ["⠁⡀    ⢀⠈", "  ⠂⡀⣀⠐", "x −1 … 1", "y 0 … 1"]


def test_images_stand_side_by_side_or_two_by_two() -> None:
    pixels = np.tile(np.array([1.0, 0, 0, 1]), (5, 1))
    made = replace_(
        XOR,
        inputs=pixels,
        targets=np.eye(3)[[0, 0, 1, 2, 2]],
        examples=5,
        classes=("a", "b", "c"),
        image=(2, 2),
    )
    wide = pictured(made, 22, 5)
    assert wide[:2] == ["▀▀▀▀  ▀▀▀▀  ▀▀▀▀  ▀▀▀▀", "▀▀▀▀  ▀▀▀▀  ▀▀▀▀  ▀▀▀▀"]
    assert wide[2:] == ["a     b     c     a", "4 of 5 examples", ""]
    square = pictured(made, 12, 7)
    assert square[2:] == ["a     b", "▀▀▀▀  ▀▀▀▀", "▀▀▀▀  ▀▀▀▀", "c     a", "4 of 5 examples"[:12]]


def test_large_images_are_thinned_and_say_so() -> None:
    made = replace_(XOR, inputs=np.ones((4, 400)), classes=(), counts=(), numbers=True, image=(20, 20))
    rows = pictured(made, 40, 8)
    assert rows[0].count("▀") == 4 * 7
    assert "4 of 4 examples, 1 pixel in 9" in rows


TABLE = Preview(
    sizes=(4, 8, 2),
    inputs=np.array([[5.1, 0.2, 1, 1e-9], [4.9, 1234567.25, 2, 3]]),
    targets=np.array([[1.0, 0], [0, 1]]),
    examples=150,
    classes=("setosa", "[b]x"),
    counts=(75, 75),
    input_names=("sepal_length", "b", "c", "d"),
    output_names=("setosa", "[b]x"),
    columns=("sepal_length", "b", "c", "d", "species"),
    target="species",
)


def test_else_it_is_a_table_of_the_first_rows() -> None:
    assert pictured(TABLE, 60, 5) == [
        " sepal_l…         b         c         d  ▸species",
        "      5.1       0.2         1      1e−9    setosa",
        "      4.9   1.235e6         2         3      [b]x",
        " 2 of 150 examples   ▸ to be learned",
        "",
    ]


def test_columns_that_do_not_fit_are_counted() -> None:
    rows = pictured(TABLE, 32, 5)
    assert rows[0].split() == ["sepal_l…", "b", "▸species"]
    assert rows[3].startswith(" 2 of 150 examples, 2 of 4 input")


def test_several_answers_are_columns() -> None:
    made = replace_(XOR, classes=(), counts=(), targets=np.array([[0.0, 0], [0, 1], [0, 1], [1, 1]]))
    made = made._replace(output_names=("y1", "y2"))
    assert [row.split() for row in pictured(made, 44, 6)[:3]] == [
        ["x₁", "x₂", "▸y₁", "▸y₂"],
        ["0", "0", "0", "0"],
        ["0", "1", "0", "1"],
    ]


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (3, 2), (20, 1)])
def test_no_place_is_no_picture(size: tuple[int, int]) -> None:
    for made in (XOR, TABLE, Preview(), replace_(XOR, image=(1, 2))):
        assert draw_dataset(made, *size, DARK).width == size[0]


def test_data_of_any_size_are_drawn() -> None:
    huge = np.array([[-1.7e308, 0], [1.7e308, 1], [0, 2], [1, 3.0]])
    assert "○" in "".join(pictured(replace_(XOR, inputs=huge), 30, 8))


# The preview


def test_a_preview_has_picture_and_facts_side_by_side() -> None:
    offer = Offer("xor", "XOR", BUILT_IN, "The smallest problem.", "Try   a\nLook  at b")
    assert told(offer, XOR, 60) == [
        "XOR",
        "The smallest problem.",
        "",
        "●      ○       task      2 classes",
        "               examples  4",
        "               inputs    x₁, x₂",
        "○      ●       classes   0 (2), 1 (2)",
        "x₁ →  x₂ ↑     network   2-4-1 tanh → sigmoid",
        "○ 0  ● 1                 17 parameters",
        "               loss      cross-entropy",
        "",
        "Try   a",
        "Look  at b",
    ]


def test_in_a_narrow_place_the_facts_are_under_the_picture() -> None:
    rows = told(Offer("xor", "XOR", BUILT_IN), XOR, 36)
    assert rows[2].startswith("●")
    assert rows[9] == "task      2 classes"


def test_until_it_is_built_its_room_is_kept() -> None:
    offer = Offer("xor", "XOR", BUILT_IN, "Small.", "The notes.")
    assert told(offer, None, 60, block=8).index("The notes.") == told(offer, XOR, 60, block=8).index(
        "The notes."
    )


def test_long_lines_of_the_notes_hang_under_their_word() -> None:
    offer = Offer("a", "A", BUILT_IN, notes="Try   one thing or another thing\nPlain words that go on and on")
    assert told(offer, Preview(large=True), 24)[2:] == [
        "Try   one thing or",
        "      another thing",
        "Plain words that go on",
        "and on",
    ]


def test_a_trap_says_that_it_is_meant_to_fail() -> None:
    offer = Offer("a", "Tower", BUILT_IN, trap=True)
    assert told(offer, None, 60)[0] == "Tower   a trap: it is meant to fail"
    assert told(offer, None, 24)[0] == "Tower   trap"


def test_mistakes_stand_in_place_of_the_picture() -> None:
    offer = Offer("bad", "[/foo] \x1b[31m", HERE, error="bad.toml:3: [b]wrong[/b]\nbad.toml:4: too")
    assert told(offer, None, 60) == [
        "[/foo] \\x1b[31m",
        "",
        "✕ bad.toml:3: [b]wrong[/b]",
        "  bad.toml:4: too",
    ]
    many = offer._replace(error="\n".join(f"mistake {n}" for n in range(50)))
    assert len(told(many, None, 60)) == 10


def test_what_a_preview_finds_holds_before_what_the_list_knew() -> None:
    offer = Offer("wine.csv", "wine.csv", HERE, error="with another column it cannot be")
    assert not any("✕" in row for row in told(offer, TABLE, 60))


def test_a_data_file_names_its_columns_and_the_one_that_is_learned() -> None:
    offer = Offer("iris.csv", "iris.csv", HERE)
    rows = told(offer, TABLE, 60)
    assert rows[2] == "learns    ◂ species ▸   column 5 of 5, → another"
    assert rows[3] == "from      sepal_length, b, c, d"
    assert told(offer, TABLE, 40)[2] == "learns    ◂ species ▸   → another"


def test_many_classes_are_counted() -> None:
    made = replace_(XOR, classes=tuple("abcde"), counts=(3, 9, 4, 5, 6))
    made = made._replace(targets=np.eye(5)[:4])
    assert any(row.endswith("classes   3 to 9 examples each") for row in told(OFFERS[0], made, 60))


# First and last row


def test_the_title_counts_what_there_is() -> None:
    counts = [("built in", 16), ("yours", 0), ("here", 3)]
    assert draw_title(counts, 40, DARK).lines() == ["Presets ━━━━━━━━━━━ 16 built in · 3 here"]


def test_the_footer_says_what_is_kept() -> None:
    def row(now: Standing, width: int = 100) -> str:
        return draw_footer(footer(now), width, DARK).lines()[0]

    assert row(Standing("XOR", 640)) == (
        " Enter open   ↑ ↓ choose   Esc keep XOR     XOR at step 640 is kept: choose it again to go on"
    )
    assert row(Standing("XOR", 640), 60) == " Enter open   ↑ ↓ choose   Esc keep XOR"
    assert row(Standing("XOR", 7, is_open=True)).endswith("XOR is being played, at step 7")
    other = row(Standing("XOR", 7, other="Spiral", other_steps=1200))
    assert other.startswith(" Enter go on")
    assert other.endswith("Spiral is kept at step 1,200: Enter goes on")
    assert row(Standing("XOR", 0)) == " Enter open   ↑ ↓ choose   Esc keep XOR"
    assert "→ look   Esc keep XOR" in row(Standing("XOR", 0, looking=False))
    assert "PgDn more   ← back   Esc back" in row(Standing("XOR", 0, more=True, looking=True))


def replace_(preview: Preview, **changes: object) -> Preview:
    return preview._replace(**changes)


def test_without_colours_signs_stay() -> None:
    plain = replace(DARK, colourless=True)
    assert draw_dataset(XOR, 20, 7, plain).lines()[0] == "●        ○"
