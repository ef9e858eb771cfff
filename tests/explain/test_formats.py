"""What each format needs: Markdown that GitHub draws, LaTeX that compiles as it stands."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from test_lesson import made
from worked_views import as_update, xor_view

from bptui.explain import text
from bptui.explain.document import Arrays, Grid, Heading, Paragraph, Table, Working
from bptui.explain.lesson import worked_example

STRANGE = '\\input{x} _*|$&#<b>{%~^`" größe ŷ^(2)^(3) 猫 δ² 1e5²'


def markdown(preset: str) -> str:
    return worked_example(made(preset), preset, 0, "markdown")


@pytest.mark.parametrize("preset", ["xor", "digits"])
def test_mathematics_stands_in_blocks_of_its_own(preset: str) -> None:
    blocks = re.split(r"^```(?:math)?$", markdown(preset), flags=re.MULTILINE)
    prose, mathematics = blocks[::2], blocks[1::2]
    assert len(mathematics) > 30
    assert not any("$" in part or "\\begin" in part for part in prose)
    for block in mathematics:
        assert block.isascii()
        assert "operatorname" not in block  # GitHub refuses it
        assert block.count("{") == block.count("}")
        begun, ended = (re.findall(rf"\\{word}{{(\w+)}}", block) for word in ("begin", "end"))
        assert sorted(begun) == sorted(ended)
        assert "\n\n" not in block


def test_tables_have_as_many_cells_in_every_row() -> None:
    text = worked_example(as_update(xor_view(classes=("0", "a|b"))), "a|b", 0, "markdown")
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        rows = table.splitlines()
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1
        assert re.fullmatch(r"\|(---\|)+", rows[1])


def test_headings_nest() -> None:
    levels = [len(mark) for mark in re.findall(r"^(#+) ", markdown("xor"), flags=re.MULTILINE)]
    assert levels[0] == 1
    assert set(levels[1:]) == {2, 3}


def test_text_draws_arrays_beside_each_other() -> None:
    column, row = Grid("a", 2, 1, (("1",), ("−2.5",))), Grid("W", 1, 2, (("0.5", "3"),))
    document = (
        Heading("Title", 1),
        Paragraph("One line."),
        Arrays((column, "=", row)),
        Working("z", (("w", "+ b"), ("1",))),
        Table((("sign", "meaning"), ("m̂", "mean"))),
    )
    assert text.render(document).splitlines() == [
        "Title",
        "=====",
        "",
        "One line.",
        "",
        "   a 2×1    W 1×2",
        "  ⎡ 1  ⎤ = [0.5 3]",
        "  ⎣−2.5⎦",
        "",
        "  z = w + b",
        "    = 1",
        "",
        "  sign  meaning",
        "  ────  ───────",
        "  m̂     mean",
    ]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="has no pdflatex")
@pytest.mark.parametrize(
    ("name", "preset", "digits"), [("xor", "xor", 4), (STRANGE, "xor", 17), ("d", "digits", 4)]
)
def test_pdflatex_compiles_it_as_it_stands(tmp_path: Path, name: str, preset: str, digits: int) -> None:
    update = made(preset, 1, 'training.optimizer="adam"', "training.l1=0.01")
    if name == STRANGE:
        before = update.before
        strange = {"input_names": (STRANGE, "δ"), "classes": ("0", STRANGE)}
        update = update._replace(before=type(before)(**{**vars(before), **strange}))
    (tmp_path / "it.tex").write_text(
        worked_example(update, name, 1, "latex", digits=digits), encoding="utf-8"
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "it.tex"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = (tmp_path / "it.log").read_text(encoding="latin-1")
    assert found.returncode == 0, log[-2000:]
    assert max([float(x) for x in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)], default=0.0) < 12
