from __future__ import annotations

import tomllib

import pytest


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def test_the_list_has_the_built_in_ones(run):
    found = run("presets", "--json").exits(0).document
    assert found[0]["name"] == "xor"
    assert set(found[0]) == {"name", "title", "summary", "path", "builtin", "error"}
    assert all(entry["builtin"] and entry["error"] is None for entry in found)


def test_own_ones_are_listed_a_broken_one_with_its_error(run, own):
    (own / "mine.toml").write_text('format = 1\ntitle = "Mine"\n[data]\nsource = "xor"\n')
    (own / "broken.toml").write_text("format = 1\n[data]\nsorce = 1\n")
    found = {entry["name"]: entry for entry in run("presets", "--json").exits(0).document}
    assert found["mine"]["title"] == "Mine"
    assert found["mine"]["builtin"] is False
    assert "sorce" in found["broken"]["error"]
    run("presets").exits(0).prints("mine", "own", "Mine", "broken: ", "sorce")


def test_people_get_a_line_a_preset(run, own):
    run("presets").exits(0).prints("xor", "spiral", f"your own belong into {own}")


@pytest.mark.parametrize("name", ["xor", "iris"])
def test_a_printed_preset_is_the_same_preset(run, tmp_path, name):
    copy = tmp_path / "copy.toml"
    copy.write_text(run("presets", name).exits(0).out, encoding="utf-8")
    options = ("--epochs", "3", "--weights", "--json")
    first, second = (run("train", preset, *options).exits(0).document for preset in (name, str(copy)))
    assert first["weights"] == second["weights"]
    assert second["preset"] == str(copy)


def test_its_data_file_is_told_beside(run, own):
    (own / "mine.toml").write_text('format = 1\n[data]\nsource = "file"\npath = "mine.csv"\n')
    (own / "mine.csv").write_text("a,b\n1,2\n3,4\n")
    run("presets", "mine").exits(0).says("mine.csv")


def test_one_as_json(run):
    found = run("presets", "xor", "--json").exits(0).document
    assert found["name"] == "xor"
    assert tomllib.loads(found["toml"])["data"]["source"] == "xor"


def test_a_near_name_is_offered(run):
    run("presets", "spirla").exits(2).says("spirla", "spiral")


def test_titles_cannot_move_the_cursor(run, own):
    (own / "evil.toml").write_text('format = 1\ntitle = "\\u001b[31mred"\n[data]\nsource = "xor"\n')
    assert "\x1b" not in run("presets").exits(0).out
    assert "\x1b" not in run("train", "evil", "--epochs", "1").exits(0).out


def test_a_file_with_no_preset_in_it_is_told_with_every_mistake(run, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('format = 1\n[data]\nsource = "xor"\n[training]\netta = 1\nepochs = -3\n')
    found = run("train", str(bad)).exits(2).says("bad.toml:5", "etta", "eta", "bad.toml:6", "epochs")
    assert found.out == ""
