from __future__ import annotations

import pytest


def test_an_update_and_the_next_fit_together(run):
    first = run("explain", "xor", "--step", "3", "--json").exits(0).document
    second = run("explain", "xor", "--step", "4", "--format", "json").exits(0).document
    assert first["step"] == 3
    for before, after in zip(first["layers"], second["layers"], strict=True):
        assert before["new_W"] == after["W"]
        assert before["new_b"] == after["b"]
    assert second["loss"] == pytest.approx(first["loss_after"], rel=1e-12)


def test_it_explains_the_steps_that_train_makes(run):
    trained = run("train", "xor", "--steps", "5", "--weights", "--json").exits(0).document
    layers = run("explain", "xor", "--step", "5", "--json").exits(0).document["layers"]
    assert [layer["W"] for layer in layers] == trained["weights"]
    assert [layer["b"] for layer in layers] == trained["biases"]


def test_the_document_has_the_promised_keys(run):
    found = run("explain", "xor", "--json").exits(0).document
    promised = "preset step eta optimizer inputs targets loss penalty layers loss_after penalty_after"
    assert list(found) == promised.split()
    layer = "layer activation W b z a delta grad_W grad_b new_W new_b"
    assert list(found["layers"][0]) == layer.split()
    assert (len(found["inputs"]), len(found["layers"][0]["z"][0])) == (4, 4)


def test_stop_rules_do_not_hold(run):
    stopped = run("train", "xor", "--json").exits(0).document["steps"]
    found = run("explain", "xor", "--step", str(stopped + 10), "--json").exits(0).document
    assert found["step"] == stopped + 10


def test_a_run_that_diverged_before_has_nothing_to_explain(run):
    arguments = ("too-large-eta", "--step", "100000")
    found = run("explain", *arguments, "--json").exits(1).document
    assert list(found) == ["diverged"]
    assert set(found["diverged"]) == {"step", "operation", "layer", "quantity"}
    run("explain", *arguments).exits(1).prints("diverged")


def test_people_get_text(run):
    found = run("explain", "xor", "--step", "2").exits(0)
    assert found.out.startswith("xor: one update, worked out\n===")
    assert "that comes after 2 updates" in " ".join(found.out.split())
    assert "\x1b" not in found.out


def test_markdown_and_latex_are_whole_documents(run):
    markdown = run("explain", "xor", "--format", "markdown").exits(0).out
    assert markdown.startswith("# xor: one update, worked out\n")
    assert "```math\n" in markdown
    latex = run("explain", "xor", "--format", "latex").exits(0).out
    assert latex.startswith("\\documentclass")
    assert latex.endswith("\\end{document}\n")


def test_example_unit_and_digits_are_chosen(run):
    arguments = ("explain", "xor", "--step", "9", "--example", "3", "--unit", "1,2", "--digits", "7")
    told = run("explain", "xor", "--step", "9", "--json").exits(0).document
    found = run(*arguments).exits(0).prints("Example 3 of the batch is followed through.", "Unit h₂:")
    z = f"{told['layers'][0]['z'][2][1]:.7g}".replace("-", "−")
    assert "z₂⁽¹⁾ = w₂₁ · x₁ + w₂₂ · x₂ + b₂\n" in found.out
    assert f"= {z}\n" in found.out


def test_json_has_all_digits_whatever_is_chosen(run):
    plain = run("explain", "xor", "--json").exits(0).out
    assert run("explain", "xor", "--json", "--digits", "2", "--unit", "1,1").exits(0).out == plain


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--example", "5", ("--example", "no example 5", "1 to 4")),
        ("--example", "0", ("--example", "no example 0", "1 to 4")),
        ("--unit", "3,1", ("--unit", "no layer 3", "1 to 2")),
        ("--unit", "0,1", ("--unit", "no layer 0", "1 to 2")),
        ("--unit", "2,2", ("--unit", "layer 2 has no unit 2", "1 to 1")),
        ("--unit", "1", ("--unit", "no layer and unit such as 1,3")),
        ("--unit", "h3", ("--unit", "no layer and unit such as 1,3")),
        ("--digits", "0", ("--digits", "from 1 to 17")),
        ("--digits", "18", ("--digits", "from 1 to 17")),
        ("--digits", "1_0", ("--digits", "from 1 to 17")),
    ],
)
def test_what_is_not_there_is_refused(run, option, value, words):
    found = run("explain", "xor", option, value).exits(2).says(*words)
    assert found.out == ""


def test_the_formats_are_those_that_can_be_written():
    from bptui.cli.explain import DIGITS, FORMATS, MOST_DIGITS
    from bptui.explain import lesson

    assert set(FORMATS) == {*lesson.FORMATS, "json"}
    assert (DIGITS, MOST_DIGITS) == (lesson.DIGITS, lesson.MOST_DIGITS)


def test_an_unknown_format_is_refused(run):
    run("explain", "xor", "--format", "pdf").exits(2).says("pdf")


def test_names_of_a_file_cannot_move_the_cursor(run, tmp_path):
    data = tmp_path / "evil.csv"
    data.write_text("a,\x1b[2Jb,y\n1,2,0\n3,4,1\n5,7,1\n")
    for form in ("text", "markdown", "latex", "json"):
        assert "\x1b" not in run("explain", str(data), "--format", form).exits(0).out


def test_a_data_files_target_is_named(run, tmp_path):
    data = tmp_path / "points.csv"
    data.write_text("y,a,b\n0,1,2\n1,3,4\n1,5,7\n")
    found = run("explain", str(data), "--target", "y", "--json").exits(0).document
    assert sorted(found["targets"]) == [[0.0], [1.0], [1.0]]
    run("explain", str(data), "--target", "z").exits(2).says("points.csv", "z")
