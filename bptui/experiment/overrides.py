"""`--set section.key=VALUE`: any key of a preset changed from the command line."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bptui.errors import ActionableError
from bptui.experiment import schema
from bptui.experiment.kinds import shown
from bptui.experiment.toml import Raw, unknown_key

_TAKEN_AWAY = object()


def apply(raw: Raw, overrides: Sequence[str]) -> Raw:
    """The document with each "section.key=VALUE" done in its order. VALUE is a TOML value; a name may go
    without its quotes; nothing after = takes the key away. Raises ActionableError."""
    for override in overrides:
        path, equals, text = override.partition("=")
        path = path.strip()
        place = f"--set {path}"
        if not equals or not path:
            remedy = "Write --set section.key=VALUE, such as --set training.eta=0.1"
            raise ActionableError("--set", f"{shown(override)} has no {'key' if equals else '='}", remedy)
        check_known(path, place)
        value = _TAKEN_AWAY if not text.strip() else parse_value(path, text.strip(), place)
        raw = _changed(raw, path, value, place)
    return raw


def put(raw: Raw, path: str, value: object, place: str) -> Raw:
    """The document with one value; `place` is the option that gave it, for messages."""
    return _changed(raw, path, value, place)


def take_away(raw: Raw, path: str, place: str) -> Raw:
    """The document without that key, which then has its default."""
    return _changed(raw, path, _TAKEN_AWAY, place)


def parse_value(path: str, text: str, place: str) -> object:
    """A TOML value, or a bare word where the key holds text. Raises ActionableError."""
    try:
        values = tomllib.loads(f"value = {text}\n")
    except (ValueError, RecursionError):
        values = {}
    if list(values) == ["value"] and "\n" not in text:
        return values["value"]
    key = schema.declared(path)
    if key is not None and key.kind.fits(text) and not _looks_structured(text):
        return text
    words = key.kind.words() if key is not None else "a table"
    raise ActionableError(place, f"{shown(text)} is no TOML value", f"It must be {words}")


def _looks_structured(text: str) -> bool:
    return text[0] in "[{\"'" or any(not c.isprintable() for c in text)


def check_known(path: str, place: str) -> None:
    """Raises ActionableError where a preset has no key of that path, with the nearest one."""
    if schema.declared(path) is None and path != "network.initial":
        section, _, name = path.rpartition(".")
        if section in schema.SECTIONS and path not in schema.SECTIONS:
            raise ActionableError(place, *unknown_key(section, name))
        remedy = "It is section.key, the section being data, network or training: training.eta=0.1"
        raise ActionableError(place, f"a preset has no key {shown(path)}", remedy)


def _changed(raw: Raw, path: str, value: object, place: str) -> Raw:
    values = copy.copy(raw.values)
    *sections, name = path.split(".")
    owner: dict[str, Any] = values
    for section in sections:
        inner = owner.get(section, {})
        # A section that is no table stays as it is: reading it will say so.
        if not isinstance(inner, dict):
            return raw
        owner[section] = dict(inner)
        owner = owner[section]
    if value is _TAKEN_AWAY:
        owner.pop(name, None)
    else:
        owner[name] = value
    places = replace(raw.places, given=_given(raw.places.given, path, place))
    return Raw(values, places)


def _given(before: Mapping[str, str], path: str, place: str) -> dict[str, str]:
    return {**before, path: place}
