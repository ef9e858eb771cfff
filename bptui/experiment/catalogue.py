"""Which presets there are, and what a person means by PRESET: a name, or the path of a file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

from bptui.errors import ActionableError
from bptui.experiment import toml
from bptui.experiment.kinds import listed, shown
from bptui.experiment.places import Places
from bptui.experiment.schema import DATA_SUFFIXES, FORMAT, Preset
from bptui.experiment.toml import Document, Raw

BUILTIN_DATA = "bptui:"  # before the name of a data file that ships with bptui

MOST_HERE = 50  # files of the current folder that are listed
_OUR_WORDS = re.compile(r"^\s*(format\s*=|\[\s*data\s*\])", re.MULTILINE)

# The built-in presets as lessons, one after the other; the user's own and later ones follow by name.
LESSONS = (
    "xor",
    "mazur",
    "and-or",
    "circle",
    "gauss",
    "moons",
    "spiral",
    "sine",
    "plane",
    "iris",
    "digits",
    "symmetry",
    "vanishing",
    "vanishing-relu",
    "dead-relu",
    "too-large-eta",
)


class Found(NamedTuple):
    """What PRESET stands for.

    name:      as it was given
    raw:       its document, before overrides
    path:      the file: the preset, or the data file itself
    builtin:   whether it ships with bptui
    automatic: whether it was made for a data file
    notices:   what was chosen, in words
    """

    name: str
    raw: Raw
    path: Path
    builtin: bool = False
    automatic: bool = False
    notices: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where its data lie."""
        return self.path.parent

    @property
    def document(self) -> Document:
        """Its preset, read and checked. Raises ActionableError."""
        return toml.interpret(self.raw)

    @property
    def preset(self) -> Preset:
        """The same without its places."""
        return self.document.preset


class Entry(NamedTuple):
    """A line of the list of presets; `error` where it cannot be read, in words."""

    name: str
    title: str
    summary: str
    path: str
    builtin: bool
    error: str | None = None


class Described(NamedTuple):
    """An entry with all that its preset says; None of a data file, and where it cannot be read."""

    entry: Entry
    preset: Preset | None


class Printed(NamedTuple):
    """A preset as TOML, and what has to be said beside it."""

    text: str
    notices: tuple[str, ...] = ()


def builtin_folder() -> Path:
    """The folder of what ships with bptui: inside the package, or beside it in a source tree."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_presets"
    return installed if installed.is_dir() else package.parent / "presets"


def own_folder() -> Path:
    """The folder of the user's own presets, which need not be there."""
    chosen = os.environ.get("BPTUI_PRESETS")
    return Path(chosen) if chosen else config_folder() / "presets"


def config_folder() -> Path:
    """The folder of what the user has chosen, which need not be there."""
    chosen = os.environ.get("BPTUI_CONFIG")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_config_dir("bptui"))


def builtin() -> list[Entry]:
    """What ships with bptui, in the order of the lessons."""
    return [found.entry for found in described_builtin()]


def own() -> list[Entry]:
    """The user's own, by name."""
    return [found.entry for found in described_own()]


def described_builtin() -> list[Described]:
    """The same as `builtin`, with their presets."""
    return [_described(path, path.stem, True) for path in _sorted(builtin_folder())]


def described_own() -> list[Described]:
    """The same as `own`, with their presets."""
    return [_described(path, path.stem, False) for path in _sorted(own_folder())]


def here(folder: Path | None = None) -> list[Described]:
    """The presets and data files of a folder (default: the current one), by name, at most MOST_HERE.

    A .toml that is about something else is left out, and so is all of a folder whose presets are listed
    already. Each is opened by its file's name.
    """
    folder = Path() if folder is None else folder
    try:
        if folder.resolve() in (builtin_folder().resolve(), own_folder().resolve()):
            return []
        paths = sorted(path for path in folder.iterdir() if _is_to_open(path))
    except OSError:
        return []
    return [_here(path) for path in paths[:MOST_HERE]]


def entries() -> list[Entry]:
    """All of them: the built-in, then the user's own."""
    return [*builtin(), *own()]


def find(source: str, target: str | None = None) -> Found:
    """What PRESET means: a name, the path of a .toml, or of a data file; then `target` may name its column.

    Raises ActionableError where there is nothing, or where its file cannot be read as TOML.
    """
    suffix = Path(source).suffix.lower()
    if suffix in DATA_SUFFIXES:
        return _of_data_file(source, target)
    if target is not None:
        remedy = f"In a preset it is a key: --set 'data.target={target}'"
        raise ActionableError("--target", f"{shown(source)} is a preset, not a data file", remedy)
    if suffix == ".toml":
        return Found(source, toml.read_file(Path(source), source), Path(source))
    if _is_path(source):
        endings = listed((".toml", *DATA_SUFFIXES), "or")
        raise ActionableError(
            source, "this is neither a preset nor a data file", f"Its name must end in {endings}"
        )
    return _named(source)


def printed(source: str) -> Printed:
    """A preset's TOML as it stands in its file; a data file's is written for it. Raises ActionableError."""
    found = find(source)
    preset = found.preset
    text = toml.dump(preset) if found.automatic else toml.text_of(found.path, found.raw.places.file)
    path = preset.data.path
    if path is None or path.startswith(BUILTIN_DATA):
        return Printed(text, found.notices)
    beside = f"{path} must stand beside it, as it does in {found.folder}"
    return Printed(text, (*found.notices, beside))


def data_file(path: str, folder: Path | None, places: Places) -> Path:
    """The file that `data.path` names: beside the preset and never outside its folder, or one of bptui's own.

    Raises ActionableError for a path that leads out: absolute, over `..` or by a symbolic link.
    """
    inside = builtin_folder() if path.startswith(BUILTIN_DATA) else folder
    name = path.removeprefix(BUILTIN_DATA)
    if inside is None:
        raise places.error("data.path", f"{shown(path)} has no folder to be in", "Save the preset first")
    if _is_absolute(name):
        remedy = "Name it from the preset's folder"
        raise places.error("data.path", f"{shown(path)} is an absolute path", remedy)
    if not _contained(inside, name):
        own = path.startswith(BUILTIN_DATA)
        folder_words = "the folder of bptui's own files" if own else "the preset's folder"
        remedy = "Put the data into the preset's folder, and name them from there"
        raise places.error("data.path", f"{shown(path)} leads out of {folder_words}", remedy)
    return inside / name


def _is_absolute(name: str) -> bool:
    windows = PureWindowsPath(name)
    return PurePosixPath(name).is_absolute() or bool(windows.drive or windows.root)


def _contained(folder: Path, name: str) -> bool:
    try:
        return (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False  # a NUL, or links in a circle


# ---------------------------------------------------------------- by name


def _named(name: str) -> Found:
    own_file, builtin_file = own_folder() / f"{name}.toml", builtin_folder() / f"{name}.toml"
    if not _is_plain(name):
        raise ActionableError("", f"{shown(name)} is no name of a preset", "`bptui presets` lists them")
    if _is_there(own_file):
        hidden = (f"{name} is your own preset {own_file}, not the built-in one",)
        notices = hidden if _is_there(builtin_file) else ()
        return Found(name, toml.read_file(own_file, str(own_file)), own_file, notices=notices)
    if _is_there(builtin_file):
        return Found(name, toml.read_file(builtin_file, f"{name}.toml"), builtin_file, builtin=True)
    raise ActionableError("", f"there is no preset called {shown(name)}", _remedy_for(name))


def _remedy_for(name: str) -> str:
    for suffix in (".toml", *DATA_SUFFIXES):
        if _is_there(Path(name + suffix)):
            return f"A file is opened by its whole name: {name}{suffix}"
    names = [path.stem for folder in (builtin_folder(), own_folder()) for path in _files(folder)]
    import difflib  # for a mistake alone

    near = difflib.get_close_matches(name.lower(), names, 1)
    meant = f"Did you mean {near[0]}? " if near else ""
    return f"{meant}`bptui presets` lists them"


def _is_path(source: str) -> bool:
    return "/" in source or "\\" in source or source in (".", "..") or Path(source).is_absolute()


def _is_plain(name: str) -> bool:
    return bool(name) and not name.startswith((".", "-")) and name.isprintable() and not _is_path(name)


def _is_there(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except (OSError, ValueError):
        return False


# ---------------------------------------------------------------- lists


def _sorted(folder: Path) -> list[Path]:
    order = {name: number for number, name in enumerate(LESSONS)}
    return sorted(_files(folder), key=lambda path: (order.get(path.stem, len(order)), path.name))


def _files(folder: Path) -> Iterator[Path]:
    try:
        yield from (path for path in folder.iterdir() if path.suffix == ".toml" and _is_plain(path.stem))
    except OSError:
        return  # no folder, no presets


def _described(path: Path, name: str, is_builtin: bool) -> Described:
    try:
        preset = toml.interpret(toml.read_file(path, str(path))).preset
    except ActionableError as error:
        return Described(Entry(name, name, "", str(path), is_builtin, str(error)), None)
    return Described(Entry(name, preset.title or name, preset.summary, str(path), is_builtin), preset)


def _here(path: Path) -> Described:
    if path.suffix.lower() == ".toml":
        return _described(path, str(path), False)
    return Described(Entry(str(path), path.name, "", str(path), False), None)


def _is_to_open(path: Path) -> bool:
    if path.name.startswith(".") or path.is_dir():
        return False
    suffix = path.suffix.lower()
    return suffix in DATA_SUFFIXES or (suffix == ".toml" and _is_about_a_preset(path))


def _is_about_a_preset(path: Path) -> bool:
    """Many folders hold a .toml of another program; a broken preset still has a word of ours."""
    try:
        text = toml.text_of(path, str(path))
    except ActionableError:
        return False
    return _OUR_WORDS.search(text) is not None


# ---------------------------------------------------------------- a data file


def _of_data_file(source: str, target: str | None) -> Found:
    """An experiment with the defaults; whether its targets are numbers, only the file can tell."""
    path = Path(source)
    if target is not None and path.suffix.lower() == ".npz":
        raise ActionableError("--target", "an .npz has no columns: its target is y", "Leave --target out")
    data = {"source": "file", "path": path.name, "scale": "standard", "target_scale": "standard"}
    values = {"format": FORMAT, "data": data | ({} if target is None else {"target": target})}
    given = {} if target is None else {"data.target": "--target"}
    return Found(source, Raw(values, Places(source, given=given)), path, automatic=True)
