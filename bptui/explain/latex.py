"""A worked example as a LaTeX document that `pdflatex` compiles as it stands."""

from __future__ import annotations

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
_SECTIONS = {2: "section*", 3: "subsection*"}


def render(document: Document) -> str:
    """The whole document."""
    parts = ["\n".join(_lines(part)) for part in document]
    return "\n\n".join([_PREAMBLE, *parts, r"\end{document}"]) + "\n"


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
            yield from _display(arrays(part))
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


def _table(table: Table) -> Iterator[str]:
    """The last column breaks its lines where it is long."""
    longest = max(len(row[-1]) for row in table.rows)
    last = "p{0.75\\linewidth}" if longest > 40 else "l"
    yield rf"\begin{{tabular}}{{@{{}}{'l' * (len(table.rows[0]) - 1)}{last}@{{}}}}"
    for number, row in enumerate(table.rows):
        yield rf"{' & '.join(map(prose, row))} \\"
        if number == 0:
            yield r"\hline"
    yield r"\end{tabular}"
