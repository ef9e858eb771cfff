"""A worked example as a LaTeX document that `pdflatex` compiles as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from bptui.explain.display import WIDTH, arrays, formulas, working
from bptui.explain.document import (
    Arrays,
    Document,
    Formulas,
    Grid,
    Heading,
    Paragraph,
    Part,
    Table,
    Working,
    beside,
)
from bptui.explain.latex_prose import prose

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
\usepackage[margin=2cm]{geometry}
\providecommand{\lt}{<}
\providecommand{\gt}{>}
\setcounter{MaxMatrixCols}{20}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6em}
\setlength{\arraycolsep}{3pt}
\renewcommand{\arraystretch}{1.15}
\setlength{\emergencystretch}{3em}
\allowdisplaybreaks
\begin{document}"""
# How many digits a line holds, by the size of the letters.
_SIZES = (("", 84), (r"\small", 92), (r"\footnotesize", 102))
_SECTIONS = {2: "section*", 3: "subsection*"}


def render(document: Document) -> str:
    """The whole document."""
    parts = [_PREAMBLE, ""]
    for part, following in zip(document, [*document[1:], None], strict=True):
        parts.extend(_lines(part))
        # Without a blank line a paragraph stays on the page of the display that it leads to.
        if not (isinstance(part, Paragraph) and isinstance(following, Formulas | Arrays | Working)):
            parts.append("")
    return "\n".join([*parts, r"\end{document}"]) + "\n"


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Heading():
            yield _heading(part)
        case Paragraph():
            yield prose(part.text)
        case Table():
            yield from _table(part)
        case Formulas():
            yield from _display(formulas(part))
        case Arrays():
            yield from _sized(_size(part), list(_display(arrays(part))))
        case Working():
            yield from _display(working(part))


def _heading(heading: Heading) -> str:
    text = prose(heading.text)
    if heading.level == 1:
        return rf"\begin{{center}}\LARGE {text}\end{{center}}"
    return rf"\{_SECTIONS[heading.level]}{{{text}}}"


def _display(lines: list[str]) -> Iterator[str]:
    yield r"\["
    yield from lines
    yield r"\]"


def _size(part: Arrays) -> str:
    """The largest letters in which its widest row fits on a line."""
    widest = max(sum(map(_width, row)) for row in beside(part.pieces, WIDTH))
    return next((size for size, room in _SIZES if widest <= room), r"\scriptsize")


def _width(piece: Grid | str) -> float:
    """In digits: numbers and what is between them."""
    if isinstance(piece, str):
        return len(piece) + 1
    cells = zip(*piece.cells, strict=True)
    columns = sum(max(map(_cell, column)) + 1.2 for column in cells)
    return float(max(columns, 0.75 * len(f"{piece.name} ({piece.shape})")) + 2)


def _cell(cell: str) -> float:
    return len(cell) + 2 * ("e" in cell) + 1.5 * (cell in "⋯⋱")


def _sized(size: str, lines: list[str]) -> Iterator[str]:
    yield from lines if not size else [rf"{{{size}", *lines, "}"]


def _table(table: Table) -> Iterator[str]:
    """The last column breaks its lines where it is long."""
    longest = max(len(row[-1]) for row in table.rows)
    last = "p{0.8\\linewidth}" if longest > 40 else "l"
    yield rf"\begin{{tabular}}{{@{{}}{'l' * (len(table.rows[0]) - 1)}{last}@{{}}}}"
    for number, row in enumerate(table.rows):
        yield rf"{' & '.join(map(prose, row))} \\"
        if number == 0:
            yield r"\hline"
    yield r"\end{tabular}"
