"""What is asked in the message line, beside η."""

from __future__ import annotations

import pytest
from pilots import WIDE, message, playing, sheet, shown, until
from textual.widgets import Input

from bptui.session import commands as c
from bptui.tui.app import App
from bptui.tui.panels.message import MessageLine
from bptui.tui.panels.question import Question
from bptui.tui.screens.inspector import Inspector


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


# A weight


def on_sheet(app: App) -> str:
    """The question that stands on a sheet."""
    question = app.screen.query_one(Question)
    assert question.display
    return f"{question.label}|{question.query_one(Input).value}|{question.said}"


async def test_a_weight_is_set_by_hand_in_the_inspector() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "n", "down", "enter", "equals_sign")
        await pilot.pause()
        before = repr(float(session.trainer.network.weights[0][1, 0])).replace("-", "−")
        assert on_sheet(app) == (
            f" w₂₁⁽¹⁾ = |{before}|Enter sets it   Esc keeps {before}   a number such as 0.5 or -2"
        )
        await pilot.press(*"abc", "enter")
        assert on_sheet(app).endswith("|abc|a weight must be a finite number")
        await pilot.press(*["backspace"] * 3, "minus", *"1.5", "enter")
        assert session.trainer.network.weights[0][1, 0] == -1.5
        assert session.frame().step == 2
        await until(lambda: "w₂₁⁽¹⁾ = −1.5 " in sheet(app))
        assert "w₂₁⁽¹⁾ = −1.5 from step 2" in sheet(app)
        assert isinstance(app.screen, Inspector)
        await pilot.press("down")  # keys are keys again
        assert "Weight w₃₁⁽¹⁾" in sheet(app)


async def test_escape_keeps_the_weight_and_the_inspector() -> None:
    async with playing() as (app, pilot, session):
        before = session.trainer.network.weights[0].copy()
        await pilot.press("n", "b", "enter", "equals_sign", "9", "up", "down", "escape")
        assert isinstance(app.screen, Inspector)
        assert (session.trainer.network.weights[0] == before).all()
        await pilot.press("escape")
        assert app.screen is app.main


async def test_a_bias_too() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("enter", "right", "right", "equals_sign", *"0.25", "enter")
        assert "Bias b₁⁽¹⁾" in sheet(app)
        assert session.trainer.network.biases[0][0] == 0.25


async def test_the_chosen_weight_is_set_from_the_main_screen_and_the_palette() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("down", "down", "W")
        await pilot.pause()
        assert asked(app).startswith(" w₃₁⁽¹⁾ = |")
        await pilot.press(*"1e999", "enter")
        assert "a weight must be a finite number" in asked(app)
        await pilot.press("escape", "W", "2", "enter")
        assert session.trainer.network.weights[0][2, 0] == 2
        assert message(app) == "w₃₁⁽¹⁾ = 2 from step 0"
        words = [command.title for command in app.get_system_commands(app.main)]
        assert "The chosen weight by hand" in words


async def test_while_an_operation_is_in_hand_it_is_the_weight_that_was_written() -> None:
    async with playing() as (app, pilot, _session):
        await pilot.press(*"s" * 7, "W")  # ∂W⁽²⁾; the choice is unit 1 of layer 1
        await pilot.pause()
        assert asked(app).startswith(" w₁⁽²⁾ = |")


# Units and layers


async def test_d_switches_the_chosen_unit_off_and_on() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "down", "d")
        await until(lambda: "⊘" in shown(app, "network"))
        assert message(app) == "unit 1.2 off from step 1"
        off = session.frame().update.layers[0].off
        assert off is not None
        assert off.tolist() == [False, True, False, False]
        await pilot.press("d")
        await until(lambda: "⊘" not in shown(app, "network"))
        await pilot.press("right", "d")
        assert "only a hidden unit can be switched off" in message(app)


async def test_f_holds_the_chosen_layer_and_lets_it_learn() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "f")
        await until(lambda: "‖ 1 held" in shown(app, "gradients"))
        before = session.trainer.network.weights[0].copy()
        await pilot.press("n")
        assert (session.trainer.network.weights[0] == before).all()
        app.main.query_one("#gradients").focus()
        await pilot.press("f", "n")
        assert (session.trainer.network.weights[0] != before).any()


async def test_both_from_the_inspector_and_the_layer() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "enter", "d")
        assert "unit 1.1 off from step 1" in sheet(app).splitlines()[-1]
        await pilot.press("f", "escape")
        update = session.frame().update
        assert update.layers[0].held
        assert update.layers[0].off is not None
        app.main.query_one("#gradients").focus()
        await pilot.press("enter")
        assert "f lets it learn" in sheet(app).splitlines()[-1]
        await pilot.press("f")
        assert "layer 1 learns from step 1" in sheet(app).splitlines()[-1]
        assert not session.frame().update.layers[0].held
