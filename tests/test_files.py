"""A file is put in its place whole or not at all."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from bptui import files
from bptui.files import replace_file, replacing


def test_a_file_that_is_there_keeps_its_permissions(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_new_file_has_those_that_are_usual(tmp_path: Path):
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "file", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


def test_a_link_stays_one(tmp_path: Path):
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_bytes(b"old")
    link.symlink_to(path)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_where_it_fails_the_old_one_stays_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_where_the_writer_fails_nothing_is_there(tmp_path: Path):
    def half() -> None:
        with replacing(tmp_path / "file") as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert os.listdir(tmp_path) == []


def test_what_killed_writers_left_is_swept_when_it_is_old(tmp_path: Path):
    path = tmp_path / "run.bptui"
    old, young, other = (tmp_path / name for name in (".run.bptui.a.tmp", ".run.bptui.b.tmp", ".x.a.tmp"))
    for each in (old, young, other):
        each.write_bytes(b"half")
    long_ago = time.time() - files.STALE - 60
    for each in (old, other):
        os.utime(each, (long_ago, long_ago))
    replace_file(path, b"new")
    assert sorted(os.listdir(tmp_path)) == sorted([young.name, other.name, path.name])


def test_the_longest_name_has_room(tmp_path: Path):
    path = tmp_path / ("n" * 255)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
