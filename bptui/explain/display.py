"""Displayed mathematics in TeX, the same for Markdown and LaTeX."""

from __future__ import annotations

from bptui.explain.document import Arrays, Formulas, Grid, Working, beside, wrapped
from bptui.explain.tex import mathematics

WIDTH = 84  # characters of the notation that fill a line of an A4 page


def formulas(part: Formulas) -> list[str]:
    """Equations under each other, at their equals signs."""
    rows = [mathematics(line) for line in part.lines]
    if len(rows) == 1:
        return rows
    return _aligned([_at_equals(row) for row in rows])


def working(part: Working) -> list[str]:
    """One element, line by line, broken between terms where a line is too long."""
    rows = []
    for number, terms in enumerate(part.lines):
        left = f"{mathematics(part.left)} " if number == 0 else ""
        for index, row in enumerate(wrapped(terms, WIDTH)):
            rows.append(f"{left}&= {mathematics(row)}" if index == 0 else rf"&\quad {mathematics(row)}")
    return _aligned(rows)


def arrays(part: Arrays) -> list[str]:
    """An equation between arrays, each with its name and shape below; what is too wide in several lines."""
    rows = beside(part.pieces, WIDTH)
    lines = [" ".join(_piece(piece) for piece in row) for row in rows]
    return lines if len(lines) == 1 else _aligned([f"& {line}" for line in lines])


def _piece(piece: Grid | str) -> str:
    if isinstance(piece, str):
        return mathematics(piece).replace("(", r"\Bigl(").replace(")", r"\Bigr)")
    rows = r" \\ ".join(" & ".join(map(mathematics, row)) for row in piece.cells)
    # Below an array a derivative is written on one line: a fraction would be too small to read.
    name = mathematics(piece.name.replace("/∂", "/ ∂"))
    label = rf"{name} \;({piece.rows} \times {piece.columns})"
    return rf"\underset{{{label}}}{{\begin{{bmatrix}} {rows} \end{{bmatrix}}}}"


def _at_equals(row: str) -> str:
    left, sign, right = row.partition(" = ")
    return f"{left} &= {right}" if sign else rf"& {row}"


def _aligned(rows: list[str]) -> list[str]:
    return [r"\begin{aligned}", *(rf"{row} \\" for row in rows[:-1]), rows[-1], r"\end{aligned}"]
