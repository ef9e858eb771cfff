"""What `v` and `z` do to the panels of a real session."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from bptui.session import commands as c
from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.panels.base import Panel
from bptui.tui.panels.message import MessageLine


@asynccontextmanager
async def playing(preset: str = "xor") -> AsyncIterator[tuple[App, Pilot[int]]]:
    """After two updates, paused."""
    session = Session.open(preset)
    session.do(c.StepUpdate())
    session.do(c.StepUpdate())
    app = App(session)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        yield app, pilot


def rows(app: App, name: str) -> list[str]:
    """What a panel says."""
    panel = app.main.query_one(f"#{name}", Panel)
    return [panel.render_line(y).text.rstrip() for y in range(panel.size.height)]


def message(app: App) -> str:
    return "".join(text for text, _ in app.main.query_one(MessageLine).parts)


async def go_on(app: App, pilot: Pilot[int], name: str) -> str:
    """Press v on a panel; its title."""
    app.main.query_one(f"#{name}", Panel).focus()
    await pilot.press("v")
    await pilot.pause()
    return rows(app, name)[0].split(" ─")[0].split(" ━")[0]


async def test_the_network_goes_from_weights_to_gradients_to_the_last_change() -> None:
    async with playing() as (app, pilot):
        usual = rows(app, "network")
        assert await go_on(app, pilot, "network") == "Network · gradients"
        assert await go_on(app, pilot, "network") == "Network · last change"
        assert "not known" not in rows(app, "network")[0]
        assert await go_on(app, pilot, "network") == "Network"
        assert len(rows(app, "network")) == len(usual)


async def test_the_operation_has_a_second_view_inside_a_step_alone() -> None:
    async with playing() as (app, pilot):
        await go_on(app, pilot, "operation")
        assert message(app) == "Operation has one view"
        await pilot.press("s")
        await pilot.pause()
        assert rows(app, "operation")[0].endswith("example 3 · unit h₁")
        await go_on(app, pilot, "operation")
        assert rows(app, "operation")[0].endswith("mean of 4 examples · unit h₁")


async def test_arrays_take_the_whole_screen() -> None:
    async with playing("digits") as (app, pilot):
        await pilot.press("s", "z")
        await pilot.pause()
        assert "a window of 28 × " in "".join(rows(app, "operation"))
        await pilot.press("right")
        await pilot.pause()
        assert app.main.choice.source == 1


async def test_the_output_goes_through_its_views_and_back_where_there_is_no_such_view() -> None:
    async with playing("moons") as (app, pilot):
        assert await go_on(app, pilot, "output") == "Output · hidden units"
        await pilot.press("right")
        await pilot.pause()
        assert "▸h₂" in rows(app, "output")[1]
        app.main.do(c.OpenPreset("digits"))
        app.main.show()
        await pilot.pause()
        assert rows(app, "output")[0].split(" ━")[0] == "Output"
        titles = [await go_on(app, pilot, "output") for _ in range(4)]
        assert titles == [
            "Output · errors",
            "Output · test part",
            "Output · errors of the test part",
            "Output",
        ]


async def test_gradients_have_a_profile() -> None:
    async with playing("vanishing") as (app, pilot):
        assert await go_on(app, pilot, "gradients") == "Gradients · profile by depth"
        assert rows(app, "gradients")[2].startswith("10 sigmoid")
