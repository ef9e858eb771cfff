"""Choosing inputs and targets from a table, and the cells that stand in the way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.data import columns
from bptui.data.cells import is_missing, number, plain_numbers
from bptui.data.columns import LeftOut, Selected, select
from bptui.data.csv import parse
from bptui.errors import ActionableError

FLOWERS = "length,width,colour,species\n1,10,red,a\n2,20,blue,b\n3,30,red,a\n"


def chosen(
    text: str, inputs: tuple[str, ...] | None = None, target: str | tuple[str, ...] | None = None
) -> Selected:
    return select(parse(text, "data.csv"), inputs, target)


def refused(
    text: str, inputs: tuple[str, ...] | None = None, target: str | tuple[str, ...] | None = None
) -> str:
    with pytest.raises(ActionableError) as caught:
        chosen(text, inputs, target)
    return str(caught.value)


def test_the_last_column_is_the_target_by_default() -> None:
    data = chosen("a,b,c\n1,2,3\n4,5,6\n")
    assert data.input_names == ("a", "b")
    assert data.target_names == ("c",)
    assert data.inputs.tolist() == [[1, 2], [4, 5]]
    assert data.targets.tolist() == [[3], [6]]
    assert data.rows.tolist() == [0, 1]
    assert data.notice == ""


def test_inputs_come_in_the_order_asked_for() -> None:
    data = chosen(FLOWERS, ("width", "length"))
    assert data.inputs.tolist() == [[10, 1], [20, 2], [30, 3]]
    assert data.targets.tolist() == ["a", "b", "a"]
    assert data.targets.dtype.kind == "U"


def test_several_targets() -> None:
    data = chosen("x,p,q\n5,0,1\n6,1,1\n", None, ("q", "p"))
    assert data.inputs.tolist() == [[5], [6]]
    assert data.targets.tolist() == [[1, 0], [1, 1]]


def test_a_default_is_all_but_the_target() -> None:
    assert chosen("a,b,c\n1,2,3\n", None, "a").input_names == ("b", "c")


def test_rows_with_a_gap_in_a_used_column_are_left_out_and_named() -> None:
    data = chosen("a,b,c,d\n1,2,,x\n?,2,,y\n3,4,,NA\n\n5,null,,z\n-,-,,x\n7,8,,x\n", ("a", "b"))
    assert data.rows.tolist() == [0, 5]
    assert data.targets.tolist() == ["x", "x"]
    assert data.left_out == (LeftOut("a", (3, 7)), LeftOut("b", (6, 7)), LeftOut("d", (4,)))
    told = '4 of 6 rows left out for missing cells: "a" in lines 3, 7; "b" in lines 6, 7; "d" in line 4'
    assert data.notice == told


def test_many_lines_are_cut() -> None:
    data = chosen("a,b\n" + "?,1\n" * 7 + "1,1\n")
    assert data.notice.endswith('"a" in 7 lines: 2, 3, 4, 5, 6, …')


@pytest.mark.parametrize(
    ("text", "inputs", "target", "message"),
    [
        (
            FLOWERS,
            None,
            None,
            'data.csv, line 2, column "colour": the column is text ("red"), and numbers are needed. '
            'Leave the column out with inputs = ["length", "width"]',
        ),
        (
            "kind,a,b\nyes,1,2\nno,3,4\n",
            None,
            None,
            'data.csv, line 2, column "kind": the column is text ("yes"), and numbers are needed. '
            'Learn it with target = "kind", or leave the column out with inputs = ["a"]',
        ),
        (
            "kind,a,b\nyes,1,2\nno,3,4\n",
            None,
            "b",
            'data.csv, line 2, column "kind": the column is text ("yes"), and numbers are needed. '
            'Leave the column out with inputs = ["a"]',
        ),
        (
            FLOWERS,
            ("length", "Witdh"),
            None,
            'data.csv: there is no column "Witdh". Did you mean "width"? '
            'The columns are ["length", "width", "colour", "species"]',
        ),
        (
            "1,2\n3,4\n",
            None,
            "label",
            'data.csv: there is no column "label". The columns are ["column 1", "column 2"]; '
            "the file has no header",
        ),
        (FLOWERS, ("length", "length"), None, 'data.csv: inputs names "length" twice. Name it once'),
        (FLOWERS, (), None, "data.csv: no input is named. Name at least one column"),
        (FLOWERS, None, (), "data.csv: no target is named. Name at least one column"),
        (
            "a,b\n1,2\n",
            ("a", "b"),
            None,
            'data.csv: "b" is both input and target. '
            'Take it out of the inputs, or name another target: ["a", "b"]',
        ),
        (
            "a\n1\n",
            None,
            None,
            "data.csv: no column is left for the inputs. "
            "Give the file a column for an input and one for the target",
        ),
        (
            "a,b\n1,2\n1_000,3\n",
            None,
            None,
            'data.csv, line 3, column "a": "1_000" is not a number. '
            "Write digits and a decimal point, no other separators; or name other columns as inputs",
        ),
        (
            "a;b\n1,5;2\n2,5;3\n",
            None,
            None,
            'data.csv, line 2, column "a": "1,5" has a decimal comma. Write a decimal point: "1.5"',
        ),
        (
            "a;b\n1;2,5\n2;3\n",
            None,
            None,
            'data.csv, line 2, column "b": "2,5" has a decimal comma. Write a decimal point: "2.5"',
        ),
        (
            "a,b\n1,2\n-1e999,3\n",
            None,
            None,
            'data.csv, line 3, column "a": "-1e999" is infinite, or too large for a float. '
            "Write a finite number, or leave the cell empty where it is unknown",
        ),
        (
            "a,b\n1,2\n3,inf\n",
            None,
            None,
            'data.csv, line 3, column "b": "inf" is infinite, or too large for a float. '
            "Write a finite number, or leave the cell empty where it is unknown",
        ),
        (
            FLOWERS,
            ("length",),
            ("width", "species"),
            'data.csv, line 2, column "species": the column is text ("a"), and numbers are needed. '
            "Name a text column alone as the target",
        ),
        (
            "a,b\n1,\n?,2\n",
            None,
            None,
            'data.csv: every row has a missing cell ("a" in 1 of 2). '
            "Fill the cells, or leave the column out with inputs = [...]",
        ),
    ],
)
def test_what_cannot_be_chosen(
    text: str, inputs: tuple[str, ...] | None, target: str | tuple[str, ...] | None, message: str
) -> None:
    assert refused(text, inputs, target) == message


def test_a_slip_in_a_column_of_numbers_does_not_make_it_classes() -> None:
    numbers = "".join(f"{i},{i}.5\n" for i in range(40))
    assert 'line 42, column "y": "1O.5" is not a number' in refused(f"x,y\n{numbers}1,1O.5\n")
    digits = "".join(f"{i},{i % 10}\n" for i in range(40))
    assert chosen(f"x,y\n{digits}1,A\n").targets.dtype.kind == "U"


def test_labels_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "MAX_LABEL_BYTES", 100)
    assert "has 20 characters" in refused(f"x,y\n1,a\n2,{'b' * 20}\n")


@pytest.mark.parametrize("cell", ["", "?", "NA", "n/a", "NaN", "nan", "NULL", "-", "-nan"])
def test_missing(cell: str) -> None:
    assert is_missing(cell)


@pytest.mark.parametrize(
    "cell", ["1_000", "١٢", "1,5", "0x1p3", "1e", ".", "+", "--1", "1 2", "nan", "1.5f", "½"]
)
def test_not_a_number(cell: str) -> None:
    assert number(cell) is None


@pytest.mark.parametrize(
    ("cell", "value"), [("+1", 1), ("-.5", -0.5), ("5.", 5), ("1E-3", 0.001), ("-INF", -np.inf)]
)
def test_numbers(cell: str, value: float) -> None:
    assert number(cell) == value


@given(st.floats(allow_nan=False))
def test_every_float_written_is_read(value: float) -> None:
    assert number(repr(value)) == value


@given(st.lists(st.text("1.eE+-", min_size=0, max_size=4) | st.floats(allow_nan=False).map(repr), max_size=4))
def test_the_fast_way_agrees_with_the_slow_one(cells: list[str]) -> None:
    fast = plain_numbers(cells)
    assert fast is None or fast == [number(cell) for cell in cells]
