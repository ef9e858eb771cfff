"""Reading tables: what is understood, and each mistake with its words."""

from __future__ import annotations

import csv
import io
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.data import csv as table_files
from bptui.data.csv import parse, read_csv
from bptui.errors import ActionableError

PRESETS = Path(__file__).parents[2] / "presets"


def file_with(folder: Path, content: bytes) -> Path:
    path = folder / "data.csv"
    path.write_bytes(content)
    return path


def refused(text: str) -> ActionableError:
    with pytest.raises(ActionableError) as caught:
        parse(text, "data.csv")
    return caught.value


def test_iris_is_fishers() -> None:
    iris = read_csv(PRESETS / "iris.csv")
    assert iris.names == ("sepal_length", "sepal_width", "petal_length", "petal_width", "species")
    assert iris.header
    assert len(iris.lines) == 150
    rows = list(zip(*iris.columns, strict=True))
    assert rows[34] == ("4.9", "3.1", "1.5", "0.2", "setosa")
    assert rows[37] == ("4.9", "3.6", "1.4", "0.1", "setosa")
    assert {species: iris.columns[4].count(species) for species in set(iris.columns[4])} == {
        "setosa": 50,
        "versicolor": 50,
        "virginica": 50,
    }


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4\n",
        "a;b\n1;2\n3;4",
        "a\tb\n1\t2\n3\t4\n",
        "\ufeffa,b\r\n1,2\r\n3,4\r\n",
        "a,b\r1,2\r3,4\r",
        '"a", "b"\n 1 ,"2"\n3,4\n',
        "\n\na,b\n\n1,2\n   \n3,4\n\n",
        "a,b,\n1,2,\n3,4,\n",
    ],
)
def test_the_same_table_in_many_forms(text: str) -> None:
    table = parse(text, "data.csv")
    assert table.names == ("a", "b")
    assert table.columns == (("1", "3"), ("2", "4"))


def test_lines_are_those_of_the_file() -> None:
    assert parse('a,b\n\n"two\nlines",2\n3,4\n', "").lines == (3, 5)


def test_quotes_hold_delimiters_quotes_and_line_ends() -> None:
    table = parse('name,x\n"a, ""b""\r\nc",1\n', "")
    assert table.columns[0] == ('a, "b"\nc',)


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("x,y\n1,2\n", True),
        ("1,2\n3,4\n", False),
        ("1,cat\n2,dog\n", False),
        ("name,2020\nfoo,3\n", False),
        ("colour,size\nred,big\nblue,big\n", True),
        ("red,big\nblue,big\nred,small\n", False),
        ("x,x2\n?,1\n3,2\n", True),
        ("?,setosa\n1,setosa\n", False),
        (",a\n0,1\n1,2\n", True),
        ("a;b\n1,5;2,5\n", True),
        ("1,5;2,5\n1,5;3,5\n", False),
        ("a,a\nb,b\n", False),
    ],
)
def test_header_is_detected(text: str, header: bool) -> None:
    assert parse(text, "").header is header


def test_columns_without_a_name_are_counted() -> None:
    assert parse("1,2,3\n4,5,6\n", "").names == ("column 1", "column 2", "column 3")
    assert parse("a,,c\n4,5,6\n", "").names == ("a", "column 2", "c")


@pytest.mark.parametrize(
    ("text", "first_row"),
    [
        ("1,5;2,5\n3,5;4,5\n", ("1,5", "2,5")),
        ("1,a;b\n2,c;d\n", ("1", "a;b")),
        ("1\tx,y\n2\tz,w\n", ("1", "x,y")),
        ("7\n8\n", ("7",)),
        ('"a;b",1\n"c;d",2\n', ("a;b", "1")),
    ],
)
def test_delimiter_is_detected(text: str, first_row: tuple[str, ...]) -> None:
    assert tuple(column[0] for column in parse(text, "").columns) == first_row


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "data.csv: the file holds no rows. Give it a row for each example"),
        ("\n \n", "data.csv: the file holds no rows. Give it a row for each example"),
        ("a,b\n", "data.csv: the file has a header and no rows. Give it a row for each example"),
        (
            'a,b\n1,2\n3,"4\n5,6\n',
            'data.csv, line 3: a quote is opened and never closed. End the cell with "',
        ),
        (
            'a,b\n1,"2" inch\n',
            "data.csv, line 2: a quoted cell is followed by other text. "
            'Double each quote inside a quoted cell: "5"" pipe"',
        ),
        (
            "a,b\n1,2\n\n3\n",
            "data.csv, line 4: this row has 1 cell and the first row has 2. "
            "Give each row 2 cells, separated by commas; quote a cell that holds the separator",
        ),
        (
            "x\n1\n2,5\n",
            "data.csv, line 3: this row has 2 cells and the first row has 1. "
            "Write numbers with a decimal point",
        ),
        (
            "\na,b,a\n1,2,3\n",
            'data.csv, line 2: columns 1 and 3 are both called "a". Give each column a name of its own',
        ),
    ],
)
def test_a_table_that_is_none(text: str, message: str) -> None:
    assert str(refused(text)) == message


def test_a_cell_without_end() -> None:
    error = refused("a,b\n1," + "x" * 140_000 + "\n")
    assert error.place == "data.csv, line 2"
    assert "131,072" in error.found


@pytest.mark.parametrize(
    ("content", "place", "found"),
    [
        (b"a,b\r\n1,2\r\n3,\xe9\r\n", ", line 3", "byte 12 (0xe9) is not UTF-8"),
        (b"a,b\n1,\x00\n", ", line 2", "byte 6 is NUL: this is not text"),
        ("a,b\n1,2\n".encode("utf-16"), "", "the file is UTF-16"),
    ],
)
def test_bytes_that_are_no_text(tmp_path: Path, content: bytes, place: str, found: str) -> None:
    path = file_with(tmp_path, content)
    with pytest.raises(ActionableError) as caught:
        read_csv(path)
    assert caught.value.place == f"{path}{place}"
    assert caught.value.found == found


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MAX_BYTES", 8)
    with pytest.raises(ActionableError, match="9 bytes, and at most 8"):
        read_csv(file_with(tmp_path, b"a,b\n1,22\n"))


def test_a_missing_file_suggests_its_neighbour(tmp_path: Path) -> None:
    file_with(tmp_path, b"x\n1\n")
    with pytest.raises(ActionableError, match=r'no such file\. Did you mean "data\.csv"\?'):
        read_csv(tmp_path / "date.csv")


def test_paths_that_cannot_be(tmp_path: Path) -> None:
    for path in (Path("a\0b"), tmp_path / ("x" * 5000), file_with(tmp_path, b"1\n") / "inside"):
        with pytest.raises(ActionableError, match="cannot be read"):
            read_csv(path)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="this is a folder"):
        read_csv(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_nothing_that_blocks_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ActionableError, match="this is a named pipe"):
        read_csv(tmp_path / "pipe")
    with pytest.raises(ActionableError, match="this is a device"):
        read_csv(Path("/dev/zero"))


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")
        with pytest.raises(ActionableError, match="this is a socket"):
            read_csv(Path("s"))


CELLS = st.text("ab1-,;\t\n\" 'é\u2028\ufeff", max_size=8)
ROWS = st.lists(st.tuples(CELLS, CELLS, st.floats(allow_nan=False).map(repr)), min_size=1, max_size=5)


@given(rows=ROWS, delimiter=st.sampled_from(",;\t"))
def test_what_was_written_is_read(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("first", "second", "third"), *rows])
    table = parse(text.getvalue(), "")
    assert table.names == ("first", "second", "third")
    assert list(zip(*table.columns, strict=True)) == [tuple(cell.strip() for cell in row) for row in rows]


@given(st.text('a1,;\t\n\r" é', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        table = parse(text, "data.csv")
    except ActionableError:
        return
    assert len(table.names) == len(table.columns) > 0
    assert all(len(column) == len(table.lines) for column in table.columns)
