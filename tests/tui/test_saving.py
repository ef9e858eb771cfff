"""Saving by `w`, sharing by `y`, and taking up a run that was left, with real keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pilots import message, until
from textual.pilot import Pilot
from textual.widgets import Input

from bptui.session import commands, keeping, store
from bptui.session.keeping import Keeper
from bptui.session.session import Session
from bptui.tui.app import App


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BPTUI_RUNS", str(tmp_path / "runs"))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@asynccontextmanager
async def playing(source: str = "xor", keeper: Keeper | None = None) -> AsyncIterator[tuple[App, Pilot[int]]]:
    app = App(Session.open(source), keeper=keeper)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        yield app, pilot


def field(app: App) -> Input:
    return app.main.question.query_one(Input)


def steps(path: Path) -> int:
    return Session.open(str(path)).trainer.steps


async def test_w_saves_to_a_file_that_opens_where_it_was_left(here):
    async with playing() as (app, pilot):
        await pilot.press("n", "n", "n", "w")
        assert field(app).value == "xor.bptui"
        await pilot.press("enter")
        await until(lambda: "saved" in message(app))
        assert message(app) == "saved: xor.bptui"
        await pilot.press("n", "w", "enter")
        await until(lambda: steps(here / "xor.bptui") == 4)
    async with playing("xor.bptui") as (app, pilot):
        assert app.session.trainer.steps == 4


async def test_a_name_of_ones_own_and_another_number_where_there_is_one(here):
    (here / "xor.bptui").touch()
    async with playing() as (app, pilot):
        await pilot.press("n", "w")
        assert field(app).value == "xor-2.bptui"
        field(app).value = "mine"
        await pilot.press("enter")
        await until((here / "mine.bptui").exists)
        assert steps(here / "mine.bptui") == 1


async def test_nothing_is_replaced_but_by_a_second_enter(here):
    (here / "letter.bptui").write_text("dear", encoding="utf-8")
    async with playing() as (app, pilot):
        await pilot.press("n", "w")
        field(app).value = "letter.bptui"
        await pilot.press("enter")
        assert "Enter once more replaces it" in app.main.question.said
        assert (here / "letter.bptui").read_text(encoding="utf-8") == "dear"
        await pilot.press("escape", "w")
        field(app).value = "letter"
        await pilot.press("enter", "enter")
        await until(lambda: message(app) == "saved: letter.bptui")
        assert steps(here / "letter.bptui") == 1


async def test_where_another_bptui_has_saved_since_nothing_is_replaced(here):
    async with playing() as (app, pilot):
        await pilot.press("n", "w", "enter")
        await until(lambda: "saved" in message(app))
        other = Session.open("xor.bptui")
        for _ in range(9):
            other.do(commands.StepUpdate())
        store.write(other.snapshot(), Path("xor.bptui"), overwrite=True)
        await pilot.press("n", "w", "enter")
        await until(lambda: "another bptui has saved into it since" in message(app))
        assert steps(here / "xor.bptui") == 10


async def test_what_cannot_be_saved_is_told_and_the_run_goes_on(here, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with playing() as (app, pilot):
        await pilot.press("n", "w")
        monkeypatch.setattr("os.fsync", full)
        await pilot.press("enter")
        await until(lambda: "No space left on device" in message(app))
        assert list(here.iterdir()) == []
        await pilot.press("n")
        assert app.session.trainer.steps == 2


async def test_a_name_that_is_none(here):
    async with playing() as (app, pilot):
        await pilot.press("w")
        field(app).value = "  "
        await pilot.press("enter")
        assert "a file needs a name" in app.main.question.said


async def test_y_copies_a_line_that_opens(here):
    async with playing() as (app, pilot):
        await pilot.press("n", "n", "y")
        assert message(app).endswith("`bptui open LINE` plays this run")
        assert Session.open(app.clipboard).trainer.steps == 2


async def test_y_says_why_a_run_with_own_data_is_no_line(here):
    (here / "mine.csv").write_text("a,b,kind\n" + "1,2,x\n3,1,y\n" * 9, encoding="utf-8")
    async with playing("mine.csv") as (app, pilot):
        await pilot.press("y")
        assert "the run has data of its own" in message(app)


async def test_the_run_is_kept_where_anything_is_new():
    keeper = Keeper()
    async with playing(keeper=keeper) as (app, pilot):
        app.keeping.keep()
        assert not keeper.path.exists()
        await pilot.press("n")
        app.keeping.keep()
        assert keeper.wait(10.0)
        first = keeper.path.read_bytes()
        keeper.path.unlink()
        app.keeping.keep()
        assert keeper.wait(10.0)
        assert not keeper.path.exists()
        await pilot.press("n")
        app.keeping.keep()
        assert keeper.wait(10.0)
        assert keeper.path.read_bytes() != first
    app.keeping.end()
    assert steps(keeping.last_run()) == 2


async def test_a_run_left_without_warning_is_offered_and_taken_up(tmp_path):
    left = tmp_path / "runs" / "live-1-abc.bptui"
    left.parent.mkdir()
    session = Session.open("spiral")
    for _ in range(7):
        session.do(commands.StepUpdate())
    store.write(session.snapshot(), left)
    keeper = Keeper()
    async with playing(keeper=keeper) as (app, pilot):
        app.keeping.start()
        await until(lambda: "ended without warning" in message(app))
        assert message(app).startswith(f"F3 takes up {session.experiment.title} at step 7: ")
        await pilot.press("f3")
        assert (app.session.trainer.steps, app.session.experiment.name) == (7, "spiral")
        app.keeping.keep()
        assert keeper.wait(10.0)
        assert not left.exists()
    app.keeping.end()


async def test_f3_takes_up_the_last_run():
    async with playing() as (app, pilot):
        await pilot.press("f3")
        assert message(app) == "no run was left"
        session = Session.open("circle")
        session.do(commands.StepUpdate())
        Keeper().close(session.snapshot())
        await pilot.press("f3")
        assert (app.session.trainer.steps, app.session.experiment.name) == (1, "circle")
        assert message(app) == "Circle: taken up at step 1"
        await pilot.press("w")
        assert field(app).value == "circle.bptui"


async def test_that_the_run_is_not_kept_is_told_once(tmp_path):
    (tmp_path / "runs").write_text("no folder", encoding="utf-8")
    keeper = Keeper()
    async with playing(keeper=keeper) as (app, pilot):
        await pilot.press("n")
        app.keeping.keep()
        assert keeper.wait(10.0)
        app.keeping.keep()
        assert "the run is not kept" in message(app)
