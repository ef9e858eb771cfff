"""A worked example as Markdown, for GitHub and whatever else draws ```math.

Mathematics that is displayed stands in ```math blocks, where nothing is Markdown; in prose the notation's
signs stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bptui.explain.display import arrays, formulas, working
from bptui.explain.document import (
    Arrays,
    Document,
    Formulas,
    Heading,
    Paragraph,
    Part,
    Table,
    Working,
)

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|$~&!])")


def render(document: Document) -> str:
    """The whole text, a blank line between two parts."""
    return "\n\n".join("\n".join(_lines(part)) for part in document) + "\n"


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Heading():
            yield f"{'#' * part.level} {prose(part.text)}"
        case Paragraph():
            yield prose(part.text)
        case Table():
            yield from _table(part)
        case Formulas():
            yield from _math(formulas(part))
        case Arrays():
            yield from _math(arrays(part))
        case Working():
            yield from _math(working(part))


def _math(lines: list[str]) -> Iterator[str]:
    yield "```math"
    yield from lines
    yield "```"


def _table(table: Table) -> Iterator[str]:
    for number, row in enumerate(table.rows):
        yield f"| {' | '.join(map(prose, row))} |"
        if number == 0:
            yield "|" + "---|" * len(row)


def prose(text: str) -> str:
    """Text in which nothing is Markdown."""
    return _ACTIVE.sub(r"\\\1", text)
