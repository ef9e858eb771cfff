"""Saving a preset as one of the user's own: whole or not at all, and nothing is overwritten unasked."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple

from bptui.data.files import read_regular
from bptui.errors import ActionableError, AlreadyThere
from bptui.experiment import catalogue, toml
from bptui.experiment.catalogue import BUILTIN_DATA
from bptui.experiment.examples import LARGEST_DATA
from bptui.experiment.kinds import shown
from bptui.experiment.places import Places
from bptui.experiment.schema import DATA_SUFFIXES, Preset
from bptui.files import replace_file

LONGEST_NAME = 60  # characters
VERBS = (
    "train",
    "explain",
    "check",
    "picture",
    "presets",
    "replay",
    "share",
    "open",
)  # no presets, as `bptui VERB`; a test holds them equal

_NOT_IN_NAMES = frozenset('/\\<>:"|?*')  # some file system refuses them


def save_own(
    preset: Preset,
    name: str,
    folder: Path | None = None,
    overwrite: bool = False,
    file: Path | None = None,
    content: bytes | None = None,
) -> Path:
    """Write `name`.toml into the folder of the user's own presets, and its data file beside it where that
    lies elsewhere and does not ship with bptui.

    folder: where the preset's data lie; file: the data file where that itself was given; content: its bytes,
    where they are at hand. Raises ActionableError for a name that cannot be used or is taken (without
    `overwrite`), and where nothing can be written; then nothing was.
    """
    check_name(name)
    own = catalogue.own_folder()
    path = own / f"{name}.toml"
    if not overwrite and os.path.lexists(path):
        raise AlreadyThere(str(path), f"there is a preset called {shown(name)}", "Take another name")
    data = _data_beside(preset, own, name, folder, file, content)
    try:
        own.mkdir(parents=True, exist_ok=True)
        _write(_titled(preset), path, own, data)
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "Make room or change its permissions; $BPTUI_PRESETS names another folder"
        raise ActionableError(str(path), f"it cannot be saved: {reason}", remedy) from None
    return path


def check_name(name: str) -> None:
    """Raises ActionableError unless a preset of the user's own may be called so."""
    found = _fault_of(name)
    if found:
        remedy = f"Take at most {LONGEST_NAME} letters, digits, blanks and - _, such as my-xor"
        raise ActionableError("", f"{shown(name)} is no name of a preset: {found}", remedy)


def _fault_of(name: str) -> str:
    if not name.strip():
        return "it is empty"
    if len(name) > LONGEST_NAME:
        return f"it has {len(name):,} characters"
    wrong = next((c for c in name if c in _NOT_IN_NAMES or not c.isprintable()), None)
    if wrong is not None:
        return f"{wrong!a} may not stand in it"
    if name != name.strip() or name.startswith((".", "-")) or name.endswith("."):
        return "it begins or ends with a blank, a dot or a dash"
    if name in VERBS:
        return f"`bptui {name}` is a verb"
    if name.lower().endswith((".toml", *DATA_SUFFIXES)):
        return "its ending makes it the path of a file"
    return ""


def _titled(preset: Preset) -> Preset:
    """A built-in's title is not kept: two of the list would be called the same."""
    titles = {entry.title for entry in catalogue.builtin()}
    return replace(preset, title=None) if preset.title in titles else preset


# ---------------------------------------------------------------- its data


class _Data(NamedTuple):
    """The data file beside the preset: its place there, and its bytes where they have to be written first."""

    path: Path
    content: bytes | None


def _data_beside(
    preset: Preset, own: Path, name: str, folder: Path | None, file: Path | None, content: bytes | None
) -> _Data | None:
    """None where the preset needs none, or has one of bptui's own."""
    named = preset.data.path
    if preset.data.source != "file" or named is None or named.startswith(BUILTIN_DATA):
        return None
    path = Path(named)
    if content is None:
        path = file or catalogue.data_file(named, folder, Places())
        if path.resolve().is_relative_to(own.resolve()):
            return _Data(path, None)
        content = _read(path)
    for number in count(1):
        beside = own / f"{name if number == 1 else f'{name}-{number}'}{path.suffix.lower()}"
        if not os.path.lexists(beside):
            break
        with suppress(ActionableError):
            if read_regular(beside, LARGEST_DATA) == content:
                return _Data(beside, None)
    return _Data(beside, content)


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, LARGEST_DATA)
    except ActionableError as error:
        large = path.exists() and path.stat().st_size > LARGEST_DATA
        remedy = f"Save a .toml by hand in {path.parent}, beside it" if large else error.remedy
        raise ActionableError(error.place, error.found, remedy) from None


def _at(preset: Preset, path: Path, own: Path) -> Preset:
    """The preset with its data file named from the folder of its own."""
    named = path.resolve().relative_to(own.resolve()).as_posix()
    return replace(preset, data=replace(preset.data, path=named))


# ---------------------------------------------------------------- files


def _write(preset: Preset, path: Path, own: Path, data: _Data | None) -> None:
    if data is not None:
        preset = _at(preset, data.path, own)
    if data is not None and data.content is not None:
        replace_file(data.path, data.content)
    try:
        # Where it is a link, which is the user's own doing, the file that it leads to is replaced.
        replace_file(path, toml.dump(preset).encode("utf-8", "replace"))
    except OSError:
        if data is not None and data.content is not None:
            data.path.unlink(missing_ok=True)
        raise
