"""From a table of text to arrays: which columns are inputs, which are targets, and which rows can be used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.data.cells import has_decimal_comma, is_missing, number, plain_numbers
from bptui.errors import ActionableError
from bptui.escape import cut

Floats = NDArray[np.float64]

MAX_LABEL_BYTES = 512 * 2**20
# As many different values as a numeric target may have and still be classes.
_FEW = 10


@dataclass(frozen=True)
class RawTable:
    """A table as it was written: every cell is text without blanks around it.

    names:   one a column, all different; `column 3` where the file has none
    columns: one tuple of cells a column, all of the same length (at least 1)
    lines:   the line of the file in which each row begins, from 1
    header:  whether the file's first row gave the names
    place:   what errors call the table
    """

    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    header: bool
    place: str = ""

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each column stands, by name."""
        return {name: position for position, name in enumerate(self.names)}


@dataclass(frozen=True)
class LeftOut:
    """The rows in which the cell of `column` is missing, as lines of the file from 1."""

    column: str
    lines: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Selected:
    """The rows of a table that are whole in every column used.

    inputs:   (n, d) float64
    targets:  (n, k) float64, or (n,) text where the one target column is text
    rows:     (n,) their numbers in the file from 0, header and blank lines not counted
    total:    how many rows the file has
    left_out: what is missing in the other rows, by column; a row may stand under several
    """

    inputs: Floats
    targets: NDArray[Any]
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    rows: NDArray[np.int64]
    total: int
    left_out: tuple[LeftOut, ...] = ()

    @property
    def notice(self) -> str:
        """What was left out, in a sentence; empty where nothing was."""
        if not self.left_out:
            return ""
        gone = self.total - len(self.rows)
        causes = "; ".join(f'"{part.column}" in {listed_lines(part.lines)}' for part in self.left_out)
        return f"{gone:,} of {self.total:,} rows left out for missing cells: {causes}"


@dataclass(frozen=True, eq=False)
class _Column:
    """One column read as numbers: `values` is NaN where a cell is missing or text."""

    name: str
    cells: tuple[str, ...]
    values: Floats
    missing: NDArray[np.bool_]
    text: tuple[int, ...]  # the rows whose cell is neither a number nor missing


def select(
    table: RawTable, inputs: tuple[str, ...] | None = None, target: str | tuple[str, ...] | None = None
) -> Selected:
    """The inputs (default: every column but the targets) and targets (default: the last column) as arrays.

    Raises ActionableError for unknown or doubled names, text or infinite numbers where finite numbers are
    needed, and where no row is whole.
    """
    target_names = _target_names(table, target)
    input_names = _input_names(table, inputs, target_names)
    learned = target_names[-1] if target is None else None
    given = [_input_column(table, name, input_names, learned) for name in input_names]
    wanted = _target_columns(table, target_names)
    keep = _whole_rows(table, [*given, *wanted])
    return Selected(
        inputs=np.column_stack([column.values[keep] for column in given]),
        targets=_targets(table, wanted, keep),
        input_names=input_names,
        target_names=target_names,
        rows=np.flatnonzero(keep),
        total=len(table.lines),
        left_out=tuple(_left_out(table, [*given, *wanted])),
    )


def listed_lines(lines: Sequence[int], word: str = "line", most: int = 5) -> str:
    """`line 7`, `lines 3, 4`, or `9 lines: 2, 3, 5, 7, 8, …`."""
    shown = ", ".join(map(str, lines[:most]))
    if len(lines) > most:
        return f"{len(lines):,} {word}s: {shown}, …"
    return f"{word}{'s' if len(lines) > 1 else ''} {shown}"


# Which columns


def _target_names(table: RawTable, target: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if target is None:
        return (table.names[-1],)
    names = (target,) if isinstance(target, str) else tuple(target)
    if not names:
        raise ActionableError(table.place, "no target is named", "Name at least one column")
    _refuse_strangers(table, names, "target")
    return names


def _input_names(
    table: RawTable, inputs: tuple[str, ...] | None, targets: tuple[str, ...]
) -> tuple[str, ...]:
    if inputs is None:
        taken = frozenset(targets)
        inputs = tuple(name for name in table.names if name not in taken)
        if not inputs:
            found = "no column is left for the inputs"
            raise ActionableError(
                table.place, found, "Give the file a column for an input and one for the target"
            )
    if not inputs:
        raise ActionableError(table.place, "no input is named", "Name at least one column")
    _refuse_strangers(table, inputs, "inputs")
    if both := [name for name in inputs if name in targets]:
        remedy = f"Take it out of the inputs, or name another target: {_written(table.names)}"
        raise ActionableError(table.place, f'"{both[0]}" is both input and target', remedy)
    return tuple(inputs)


def _refuse_strangers(table: RawTable, names: tuple[str, ...], role: str) -> None:
    seen = set[str]()
    for name in names:
        if name not in table.positions:
            raise ActionableError(table.place, f'there is no column "{_cut(name)}"', _nearest(name, table))
        if name in seen:
            raise ActionableError(table.place, f'{role} names "{_cut(name)}" twice', "Name it once")
        seen.add(name)


def _nearest(name: str, table: RawTable) -> str:
    folded = {known.casefold(): known for known in table.names}
    import difflib  # for a mistake alone

    near = difflib.get_close_matches(name.casefold(), folded, n=1)
    meant = f'Did you mean "{folded[near[0]]}"? ' if near else ""
    unnamed = "" if table.header else "; the file has no header"
    return f"{meant}The columns are {_written(table.names)}{unnamed}"


def _written(names: Iterable[str], most: int = 12) -> str:
    """Names as a preset would list them."""
    quoted = [json.dumps(name, ensure_ascii=False) for name in names]
    return f"[{', '.join(quoted[:most])}{', …' if len(quoted) > most else ''}]"


# What stands in them


def _column(table: RawTable, name: str) -> _Column:
    cells = table.columns[table.positions[name]]
    if (plain := plain_numbers(cells)) is not None:
        return _Column(name, cells, np.array(plain), np.zeros(len(cells), np.bool_), ())
    missing = np.fromiter(map(is_missing, cells), np.bool_, len(cells))
    read = [None if gone else number(cell) for cell, gone in zip(cells, missing, strict=True)]
    text = tuple(i for i, value in enumerate(read) if value is None and not missing[i])
    values = np.array([np.nan if value is None else value for value in read], dtype=np.float64)
    return _Column(name, cells, values, missing, text)


def _input_column(table: RawTable, name: str, inputs: tuple[str, ...], learned: str | None) -> _Column:
    """learned: the column that is the target because none was named."""
    column = _column(table, name)
    if column.text:
        out = _without_text(table, inputs)
        if learned and np.isnan(column.values).all() and not _column(table, learned).text:
            out = f"learn it with target = {json.dumps(name, ensure_ascii=False)}, or {out}"
        raise _not_a_number(table, column, out)
    _refuse_infinite(table, column)
    return column


def _target_columns(table: RawTable, names: tuple[str, ...]) -> list[_Column]:
    columns = [_column(table, name) for name in names]
    for column in columns:
        if column.text and (len(columns) > 1 or _meant_as_numbers(column)):
            alone = "name a text column alone as the target" if len(columns) > 1 else "leave the cell empty"
            raise _not_a_number(table, column, alone)
        if not column.text:
            _refuse_infinite(table, column)
    return columns


def _meant_as_numbers(column: _Column) -> bool:
    """A column of decimal commas, or of many different numbers with a slip in at most a tenth of its rows."""
    if all(has_decimal_comma(column.cells[row]) for row in column.text):
        return True
    numbers = column.values[~np.isnan(column.values)]
    return len(column.text) * 9 <= len(numbers) and len(np.unique(numbers)) > _FEW


def _not_a_number(table: RawTable, column: _Column, otherwise: str) -> ActionableError:
    row = column.text[0]
    cell = column.cells[row]
    place = _cell_place(table, column, row)
    if has_decimal_comma(cell):
        remedy = f'Write a decimal point: "{cell.replace(",", ".")}"'
        return ActionableError(place, f'"{cell}" has a decimal comma', remedy)
    if np.isnan(column.values).all():
        found = f'the column is text ("{_cut(cell)}"), and numbers are needed'
        return ActionableError(place, found, otherwise[0].upper() + otherwise[1:])
    remedy = f"Write digits and a decimal point, no other separators; or {otherwise}"
    return ActionableError(place, f'"{_cut(cell)}" is not a number', remedy)


def _without_text(table: RawTable, inputs: tuple[str, ...]) -> str:
    numeric = [name for name in inputs if not _column(table, name).text]
    return (
        f"leave the column out with inputs = {_written(numeric)}"
        if numeric
        else "name other columns as inputs"
    )


def _refuse_infinite(table: RawTable, column: _Column) -> None:
    infinite = np.flatnonzero(np.isinf(column.values))
    if len(infinite):
        row = int(infinite[0])
        found = f'"{_cut(column.cells[row])}" is infinite, or too large for a float'
        remedy = "Write a finite number, or leave the cell empty where it is unknown"
        raise ActionableError(_cell_place(table, column, row), found, remedy)


def _cell_place(table: RawTable, column: _Column, row: int) -> str:
    words = [table.place, f"line {table.lines[row]}", f'column "{column.name}"']
    return ", ".join(word for word in words if word)


def _cut(cell: str) -> str:
    return cut(cell, 40)


# Which rows


def _whole_rows(table: RawTable, columns: list[_Column]) -> NDArray[np.bool_]:
    missing = np.column_stack([column.missing for column in columns])
    keep = np.logical_not(missing.any(axis=1))
    if not keep.any():
        worst = columns[int(missing.sum(axis=0).argmax())]
        found = (
            f'every row has a missing cell ("{worst.name}" in {int(worst.missing.sum()):,} of {len(keep):,})'
        )
        raise ActionableError(
            table.place, found, "Fill the cells, or leave the column out with inputs = [...]"
        )
    return keep


def _left_out(table: RawTable, columns: list[_Column]) -> Iterable[LeftOut]:
    for column in columns:
        rows = np.flatnonzero(column.missing)
        if len(rows):
            yield LeftOut(column.name, tuple(table.lines[row] for row in rows))


def _targets(table: RawTable, columns: list[_Column], keep: NDArray[np.bool_]) -> NDArray[Any]:
    if not columns[0].text:
        return np.column_stack([column.values[keep] for column in columns])
    labels = [cell for cell, kept in zip(columns[0].cells, keep, strict=True) if kept]
    longest = max(labels, key=len)
    if 4 * len(longest) * len(labels) > MAX_LABEL_BYTES:
        found = f'the label "{_cut(longest)}" in column "{columns[0].name}" has {len(longest):,} characters'
        raise ActionableError(table.place, found, "Give the classes shorter names")
    return np.array(labels, dtype=np.str_)
