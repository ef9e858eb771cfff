"""The loss panel in the app: its cursor, its views, what is copied."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pilots import message, playing, shown, until
from textual.pilot import Pilot

from bptui.session import commands as c
from bptui.session.frame import State
from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.panels.base import View
from bptui.tui.panels.loss import Loss
from bptui.tui.screens.main import VIEWS

WIDTH = 63  # columns of the panel at 160x48


@asynccontextmanager
async def trained(updates: int = 5) -> AsyncIterator[tuple[App, Pilot[int], Session]]:
    """XOR, paused after so many updates, the loss curve in focus."""
    async with playing() as (app, pilot, session):
        for _ in range(updates):
            session.do(c.StepUpdate())
        app.main.show()
        app.main.query_one(Loss).focus()
        await pilot.pause()
        yield app, pilot, session


async def stands(app: App, session: Session, step: int, looking: bool = True) -> None:
    """Wait until the run stands there, and every panel that tells a step tells this one."""
    header = f"step {step} "
    await until(lambda: header in shown(app, "header") and session.frame().looking is looking)
    assert session.trainer.steps == step
    told = {name: getattr(app.main, name) for name in VIEWS}
    await until(lambda: all(view.frame.step == step for view in told.values()) or _again(app, told))


def _again(app: App, told: dict[str, View]) -> bool:
    told.update({name: getattr(app.main, name) for name in VIEWS})
    return False


async def test_arrows_move_a_cursor_and_every_panel_shows_its_step() -> None:
    async with trained() as (app, pilot, session):
        weight = float(session.trainer.network.weights[0][0, 0])
        await pilot.press("left", "left")
        await stands(app, session, 3)
        loss = session.frame().loss
        assert f"step 3 · loss  {loss:.4f} · η 0.5" in shown(app, "loss")
        then = float(session.trainer.network.weights[0][0, 0])
        assert f"₁ {then:+.4f}".replace("-", "−") in shown(app, "network")
        assert then != weight
        await pilot.press("right")
        await stands(app, session, 4)


async def test_escape_comes_back_to_where_the_run_stood() -> None:
    async with trained() as (app, pilot, session):
        await pilot.press("s", "s")  # inside a step
        app.main.query_one(Loss).focus()
        await pilot.press("left", "left")
        await stands(app, session, 3)
        assert "┃" in shown(app, "loss")
        await pilot.press("escape")
        await stands(app, session, 5, looking=False)
        assert session.frame().update.position == 2
        assert "┃" not in shown(app, "loss")
        assert app.main.focused is app.main.query_one(Loss)
        await pilot.press("escape")
        assert app.main.focused is None


async def test_g_stays_at_the_cursors_step() -> None:
    async with trained() as (app, pilot, session):
        await pilot.press("left", "left", "g")
        await stands(app, session, 3, looking=False)
        assert "┃" not in shown(app, "loss")
        assert message(app) == "at step 3"
        assert session.frame().end == 5
        await pilot.press("escape")  # from the past to the end
        await stands(app, session, 5, looking=False)


async def test_what_is_done_while_looking_is_done_there() -> None:
    async with trained() as (app, pilot, session):
        app.main.looking.point(2)
        app.main.action_act("eta_up")  # at once, before the run has come after the cursor
        await stands(app, session, 2, looking=False)
        assert session.frame().branches == 2
        assert [entry.step for entry in session.journal.entries] == [2]
        await pilot.press("n")
        await stands(app, session, 3, looking=False)


async def test_g_and_escape_do_not_wait_for_the_run_either() -> None:
    async with trained() as (app, _pilot, session):
        app.main.looking.point(2)
        app.main.action_act("go_to")
        await stands(app, session, 2, looking=False)
        app.main.looking.point(4)
        app.main.action_act("escape")  # takes the cursor away; the run stays in the past
        await stands(app, session, 2, looking=False)
        assert not app.main.looking.is_on


async def test_of_many_quick_moves_only_the_last_is_gone_to() -> None:
    async with trained(30) as (app, _pilot, session):
        looked: list[int] = []
        do = session.do

        def recorded(command: c.Command) -> str:
            looked.extend([command.step] if isinstance(command, c.Look) else [])
            return do(command)

        session.do = recorded  # type: ignore[method-assign]
        for step in range(28, 8, -1):
            app.main.looking.point(step)
            assert app.main.choice.cursor == step
            assert f"step {step:>2} " in shown(app, "loss")  # the cursor itself is there at once
        await stands(app, session, 9)
        assert looked == [9]


async def test_where_a_look_takes_long_the_run_waits_for_a_rest() -> None:
    async with trained(30) as (app, _pilot, session):
        app.main.looking._took = 1.0
        app.main.looking.point(20)
        first = app.main.looking._timer
        app.main.looking.point(19)
        assert first is not app.main.looking._timer  # it begins anew with each move
        await stands(app, session, 19)
        app.main.looking._took = 0.0
        app.main.looking.point(18)
        again = app.main.looking._timer
        app.main.looking.point(17)
        assert again is app.main.looking._timer
        await stands(app, session, 17)


async def test_moving_the_cursor_pauses() -> None:
    async with playing() as (app, pilot, session):
        session.trainer.eta = 0.001  # it does not reach its stop rule soon
        await pilot.press("space")
        await until(lambda: session.frame().step > 50 and bool(app.main.query_one(Loss).stops()))
        app.main.query_one(Loss).focus()
        await pilot.press("left")
        assert not session.wants_time
        await until(lambda: session.frame().looking)
        assert "‖ paused" in shown(app, "header")
        assert session.frame().step < session.frame().end


async def test_the_mouse_puts_it_there_and_takes_it_along() -> None:
    async with trained(4) as (app, pilot, session):
        quarter = (WIDTH - 8) // 4
        await pilot.mouse_down("#loss", offset=(8 + quarter, 5))
        await stands(app, session, 1)
        await pilot.hover("#loss", offset=(8 + 3 * quarter, 5))
        await stands(app, session, 3)
        await pilot.hover("#network", offset=(5, 5))  # beside it: to its beginning
        await stands(app, session, 0)
        await pilot.mouse_up("#network", offset=(5, 5))
        await pilot.hover("#loss", offset=(8 + quarter, 5))
        await stands(app, session, 0)
        await pilot.press("r")  # nothing is left to stand on
        assert not session.frame().looking
        assert "┃" not in shown(app, "loss")


async def test_after_a_divergence_the_cursor_goes_back_before_it() -> None:
    async with playing() as (app, pilot, session):
        app.main.do(c.OpenPreset("sine"))
        app.main.do(c.SetEta(1e200))
        for _ in range(9):
            session.do(c.StepUpdate())
            if session.state is State.DIVERGED:
                break
        app.main.show()
        assert session.state is State.DIVERGED
        end = session.frame().step
        app.main.query_one(Loss).focus()
        await pilot.press("left")
        await until(lambda: session.frame().looking)
        assert session.state is State.PAUSED
        await pilot.press("escape")
        await until(lambda: session.state is State.DIVERGED)
        assert session.frame().step == end


async def test_in_the_last_tenth_and_in_the_accuracy_the_axis_stands_still() -> None:
    async with trained(0) as (app, pilot, session):
        for _ in range(40):
            session.do(c.StepUpdate())
            session.frame()
        app.main.show()
        panel = app.main.query_one(Loss)
        for view in ("accuracy", "last tenth"):
            panel.shown = view
            panel.redraw(anew=True)
            first, *_, last = panel.stops()
            await pilot.press("left", "left")
            await stands(app, session, 38)
            assert (panel.stops()[0], panel.stops()[-1]) == (first, last)
            await pilot.press("right")
            await stands(app, session, 39)
            await pilot.press("escape")
            await stands(app, session, 40, looking=False)


async def test_without_a_curve_there_is_no_cursor() -> None:
    async with playing() as (app, pilot, _):
        app.main.query_one(Loss).focus()
        await pilot.press("left")
        await pilot.click("#loss", offset=(30, 5))
        assert not app.main.looking.is_on


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
