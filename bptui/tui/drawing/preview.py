"""What the chooser tells of the preset in question: title, summary, the data's picture, facts, notes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bptui.escape import safe
from bptui.explain.numbers import count
from bptui.session.offers import Offer
from bptui.session.preview import Preview
from bptui.tui.drawing.answers import narrow, pretty
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.dataset import draw_dataset, is_table
from bptui.tui.drawing.notation import shape
from bptui.tui.drawing.palette import Palette

MOST_ERRORS = 8  # mistakes of a broken preset that are told
MOST_CLASSES = 4  # that are told by name
LABEL = 10  # cells of a fact's label
FACTS = 26  # cells that the facts need beside the picture
IMAGES = 38  # columns for four images side by side
GAP = 3  # cells between them
LONGEST = 4_000  # cells high: notes may be as long as a file
INDENT = 6  # of what a line of the notes goes on with, where it begins with "Try" or "Look"

Line = tuple[tuple[str, str], ...]  # pieces of text, each with its token


def draw_preview(offer: Offer, preview: Preview | None, width: int, block: int, palette: Palette) -> Canvas:
    """`block`: rows of the picture. The canvas is as high as all of it; None is a preview to come, whose
    room is kept free."""
    error = preview.error if preview else offer.error
    above = [*_heading(offer, width), *_target(offer, preview, width)]
    if error:
        return _written([*above, *_mistakes(error, width)], width, palette)
    middle = _middle(preview, width, block, palette)
    below = [*_notes(offer.notes, width), *_notices(preview, width)]
    below = below[1:] if below[:1] == [()] else below
    canvas = _written([*above, *[()] * (middle.height + (middle.height > 0)), *below], width, palette)
    canvas.paste(middle, 0, len(above))
    return canvas


def _middle(preview: Preview | None, width: int, block: int, palette: Palette) -> Canvas:
    """Picture and facts: side by side where there is room for both, a table always above."""
    if preview is None:
        return Canvas(width, block, palette)
    if preview.large:
        return Canvas(width, 0, palette)
    across = _across(preview, width, block)
    above = is_table(preview) or width < across + GAP + FACTS
    if is_table(preview):
        block = min(block, len(preview.inputs) + 2)
    room = width if above else width - across - GAP
    facts = [line for fact in _facts(preview) for line in _fact(fact, room)]
    canvas = Canvas(width, block + 1 + len(facts) if above else max(block, len(facts)), palette)
    canvas.paste(draw_dataset(preview, width if above else across, block, palette), 0, 0)
    _write(canvas, facts, *((0, block + 1) if above else (across + GAP, 0)))
    return canvas


def _across(preview: Preview, width: int, block: int) -> int:
    """Columns of the picture: a square, and for images all that the facts leave."""
    if preview.image is None:
        return 2 * block
    return max(min(width - GAP - FACTS, IMAGES), 2 * block)


def _written(lines: Sequence[Line], width: int, palette: Palette) -> Canvas:
    canvas = Canvas(width, min(len(lines), LONGEST), palette)
    _write(canvas, lines, 0, 0)
    return canvas


def _write(canvas: Canvas, lines: Sequence[Line], x: int, y: int) -> None:
    for number, line in enumerate(lines):
        at = x
        for text, token in line:
            at = canvas.put(at, y + number, text, token)


def _heading(offer: Offer, width: int) -> list[Line]:
    title: Line = ((narrow(offer.title, width), "bright"),)
    trap: Line = (("   a trap: it is meant to fail", "accent_glyph"),) if offer.trap else ()
    if offer.trap and len(offer.title) + len(trap[0][0]) > width:
        trap = (("   trap", "accent_glyph"),)
    summary = [((line, "text"),) for line in _wrapped(offer.summary, width)]
    return [(*title, *trap), *summary, ()]


def _target(offer: Offer, preview: Preview | None, width: int) -> list[Line]:
    """Of a data file: which column is learned, and that it can be another one."""
    if preview is None or not offer.is_data:
        return []
    if not preview.columns:
        return []
    target = preview.target or preview.columns[-1]
    number = preview.columns.index(target) + 1 if target in preview.columns else 0
    column = narrow(target, max(width - LABEL - 20, 8))
    left = width - LABEL - len(column) - 4
    long = f"   column {number} of {len(preview.columns)}, → another"
    note = long if len(long) <= left else "   → another"
    chosen: Line = (("learns".ljust(LABEL), "dim"), (f"◂ {column} ▸", "bright"), (note, "dim"))
    others = ", ".join(pretty(name, 16) for name in preview.columns if name != target)
    return [chosen, *_fact(("from", others), width)[:3], ()]


def _mistakes(error: str, width: int) -> list[Line]:
    first, *more = error.splitlines()[:MOST_ERRORS]
    lines: list[Line] = []
    for number, mistake in enumerate((first, *more)):
        for part in _wrapped(mistake, width - 2):
            mark = "✕ " if number == 0 and not lines else "  "
            lines.append(((mark, "accent_glyph"), (part, "text")))
    return lines


# ---------------------------------------------------------------- facts


def _facts(preview: Preview) -> list[tuple[str, str]]:
    if not preview.sizes:
        return []
    told = dict(preview.facts)
    classes = {"classes": _classes(preview)} if preview.counts else {}
    facts = {
        "task": told.pop("task", ""),
        "examples": told.pop("examples", ""),
        "inputs": _inputs(preview),
        **classes,
        "network": f"{shape(preview.sizes)} {_activations(preview.activations)}",
        "": f"{count(preview.parameters)} parameters",
        **told,
    }
    return list(facts.items())


def _inputs(preview: Preview) -> str:
    names = preview.input_names
    if preview.image is not None:
        return f"{preview.image[0]}×{preview.image[1]} pixels"
    given = preview.sizes[0]
    features = "" if given == len(names) else f" as {given} features"
    if len(names) > 4:
        return f"{len(names)} numbers{features}"
    return ", ".join(pretty(name, 16) for name in names) + features


def _classes(preview: Preview) -> str:
    """Names with how many examples each has."""
    if len(preview.classes) > MOST_CLASSES:
        fewest, most = min(preview.counts), max(preview.counts)
        spread = count(most) if fewest == most else f"{count(fewest)} to {count(most)}"
        return f"{spread} examples each"
    both = zip(preview.classes, preview.counts, strict=True)
    return ", ".join(f"{narrow(name, 14)} ({count(number)})" for name, number in both)


def _activations(names: tuple[str, ...]) -> str:
    """tanh → sigmoid; of hidden layers that differ, the first of each run."""
    different = [name for number, name in enumerate(names) if number == 0 or name != names[number - 1]]
    return " → ".join(different)


def _fact(fact: tuple[str, str], width: int) -> list[Line]:
    label, text = fact
    lines = _wrapped(text, max(width - LABEL, 8)) or [""]
    return [
        (((label if number == 0 else "").ljust(LABEL), "dim"), (line, "text"))
        for number, line in enumerate(lines)
    ]


# ---------------------------------------------------------------- notes


def _notes(notes: str, width: int) -> list[Line]:
    """Paragraphs wrapped; what is to be tried and looked for hangs under its first word."""
    lines: list[Line] = []
    for paragraph in notes.strip().splitlines():
        word, _, rest = paragraph.partition(" ")
        if word in ("Try", "Look") and rest.strip():
            for number, part in enumerate(_wrapped(rest.strip(), width - INDENT)):
                lines.append((((word if number == 0 else "").ljust(INDENT), "bright"), (part, "text")))
        else:
            lines += [((part, "text"),) for part in _wrapped(paragraph, width)] or [()]
    return lines


def _notices(preview: Preview | None, width: int) -> list[Line]:
    """What was chosen or left out on the way."""
    if preview is None:
        return []
    lines: list[Line] = [((part, "dim"),) for notice in preview.notices for part in _wrapped(notice, width)]
    return [(), *lines] if lines else []


def _wrapped(text: str, width: int) -> list[str]:
    return list(_parts(safe(text), max(width, 8)))


def _parts(text: str, width: int) -> Iterator[str]:
    for line in textwrap.wrap(text, width, break_on_hyphens=False):
        yield narrow(line)
