"""What is asked in the message line, beside η."""

from __future__ import annotations

import pytest
from pilots import WIDE, message, playing, shown, until
from textual.widgets import Input

from bptui.session import commands as c
from bptui.tui.app import App
from bptui.tui.panels.message import MessageLine


def asked(app: App) -> str:
    """The open question: what stands before the field, in it, and beside it."""
    question = app.main.question
    assert question.display
    return f"{question.label}|{question.query_one(Input).value}|{question.said}"


# A step


async def test_g_asks_for_a_step_and_goes_there() -> None:
    async with playing() as (app, pilot, session):
        for _ in range(12):
            session.do(c.StepUpdate())
        app.main.show()
        await pilot.press("g")
        await pilot.pause()
        assert asked(app) == " step ||0 … 12   Enter goes there   Esc stays at 12"
        assert not app.main.query_one(MessageLine).display
        await pilot.press(*"1", "comma", *"234", "enter")
        assert "a step is a whole number from 0 to 12" in asked(app)
        assert session.frame().step == 12
        await pilot.press(*["backspace"] * 5, "7", "enter")
        await until(lambda: "step 7 " in shown(app, "header"))
        assert not app.main.question.display
        assert message(app) == "back to step 7"
        await pilot.press("n")  # keys are keys again
        assert session.frame().step == 8


async def test_escape_stays_and_the_focus_is_where_it_was() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "n", "tab", "tab")
        before = app.main.focused
        assert before is not None
        await pilot.press("g", "1", "escape")
        assert session.frame().step == 2
        assert app.main.focused is before


async def test_another_question_takes_the_place_of_one() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "g")
        app.main.action_act("eta")
        await pilot.pause()
        assert not app.main.question.display
        assert app.main.prompt.display
        await pilot.press("1", "enter")
        assert session.frame().eta == 1
        app.main.action_act("go_to")
        await pilot.press("0", "enter")
        assert session.frame().step == 0


async def test_it_follows_the_run() -> None:
    async with playing() as (app, pilot, session):
        session.do(c.SetEta(0.001))  # it does not reach its stop rule soon
        await pilot.press("space", "g")
        first = asked(app)
        await until(lambda: session.wants_time and asked(app) != first)


@pytest.mark.parametrize(
    ("size", "line"),
    [
        (WIDE, " step ||0 … 3   Enter goes there   Esc stays at 3"),
        ((60, 20), " step ||0 … 3   Enter goes there"),
        ((40, 12), " step ||0 … 3"),
    ],
)
async def test_it_fits_the_terminal(size: tuple[int, int], line: str) -> None:
    async with playing(size) as (app, pilot, _):
        await pilot.press("n", "n", "n", "g")
        await pilot.pause()
        assert asked(app) == line
