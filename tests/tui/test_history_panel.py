"""The history in the app: keys, the mouse, the palette, and what the main screen says of branches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pilots import SMALL, WIDE, message, shown, until
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot

from bptui.session import commands as c
from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.screens.board import Board
from bptui.tui.screens.comparison import Comparing
from bptui.tui.screens.history import History, NameField


def branched() -> Session:
    """XOR: branch 1 to step 12; branch 2, in hand, leaves it at 4 with η 2 and goes to step 9."""
    session = Session.open("xor")
    for commands in ([c.StepUpdate()] * 12, [c.GoTo(4), c.SetEta(2.0)], [c.StepUpdate()] * 5):
        for command in commands:
            session.do(command)
    return session


@asynccontextmanager
async def history(
    *keys: str, size: tuple[int, int] = WIDE, opened: bool = True
) -> AsyncIterator[tuple[App, Pilot[int], Session]]:
    """After these keys in the open history."""
    session = branched()
    app = App(session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if opened:
            await pilot.press("H")
            await until(lambda: any("▸" in row for row in rows(app)))
        await pilot.press(*keys)
        yield app, pilot, session


def rows(app: App) -> list[str]:
    """What the sheet on top says."""
    board = app.screen.query_one("#sheet", Board)
    return board.rows()


def row(app: App, start: str) -> int:
    return next(y for y, text in enumerate(rows(app)) if start in text)


async def test_it_opens_on_the_branch_in_hand() -> None:
    async with history() as (app, pilot, _):
        assert rows(app)[0].startswith(" History ━")
        assert rows(app)[2].split()[:3] == ["1", "the", "beginning"]
        assert rows(app)[3].split()[:8] == ["▸", "●", "└", "2", "1", "at", "step", "4"]
        assert "η 2" in rows(app)[3]
        await pilot.press("H")
        assert app.screen is app.main


async def test_enter_jumps_to_the_end_and_the_line_says_so() -> None:
    async with history("up", "enter") as (app, pilot, session):
        assert app.screen is app.main
        assert (session.frame().branch, session.frame().step) == (1, 12)
        assert message(app) == "branch 1, step 12"
        await pilot.press("H", "down", "enter")
        assert (session.frame().branch, session.frame().step) == (2, 9)


async def test_enter_on_the_branch_in_hand_lets_it_run() -> None:
    async with history(opened=False) as (app, pilot, session):
        await pilot.press("less_than_sign", "less_than_sign", "less_than_sign", "space", "H")
        await until(lambda: any("▸" in text for text in rows(app)))
        before = rows(app)
        await until(lambda: rows(app) != before)  # the list follows the run
        await pilot.press("enter")
        assert app.screen is app.main
        assert session.wants_time


async def test_from_the_past_enter_goes_to_the_end() -> None:
    async with history(opened=False) as (app, pilot, session):
        await pilot.press("b", "b", "b")
        app.main.flash("")
        app.main.say()
        assert message(app).startswith("step 6 of 9   Esc comes back")
        await pilot.press("H", "enter")
        assert session.frame().step == 9


async def test_a_branch_is_named_where_its_name_stands() -> None:
    async with history("up", "n") as (app, pilot, session):
        field = app.screen.query_one(NameField)
        board = app.screen.query_one("#sheet", Board)
        assert field.region.y - board.region.y == row(app, "the beginning")
        await pilot.press(*"calm one", "enter")
        assert session.branches()[0].name == "calm one"
        assert "1 calm one" in rows(app)[2]
        assert not field.display
        await pilot.press("n", *"other", "escape")
        assert session.branches()[0].name == "calm one"
        assert isinstance(app.screen, History)
        await pilot.press("n", "backspace", "enter")  # the old name is selected
        assert session.branches()[0].name == ""


async def test_keys_are_letters_of_the_name_while_it_is_typed() -> None:
    async with history("n", *"dcnHu", "up", "enter") as (_, __, session):
        assert session.branches()[1].name == "dcnHu"
        assert len(session.branches()) == 2


async def test_two_presses_drop_a_branch() -> None:
    async with history("up", "d") as (app, pilot, session):
        assert any("d once more forgets branch 1 and 12 updates" in text for text in rows(app))
        await pilot.press("down", "up", "d")
        assert len(session.branches()) == 2  # any other key keeps it
        await pilot.press("d")
        assert [branch.number for branch in session.branches()] == [2]
        assert rows(app)[2].split()[:3] == ["▸", "●", "2"]


async def test_the_branch_in_hand_is_not_dropped() -> None:
    async with history("d", "d") as (app, _, session):
        assert len(session.branches()) == 2
        assert any("you are on it" in text for text in rows(app))


async def test_a_marked_one_is_compared_with_another() -> None:
    async with history("up", "space", "down") as (app, pilot, session):
        assert rows(app)[2].startswith(" ◆")
        assert any("Enter compare with 1" in text for text in rows(app))
        await pilot.press("enter")
        assert isinstance(app.screen, Comparing)
        text = "\n".join(rows(app))
        assert rows(app)[0].startswith(" Branches 1 and 2 ━")
        assert "parted at step 4" in text
        found = session.compare(1, 2)
        assert f"{found.layers[0].weights:.4f}" in text
        await pilot.press("c")
        assert app.clipboard.splitlines()[1].split("\t")[3] == repr(found.layers[0].weights)
        await pilot.press("escape")
        assert isinstance(app.screen, History)
        await pilot.press("escape")  # the mark
        assert isinstance(app.screen, History)
        assert "◆" not in "\n".join(rows(app))
        await pilot.press("escape")
        assert app.screen is app.main


async def test_c_compares_with_the_branch_in_hand() -> None:
    async with history("c") as (app, pilot, _):
        assert isinstance(app.screen, History)
        assert any("choose another one" in text for text in rows(app))
        await pilot.press("up", "c")
        assert rows(app)[0].startswith(" Branches 2 and 1 ━")


async def test_a_comparison_follows_the_run() -> None:
    async with history("up", "c", "n") as (app, _, session):
        assert session.frame().step == 10  # as in every sheet
        await until(lambda: rows(app)[1].split()[5] == "10")


async def test_the_mouse_does_all_of_it() -> None:
    async with history() as (app, pilot, session):
        await pilot.click("#sheet", offset=(20, 2))
        assert rows(app)[2].startswith(" ▸")
        last = len(rows(app)) - 1
        await pilot.click("#sheet", offset=(rows(app)[last].index("Space"), last))
        assert "◆" in rows(app)[2]
        await pilot.click("#sheet", offset=(20, 3))
        await pilot.click("#sheet", offset=(rows(app)[last].index("Enter"), last))
        await until(lambda: isinstance(app.screen, Comparing))
        last = len(rows(app)) - 1
        await pilot.click("#sheet", offset=(rows(app)[last].index("Esc"), last))
        await until(lambda: isinstance(app.screen, History))
        await pilot.press("escape")
        await pilot.click("#sheet", offset=(20, 2))
        await pilot.click("#sheet", offset=(20, 2))  # the one in question: Enter
        assert app.screen is app.main
        assert session.frame().branch == 1


async def test_keys_count_before_the_first_picture() -> None:
    async with history(opened=False) as (app, _, session):
        app.push_screen(sheet := History(2))
        await until(lambda: sheet.is_mounted)
        sheet.action_move(-1)
        sheet.action_enter()
        assert session.frame().branch == 1


async def test_a_click_in_the_name_s_field_stays_there() -> None:
    async with history("n") as (app, pilot, _):
        await pilot.click(NameField)
        assert isinstance(app.screen, History)
        await pilot.click(offset=(1, 1))  # outside closes
        assert app.screen is app.main


async def test_undo_and_redo_here_and_there() -> None:
    async with history("u") as (app, pilot, session):
        assert (session.frame().branch, session.frame().step) == (1, 4)
        assert "●" in rows(app)[2]
        await pilot.press("U", "escape")
        assert (session.frame().branch, session.frame().step) == (2, 9)
        await pilot.press("u")
        assert message(app) == "took back η 2: at step 4, before it"
        await pilot.press("U")
        assert message(app) == "done again: at step 9"
        await pilot.press("U")
        assert "nothing was taken back" in message(app)
        await pilot.press("B")
        assert message(app) == "back to step 8, 8 epochs done"


async def test_undo_of_another_network_lays_the_screen_out_again() -> None:
    async with history(opened=False) as (app, pilot, session):
        await pilot.press(")")
        assert session.frame().sizes == (2, 5, 1)
        await pilot.press("u")
        assert session.frame().sizes == (2, 4, 1)
        assert "h₅" not in shown(app, "network")


async def test_the_loss_panel_says_which_branch_and_leads_to_all() -> None:
    async with history(opened=False) as (app, pilot, _):
        assert shown(app, "loss").startswith("Loss · branch 2 of 2 ─")
        assert "dim: the branch it left" in shown(app, "loss").splitlines()[0]
        assert shown(app, "loss").splitlines()[-1].split()[-1] == "12"  # the axis has room for both
        await pilot.click("#loss", offset=(3, 0))
        assert isinstance(app.screen, History)


async def test_the_palette_goes_to_branches() -> None:
    async with history(opened=False) as (app, pilot, session):
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(app.screen, CommandPalette))
        found = app.screen.query_one(CommandList)
        await pilot.press(*"branch 1: the")
        await until(lambda: found.option_count == 1 and found.display)
        await pilot.press("enter")
        await until(lambda: session.frame().branch == 1)


@pytest.mark.parametrize("size", [WIDE, (100, 30), SMALL, (60, 20)])
async def test_it_fits_every_size(size: tuple[int, int]) -> None:
    async with history("up", "n", size=size) as (app, pilot, _):
        await pilot.press(*"a", "enter")
        for text in ("the beginning", "4: η 2" if size[0] < 80 else "η 2", "Enter", "Esc"):
            assert any(text in line for line in rows(app)), text
        await pilot.press("c")
        assert all(len(line) <= size[0] for line in rows(app))
        await pilot.resize_terminal(size[0] - 5, size[1] - 2)
        await until(lambda: rows(app)[0].rstrip().endswith("parted at step 4"))
