"""The η prompt and its forecast."""

from __future__ import annotations

import fake
import pytest
from pilots import playing, until

from bptui.tui.app import App
from bptui.tui.panels.eta import EtaPrompt


def said(app: App) -> str:
    """What stands beside the field."""
    return str(app.main.query_one("#etaprompt .hint").render())


async def test_the_forecast_is_of_the_eta_that_is_typed() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "equals_sign", *"2.5")
        await pilot.pause()
        told = session.forecast(2.5)
        assert told.first_order < 0
        figures = [f"{abs(change):.4f}" for change in told]
        assert f"first order  −{figures[0]}, really  −{figures[1]}" in said(app)
        await pilot.press("enter")
        before = session.frame().loss
        await pilot.press("n")
        after = session.frame().loss
        assert before is not None
        assert after is not None
        # a full batch: what was forecast is what comes
        assert after - before == pytest.approx(told.reached, rel=1e-9)


async def test_what_is_no_number_has_no_forecast_and_keeps_the_field() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("equals_sign")
        assert "first order" not in said(app)
        await pilot.press(*"1e")
        assert "first order        –, really        –" in said(app)
        await pilot.press("enter")
        assert said(app) == "η must be a number above 0; it stays 0.5"
        assert app.main.query_one(EtaPrompt).display
        await pilot.press("minus", "3")
        await pilot.pause()
        assert "first order −" in said(app)
        assert session.frame().eta == 0.5


async def test_the_forecast_follows_the_run() -> None:
    async with playing() as (app, pilot, session):
        session.trainer.eta = 0.001  # it does not reach its stop rule soon
        await pilot.press("space", "equals_sign", "3")
        first = said(app)
        await until(lambda: session.wants_time and said(app) != first and "–" not in said(app))


async def test_where_a_step_is_long_the_forecast_waits_for_the_pause() -> None:
    session = fake.FakeSession()
    session.short_steps = False
    app = App(session)  # type: ignore[arg-type]
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("space", "equals_sign", "3")
        await until(lambda: session.advanced > 3)
        await pilot.press("4")
        await until(lambda: "really        –" in said(app))
        assert session.forecasts == []
        session.wants_time = False
        await pilot.press("5")
        await until(lambda: "really  +0.3440" in said(app))


@pytest.mark.parametrize(
    ("size", "line"),
    [
        (
            (160, 48),
            "now 0.5   next update: first order  −0.0020, really  +0.0010   Enter set   Esc keep 0.5   ",
        ),
        ((80, 24), "now 0.5   first order  −0.0020, really  +0.0010   Enter set"),
        ((60, 20), "first order  −0.0020, really  +0.0010"),
        ((40, 12), "really  +0.0010"),
    ],
)
async def test_the_line_fits_the_terminal(size: tuple[int, int], line: str) -> None:
    app = App(fake.FakeSession())  # type: ignore[arg-type]
    async with app.run_test(size=size) as pilot:
        await pilot.press("equals_sign", "2")
        await pilot.pause()
        assert said(app).startswith(line)
        assert app.main.query_one("#etaprompt .hint").size.width >= len(said(app))
