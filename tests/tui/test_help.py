"""The pages that explain: every key, every sign, where the choices stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bptui.errors import ActionableError
from bptui.session.session import Session
from bptui.tui import keynames
from bptui.tui.actions import ACTIONS
from bptui.tui.app import App
from bptui.tui.config import Config
from bptui.tui.panels.base import Panel
from bptui.tui.panels.gradients import Gradients
from bptui.tui.panels.operation import Operation
from bptui.tui.screens.about import here
from bptui.tui.screens.help import LAST, choices, column, help_text, key_sections


def test_the_help_has_every_key_of_the_table() -> None:
    said = " ".join(keys for _, rows in key_sections() for keys, _ in rows).split()
    for action in ACTIONS:
        for key in action.keys:
            assert keynames.shown(key) in said, action.id


def test_the_help_says_where_the_choices_stand() -> None:
    mistake = ActionableError("config.toml:1", "fps is \x1b", "Mend it")
    title, rows = choices("/home/me/config.toml", [mistake])
    assert title == "Your choices"
    assert rows[0][1].startswith("/home/me/config.toml remembers theme, speed")
    assert rows[1] == ("", "✕ config.toml:1: fps is \\x1b. Mend it")


def test_a_column_of_the_help() -> None:
    sections = [
        ("Look", [("z", "one panel full screen"), ("", "said over both columns")]),
        ("More", [("+ -", "η")]),
    ]
    assert [line.plain for line in column(sections, 28)] == [
        "Look",
        "z              one panel",
        "               full screen",
        "said over both columns",
        "",
        "More",
        "+ -            η",
    ]


@pytest.mark.parametrize("width", [10, 40, 66, 100, 130])
def test_the_help_fits_and_stands_in_two_columns_where_there_is_room(width: int) -> None:
    lines = help_text(width).plain.splitlines()
    assert all(len(line) <= max(width, len(LAST), 25) for line in lines)
    assert ("Move in time" in lines[0] and "Read the screen" in lines[0]) == (width >= 100)


def test_what_is_wrong_stands_first(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("fps = 0\n", encoding="utf-8")
    assert help_text(80, config=Config(file)).plain.startswith("Your choices")
    file.write_text("fps = 1\n", encoding="utf-8")
    text = help_text(80, config=Config(file)).plain
    assert text.startswith("Move in time")
    assert "Your choices" in text


def test_a_panel_s_page_has_what_the_panel_can_do() -> None:
    keys = {"up": "↑", "down": "↓", "left": "←", "right": "→"} | {
        name: name for name in ("closer", "view", "copy", "zoom")
    }

    class Bare(Panel):
        title = "Bare"

    class Able(Bare):
        VIEWS = ("one", "two")

        def copied(self, view: object) -> str:
            return "x"

    assert [key for key, _ in here(Bare(), keys)] == ["↑ ↓ ← →", "zoom"]
    assert [key for key, _ in here(Able(), keys)] == ["↑ ↓ ← →", "view", "copy", "zoom"]


@pytest.mark.parametrize("word", ["sat.", "‖ΔW‖/‖W‖", "promise", "kept", "rms", "▽ vanishing", "plateau"])
def test_the_help_explains_what_stands_on_the_screen(word: str) -> None:
    assert word in help_text(80).plain


def test_panels_explain_their_own_columns() -> None:
    assert all(word in Gradients.explanation for word in ("‖δ‖", "sat.", "‖ΔW‖/‖W‖"))
    assert all(word in Operation.explanation for word in ("promise", "kept", "check"))


@pytest.mark.parametrize("size", [(160, 48), (80, 24), (60, 20), (40, 12)])
async def test_a_panel_s_page_keeps_its_heading_on_the_screen(size: tuple[int, int]) -> None:
    app = App(Session.open("xor"))
    async with app.run_test(size=size) as pilot:
        await pilot.press("3")
        app.main.query_one(Operation).focus()
        await pilot.press("question_mark")
        await pilot.pause()
        page = app.screen.query_one(".about")
        assert app.screen.region.contains_region(page.region)


def test_an_explanation_has_its_paragraphs_each_in_a_line() -> None:
    class Said(Panel):
        explanation = """One
        line.

        Another.
        """

    assert Said.paragraphs() == ["One line.", "Another."]
    assert Panel.paragraphs() == []
