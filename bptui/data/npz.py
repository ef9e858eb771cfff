"""Reading examples from a NumPy archive: X (n, d) numbers, y (n,) or (n, k) numbers, or (n,) text.

The archive's directory and the header of each array are judged before any array is loaded, because a small
file can declare terabytes. Python objects are never loaded.
"""

from __future__ import annotations

import io
import math
import sys
import warnings
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from bptui.data.columns import listed_lines
from bptui.data.files import open_regular
from bptui.errors import ActionableError

MAX_BYTES = 512 * 2**20
# NumPy reads as much header as is declared; it takes none over 10,000 characters.
_HEADER_BYTES = 16 * 2**10
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_WRITE = "Write it again with np.savez_compressed(file, X=X, y=y)"
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, eq=False)
class NpzData:
    """The rows of an archive that hold no NaN.

    inputs:   (n, d) float64
    targets:  (n, k) float64 (k = 1 for a flat y), or (n,) text
    rows:     (n,) their numbers in the file from 0
    total:    how many rows the file has
    left_out: the numbers of the rows with a NaN, from 0
    """

    inputs: NDArray[np.float64]
    targets: NDArray[Any]
    rows: NDArray[np.int64]
    total: int
    left_out: tuple[int, ...] = ()

    @property
    def notice(self) -> str:
        """What was left out, in a sentence; empty where nothing was."""
        if not self.left_out:
            return ""
        gone = listed_lines(self.left_out, "row")
        return f"{len(self.left_out):,} of {self.total:,} rows left out for NaN: {gone} (from 0)"


@dataclass(frozen=True)
class _Header:
    """What an array's header declares, and at which byte of the member its values begin."""

    name: str
    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]
    offset: int

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    @property
    def footprint(self) -> int:
        """The bytes the array takes as float64 or as text of four bytes a character."""
        widened = 4 * self.dtype.itemsize if self.dtype.kind == "S" else self.dtype.itemsize
        return self.count * max(8, widened)


def read_npz(path: Path, content: bytes | None = None) -> NpzData:
    """The examples in an archive; content: its bytes, where they are at hand. Raises ActionableError with the
    array that cannot be used."""
    place = str(path)
    with open_regular(path, MAX_BYTES) if content is None else io.BytesIO(content) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                inputs, targets = _arrays(archive, place)
        except _BROKEN as error:
            raise ActionableError(place, "this is not a sound .npz archive", _WRITE) from error
    return _whole(inputs, targets, place)


def _arrays(archive: zipfile.ZipFile, place: str) -> tuple[NDArray[Any], NDArray[Any]]:
    members = _members(archive, place)
    headers = {name: _header(archive, members[f"{name}.npy"], name, place) for name in ("X", "y")}
    total = sum(header.footprint for header in headers.values())
    if total > MAX_BYTES:
        found = f"X and y take {total:,} bytes in memory, and at most {MAX_BYTES:,} are loaded"
        raise ActionableError(place, found, "Keep a part of the rows")
    _refuse_shapes(headers["X"], headers["y"], place)
    return (
        _values(archive, members["X.npy"], headers["X"], place),
        _values(archive, members["y.npy"], headers["y"], place),
    )


# The archive's directory


def _members(archive: zipfile.ZipFile, place: str) -> dict[str, zipfile.ZipInfo]:
    counts = Counter(archive.namelist())
    if doubled := [name for name, times in counts.items() if times > 1]:
        raise ActionableError(place, f'the archive holds "{doubled[0]}" twice', _WRITE)
    members = {member.filename: member for member in archive.infolist()}
    for name in ("X", "y"):
        if f"{name}.npy" not in members:
            raise ActionableError(place, f"there is no array {name} ({_held(members)})", _WRITE)
        _refuse_unreadable(members[f"{name}.npy"], name, place)
    return members


def _held(members: dict[str, zipfile.ZipInfo]) -> str:
    names = sorted(name.removesuffix(".npy") for name in members)
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return f"the archive holds {shown}" if names else "the archive is empty"


def _refuse_unreadable(member: zipfile.ZipInfo, name: str, place: str) -> None:
    if member.flag_bits & 1:
        raise ActionableError(_of(place, name), "the array is encrypted", _WRITE)
    if member.compress_type not in _METHODS:
        raise ActionableError(_of(place, name), "the array is compressed in a way NumPy does not use", _WRITE)


def _of(place: str, name: str) -> str:
    return f"{place}, array {name}"


# The arrays' headers


def _header(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, place: str) -> _Header:
    with archive.open(member) as file:
        header = _parsed(io.BytesIO(file.read(_HEADER_BYTES)), name, place)
    _refuse_kind(header, place)
    declared = header.count * header.dtype.itemsize
    held = member.file_size - header.offset
    if declared != held:
        found = f"the header declares {declared:,} bytes of values, and {held:,} are there"
        raise ActionableError(_of(place, name), found, _WRITE)
    return header


def _parsed(file: io.BytesIO, name: str, place: str) -> _Header:
    unsound = ActionableError(_of(place, name), "the array's header cannot be read", _WRITE)
    try:
        read = _READERS.get(npy.read_magic(file))
        if read is None:
            raise unsound
        with warnings.catch_warnings(action="ignore"):
            shape, fortran, dtype = read(file)
    except Exception as error:
        # A forged header makes NumPy fail in many ways, and its words advertise the loading of objects.
        raise unsound from error
    if any(isinstance(length, bool) or length < 0 for length in shape):
        raise unsound
    return _Header(name, tuple(shape), fortran, dtype, file.tell())


def _refuse_kind(header: _Header, place: str) -> None:
    allowed = "biuf" if header.name == "X" else "biufUS"
    if header.dtype.hasobject:
        found, remedy = "the array holds Python objects", "Turn it into numbers or text before saving it"
    elif header.dtype.kind not in allowed or header.dtype.subdtype is not None:
        found = f"the array holds {_kind_words(header.dtype)}"
        remedy = "X must be real numbers" if header.name == "X" else "y must be real numbers or text"
    else:
        return
    raise ActionableError(_of(place, header.name), found, remedy)


def _kind_words(dtype: np.dtype[Any]) -> str:
    words = {"U": "text", "S": "text", "c": "complex numbers", "V": "records", "M": "dates", "m": "durations"}
    return words.get(dtype.kind, str(dtype))


def _refuse_shapes(x: _Header, y: _Header, place: str) -> None:
    if len(x.shape) != 2:
        raise ActionableError(
            _of(place, "X"), f"its shape is {x.shape}, and (n, d) is needed", _flattened(x.shape)
        )
    if 0 in x.shape:
        raise ActionableError(
            _of(place, "X"), f"its shape is {x.shape}: it is empty", "Give it rows and columns"
        )
    if len(y.shape) not in (1, 2) or y.shape[0] != x.shape[0] or 0 in y.shape:
        n = x.shape[0]
        found = f"its shape is {y.shape}, and X has {n:,} rows"
        raise ActionableError(_of(place, "y"), found, f"Give y the shape ({n},) or ({n}, k)")
    if y.dtype.kind in "US" and y.shape[1:] not in ((), (1,)):
        found = f"its shape is {y.shape}, and text is a single column"
        raise ActionableError(_of(place, "y"), found, f"Give y the shape ({x.shape[0]},)")


def _flattened(shape: tuple[int, ...]) -> str:
    if len(shape) > 2:
        picture = f"; with image = [{shape[1]}, {shape[2]}] for pictures" if len(shape) == 3 else ""
        return f"Save X.reshape(len(X), -1){picture}"
    return "Save X[:, None] where there is one input"


# The values


def _values(archive: zipfile.ZipFile, member: zipfile.ZipInfo, header: _Header, place: str) -> NDArray[Any]:
    """The member's values, read to its end so that the archive's checksum is compared."""
    with archive.open(member) as file:
        content = file.read()
    flat: NDArray[Any] = np.frombuffer(content, header.dtype, header.count, header.offset)
    return flat.reshape(header.shape, order="F" if header.fortran else "C")


def _whole(x: NDArray[Any], y: NDArray[Any], place: str) -> NpzData:
    inputs = _floats(x, "X", place)
    targets = _labels(y, place) if y.dtype.kind in "US" else _floats(y.reshape(len(y), -1), "y", place)
    broken = np.isnan(inputs).any(axis=1)
    if targets.dtype.kind == "f":
        broken |= np.isnan(targets).any(axis=1)
    if broken.all():
        raise ActionableError(place, "every row holds a NaN", "Fill the gaps before saving X and y")
    rows = np.flatnonzero(~broken)
    gone = tuple(np.flatnonzero(broken).tolist())
    return NpzData(inputs[rows], targets[rows], rows, len(inputs), gone)


def _floats(array: NDArray[Any], name: str, place: str) -> NDArray[np.float64]:
    with np.errstate(over="ignore", invalid="ignore"):
        floats = np.ascontiguousarray(array, dtype=np.float64)
    infinite = np.argwhere(np.isinf(floats))
    if len(infinite):
        row, column = infinite[0]
        found = f"{name}[{row}, {column}] is infinite, or too large for a float"
        raise ActionableError(_of(place, name), found, "Write a finite number, or NaN where it is unknown")
    return floats


def _labels(y: NDArray[Any], place: str) -> NDArray[np.str_]:
    """(n,): y as native text. Raises ActionableError for bytes and characters that are none."""
    unsound = ActionableError(_of(place, "y"), "its text is not Unicode", "Save it as text again")
    if y.dtype.kind == "S":
        try:
            return np.char.decode(y.reshape(-1), "utf-8")
        except ValueError as error:
            raise unsound from error
    labels = np.ascontiguousarray(y.reshape(-1), dtype=y.dtype.newbyteorder("="))
    if (labels.view(np.uint32) > sys.maxunicode).any():
        raise unsound
    return labels
