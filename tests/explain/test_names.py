"""What layers, units and the arrays of the tape are called."""

from __future__ import annotations

from bptui.explain.names import layer_word, split_name, unit_name


def test_a_name_on_the_tape_is_a_letter_and_a_layer() -> None:
    assert split_name("slope¹²") == ("slope", 12)
    assert split_name("L") == ("L", None)


def test_units_have_the_articles_letters_and_a_sole_input_or_output_no_number() -> None:
    assert [unit_name((2, 4, 1), l, 0) for l in range(3)] == ["x₁", "h₁", "ŷ"]
    assert unit_name((2, 8, 8, 3), 2, 11) == "h²₁₂"
    assert unit_name((2, 8, 8, 3), 3, 1) == "ŷ₂"
    assert [unit_name((1, 1, 1), l, 0) for l in range(3)] == ["x", "h₁", "ŷ"]


def test_hidden_layers_are_numbered_where_there_are_several() -> None:
    assert [layer_word((2, 4, 1), l) for l in range(3)] == ["input", "hidden", "output"]
    assert layer_word((2, 8, 8, 3), 2) == "hidden 2"
