"""Reads the arrays out of a worked example, as a reader sees them: a name, and rows of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

Rows = list[list[float | None]]  # None: something is left out here

_SHAPE = re.compile(r"(.+?) (\d+)×(\d+)(?: |$)")
_DOTS = {"⋯", "⋮", "⋱", r"\cdots", r"\vdots", r"\ddots"}


def from_text(text: str) -> Iterator[tuple[str, Rows]]:
    """(name, rows) of each array between brackets, its name and shape above it."""
    lines = text.splitlines()
    found: list[tuple[str, Rows]] = []
    for number, line in enumerate(lines[1:], 1):
        for place in [i for i, c in enumerate(line) if c in "⎡["]:
            heading = _SHAPE.match(lines[number - 1].ljust(place + 1)[place + 1 :])
            if heading is None:
                continue
            rows = [_row(row.split()) for row in _rows(lines, number, place)]
            if heading[1].startswith("continued: "):
                for whole, more in zip(found[-1][1], rows, strict=True):
                    whole.extend(more)
            else:
                found.append((heading[1], rows))
    return iter(found)


def _rows(lines: list[str], number: int, place: int) -> Iterator[str]:
    while True:
        line = lines[number]
        yield re.split(r"[⎤⎥⎦\]]", line[place + 1 :], maxsplit=1)[0]
        if line[place] in "⎣[":
            return
        number += 1


_MATRIX = re.compile(
    r"\\underset\{(?P<name>.*?) \\;\(\d+ \\times \d+\)\}\{\\begin\{bmatrix\} (?P<rows>.*?) \\end\{bmatrix\}\}"
)


def from_tex(text: str) -> Iterator[tuple[str, Rows]]:
    """The same from Markdown or LaTeX; the names are TeX."""
    for found in _MATRIX.finditer(text):
        yield found["name"], [_row(row.split(" & ")) for row in found["rows"].split(r" \\ ")]


def _row(cells: list[str]) -> list[float | None]:
    return [None if cell in _DOTS else number(cell) for cell in cells]


def number(written: str) -> float:
    """−1.5e−3 or -1.5 \\cdot {10^{-3}}"""
    plain = written.replace("−", "-")
    plain = re.sub(r" \\cdot \{10\^\{(-?\d+)\}\}", r"e\1", plain)
    return float(re.sub(r"^(-?)\{10\^\{(-?\d+)\}\}$", r"\g<1>1e\2", plain))


def agrees(rows: Rows, whole: list[list[float]], digits: int) -> bool:
    """Each number shown is the array's, rounded to so many digits; up to the first gap they are the first
    ones, after the last gap the last ones."""
    return all(
        len(row) == len(rows[0]) and _line_agrees(row, line, digits)
        for row, line in zip(*_ends(rows, whole), strict=True)
    )


def _ends(shown: list, whole: list) -> tuple[list, list]:
    gaps = [i for i, row in enumerate(shown) if _is_gap(row)]
    if not gaps:
        return shown, whole
    tail = len(shown) - gaps[-1] - 1
    return shown[: gaps[0]] + shown[-tail:], whole[: gaps[0]] + whole[-tail:]


def _is_gap(row: object) -> bool:
    return row is None or (isinstance(row, list) and all(cell is None for cell in row))


def _line_agrees(row: list[float | None], line: list[float], digits: int) -> bool:
    shown, whole = _ends(row, line)
    return len(shown) == len(whole) and all(
        a == float(f"{b:.{digits - 1}e}") for a, b in zip(shown, whole, strict=True)
    )
