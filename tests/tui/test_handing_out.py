"""The step on screen saved as a worked example."""

from __future__ import annotations

from pathlib import Path

import pytest
from pilots import message, playing, shown, until
from textual.widgets import Input

from bptui.explain.lesson import worked_example
from bptui.session import commands as c
from bptui.session.session import Session
from bptui.session.trainer import Trainer
from bptui.session.view import worked_update
from bptui.tui.app import App

PANELS = ("header", "network", "tape", "operation", "loss", "output")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expected(session: Session, step: int, format: str, example: int, unit: tuple[int, int]) -> str:
    """By a trainer that does nothing else."""
    trainer = Trainer(session.experiment)
    for _ in range(step):
        trainer.step()
    return worked_example(worked_update(trainer), "xor", step, format, example=example, unit=unit)


def asked(app: App) -> str:
    question = app.main.question
    assert question.display
    return f"{question.label}|{question.query_one(Input).value}|{question.said}"


async def test_x_saves_the_update_that_comes_next(folder: Path) -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "n", "n", "down", "x")
        await pilot.pause()
        assert asked(app) == (
            " worked example |xor-step-3.md|"
            "Enter saves it here   Esc does not   its ending tells how: .md .tex .txt"
        )
        weights = session.trainer.network.parameters.copy()
        await pilot.press("enter")
        path = folder / "xor-step-3.md"
        assert message(app) == f"saved {path}"
        assert path.read_text(encoding="utf-8") == expected(session, 3, "markdown", 2, (1, 1))
        assert session.frame().step == 3
        assert (session.trainer.network.parameters == weights).all()
        assert [p.name for p in folder.iterdir()] == ["xor-step-3.md"]


async def test_the_suffix_tells_how_it_is_written(folder: Path) -> None:
    async with playing() as (app, pilot, session):
        for name, format in (("a.tex", "latex"), ("b.txt", "text"), ("c", "markdown")):
            await pilot.press("x", *(key.replace(".", "full_stop") for key in name), "enter")
            path = folder / (name if "." in name else f"{name}.md")
            assert path.read_text(encoding="utf-8") == expected(session, 0, format, 2, (1, 0))
        await pilot.press("x", "d", "full_stop", *"pdf", "enter")
        assert asked(app).endswith("|d.pdf|a name that ends in .md, .tex or .txt")
        assert not (folder / "d.pdf").exists()


async def test_what_is_there_is_replaced_only_when_asked_twice(folder: Path) -> None:
    path = folder / "xor-step-0.md"
    path.write_text("mine", encoding="utf-8")
    async with playing() as (app, pilot, session):
        await pilot.press("x", "enter")
        assert asked(app).endswith("xor-step-0.md is there: Enter again replaces it")
        assert path.read_text(encoding="utf-8") == "mine"
        await pilot.press("escape", "x", "enter", "escape")  # asked anew each time
        assert path.read_text(encoding="utf-8") == "mine"
        await pilot.press("x", "enter", "enter")
        assert path.read_text(encoding="utf-8") == expected(session, 0, "markdown", 2, (1, 0))


async def test_what_cannot_be_written_is_refused(folder: Path) -> None:
    async with playing() as (app, pilot, _):
        await pilot.press("x", *"no", "slash", "a", "enter")
        assert "it cannot be saved: No such file or directory" in asked(app)
        assert list(folder.iterdir()) == []


async def test_inside_a_step_it_is_that_step_and_the_run_stays_inside(folder: Path) -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", "s", "s", "s", "x", "enter")
        text = (folder / "xor-step-1.md").read_text(encoding="utf-8")
        assert text == expected(session, 1, "markdown", app.main.choice.example, (1, 0))
        assert session.frame().update.position == 3


async def test_right_after_an_update_it_is_the_one_just_made(folder: Path) -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("n", *"s" * 10)
        before = [shown(app, name) for name in PANELS]
        await pilot.press("x", "enter")
        app.main.show()
        assert [shown(app, name) for name in PANELS] == before
        text = (folder / "xor-step-1.md").read_text(encoding="utf-8")
        assert text == expected(session, 1, "markdown", 2, (1, 0))
        assert session.frame().step == 2


async def test_of_the_step_that_is_looked_at_and_a_run_pauses(folder: Path) -> None:
    async with playing() as (app, pilot, session):
        session.do(c.SetEta(0.001))  # it does not reach its stop rule soon
        await pilot.press("space")
        await until(lambda: session.frame().step > 20)
        await pilot.press("x")
        assert not session.wants_time
        await pilot.press("escape")
        app.main.looking.point(7)
        await pilot.press("x", "enter")
        assert [p.name for p in folder.iterdir()] == ["xor-step-7.md"]
        assert session.frame().looking


async def test_after_a_divergence_there_is_none() -> None:
    async with playing() as (app, pilot, session):
        app.main.do(c.OpenPreset("sine"))
        app.main.do(c.SetEta(1e200))
        for _ in range(9):
            session.do(c.StepUpdate())
        await pilot.press("x")
        assert "no update comes after a divergence" in message(app)
        assert not app.main.question.display


async def test_a_preset_of_a_path_gives_its_name(folder: Path) -> None:
    data = folder / "my data.csv"
    data.write_text("a,b,y\n" + "".join(f"{i},{i * i},{i % 2}\n" for i in range(9)), encoding="utf-8")
    async with playing() as (app, pilot, _):
        app.main.do(c.OpenPreset(str(data)))
        await pilot.press("x", "enter")
        assert (folder / "my-data-step-0.md").exists()
