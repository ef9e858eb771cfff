"""The tree of branches as text."""

from __future__ import annotations

import math
from typing import Any

from bptui.session.history import Column
from bptui.session.tree import BranchView
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.history import (
    DETAIL,
    HEAD,
    Chosen,
    draw_history,
    first_row,
    in_words,
    list_height,
    name_cells,
    rows_of,
)
from bptui.tui.drawing.palette import DARK


def branch(number: int, parent: int | None = None, left_at: int = 0, **fields: Any) -> BranchView:
    made: dict[str, Any] = {
        "name": "", "anew": parent is None, "why": "the beginning" if parent is None else "η 0.5",
        "changes": 0, "step": 1200, "own": 1200 - left_at, "loss": 0.0123, "diverged": False,
        "current": False,
    }  # fmt: skip
    return BranchView(**(made | {"number": number, "parent": parent, "left_at": left_at} | fields))


BRANCHES = (
    branch(1),
    branch(2, 1, 500, name="bigger steps", changes=2, loss=9.8765e-4),
    branch(3, 1, anew=True, why="seed 0 → 1", current=True),
    branch(4, 2, 700, why="l2 0.01", diverged=True, loss=math.inf, step=12_345, own=11_645),
)


def falling(number: int, width: int) -> tuple[Column, ...]:
    return tuple(Column(i + 1, i + 1, 9.0 - i, 9.0 - i, 9.0 - i) for i in range(min(width, 8)))


def drawn(
    width: int = 98, height: int = 12, chosen: Chosen | None = None, branches: Any = BRANCHES, first: int = 0
) -> Canvas:
    made = chosen or Chosen(2)
    return draw_history(rows_of(branches), made, first, falling, (width, height), DARK)


def test_each_stands_under_the_one_that_it_left() -> None:
    assert drawn().lines() == [
        "History ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 4 branches",
        "    branch             from                  changed              at step     loss  its curve",
        "    1                                        the beginning          1,200   0.0123  █▇▆▅▄▃▂▁",
        "▸   ├ 2 bigger steps   1 at step 500         η 0.5 +2               1,200  9.88e−4  █▇▆▅▄▃▂▁",
        "  ✕ │ └ 4              2 at step 700         l2 0.01               12,345      inf  █▇▆▅▄▃▂▁",
        "  ● └ 3                anew, after 1         seed 0 → 1             1,200   0.0123  █▇▆▅▄▃▂▁",
        "",
        "",
        "",
        "Branch 2 'bigger steps' left branch 1 at step 500: η 0.5. 2 more changes since. 700 updates of its",
        "own, to step 1,200. Loss 9.88e−4.",
        "",
    ]


def test_where_it_is_narrow_the_step_stands_before_the_change() -> None:
    assert drawn(56).lines()[1:6] == [
        "    branch          changed             at step     loss",
        "    1               the beginning         1,200   0.0123",
        "▸   ├ 2 bigger ste… 500: η 0.5 +2         1,200  9.88e−4",
        "  ✕ │ └ 4           700: l2 0.01         12,345      inf",
        "  ● └ 3             anew: seed 0 → 1      1,200   0.0123",
    ]


def test_one_alone() -> None:
    lines = drawn(branches=(branch(1, current=True, step=0, own=0, loss=None),), chosen=Chosen(1)).lines()
    assert lines[0].endswith("━ 1 branch")
    assert lines[2].split()[:4] == ["▸", "●", "1", "the"]
    assert "–" in lines[2]
    assert "Branch 1: the beginning. 0 updates of its own, to step 0. You are on it." in lines


def test_a_mark_and_what_is_to_be_dropped() -> None:
    canvas = drawn(chosen=Chosen(4, marked=1, dropped=4))
    lines = canvas.lines()
    assert lines[2].startswith("◆   1")
    assert "d once more forgets branch 4 and 11,645 updates of its own" in " ".join(lines)
    both = drawn(chosen=Chosen(1, marked=1)).lines()
    assert both[2].startswith("▸◆  1")


def test_rows_are_found_by_the_mouse() -> None:
    canvas = drawn()
    assert [canvas.marked(60, y) for y in range(1, 7)] == [None, 1, 2, 4, 3, None]


def test_deep_trees_keep_their_last_lines() -> None:
    chain = [branch(1), *(branch(n, n - 1, 10 * n) for n in range(2, 31))]
    lines = drawn(branches=chain, height=34, chosen=Chosen(30), first=2).lines()
    assert lines[28 + HEAD - 1].startswith("▸   …")
    assert all(len(line.split(" at step")[0]) < 60 for line in lines[2:30])
    assert " ⋮" in lines[HEAD]
    assert " ⋮" not in lines[HEAD + 27]


def test_the_list_moves_no_more_than_it_must() -> None:
    assert first_row(at=0, rows=20, height=5, first=3) == 0
    assert first_row(at=4, rows=20, height=5, first=3) == 3
    assert first_row(at=8, rows=20, height=5, first=3) == 4
    assert first_row(at=19, rows=20, height=5, first=0) == 15
    assert first_row(at=2, rows=3, height=5, first=2) == 0
    assert list_height(HEAD + 6 + 1 + DETAIL) == 6


def test_the_name_s_place_is_where_it_stands() -> None:
    row = rows_of(BRANCHES)[1]
    x, width = name_cells(row, 98)
    assert drawn().lines()[3][x : x + 12] == "bigger steps"
    assert drawn().lines()[3][x + width : x + width + 2] == " 1"


def test_foreign_names_are_harmless() -> None:
    wild = branch(1, name="\x1b[2J日本[/b]", current=True)
    assert "1 \\x1b[2J??[/b]" in drawn(branches=(wild,), chosen=Chosen(1)).lines()[2]
    assert "\x1b" not in in_words(wild)


def test_how_it_began_is_told_in_words() -> None:
    assert in_words(BRANCHES[2]) == (
        "Branch 3 began anew from step 0, after branch 1: seed 0 → 1. "
        "1,200 updates of its own, to step 1,200. Loss 0.0123. You are on it."
    )
    assert "It diverged there." in in_words(BRANCHES[3])
    assert "1 update of its own" in in_words(branch(2, 1, 5, own=1))
