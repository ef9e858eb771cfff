"""Reading a table from text: comma, semicolon or tab separated, with or without a header.

Cells lose the blanks around them. Blank lines are passed over. A nameless last column without a single cell
(a delimiter that ends every line) is no column. Columns without a name are called `column 3`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from bptui.data.cells import looks_numeric
from bptui.data.columns import RawTable
from bptui.data.dialect import DELIMITERS, delimiter_of, has_header
from bptui.data.files import read_regular
from bptui.errors import ActionableError

MAX_BYTES = 64 * 2**20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Rows = list[tuple[int, list[str]]]


def read_csv(path: Path, content: bytes | None = None) -> RawTable:
    """The table in a file, all of it text; content: its bytes, where they are at hand. Raises ActionableError
    with the line where it is none."""
    place = str(path)
    return parse(_decoded(read_regular(path, MAX_BYTES) if content is None else content, place), place)


def parse(text: str, place: str) -> RawTable:
    """The table written in `text`; `place` is what errors call it. Raises ActionableError."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    delimiter = delimiter_of(text)
    rows = [(line, cells) for line, cells in _records(text, delimiter, place) if cells not in ([], [""])]
    if not rows:
        raise ActionableError(place, "the file holds no rows", "Give it a row for each example")
    _refuse_ragged(rows, delimiter, place)
    return _table(rows, place)


def _decoded(content: bytes, place: str) -> str:
    if content.startswith(_UTF16):
        raise ActionableError(place, "the file is UTF-16", "Save it as UTF-8")
    if (zero := content.find(b"\0")) >= 0:
        found = f"byte {zero:,} is NUL: this is not text"
        raise ActionableError(_at(place, _line(content, zero)), found, "Save the table as CSV in UTF-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte {error.start:,} (0x{content[error.start]:02x}) is not UTF-8"
        raise ActionableError(_at(place, _line(content, error.start)), found, "Save it as UTF-8") from error


def _line(content: bytes, offset: int) -> int:
    before = content[:offset]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def _at(place: str, line: int) -> str:
    return f"{place}, line {line}"


def _records(text: str, delimiter: str, place: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins in, from 1 (a quoted cell may hold line ends)."""
    lines = io.StringIO(text, newline="\n")
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unsound(str(error), _at(place, line)) from error
        yield line, [cell.strip() for cell in cells]


def _unsound(reason: str, place: str) -> ActionableError:
    if "end of data" in reason:
        return ActionableError(place, "a quote is opened and never closed", 'End the cell with "')
    if "field limit" in reason:
        found = f"a cell has over {csv.field_size_limit():,} characters"
        return ActionableError(place, found, "Look for a quote that is opened and not closed")
    found = "a quoted cell is followed by other text"
    return ActionableError(place, found, 'Double each quote inside a quoted cell: "5"" pipe"')


def _refuse_ragged(rows: Rows, delimiter: str, place: str) -> None:
    width = len(rows[0][1])
    for line, cells in rows:
        if len(cells) != width:
            found = f"this row has {_cells(len(cells))} and the first row has {width}"
            raise ActionableError(_at(place, line), found, _evened(width, cells, delimiter))


def _evened(width: int, cells: list[str], delimiter: str) -> str:
    if width == 1 and delimiter == "," and all(map(looks_numeric, cells)):
        return "Write numbers with a decimal point"
    separated = f", separated by {DELIMITERS[delimiter]}" if width > 1 else ""
    return f"Give each row {_cells(width)}{separated}; quote a cell that holds the separator"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _table(rows: Rows, place: str) -> RawTable:
    header = has_header([cells for _, cells in rows])
    first_line, first = rows[0]
    body = rows[1:] if header else rows
    if not body:
        raise ActionableError(place, "the file has a header and no rows", "Give it a row for each example")
    columns = list(zip(*(cells for _, cells in body), strict=True))
    given = list(first) if header else [""] * len(columns)
    if len(columns) > 1 and not given[-1] and not any(columns[-1]):
        del columns[-1], given[-1]
    names = tuple(name or f"column {position}" for position, name in enumerate(given, start=1))
    _refuse_twins(names, _at(place, first_line))
    return RawTable(names, tuple(columns), tuple(line for line, _ in body), header, place)


def _refuse_twins(names: tuple[str, ...], place: str) -> None:
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if name in seen:
            found = f'columns {seen[name]} and {position} are both called "{name}"'
            raise ActionableError(place, found, "Give each column a name of its own")
        seen[name] = position
