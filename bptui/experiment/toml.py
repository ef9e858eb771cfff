"""Presets as TOML: text to Preset and back.

Three steps: `parse` makes a raw document of a text (or `overrides` changes one), `interpret` makes a
preset of it and collects every mistake, `dump` writes one.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bptui.data.files import open_regular
from bptui.errors import ActionableError
from bptui.experiment import checks, schema
from bptui.experiment.kinds import Mismatch, listed, shown
from bptui.experiment.lines import key_lines
from bptui.experiment.places import Places, raise_all
from bptui.experiment.schema import SECTIONS, DataSpec, InitialSpec, NetworkSpec, Preset, TrainingSpec
from bptui.experiment.values import written

LARGEST_FILE = 2**20  # bytes
DEEPEST_KEY = 32  # parts of a dotted key: tomllib takes minutes for thousands
MOST_UNKNOWN = 20  # unknown keys that are told
_DEEP_KEY = re.compile(
    r"""(?<![\w.-])(?>(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){%d}""" % DEEPEST_KEY  # noqa: UP031
)
_LONG_NUMBER = re.compile(r"[0-9_]{4301}")  # the digits that int() refuses

# What the same thing is called elsewhere.
_ALIASES = {
    "lr": "eta",
    "learning_rate": "eta",
    "rate": "eta",
    "batch": "batch_size",
    "layers": "hidden",
    "units": "hidden",
    "sizes": "hidden",
    "activations": "activation",
    "output_activation": "output",
    "generator": "source",
    "file": "path",
    "name": "title",
    "description": "summary",
    "n_points": "points",
    "dataset": "source",
    "random_state": "seed",
    "max_epochs": "epochs",
}


class Raw(NamedTuple):
    """A document as tomllib gives it, and where its keys stand."""

    values: dict[str, Any]
    places: Places


@dataclass(frozen=True)
class Document:
    """A preset and where its keys stand."""

    preset: Preset
    places: Places = field(default_factory=Places)


def read(text: str, place: str, by_hand: bool = True) -> Preset:
    """The preset that a text says; `place` is how the person knows the file; by_hand: mistakes in it are told
    with their lines. Raises ActionableError."""
    return interpret(parse(text, place, by_hand)).preset


def read_file(path: Path, place: str) -> Raw:
    """The raw document of a file. Raises ActionableError where it cannot be read or is no TOML."""
    return parse(text_of(path, place), place)


def text_of(path: Path, place: str) -> str:
    """A file's text: a regular file of at most 1 MiB in UTF-8, with or without a byte order mark."""
    try:
        # Any size is opened: how much is read is decided here.
        with open_regular(path, sys.maxsize) as file:
            content = file.read(LARGEST_FILE + 1)
    except ActionableError as error:
        raise ActionableError(place, error.found, error.remedy) from None
    except OSError as error:
        raise ActionableError(place, f"it cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_FILE:
        raise ActionableError(place, "it is larger than 1 MiB", "Put the data into a .csv or .npz file")
    return _decoded(content, place)


def _decoded(content: bytes, place: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ActionableError(place, "it is UTF-16, not UTF-8", "Save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ActionableError(f"{place}:{line}", "this is no UTF-8 text", "Save it as UTF-8") from None


def parse(text: str, place: str, by_hand: bool = True) -> Raw:
    """The raw document of a text. Raises ActionableError where it is no TOML."""
    text = text.removeprefix("\ufeff")
    _refuse_deep_keys(text, place)
    try:
        return Raw(tomllib.loads(text), Places(place, key_lines(text) if by_hand else {}))
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, str(error), place) from None
    except RecursionError:
        remedy = "A preset needs at most three brackets in one another: [[[0, 1]]]"
        raise ActionableError(place, "its brackets are nested too deeply", remedy) from None
    except ValueError:
        # Whole numbers of thousands of digits get this far.
        long = _LONG_NUMBER.search(text)
        where = f"{place}:{_line_of(text, long.start())}" if long else place
        found = "this number has thousands of digits" if long else "it holds a date that is out of range"
        raise ActionableError(where, found, "No key takes one") from None


def _refuse_deep_keys(text: str, place: str) -> None:
    """A long dotted key costs the square of its length. Text that looks like one is no preset either."""
    deep = _DEEP_KEY.search(text)
    if deep:
        where = f"{place}:{_line_of(text, deep.start())}"
        found = f"this key has more than {DEEPEST_KEY} parts"
        raise ActionableError(
            where, found, "A key stands in a section, and has no more than that: training.eta"
        )


def _line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _syntax_error(text: str, message: str, place: str) -> ActionableError:
    where = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    reason = message[: where.start()] if where else message
    line = int(where[1]) if where and where[1] else text.count("\n") + 1
    remedy = "Text stands in quotes, lists in [ ], one key = value a line"
    return ActionableError(f"{place}:{line}", f"this is no TOML: {reason[:1].lower()}{reason[1:]}", remedy)


# ---------------------------------------------------------------- to a preset


def interpret(raw: Raw) -> Document:
    """The preset of a raw document, checked. Raises ActionableError, with all mistakes that there are."""
    reader = _Reader(raw)
    preset = reader.preset()
    mistakes = reader.mistakes
    mistakes += checks.mistakes(preset, raw.places, reader.given, reader.broken)
    raise_all(raw.places.file, mistakes)
    return Document(preset, raw.places)


class _Reader:
    """Reads section by section; collects mistakes, the keys that were given and those that are broken."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.mistakes: list[ActionableError] = []
        self.given: set[str] = set()
        self.broken: set[str] = set()
        self.unknown = 0

    def preset(self) -> Preset:
        self._check_format()
        top = self._section("", self.raw.values)
        data = self._subsection("data", self.raw.values)
        network = self._subsection("network", self.raw.values)
        training = self._subsection("training", self.raw.values)
        if "source" not in data:
            self._missing_source()
            data["source"] = schema.GENERATORS[0]
        return Preset(
            data=DataSpec(**data), network=self._network(network), training=TrainingSpec(**training), **top
        )

    def _check_format(self) -> None:
        """Another format may mean anything: nothing else is looked at."""
        found = self.raw.values.get("format")
        if found is None:
            self._mistake("format", "it is missing", "Begin the file with: format = 1")
        elif isinstance(found, int) and not isinstance(found, bool) and found != schema.FORMAT:
            remedy = "This bptui reads format 1; a newer one may read it" if found > 1 else "It must be 1"
            raise self.raw.places.error("format", f"format {shown(found)} is unknown", remedy)

    def _missing_source(self) -> None:
        if "data" not in self.broken and "data.source" not in self.broken:
            choices = listed([*schema.GENERATORS, "table", "file"], "or")
            self._mistake("data.source", "it is missing", f"It is one of {choices}")
        self.broken.add("data.source")

    def _network(self, values: dict[str, Any]) -> NetworkSpec:
        raw = self.raw.values.get("network")
        if isinstance(raw, dict) and "initial" in raw:
            initial = self._subsection("network.initial", raw, "initial")
            self.given.add("network.initial")
            if len(initial) == 2:
                return NetworkSpec(**values, initial=InitialSpec(**initial))
            self._incomplete_initial(initial)
        return NetworkSpec(**values)

    def _incomplete_initial(self, found: Mapping[str, Any]) -> None:
        for name in schema.names("network.initial"):
            path = f"network.initial.{name}"
            if name not in found and path not in self.broken and "network.initial" not in self.broken:
                self._mistake(path, "it is missing", "Exact starting values need both weights and biases")
        self.broken.add("network.initial")

    def _subsection(self, section: str, owner: Mapping[str, Any], name: str | None = None) -> dict[str, Any]:
        values = owner.get(name or section, {})
        if isinstance(values, dict):
            return self._section(section, values)
        self._mistake(section, f"{shown(values)} is not a section", f"Write [{section}] above its keys")
        return {}

    def _section(self, section: str, values: Mapping[str, Any]) -> dict[str, Any]:
        known: dict[str, Any] = {}
        for name, value in values.items():
            path = f"{section}.{name}" if section else name
            key = schema.declared(path)
            if key is not None:
                self._read(key, value, known)
            elif path not in SECTIONS:
                self._unknown(path, section, name)
        return known

    def _unknown(self, path: str, section: str, name: str) -> None:
        """The first ones are told; to look for what thousands may have meant takes minutes."""
        self.unknown += 1
        if self.unknown <= MOST_UNKNOWN:
            self._mistake(path, *unknown_key(section, name))
        elif self.unknown == MOST_UNKNOWN + 1:
            self._mistake(path, f"there are more than {MOST_UNKNOWN} unknown keys", "Is this a preset?")

    def _read(self, key: schema.DeclaredKey, value: object, known: dict[str, Any]) -> None:
        self.given.add(key.path)
        try:
            known[key.name] = key.kind.read(value)
        except Mismatch as error:
            remedy = f"It must be {key.kind.words()}"
            hint = f"; {error.hint}" if error.hint else ""
            self._mistake(key.path, error.found, remedy + hint)

    def _mistake(self, path: str, found: str, remedy: str) -> None:
        self.broken.add(path)
        self.mistakes.append(self.raw.places.error(path, found, remedy))


def unknown_key(section: str, name: str) -> tuple[str, str]:
    """(what was found, the remedy) for a key that no section or not this one has."""
    where = f"[{section}]" if section else "the top of a preset"
    found = f"{where} has no key {shown(name)}"
    meant = _ALIASES.get(name.lower(), name)
    elsewhere = [key for key in schema.all_keys() if key.name == meant and key.section != section]
    if meant in schema.names(section):
        return found, f"Did you mean {meant}?"
    if elsewhere:
        owner = elsewhere[0].section
        return found, f"{meant} stands {f'in [{owner}]' if owner else 'at the top, before any [section]'}"
    return found, f"Did you mean {_nearest(name, section)}?"


def _nearest(name: str, section: str) -> str:
    known = [*schema.names(section), *(_subsections(section))]
    import difflib  # for a mistake alone

    return difflib.get_close_matches(name.lower(), known, 1, cutoff=0.0)[0]


def _subsections(section: str) -> Iterator[str]:
    for path in SECTIONS:
        owner, _, name = path.rpartition(".")
        if path and owner == section:
            yield name if owner else f"[{name}]"


# ---------------------------------------------------------------- to text


def dump(preset: Preset) -> str:
    """The preset as TOML, without the keys that have their default. `read` gives it back equal."""
    parts = [f"format = {preset.format}"]
    parts += _pairs("", preset, skip=("format",))
    for section in ("data", "network", "network.initial", "training"):
        owner = _owner(preset, section)
        pairs = _pairs(section, owner) if owner is not None else []
        parts += ["", f"[{section}]", *pairs] if pairs else []
    return "\n".join(parts) + "\n"


def _owner(preset: Preset, section: str) -> Any:
    owner: Any = preset
    for name in section.split("."):
        owner = getattr(owner, name)
    return owner


def _pairs(section: str, owner: Any, skip: tuple[str, ...] = ()) -> list[str]:
    pairs = []
    for key in schema.all_keys():
        if key.section == section and key.name not in skip:
            value = getattr(owner, key.name)
            if value is not None and (key.required or value != key.default):
                pairs.append(f"{key.name} = {written(value, key.name == 'notes')}")
    return pairs
