"""Looking closer in the app: by Enter, by clicks, while the run goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pilots import WIDE, sheet, shown, until
from textual.pilot import Pilot

from bptui.session import commands as c
from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.panels.base import Inspect
from bptui.tui.screens.board import Board
from bptui.tui.screens.example import Example
from bptui.tui.screens.inspector import WAITS, Inspector
from bptui.tui.screens.layer import Layer


@asynccontextmanager
async def trained(
    preset: str = "xor", size: tuple[int, int] = WIDE, updates: int = 3
) -> AsyncIterator[tuple[App, Pilot[int], Session]]:
    """Paused after so many updates."""
    session = Session.open(preset)
    for _ in range(updates):
        session.do(c.StepUpdate())
    app = App(session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot, session


async def test_enter_in_the_network_opens_the_chosen_weight() -> None:
    async with trained() as (app, pilot, session):
        await pilot.press("down", "down", "enter")
        assert isinstance(app.screen, Inspector)
        weight = float(session.trainer.network.weights[0][2, 0])
        gradient = float(session.trainer.network.grad_weights[0][2, 0])
        text = sheet(app)
        assert "Weight w₃₁⁽¹⁾" in text
        assert f"w₃₁⁽¹⁾ = {weight!r}".replace("-", "−") in text
        assert f"∂L/∂w₃₁ = {gradient!r}".replace("-", "−") in text
        assert "complex step" in text
        assert text.count("✓") == 2
        await pilot.press("escape")
        assert app.screen is app.main


async def test_arrows_lead_to_other_weights_and_to_the_bias() -> None:
    async with trained() as (app, pilot, _):
        await pilot.press("enter", "down", "right")
        assert "Weight w₂₂⁽¹⁾" in sheet(app)
        assert (app.main.choice.unit, app.main.choice.source) == (1, 1)  # the screen behind goes with it
        await pilot.press("right", "right")
        assert "Bias b₂⁽¹⁾" in sheet(app)
        await pilot.press("left", "up")
        assert "Weight w₁₂⁽¹⁾" in sheet(app)
        await pilot.press("left_square_bracket")
        assert "example 2" in sheet(app)


async def test_it_follows_the_run_and_the_check_waits() -> None:
    async with trained() as (app, pilot, session):
        await pilot.press("enter")
        before = sheet(app).splitlines()[2]
        await pilot.press("space")
        await until(lambda: WAITS in sheet(app))
        assert session.wants_time
        await until(lambda: sheet(app).splitlines()[2] != before)
        await pilot.press("space")
        await until(lambda: "complex step" in sheet(app))
        assert WAITS not in sheet(app)


async def test_inside_a_step_the_gradient_is_a_point_until_it_is_there() -> None:
    async with trained(updates=0) as (app, pilot, _):
        await pilot.press("s", "enter")
        await until(lambda: "∂L/∂w₁₁ = ·" in sheet(app))
        assert "the check waits for this step's gradients" in sheet(app)
        await pilot.press(*"s" * 8)
        await until(lambda: "complex step" in sheet(app))


async def test_of_a_gradient_in_hand_the_weight_written_is_opened() -> None:
    async with trained(updates=0) as (app, pilot, _):
        await pilot.press(*"s" * 7)  # ∂W⁽²⁾; the choice is unit 1 of layer 1
        assert app.main.frame.update.in_hand is not None
        assert app.main.frame.update.in_hand.writes == "∂W²"
        await pilot.press("enter")
        assert "Weight w₁⁽²⁾" in sheet(app)


async def test_a_click_on_a_weight_opens_it() -> None:
    async with trained() as (app, pilot, _):
        rows = shown(app, "network").splitlines()
        y = next(i for i, row in enumerate(rows) if " ₂ " in f"{row[20:29]} " or "₂ " in row[20:30])
        x = rows[y].index("₂", 20)
        await pilot.click("#network", offset=(x + 3, y))
        assert isinstance(app.screen, Inspector)
        await pilot.click(offset=(1, 1))  # outside closes
        assert app.screen is app.main


async def test_paths_are_listed_where_there_are_several() -> None:
    async with trained("iris") as (app, pilot, _):
        await pilot.press("enter", "enter")
        assert "What is sent back to h₁: 3 paths" in sheet(app)
        await pilot.press("escape")
        assert "The chain of factors" in sheet(app)
        await pilot.press("escape")
        assert app.screen is app.main


async def test_the_number_and_the_table_are_copied() -> None:
    async with trained() as (app, pilot, session):
        await pilot.press("enter", "c")
        assert app.clipboard == repr(float(session.trainer.network.weights[0][0, 0]))
        await pilot.press("t")
        assert app.clipboard.splitlines()[0].startswith("example\tx1\tx2\t")
        assert "copied 6 lines" in sheet(app).splitlines()[-1]


async def test_a_click_on_an_examples_row_chooses_it() -> None:
    async with trained() as (app, pilot, _):
        await pilot.press("enter")
        assert app.main.choice.example == 2
        board = app.screen.query_one(Board)
        row = next(y for y, line in enumerate(sheet(app).splitlines()) if line.lstrip().startswith("4  1 1"))
        await pilot.click(Board, offset=(20, row))
        assert app.main.choice.example == 3
        assert "▸  4  1 1" in sheet(app)
        assert app.screen.query_one(Board) is board  # it stays open


async def test_another_network_behind_it_has_the_nearest_weight() -> None:
    async with trained("digits") as (app, pilot, _):
        app.main._inspect(Inspect(1, 60, 60))
        await pilot.pause()
        assert "Weight w₆₁,₆₁⁽¹⁾" in sheet(app)
        app.main.do(c.OpenPreset("xor"))
        await until(lambda: "Bias b₄⁽¹⁾" in sheet(app))
        await pilot.press("up", "left")
        await until(lambda: "Weight w₃₂⁽¹⁾" in sheet(app))


async def test_a_layer_leads_to_its_largest_gradients() -> None:
    async with trained() as (app, pilot, _):
        app.main.query_one("#gradients").focus()
        await pilot.press("down")
        assert "2▸sigmoid" in shown(app, "gradients")
        await pilot.press("up", "enter")
        assert isinstance(app.screen, Layer)
        assert "Layer 1" in sheet(app)
        name = next(row for row in sheet(app).splitlines() if row.startswith(" ▸")).split()[1]
        await pilot.press("enter")
        assert isinstance(app.screen, Inspector)
        assert f" {name}⁽¹⁾ " in sheet(app)
        await pilot.press("escape", "right")
        await until(lambda: "Layer 2" in sheet(app))


async def test_a_click_on_a_layers_row_opens_it() -> None:
    async with trained() as (app, pilot, _):
        rows = shown(app, "gradients").splitlines()
        y = next(i for i, row in enumerate(rows) if "sigmoid" in row)
        await pilot.click("#gradients", offset=(5, y))
        await pilot.pause()
        assert isinstance(app.screen, Layer)
        assert "Layer 2" in sheet(app)


async def test_an_example_is_chosen_by_a_click_and_opened_by_a_second() -> None:
    async with trained() as (app, pilot, _):
        rows = shown(app, "output").splitlines()
        y = next(i for i, row in enumerate(rows) if "4   1   1" in row)
        x = rows[y].index("4   1   1")
        await pilot.click("#output", offset=(x, y))
        assert app.main.choice.example == 3
        await pilot.click("#output", offset=(x, y))
        assert isinstance(app.screen, Example)
        assert "Example 4" in sheet(app)
        await pilot.press("left_square_bracket")
        await until(lambda: "Example 3" in sheet(app))
        await pilot.press("c")
        assert app.clipboard.splitlines()[:2] == ["of\tname\tvalue", "input\tx1\t1.0"]


async def test_an_example_outside_the_batch_is_opened_all_the_same() -> None:
    async with trained("spiral") as (app, pilot, _):
        out = app.main.query_one("#output")
        rows = shown(app, "output").splitlines()
        batch = set(app.main.frame.batch_rows.tolist())
        outside = next(
            (x, y, row)
            for y, line in enumerate(rows)
            for x in range(len(line))
            if (row := out.marked(x, y)) is not None and row not in batch  # type: ignore[attr-defined]
        )
        await pilot.click("#output", offset=outside[:2])
        assert isinstance(app.screen, Example)
        await until(lambda: "not in this batch" in sheet(app))


async def test_the_chain_and_its_mean_are_seen_at_every_size() -> None:
    async with trained() as (app, pilot, _):
        await pilot.press("enter")
        for size in [(100, 30), (80, 24), (60, 20), (40, 12)]:
            await pilot.resize_terminal(*size)
            board = app.screen.query_one(Board)
            await until(lambda board=board, size=size: size[0] - 6 < board.size.width < size[0])
            assert "mean of the 4, ∂L/∂w₁₁" in sheet(app)
            assert "Esc close" in sheet(app)
        await pilot.press("pagedown")
        assert "Its way to the loss" in sheet(app)
        await pilot.press("pageup", "pageup")
        assert "mean of the 4, ∂L/∂w₁₁" in sheet(app)


async def test_panels_are_copied_as_tables() -> None:
    async with trained() as (app, pilot, _):
        for name, first in (
            ("network", "into h₁ from\t"),
            ("operation", "#\toperation\t"),
            ("output", "example\tx1\tx2\t"),
            ("gradients", "layer\tactivation\t"),
        ):
            app.main.query_one(f"#{name}").focus()
            await pilot.press("c")
            assert app.clipboard.startswith(first)
