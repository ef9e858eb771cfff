"""The examples a preset describes, as arrays: drawn, from its table, or from a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.data.files import read_regular
from bptui.data.generators import GENERATORS
from bptui.errors import ActionableError
from bptui.experiment import catalogue
from bptui.experiment.checks import kind_of_source
from bptui.experiment.kinds import counted
from bptui.experiment.places import Places
from bptui.experiment.schema import DataSpec

Array = NDArray[Any]

LARGEST_DATA = 100 * 2**20  # bytes of a data file that is copied, or kept with a run


class Examples(NamedTuple):
    """inputs (n, d) float64; targets (n, k) float64 or (n,) text; rows (n,) numbers in the file from 0;
    numeric: whether a generator draws numbers (None where the targets decide); notices: what was left out;
    content: the bytes of the user's own data file, where it has at most LARGEST_DATA."""

    inputs: Array
    targets: Array
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    rows: Array
    numeric: bool | None = None
    notices: tuple[str, ...] = ()
    content: bytes | None = None


class Origin(NamedTuple):
    """Where a preset comes from: its folder, its places; file: the data file where that itself was given;
    stem: the title of one that has none; content: the bytes of the data file, where they are at hand."""

    folder: Path | None
    places: Places
    file: Path | None = None
    stem: str = ""
    content: bytes | None = None


def load(data: DataSpec, origin: Origin, rng: np.random.Generator) -> Examples:
    """The examples of [data]; `rng` draws a generator's points. Raises ActionableError."""
    if kind_of_source(data.source) == "generator":
        return _drawn(data, origin, rng)
    examples = _of_table(data) if data.source == "table" else _of_file(data, origin)
    _check_image(data, examples, origin.places)
    return examples


def _drawn(data: DataSpec, origin: Origin, rng: np.random.Generator) -> Examples:
    generator = GENERATORS[data.source]
    try:
        inputs, targets = generator.draw(data.points, data.noise, rng)
    except ActionableError as error:
        raise _at_key(error, origin.places, f"data.{error.place}") from None
    return Examples(
        _contiguous(inputs),
        _contiguous(targets),
        tuple(generator.input_names),
        _numbered("y", targets.shape[1]),
        np.arange(len(inputs)),
        numeric=generator.regression,
        notices=_points_notice(data, len(inputs)),
    )


def _points_notice(data: DataSpec, drawn: int) -> tuple[str, ...]:
    default = DataSpec(source=data.source).points
    if drawn == data.points or data.points == default:
        return ()
    return (f"{data.source} is always {counted(drawn, 'point')}; points = {data.points} is not used",)


def _of_table(data: DataSpec) -> Examples:
    inputs = _contiguous(data.inputs)
    targets = np.array(data.labels, dtype=np.str_) if data.labels is not None else _contiguous(data.targets)
    columns = 1 if targets.ndim == 1 else targets.shape[1]
    input_names = _numbered("x", inputs.shape[1])
    return Examples(inputs, targets, input_names, _numbered("y", columns), np.arange(len(inputs)))


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return (letter,) if count == 1 else tuple(f"{letter}{number}" for number in range(1, count + 1))


def _contiguous(values: Any) -> Array:
    return np.ascontiguousarray(values, dtype=np.float64)


# ---------------------------------------------------------------- files


def _of_file(data: DataSpec, origin: Origin) -> Examples:
    assert data.path is not None
    path = _path(data.path, origin)
    read = _of_npz if path.suffix.lower() == ".npz" else _of_csv
    try:
        content = origin.content if origin.content is not None else _content(data.path, path)
        return read(data, path, content)._replace(content=content)
    except ActionableError as error:
        if origin.file is not None:
            raise ActionableError(error.place, error.found, _as_options(error.remedy)) from None
        # The data file is named as the preset does, and so is the preset that led to it.
        place = error.place.replace(str(path), data.path)
        told = ActionableError(place, error.found, error.remedy)
        raise told.within(origin.places.of("data.path")) from None


def _path(named: str, origin: Origin) -> Path:
    if origin.content is not None:
        return Path(named)  # nothing is opened
    return origin.file or catalogue.data_file(named, origin.folder, origin.places)


def _content(named: str, path: Path) -> bytes | None:
    """None of a file that ships with bptui or is too large to be kept: it is read where it lies."""
    try:
        keep = not named.startswith(catalogue.BUILTIN_DATA) and path.stat().st_size <= LARGEST_DATA
    except (OSError, ValueError):
        return None
    return read_regular(path, LARGEST_DATA) if keep else None


def _as_options(remedy: str) -> str:
    """A remedy that names a preset's key, for a data file that has no preset: options do the same."""
    import json  # for mistakes alone: start-up is felt
    import shlex

    remedy = re.sub(
        r'target = ("(?:[^"\\]|\\.)*")', lambda found: f"--target {shlex.quote(json.loads(found[1]))}", remedy
    )
    return re.sub(r"inputs = (\[.*\])", r"--set 'data.inputs=\1'", remedy)


def column_names(path: Path) -> tuple[str, ...]:
    """The columns of a .csv or .tsv, in their order. Raises ActionableError."""
    from bptui.data.csv import read_csv

    return read_csv(path).names


def _of_csv(data: DataSpec, path: Path, content: bytes | None) -> Examples:
    # Readers are imported where a file is read: most presets have none, and start-up is felt.
    from bptui.data.columns import select
    from bptui.data.csv import read_csv

    chosen = select(read_csv(path, content), data.inputs, data.target)
    return Examples(
        _contiguous(chosen.inputs),
        chosen.targets,
        chosen.input_names,
        chosen.target_names,
        chosen.rows,
        notices=(chosen.notice,) if chosen.notice else (),
    )


def _of_npz(data: DataSpec, path: Path, content: bytes | None) -> Examples:
    for key in ("inputs", "target"):
        if getattr(data, key) is not None:
            found = f"{key} names columns, and an .npz has X and y alone"
            raise ActionableError(str(path), found, f"Take data.{key} away")
    from bptui.data.npz import read_npz

    archive = read_npz(path, content)
    columns = 1 if archive.targets.ndim == 1 else archive.targets.shape[1]
    return Examples(
        _contiguous(archive.inputs),
        archive.targets,
        _numbered("x", archive.inputs.shape[1]),
        _numbered("y", columns),
        archive.rows,
        notices=(archive.notice,) if archive.notice else (),
    )


def _check_image(data: DataSpec, examples: Examples, places: Places) -> None:
    if data.image is not None:
        rows, columns = data.image
        inputs = examples.inputs.shape[1]
        if rows * columns != inputs:
            found = (
                f"{rows} by {columns} pixels are {rows * columns}, and there are {counted(inputs, 'input')}"
            )
            raise places.error("data.image", found, "Give the picture's rows and columns")


def _at_key(error: ActionableError, places: Places, path: str) -> ActionableError:
    """The error of a room that knows no preset, told at the key it is about."""
    return places.error(path, error.found, error.remedy)
