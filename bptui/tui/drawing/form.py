"""The experiment as a form: every key of the preset format with its value and its meaning.

Pure: rows of a preset and of what is pending, and the pictures of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from bptui.escape import cut, safe
from bptui.experiment import checks, schema
from bptui.experiment.schema import OPTIMIZER_KEYS, OPTIMIZERS, DeclaredKey, Preset
from bptui.session.keys import Pending, value_of
from bptui.tui.drawing.answers import narrow
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chooser import Footer, Part
from bptui.tui.drawing.palette import Palette

HEADINGS = {
    "": "About",
    "data": "Data",
    "network": "Network",
    "network.initial": "Exact starting values",
    "training": "Training",
}
ORDER = ("data", "network", "network.initial", "training", "")  # the words about it come last
KEYS = (
    ("Enter", "type", "type"),
    ("← →", "other value", ""),
    ("a", "make the changes", "make"),
    ("s", "save as", "save"),
    ("Backspace", "as it was", "restore"),
    ("Esc", "leave", "leave"),
)  # each with its word and what a click on it does; where there is no room those before the last go
NAMES, WORDS = 18, 44  # cells of a key's name, least cells of the column that explains
LEAST_BEFORE = 4  # letters of what was there that are worth a place
_OF_SOURCE = {
    "points": "generator", "noise": "generator", "targets": "table", "labels": "table",
    "path": "file", "target": "file", "image": "file",
}  # fmt: skip


class Entry(NamedTuple):
    """A key in the form; `now` what the run has, `then` what it will have."""

    key: DeclaredKey
    now: Any
    then: Any

    @property
    def changed(self) -> bool:
        return bool(self.now != self.then)


def entries(preset: Preset, pending: Pending) -> tuple[Entry, ...]:
    """The keys that count for this source and this optimizer, grouped, each with its value."""
    found = []
    for section in ORDER:
        for key in schema.all_keys():
            if key.section == section and key.name != "format" and _counts(preset, key, pending):
                now, then = value_of(preset, key.path), value_of(preset, key.path, pending)
                found.append(Entry(key, now, then))
    return tuple(found)


def _counts(preset: Preset, key: DeclaredKey, pending: Pending) -> bool:
    source = checks.kind_of_source(value_of(preset, "data.source", pending))
    if key.section == "network.initial":
        return preset.network.initial is not None and pending.get("network.initial", True) is not None
    if key.section == "data":
        if key.name == "inputs":
            return source != "generator"
        return _OF_SOURCE.get(key.name, source) == source
    if key.name in OPTIMIZER_KEYS:
        return key.name in OPTIMIZERS.get(value_of(preset, "training.optimizer", pending), {})
    return True


def shown(key: DeclaredKey, value: Any) -> str:
    """A value as the form tells it, on one line; what the data decide in words."""
    if value is None:
        return key.default_words or "none"
    return safe(key.written(value), 400)


def draw_title(title: str, width: int, palette: Palette) -> Canvas:
    """The first row; title: of what is being played."""
    canvas = Canvas(width, 1, palette)
    canvas.rule(0, "Experiment", f"{narrow(title, 40)} · every key of its preset", focused=True)
    return canvas


def footer(width: int) -> Footer:
    """The keys that there is room for."""
    keys = list(KEYS)
    while len(keys) > 2 and sum(len(key) + len(word) + 4 for key, word, _ in keys) - 3 > width:
        del keys[-2]
    parts, x = [], 0
    for key, word, action in keys:
        parts += [Part(x, key, "bright", action), Part(x + len(key) + 1, word, "dim", action)]
        x += len(key) + len(word) + 4
    return tuple(parts)


def draw_note(rows: Sequence[Entry], told: str, width: int, height: int, palette: Palette) -> Canvas:
    """What the last key did, else what is changed and what a change of it means for the run."""
    canvas = Canvas(width, height, palette)
    changed = [row for row in rows if row.changed]
    if not told and not changed:
        canvas.put(0, 0, "nothing is changed", "dim")
        return canvas
    anew = any(not schema.goes_on(row.key.path) for row in changed)
    start = f"{len(changed)} changed, {'starts anew' if anew else 'goes on with the same weights'}: "
    text = told or start + in_words(changed)
    lines = textwrap.wrap(safe(text, 400), width, max_lines=height, placeholder="…") if width > 1 else []
    for y, line in enumerate(lines):
        canvas.put(0, y, line, "text")
    if not told:
        canvas.put(0, 0, start[:width].rstrip(), "text", bold=True)
    return canvas


def draw_form(
    rows: Sequence[Entry], at: int, width: int, height: int, palette: Palette, mistake: str = ""
) -> Canvas:
    """The list with the key in question marked, and what there is to say of it, beside or below."""
    canvas = Canvas(width, height, palette)
    beside = width >= 2 * WORDS
    room = height if beside else max(height - 7, 3)
    listed = width - WORDS - 3 if beside else width
    _draw_list(canvas, rows, at, listed, room)
    if beside:
        canvas.paste(_about(rows[at], WORDS, height, palette, mistake), listed + 3, 0)
    else:
        canvas.put(0, room, "─" * width, "faint")
        canvas.paste(_about(rows[at], width, height - room - 1, palette, mistake), 0, room + 1)
    return canvas


def entry_at(rows: Sequence[Entry], at: int, width: int, height: int, x: int, y: int) -> int | None:
    """The number of the entry that stands at cell (x, y)."""
    beside = width >= 2 * WORDS
    room = height if beside else max(height - 7, 3)
    lines = _window(_lines(rows), at, room)
    if y >= len(lines) or (beside and x >= width - WORDS - 3):
        return None
    line = lines[y]
    return line if isinstance(line, int) else None


def _lines(rows: Sequence[Entry]) -> list[int | str]:
    """The numbers of the entries with their headings between."""
    lines: list[int | str] = []
    section = None
    for number, entry in enumerate(rows):
        if entry.key.section != section:
            section = entry.key.section
            lines.append(HEADINGS[section])
        lines.append(number)
    return lines


def _window(lines: list[int | str], at: int, room: int) -> list[int | str]:
    """As many as there is room for, the one in question about in the middle."""
    place = lines.index(at)
    start = min(max(place - room // 2, 0), max(len(lines) - room, 0))
    return lines[start : start + room]


def _draw_list(canvas: Canvas, rows: Sequence[Entry], at: int, width: int, room: int) -> None:
    lines = _lines(rows)
    seen = _window(lines, at, room)
    for y, line in enumerate(seen):
        if isinstance(line, str):
            canvas.put(0, y, line, "text", bold=True)
        else:
            _draw_entry(canvas, y, rows[line], line == at, width)
    if seen[0] != lines[0]:
        canvas.put(width - 1, 0, "⋮", "dim")
    if seen[-1] != lines[-1]:
        canvas.put(width - 1, len(seen) - 1, "⋮", "dim")


def _draw_entry(canvas: Canvas, y: int, entry: Entry, chosen: bool, width: int) -> None:
    key = entry.key
    if chosen:
        canvas.put(0, y, "▸", "accent_glyph")
    canvas.put(2, y, key.name, "bright" if chosen else "text")
    room = width - NAMES - 4
    before = shown(key, entry.now)
    if entry.changed:
        after = shown(key, entry.then)
        x = canvas.put(NAMES + 2, y, f"{_before(before, after, room)}→ ", "dim")
        canvas.put(x, y, cut(after, width - 2 - x), "accent_glyph", bold=True)
    else:
        usual = key.default is not None and entry.now == key.default
        token = "bright" if chosen else "dim" if usual or entry.now is None else "text"
        canvas.put(NAMES + 2, y, cut(before, room), token)


def _before(before: str, after: str, room: int) -> str:
    """What was there, as far as what is to be there leaves room for it; the line below tells both."""
    left = room - len("→ ") - len(after) - 1
    if left < min(len(before), LEAST_BEFORE):
        return "" if len(after) < room - 2 else f"{cut(before, room // 2 - 2)} "
    return f"{cut(before, left)} "


def _about(entry: Entry, width: int, height: int, palette: Palette, mistake: str) -> Canvas:
    """Meaning, what it may hold, what a change of it means for the run; a mistake in front of all."""
    canvas = Canvas(width, height, palette)
    y = 0
    for text, token in _sentences(entry, mistake):
        for line in textwrap.wrap(text, width) if text else [""]:
            canvas.put(0, y, line, token)
            y += 1
    return canvas


def _sentences(entry: Entry, mistake: str) -> list[tuple[str, str]]:
    key = entry.key
    words = key.kind.words()
    said = [(key.path, "bright"), (key.help[0].upper() + key.help[1:] + ".", "text")]
    if mistake:
        said.insert(1, (safe(mistake, 300), "accent_glyph"))
    names = key.options
    if names and len(names) > 2:
        said.append((f"one of  {'  '.join(names)}", "dim"))
    else:
        said.append((f"it is {words}", "dim"))
    usual = default_of_entry(entry)
    if usual:
        said.append((f"left out: {usual}", "dim"))
    if schema.goes_on(key.path):
        said.append(("A change goes on with the same weights.", "text"))
    else:
        said.append(("A change starts anew, with other data or weights.", "text"))
    return said


def default_of_entry(entry: Entry) -> str:
    """What holds where the key is left out, in words; "" where it must not be."""
    key = entry.key
    if key.required:
        return ""
    return key.default_words or ("nothing" if key.default is None else shown(key, key.default))


def in_words(rows: Sequence[Entry]) -> str:
    """The pending changes: eta 0.5 → 0.1, hidden [4] → [8, 8]."""
    return ", ".join(
        f"{entry.key.name} {cut(shown(entry.key, entry.now), 24)} → {cut(shown(entry.key, entry.then), 24)}"
        for entry in rows
        if entry.changed
    )
