from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bptui.cli.main import VERBS
from bptui.errors import ActionableError
from bptui.experiment import catalogue, own
from bptui.experiment.build import build
from bptui.experiment.own import save_own
from bptui.experiment.schema import DataSpec, Preset, TrainingSpec

PRESET = Preset(title="Mine", data=DataSpec("xor"), training=TrainingSpec(l2=0.01))
OF_FILE = Preset(data=DataSpec("file", path="people.csv"))
TABLE = "age,height,kind\n1,2,a\n3,4,b\n5,6,a\n7,9,b\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where they are saved; it is not there yet."""
    place = tmp_path / "config" / "presets"
    monkeypatch.setenv("BPTUI_PRESETS", str(place))
    return place


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def refused(preset: Preset, name: str, data: Path | None = None, overwrite: bool = False) -> str:
    with pytest.raises(ActionableError) as caught:
        save_own(preset, name, data, overwrite)
    return str(caught.value)


def test_what_is_saved_is_found_by_its_name(folder: Path) -> None:
    assert save_own(PRESET, "my xor-2") == folder / "my xor-2.toml"
    assert catalogue.find("my xor-2").preset == PRESET
    assert files(folder) == ["my xor-2.toml"]
    assert [entry.name for entry in catalogue.own()] == ["my xor-2"]


unhurried = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@unhurried
@given(st.text(max_size=70))
def test_whatever_name_is_taken_leads_back_to_its_preset(folder: Path, name: str) -> None:
    try:
        path = save_own(PRESET, name, overwrite=True)
    except ActionableError:
        return
    assert path.parent == folder
    assert catalogue.find(name).preset == PRESET


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("a" * 61, "it has 61 characters"),
        ("../evil", "'/' may not stand in it"),
        ("a\\b", "may not stand in it"),
        ("a\x1b[2J", "'\\x1b' may not stand in it"),
        ("a:b", "':' may not stand in it"),
        (".hidden", "it begins or ends with"),
        ("-x", "it begins or ends with"),
        (" x", "it begins or ends with"),
        ("train", "`bptui train` is a verb"),
        ("x.toml", "its ending makes it the path of a file"),
        ("x.CSV", "its ending makes it the path of a file"),
    ],
)
def test_a_name_that_leads_to_no_preset_is_refused(folder: Path, name: str, why: str) -> None:
    message = refused(PRESET, name)
    assert why in message
    assert "Take at most 60 letters" in message
    assert not folder.exists()


def test_the_verbs_are_the_commands() -> None:
    assert set(own.VERBS) == set(VERBS)


def test_nothing_is_overwritten_unasked(folder: Path) -> None:
    save_own(PRESET, "mine")
    other = replace(PRESET, summary="other")
    message = refused(other, "mine")
    assert message == f'{folder / "mine.toml"}: there is a preset called "mine". Take another name'
    assert catalogue.find("mine").preset == PRESET
    save_own(other, "mine", overwrite=True)
    assert catalogue.find("mine").preset == other
    assert files(folder) == ["mine.toml"]


def test_a_built_ins_title_is_not_kept(folder: Path) -> None:
    save_own(build("xor").preset, "mine")
    assert build("mine").title == "mine"
    save_own(PRESET, "titled")
    assert build("titled").title == "Mine"


def test_a_link_stays_a_link(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    (tmp_path / "dotfiles").mkdir()
    kept = tmp_path / "dotfiles" / "mine.toml"
    kept.write_text("old")
    (folder / "mine.toml").symlink_to(kept)
    save_own(PRESET, "mine", overwrite=True)
    assert (folder / "mine.toml").is_symlink()
    assert "l2 = 0.01" in kept.read_text()


# ---------------------------------------------------------------- data


def data_folder(tmp_path: Path, content: str = TABLE) -> Path:
    place = tmp_path / "data"
    place.mkdir(exist_ok=True)
    (place / "people.csv").write_text(content)
    return place


def test_a_data_file_is_copied_beside_it(folder: Path, tmp_path: Path) -> None:
    save_own(OF_FILE, "mine", data_folder(tmp_path))
    assert files(folder) == ["mine.csv", "mine.toml"]
    assert catalogue.find("mine").preset.data.path == "mine.csv"
    (tmp_path / "data" / "people.csv").unlink()
    assert build("mine").task.classes == ("a", "b")


def test_a_data_file_that_was_given_itself_may_lie_anywhere(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(data_folder(tmp_path) / "people.csv")
    (tmp_path / "empty").mkdir()
    save_own(OF_FILE, "mine", tmp_path / "empty", file=tmp_path / "link.csv")
    assert (folder / "mine.csv").read_text() == TABLE


def test_of_a_built_in_file_there_is_no_copy(folder: Path) -> None:
    save_own(build("iris").preset, "mine", catalogue.builtin_folder())
    assert files(folder) == ["mine.toml"]
    assert build("mine").sizes == build("iris").sizes


def test_data_that_lie_in_the_folder_stay_where_they_are(folder: Path) -> None:
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "people.csv").write_text(TABLE)
    preset = replace(OF_FILE, data=replace(OF_FILE.data, path="sub/people.csv"))
    save_own(preset, "mine", folder)
    assert catalogue.find("mine").preset.data.path == "sub/people.csv"
    assert files(folder) == ["mine.toml", "people.csv"]


def test_no_data_file_is_ever_overwritten(folder: Path, tmp_path: Path) -> None:
    save_own(OF_FILE, "mine", data_folder(tmp_path))
    save_own(OF_FILE, "mine", data_folder(tmp_path), overwrite=True)
    assert files(folder) == ["mine.csv", "mine.toml"]
    save_own(OF_FILE, "mine", data_folder(tmp_path, TABLE + "1,1,c\n"), overwrite=True)
    assert files(folder) == ["mine-2.csv", "mine.csv", "mine.toml"]
    assert (folder / "mine.csv").read_text() == TABLE
    assert build("mine").task.classes == ("a", "b", "c")


def test_data_outside_the_presets_folder_are_not_copied(folder: Path, tmp_path: Path) -> None:
    place = data_folder(tmp_path)
    (tmp_path / "secret.csv").write_text(TABLE)
    preset = replace(OF_FILE, data=replace(OF_FILE.data, path="../secret.csv"))
    assert "leads out of the preset's folder" in refused(preset, "mine", place)
    assert not folder.exists()


def test_large_data_are_not_copied(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "LARGEST_DATA", 10)
    place = data_folder(tmp_path)
    message = refused(OF_FILE, "mine", place)
    assert "at most 10 are read" in message
    assert f"Save a .toml by hand in {place}, beside it" in message


def test_data_that_went_away_are_told(folder: Path, tmp_path: Path) -> None:
    place = data_folder(tmp_path)
    (place / "people.csv").unlink()
    assert "there is no such file" in refused(OF_FILE, "mine", place)


# ---------------------------------------------------------------- where it cannot be written


def test_a_folder_that_is_a_file_is_told(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("no folder")
    message = refused(PRESET, "mine")
    assert message.startswith(f"{folder / 'mine.toml'}: it cannot be saved: ")
    assert "$BPTUI_PRESETS names another folder" in message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    try:
        assert "it cannot be saved: Permission denied" in refused(PRESET, "mine")
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("overwritten", [False, True])
def test_a_full_disk_leaves_what_was_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwritten: bool
) -> None:
    """The data were written, and the preset finds no room any more."""
    if overwritten:
        save_own(PRESET, "mine")
    before, made = [] if not overwritten else files(folder), list[int]()

    def fsync(descriptor: int) -> None:
        made.append(descriptor)
        # A folder's is the second of each file.
        if len(made) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    message = refused(OF_FILE, "mine", data_folder(tmp_path), overwrite=True)
    assert "it cannot be saved: No space left on device. Make room" in message
    assert files(folder) == before
    if overwritten:
        assert catalogue.find("mine").preset == PRESET


@pytest.mark.skipif(sys.platform == "win32", reason="it has no umask")
def test_others_may_read_it_as_any_file_of_the_user(folder: Path) -> None:
    path = save_own(PRESET, "mine")
    (folder / "plain").touch()
    assert path.stat().st_mode == (folder / "plain").stat().st_mode
