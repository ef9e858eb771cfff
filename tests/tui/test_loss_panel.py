"""The loss panel in the app: its cursor, its views, what is copied."""

from __future__ import annotations

import pytest
from pilots import playing, shown

from bptui.session import commands as c
from bptui.tui.panels.loss import Loss

WIDTH = 63  # columns of the panel at 160x48


async def test_arrows_move_a_cursor_that_escape_takes_away() -> None:
    async with playing() as (app, pilot, session):
        for _ in range(5):
            session.do(c.StepUpdate())
        app.main.show()
        app.main.query_one(Loss).focus()
        await pilot.press("left", "left")
        assert app.main.choice.cursor == 3
        loss = session.frame().history.at(4)
        assert f"step 3 · loss  {loss:.4f} · η 0.5" in shown(app, "loss")
        await pilot.press("right", "right", "right")
        assert app.main.choice.cursor == 5
        await pilot.press("escape")
        assert app.main.choice.cursor is None
        assert "┃" not in shown(app, "loss")
        assert app.main.focused is app.main.query_one(Loss)
        await pilot.press("escape")
        assert app.main.focused is None


async def test_a_click_puts_the_cursor_there() -> None:
    async with playing() as (app, pilot, session):
        for _ in range(4):
            session.do(c.StepUpdate())
        app.main.show()
        await pilot.click("#loss", offset=(8 + (WIDTH - 8) // 4, 5))
        assert app.main.choice.cursor == 1
        await pilot.press("r")  # nothing is left to stand on
        assert app.main.choice.cursor is None


async def test_without_a_curve_there_is_no_cursor() -> None:
    async with playing() as (app, pilot, _):
        app.main.query_one(Loss).focus()
        await pilot.press("left")
        await pilot.click("#loss", offset=(30, 5))
        assert app.main.choice.cursor is None


@pytest.mark.parametrize(
    ("preset", "views"),
    [
        ("xor", ["log", "linear", "accuracy", "last tenth", "loss"]),
        ("sine", ["log", "linear", "last tenth", "loss"]),  # numbers have no accuracy
    ],
)
async def test_views(preset: str, views: list[str]) -> None:
    async with playing() as (app, pilot, _):
        app.main.do(c.OpenPreset(preset))
        app.main.query_one(Loss).focus()
        told = []
        for _ in views:
            await pilot.press("v")
            told.append(app.main.query_one(Loss).shown)
        assert told == views


async def test_accuracy_gives_way_to_the_loss_of_numbers() -> None:
    async with playing() as (app, pilot, _):
        app.main.query_one(Loss).focus()
        await pilot.press("v", "v", "v")
        assert shown(app, "loss").startswith("Accuracy ")
        app.main.do(c.OpenPreset("sine"))
        app.main.show()
        assert shown(app, "loss").startswith("Loss ")


async def test_the_curve_is_copied_as_a_table() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "n")
        app.main.query_one(Loss).focus()
        await pilot.press("c")
        head, first, *_, last = app.clipboard.splitlines()
        assert head == "step\tloss\tlow\thigh"
        assert first.split("\t")[:2] == ["0", repr(session.frame().first_loss)]
        assert last.split("\t")[:2] == ["2", repr(session.frame().loss)]


async def test_back_leaves_the_axis_as_it_is() -> None:
    async with playing() as (app, pilot, session):
        for _ in range(40):
            session.do(c.StepUpdate())
        await pilot.press("b", *"b" * 9)
        app.main.show()
        bottom = shown(app, "loss").splitlines()[-1]
        assert bottom.split() == ["0", "now", "30", "40"]
