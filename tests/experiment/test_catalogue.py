from __future__ import annotations

import os
from pathlib import Path

import pytest

from bptui.errors import ActionableError
from bptui.experiment import catalogue
from bptui.experiment.build import build
from bptui.experiment.places import Places

XOR = 'format = 1\nsummary = "mine"\n[data]\nsource = "xor"\n'
TABLE = "age,height,kind\n1,2,a\n3,4,b\n5,6,a\n7,9,b\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("BPTUI_PRESETS", str(folder))
    return folder


def refused(source: str, target: str | None = None) -> str:
    with pytest.raises(ActionableError) as caught:
        catalogue.find(source, target)
    return str(caught.value)


def test_built_in_presets_come_in_the_order_of_the_lessons(own: Path) -> None:
    assert tuple(entry.name for entry in catalogue.builtin()) == catalogue.LESSONS
    assert all(entry.builtin and entry.error is None and entry.title for entry in catalogue.builtin())


def test_own_presets_are_listed_after_them(own: Path) -> None:
    (own / "mine.toml").write_text(XOR)
    (own / "notes.txt").write_text("no preset")
    last = catalogue.entries()[-1]
    path = str(own / "mine.toml")
    assert last == catalogue.Entry("mine", "mine", "mine", path, builtin=False, error=None)


def test_a_broken_preset_is_listed_with_its_error(own: Path) -> None:
    (own / "broken.toml").write_text(XOR + "[training]\neta = -1\n")
    (entry,) = catalogue.own()
    assert entry.error is not None
    assert entry.error.startswith(f"{own / 'broken.toml'}:6 training.eta: -1 is out of range")


def test_the_current_folder_has_presets_and_data_files(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(XOR)
    (tmp_path / "broken.toml").write_text("format = 1\n[data]\nsorce = 1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    (tmp_path / "people.csv").write_text(TABLE)
    (tmp_path / ".hidden.csv").write_text(TABLE)
    (tmp_path / "notes.txt").write_text("no preset")
    (tmp_path / "folder.csv").mkdir()
    found = catalogue.here()
    assert [d.entry.name for d in found] == ["broken.toml", "mine.toml", "people.csv"]
    assert [d.preset is None for d in found] == [True, False, True]
    assert found[0].entry.error is not None
    assert "sorce" in found[0].entry.error
    assert found[2].entry.error is None


def test_a_folder_of_many_files_is_not_listed_to_its_end(own: Path, tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}.csv").write_text(TABLE)
    found = catalogue.here(tmp_path)
    assert len(found) == 50
    assert found[-1].entry.title == "49.csv"


def test_the_folder_of_the_own_presets_is_not_listed_twice(own: Path) -> None:
    (own / "mine.toml").write_text(XOR)
    assert catalogue.here(own) == []
    assert catalogue.here(own / "nowhere") == []


def test_no_folder_is_no_presets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BPTUI_PRESETS", str(tmp_path / "nowhere"))
    assert catalogue.own() == []


def test_the_own_folder_is_platformdirs_(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BPTUI_PRESETS", raising=False)
    monkeypatch.delenv("BPTUI_CONFIG", raising=False)
    assert catalogue.own_folder().name == "presets"
    assert catalogue.own_folder().parent.name == "bptui"


def test_the_configuration_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BPTUI_CONFIG", str(tmp_path))
    monkeypatch.delenv("BPTUI_PRESETS", raising=False)
    assert catalogue.config_folder() == tmp_path
    assert catalogue.own_folder() == tmp_path / "presets"


def test_one_s_own_wins_and_says_so(own: Path) -> None:
    (own / "xor.toml").write_text(XOR)
    found = catalogue.find("xor")
    assert not found.builtin
    assert found.preset.summary == "mine"
    assert found.notices == (f"xor is your own preset {own / 'xor.toml'}, not the built-in one",)
    assert found.notices[0] in build("xor").notices


def test_a_path_is_opened_as_it_was_given(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.toml").write_text(XOR)
    monkeypatch.chdir(tmp_path)
    assert catalogue.find("a.toml").name == "a.toml"
    assert catalogue.find("./a.toml").name == "./a.toml"
    assert build(str(tmp_path / "a.toml")).name == str(tmp_path / "a.toml")
    assert build("a.toml").title == "a"


def test_unknown_names_have_a_near_one(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused("spirl") == (
        'there is no preset called "spirl". Did you mean spiral? `bptui presets` lists them'
    )
    (tmp_path / "thing.csv").write_text(TABLE)
    assert refused("thing").endswith("A file is opened by its whole name: thing.csv")


@pytest.mark.parametrize("name", ["", ".", "..", "../xor", "a/b", ".hidden", "-x", "a\0b", "a\nb", "a\\b"])
def test_names_are_plain(own: Path, name: str) -> None:
    assert refused(name)


def test_paths_of_another_kind_are_refused(own: Path) -> None:
    assert refused("./thing.txt").endswith("Its name must end in .toml, .csv, .tsv or .npz")
    assert refused("not/there.toml").startswith("not/there.toml: there is no such file")


# ------------------------------------------------------------ data files


def test_a_data_file_has_an_experiment(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(TABLE)
    experiment = build(str(path))
    assert experiment.name == str(path)
    assert experiment.title == "people"
    assert experiment.task.classes == ("a", "b")
    assert experiment.preset.data.scale == "standard"
    assert experiment.preset.data.target_scale == "none"
    assert experiment.notices[-1] == "inputs scaled to mean 0 and deviation 1"
    assert "scaled" not in build(str(path), overrides=["data.scale=none"]).notices[-1]
    assert experiment.input_names == ("age", "height")


def test_its_numbers_are_scaled_too(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.tsv"
    path.write_text("a\tb\n" + "".join(f"{i}\t{i * 1.5}\n" for i in range(30)))
    experiment = build(str(path))
    assert experiment.task.kind == "regression"
    assert experiment.notices[-1] == "inputs and target scaled to mean 0 and deviation 1"
    assert abs(experiment.train.targets.mean()) < 1e-12
    assert experiment.target_scaling.undo(experiment.train.targets)[-1, 0] == pytest.approx(43.5)


def test_its_target_can_be_named_and_keys_be_set(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(TABLE)
    experiment = build(str(path), target="height", overrides=['data.inputs=["age"]', "data.task=regression"])
    assert experiment.input_names == ("age",)
    assert experiment.task.output_names == ("height",)
    with pytest.raises(ActionableError, match=r'^.*people\.csv: there is no column "heigth"'):
        build(str(path), target="heigth")


def test_its_remedies_are_options(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(TABLE)
    with pytest.raises(ActionableError) as caught:
        build(path, target="height")
    assert caught.value.remedy == "Leave the column out with --set 'data.inputs=[\"age\"]'"


def test_a_text_column_that_is_not_the_last_is_learned_by_an_option(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text('"the kind",a,b\nyes,1,2\nno,3,4\n')
    with pytest.raises(ActionableError) as caught:
        build(path)
    told = "Learn it with --target 'the kind', or leave the column out with --set 'data.inputs=[\"a\"]'"
    assert caught.value.remedy == told


def test_a_linked_data_file_is_followed(own: Path, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "people.csv").write_text(TABLE)
    (tmp_path / "sub" / "link.csv").symlink_to(tmp_path / "people.csv")
    assert build(str(tmp_path / "sub" / "link.csv")).task.classes == ("a", "b")


def test_a_target_is_for_data_files(own: Path) -> None:
    assert refused("xor", "y").startswith('--target: "xor" is a preset, not a data file.')
    assert refused("a.npz", "y").startswith("--target: an .npz has no columns")


# ------------------------------------------------------------ where data may lie


def outside(tmp_path: Path, name: str) -> bool:
    folder = tmp_path / "presets"
    folder.mkdir(exist_ok=True)
    try:
        catalogue.data_file(name, folder, Places("p.toml", {"data.path": 3}))
    except ActionableError as error:
        return error.place == "p.toml:3 data.path"
    return False


@pytest.mark.parametrize("name", ["a.csv", "sub/a.csv", "sub/../a.csv", "..a.csv", "bptui:iris.csv"])
def test_data_lie_beside_the_preset(tmp_path: Path, name: str) -> None:
    assert not outside(tmp_path, name)


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "sub/../../a.csv",
        "/etc/a.csv",
        "C:\\a.csv",
        "\\\\server\\a.csv",
        "bptui:../a.csv",
        "bptui:/a.csv",
        "a\0.csv",
    ],
)
def test_and_nowhere_else(tmp_path: Path, name: str) -> None:
    assert outside(tmp_path, name)


def test_links_do_not_lead_out(tmp_path: Path) -> None:
    folder = tmp_path / "presets"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text(TABLE)
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "up").symlink_to(tmp_path)
    (folder / "circle").symlink_to(folder / "circle")
    (folder / "real.csv").write_text(TABLE)
    (folder / "inside.csv").symlink_to(folder / "real.csv")
    assert outside(tmp_path, "link.csv")
    assert outside(tmp_path, "up/secret.csv")
    assert not outside(tmp_path, "inside.csv")


def test_a_folder_that_is_itself_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "presets").symlink_to(tmp_path / "real")
    assert not outside(tmp_path, "a.csv")


def test_a_preset_and_its_data_are_both_named(own: Path) -> None:
    (own / "p.toml").write_text('format = 1\n[data]\nsource = "file"\npath = "d.csv"\n')
    (own / "d.csv").write_text("a,b\n1,2\nx,4\n")
    with pytest.raises(ActionableError) as caught:
        build("p")
    assert str(caught.value).startswith(
        f'{own / "p.toml"}:4 data.path: d.csv, line 3, column "a": "x" is not'
    )


# ------------------------------------------------------------ printing


def test_a_built_in_is_printed_as_it_stands_and_works_anywhere(own: Path, tmp_path: Path) -> None:
    for name in catalogue.LESSONS:
        printed = catalogue.printed(name)
        copy = tmp_path / f"{name}.toml"
        copy.write_text(printed.text, encoding="utf-8")
        assert printed.notices == ()
        assert catalogue.find(str(copy)).preset == catalogue.find(name).preset
        assert build(str(copy)).sizes == build(name).sizes


def test_an_own_one_says_what_must_stand_beside(own: Path) -> None:
    text = 'format = 1\n# mine\n[data]\nsource = "file"\npath = "d.csv"\n'
    (own / "p.toml").write_text(text)
    printed = catalogue.printed("p")
    assert printed.text == text
    assert printed.notices == (f"d.csv must stand beside it, as it does in {own}",)


def test_a_data_file_s_preset_is_printed(own: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(TABLE)
    printed = catalogue.printed(str(tmp_path / "people.csv"))
    assert 'path = "people.csv"' in printed.text
    (tmp_path / "copy.toml").write_text(printed.text)
    assert build(str(tmp_path / "copy.toml")).task.classes == ("a", "b")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read anything")
def test_a_folder_that_may_not_be_read_is_no_presets(own: Path) -> None:
    own.chmod(0)
    try:
        assert catalogue.own() == []
    finally:
        own.chmod(0o700)
