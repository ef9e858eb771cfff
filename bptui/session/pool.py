"""Many arrays in two .npy files, one for each kind of number, each found again by where it lies in it."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

Array = NDArray[Any]
Place = list[int]  # bytes of a number, numbers before it, shape

KINDS: dict[int, np.dtype[Any]] = {8: np.dtype("<f8"), 4: np.dtype("<f4")}
NAMES = {8: "float64.npy", 4: "float32.npy"}
_LONGEST_HEADER = 128 + 16  # bytes


class Pool:
    """To be written: arrays are put in one after the other. Nothing is copied until then."""

    def __init__(self) -> None:
        self._arrays: dict[int, list[Array]] = {size: [] for size in KINDS}
        self._lengths = dict.fromkeys(KINDS, 0)

    def put(self, array: Array) -> Place:
        """Where it will lie. float64 or float32."""
        size = array.dtype.itemsize
        place = [size, self._lengths[size], *array.shape]
        self._arrays[size].append(array)
        self._lengths[size] += array.size
        return place

    def write(self, size: int, file: BinaryIO) -> None:
        """All arrays of numbers of so many bytes, as one .npy of one axis."""
        header = {"descr": KINDS[size].str, "fortran_order": False, "shape": (self._lengths[size],)}
        npy.write_array_header_1_0(file, header)
        for array in self._arrays[size]:
            file.write(np.ascontiguousarray(array, KINDS[size]).tobytes())


class Found:
    """To be read: members by their names. ValueError where one is no such .npy."""

    def __init__(self, members: Mapping[str, bytes]) -> None:
        self._flat = {size: _flat(members[name], KINDS[size]) for size, name in NAMES.items()}

    def array(self, place: object, dtype: str, *shape: int) -> Array:
        """A copy of the array that lies there. ValueError where it has not that kind and shape."""
        expected = np.dtype(dtype)
        if not (isinstance(place, list) and len(place) > 1 and all(type(n) is int for n in place)):
            raise ValueError(f"{str(place)[:40]} is no place of an array")
        size, offset, *found = place
        if size != expected.itemsize or tuple(found) != shape:
            raise ValueError(f"an array has the shape {tuple(found)} where {shape} is needed")
        flat, count = self._flat[size], math.prod(shape)
        if offset < 0 or offset + count > len(flat):
            raise ValueError("an array lies outside of its file")
        return flat[offset : offset + count].reshape(shape).astype(expected)


def _flat(content: bytes, dtype: np.dtype[Any]) -> Array:
    """(n,) a view. The header is judged before anything is made of it."""
    file = io.BytesIO(content[:_LONGEST_HEADER])
    if npy.read_magic(file) != (1, 0):
        raise ValueError("an array is of another version of .npy")
    shape, fortran, found = npy.read_array_header_1_0(file)
    held = len(content) - file.tell()
    if fortran or found != dtype or len(shape) != 1 or shape[0] * dtype.itemsize != held:
        raise ValueError("an array's header does not tell what it holds")
    return np.frombuffer(content, dtype, offset=file.tell())
