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
    assert "δ" in found.out
    assert "\x1b" not in found.out


def test_an_unknown_format_is_refused(run):
    run("explain", "xor", "--format", "pdf").exits(2).says("pdf")


def test_names_of_a_file_cannot_move_the_cursor(run, tmp_path):
    data = tmp_path / "evil.csv"
    data.write_text("a,\x1b[2Jb,y\n1,2,0\n3,4,1\n5,7,1\n")
    assert "\x1b" not in run("explain", str(data)).exits(0).out


def test_a_data_files_target_is_named(run, tmp_path):
    data = tmp_path / "points.csv"
    data.write_text("y,a,b\n0,1,2\n1,3,4\n1,5,7\n")
    found = run("explain", str(data), "--target", "y", "--json").exits(0).document
    assert sorted(found["targets"]) == [[0.0], [1.0], [1.0]]
    run("explain", str(data), "--target", "z").exits(2).says("points.csv", "z")
