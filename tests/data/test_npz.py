"""Reading archives: forged, huge and odd ones are refused before an array is loaded."""

from __future__ import annotations

import io
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bptui.data.npz import NpzData, read_npz
from bptui.errors import ActionableError

PRESETS = Path(__file__).parents[2] / "presets"


def saved(folder: Path, **arrays: Any) -> Path:
    path = folder / "data.npz"
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)
    return path


def archive(folder: Path, members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "data.npz"
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(path, "w", method) as file:
        for name, content in members:
            file.writestr(name, content)
    return path


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array))
    return buffer.getvalue()


def forged(header: str, values: bytes = b"", version: int = 1) -> bytes:
    text = header.encode("latin1") + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + values


def refused(path: Path) -> ActionableError:
    with pytest.raises(ActionableError) as caught:
        read_npz(path)
    assert "pickle" not in str(caught.value)
    assert caught.value.place.startswith(str(path))
    return caught.value


def test_digits() -> None:
    digits = read_npz(PRESETS / "digits.npz")
    assert digits.inputs.shape == (1797, 64)
    assert (digits.inputs.min(), digits.inputs.max()) == (0, 16)
    assert np.bincount(digits.targets[:, 0].astype(int)).tolist() == [
        178,
        182,
        177,
        183,
        181,
        182,
        181,
        179,
        174,
        180,
    ]
    assert (PRESETS / "digits.npz").stat().st_size < 100_000


@pytest.mark.parametrize("kind", ["<f8", ">f4", "<f2", "u1", ">i8", "?"])
def test_numbers_of_any_kind(tmp_path: Path, kind: str) -> None:
    data = read_npz(saved(tmp_path, X=np.array([[0, 1], [1, 0]], kind), y=np.array([1, 0], kind)))
    assert data.inputs.tolist() == [[0, 1], [1, 0]]
    assert data.targets.tolist() == [[1], [0]]
    assert data.inputs.dtype == data.targets.dtype == np.dtype("f8")
    assert data.inputs.flags.c_contiguous


def test_fortran_order_and_several_targets(tmp_path: Path) -> None:
    x = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    data = read_npz(saved(tmp_path, X=x, y=x[:, :2]))
    assert np.array_equal(data.inputs, x)
    assert np.array_equal(data.targets, x[:, :2])


@pytest.mark.parametrize("y", [["a", "é"], np.array([["a"], ["é"]]), np.array(["a", "é"], ">U3")])
def test_text(tmp_path: Path, y: Any) -> None:
    assert read_npz(saved(tmp_path, X=np.eye(2), y=y)).targets.tolist() == ["a", "é"]


def test_text_as_bytes(tmp_path: Path) -> None:
    data: NpzData = read_npz(saved(tmp_path, X=np.eye(2), y=np.array([b"a", "é".encode()])))
    assert data.targets.tolist() == ["a", "é"]


def test_rows_with_nan_are_left_out(tmp_path: Path) -> None:
    data = read_npz(saved(tmp_path, X=[[1, 2], [np.nan, 3], [4, 5], [6, 7]], y=[0.0, 1.0, np.nan, 2.0]))
    assert data.rows.tolist() == [0, 3]
    assert data.targets.tolist() == [[0], [2]]
    assert data.notice == "2 of 4 rows left out for NaN: rows 1, 2 (from 0)"


def test_what_is_beside_x_and_y_is_not_looked_at(tmp_path: Path) -> None:
    path = archive(tmp_path, [("X.npy", npy(np.eye(2))), ("y.npy", npy([0, 1])), ("notes.txt", b"\0")])
    assert read_npz(path).notice == ""


@pytest.mark.parametrize(
    ("arrays", "place", "found"),
    [
        ({"a": [1]}, "", "there is no array X (the archive holds a)"),
        ({"X": [[1]]}, "", "there is no array y (the archive holds X)"),
        ({"X": [1, 2], "y": [1, 2]}, ", array X", "its shape is (2,), and (n, d) is needed"),
        ({"X": np.ones((2, 3, 4)), "y": [1, 2]}, ", array X", "its shape is (2, 3, 4), and (n, d) is needed"),
        ({"X": np.ones((0, 3)), "y": []}, ", array X", "its shape is (0, 3): it is empty"),
        ({"X": np.eye(2), "y": [1, 2, 3]}, ", array y", "its shape is (3,), and X has 2 rows"),
        ({"X": np.eye(2), "y": 5}, ", array y", "its shape is (), and X has 2 rows"),
        (
            {"X": np.eye(2), "y": np.full((2, 2), "a")},
            ", array y",
            "its shape is (2, 2), and text is a single column",
        ),
        ({"X": [["a"], ["b"]], "y": [1, 2]}, ", array X", "the array holds text"),
        ({"X": np.eye(2) * 1j, "y": [1, 2]}, ", array X", "the array holds complex numbers"),
        ({"X": np.eye(2), "y": np.zeros(2, "M8[s]")}, ", array y", "the array holds dates"),
        ({"X": np.eye(2), "y": np.zeros(2, [("a", "f8")])}, ", array y", "the array holds records"),
        ({"X": np.eye(2), "y": np.array([{}, None])}, ", array y", "the array holds Python objects"),
        ({"X": [[1.0], [np.inf]], "y": [1, 2]}, ", array X", "X[1, 0] is infinite, or too large for a float"),
        ({"X": [[np.nan]], "y": [1]}, "", "every row holds a NaN"),
        ({"X": np.eye(2), "y": np.array([b"\xff", b"a"])}, ", array y", "its text is not Unicode"),
        (
            {"X": np.eye(1), "y": np.array([0x7FFFFFFF], "u4").view("U1")},
            ", array y",
            "its text is not Unicode",
        ),
    ],
)
def test_arrays_that_cannot_be_used(tmp_path: Path, arrays: dict[str, Any], place: str, found: str) -> None:
    path = saved(tmp_path, **arrays)
    error = refused(path)
    assert (error.place, error.found) == (f"{path}{place}", found)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000, 1000)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 1)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (True, 1)}",
        "{'descr': '<U0', 'fortran_order': False, 'shape': (99999999999, 1)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1, 1)}",
        "{'descr': 'nonsense', 'fortran_order': False, 'shape': (1, 1)}",
        "{'shape': (1, 1)}",
        "[" * 5000,
        "",
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_forged_headers(tmp_path: Path, header: str, version: int) -> None:
    path = archive(tmp_path, [("X.npy", forged(header, b"\0" * 8, version)), ("y.npy", npy([1]))])
    assert refused(path).place == f"{path}, array X"


def test_a_header_of_many_megabytes_is_not_read(tmp_path: Path) -> None:
    path = archive(tmp_path, [("X.npy", forged(" " * 20_000_000, version=2)), ("y.npy", npy([1]))])
    tracemalloc.start()
    assert "header" in refused(path).found
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, X=np.zeros((200_000, 10), np.uint8), y=np.zeros(200_000, np.uint8))
    monkeypatch.setattr("bptui.data.npz.MAX_BYTES", 10_000_000)
    assert refused(path).found == "X and y take 17,600,000 bytes in memory, and at most 10,000,000 are loaded"


def test_one_member_twice(tmp_path: Path) -> None:
    path = archive(tmp_path, [("X.npy", npy(np.eye(2))), ("X.npy", npy(np.eye(3))), ("y.npy", npy([1, 2]))])
    assert refused(path).found == 'the archive holds "X.npy" twice'


def test_an_odd_compression(tmp_path: Path) -> None:
    path = archive(tmp_path, [("X.npy", npy(np.eye(2))), ("y.npy", npy([1, 2]))], zipfile.ZIP_LZMA)
    assert "compressed in a way" in refused(path).found


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = archive(tmp_path, [("X.npy", npy(np.eye(2))), ("y.npy", npy([1, 2]))])
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert refused(path).found == "the array is encrypted"


def test_damage(tmp_path: Path) -> None:
    path = archive(tmp_path, [("X.npy", npy(np.eye(9))), ("y.npy", npy(np.arange(9)))], zipfile.ZIP_STORED)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[whole.index(b"\xf0\x3f")] ^= 1
    for content in (b"", b"text", whole[: len(whole) // 2], bytes(flipped)):
        path.write_bytes(content)
        assert refused(path).found == "this is not a sound .npz archive"


def test_only_regular_files(tmp_path: Path) -> None:
    assert refused(tmp_path).found == "this is a folder"
    assert refused(tmp_path / "none.npz").found == "there is no such file"
