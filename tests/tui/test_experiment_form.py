"""The experiment's form and the quick keys, with real keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from pilots import message, playing
from textual.widgets import Input, Static

from bptui.tui.app import App
from bptui.tui.screens.board import Board
from bptui.tui.screens.experiment import ExperimentForm


def said(app: App) -> str:
    return " ".join(app.screen.query_one("#form-note", Board).rows()).strip()


def form(app: App) -> str:
    return "\n".join(app.screen.query_one("#form-body", Board).rows())


async def open_at(pilot, app: App, path: str) -> None:
    await pilot.press("E")
    await pilot.pause()
    screen = app.screen
    assert isinstance(screen, ExperimentForm)
    screen.action_move(screen._number_of(path) - screen._at)
    await pilot.pause()


async def test_what_is_changed_is_made_at_once_and_goes_on_with_the_same_weights() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "n")
        weights = session.trainer.network.parameters.copy()
        await open_at(pilot, app, "training.eta")
        await pilot.press("right", "right")
        assert "eta               0.5 → 2" in form(app)
        assert said(app).startswith("1 changed, goes on with the same weights: eta 0.5 → 2")
        assert session.trainer.eta == 0.5
        await pilot.press("a")
        assert app.screen is app.main
        assert session.trainer.eta == 2
        assert session.trainer.steps == 2
        assert (session.trainer.network.parameters == weights).all()
        assert "η 0.5 → 2 from step 2" in message(app)


async def test_another_network_starts_anew_and_says_so_before() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n")
        await open_at(pilot, app, "network.hidden")
        await pilot.press("enter")
        field = app.screen.query_one(Input)
        assert field.value == "[4]"
        field.value = "[3, 2]"
        await pilot.press("enter")
        assert "starts anew: hidden [4] → [3, 2]" in said(app)
        await pilot.press("a")
        assert session.experiment.sizes == (2, 3, 2, 1)
        assert session.trainer.steps == 0


@pytest.mark.parametrize(
    ("path", "typed", "told"),
    [
        ("training.eta", "0", "out of range"),  # of the key itself
        ("network.output", "linear", "cross_entropy"),  # beside another
    ],
)
async def test_a_mistake_is_told_beside_its_key_by_the_rules_of_files(
    path: str, typed: str, told: str
) -> None:
    async with playing() as (app, pilot, session):
        before = session.preset
        await open_at(pilot, app, path)
        await pilot.press("enter")
        app.screen.query_one(Input).value = typed
        await pilot.press("enter")
        assert told in form(app)
        await pilot.press("escape", "a", "escape", "escape")
        assert session.preset == before


async def test_leaving_asks_once_where_changes_would_be_lost() -> None:
    async with playing() as (app, pilot, session):
        await open_at(pilot, app, "training.l2")
        await pilot.press("right", "escape")
        assert said(app).startswith("1 change not made")
        await pilot.press("escape")
        assert app.screen is app.main
        assert session.preset.training.l2 == 0


async def test_it_is_saved_as_an_own_preset_and_nothing_is_overwritten_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BPTUI_PRESETS", str(tmp_path))
    async with playing() as (app, pilot, session):
        await open_at(pilot, app, "training.l2")
        await pilot.press("right", "s", *"mine", "enter")
        file = tmp_path / "mine.toml"
        assert "l2 = 0.001" in file.read_text(encoding="utf-8")
        assert "saved as mine" in said(app)
        await pilot.press("right", "s", *"mine", "enter")
        assert "l2 = 0.001" in file.read_text(encoding="utf-8")
        assert 'there is a preset called "mine". Enter once more replaces it' in said(app)
        await pilot.press("enter")
        assert "l2 = 0.002" in file.read_text(encoding="utf-8")
        assert session.preset.training.l2 == 0.002


async def test_a_key_that_is_clicked_is_chosen_and_then_typed() -> None:
    async with playing() as (app, pilot, _):
        await open_at(pilot, app, "data.source")
        board = app.screen.query_one("#form-body", Board)
        row = next(y for y, line in enumerate(board.rows()) if line.strip().startswith("noise"))
        await pilot.click("#form-body", offset=(4, row))
        assert "▸ noise" in form(app)
        await pilot.click("#form-body", offset=(4, row))
        assert app.screen.query_one("#form-field").display


async def test_quick_keys_change_the_run() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "right_parenthesis")
        assert session.experiment.sizes == (2, 5, 1)
        await pilot.press("right_curly_bracket", "A", "P")
        assert session.experiment.sizes == (2, 5, 5, 1)
        assert session.preset.network.activation == "relu"
        assert session.preset.training.l2 == 0.001
        assert "l2 0 → 0.001" in message(app)
        await pilot.press("M")
        assert "no other value that way" in message(app)


async def test_the_field_has_a_label_and_the_place_of_the_keys() -> None:
    async with playing((60, 20)) as (app, pilot, _):
        await open_at(pilot, app, "training.eta")
        assert app.screen.query_one(".overlay").size == (58, 20)  # all of it
        keys = app.screen.query_one("#form-keys").region
        await pilot.press("enter")
        await pilot.pause()
        assert str(app.screen.query_one("#form-label", Static).render()) == "eta = "
        assert str(app.screen.query_one("#form-hint", Static).render()).startswith("Enter set   Esc keep 0.5")
        assert app.screen.query_one("#form-field").region == keys
        assert app.screen.query_one(Input).size.width > 15
        await pilot.press("escape")
        assert app.screen.query_one("#form-keys").display


async def test_its_keys_can_be_clicked() -> None:
    async with playing() as (app, pilot, session):
        await open_at(pilot, app, "training.l2")
        await pilot.press("right")
        row = app.screen.query_one("#form-keys", Board).rows()[0]
        await pilot.click("#form-keys", offset=(row.index("make"), 0))
        await pilot.pause()
        assert app.screen is app.main
        assert session.preset.training.l2 == 0.001
