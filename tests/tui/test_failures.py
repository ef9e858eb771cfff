"""A mistake of bptui's own ends neither the app nor the run; what does end it says so in a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pilots import message, playing, shown, until

from bptui.session.session import Session
from bptui.tui import failures
from bptui.tui.app import App
from bptui.tui.screens.board import Board
from bptui.tui.screens.help import Help
from bptui.tui.screens.presets import Presets


def broken(*_: object, **__: object) -> None:
    raise ValueError("[/oops] \x1b[31m")


async def test_a_key_that_fails_is_told_and_logged_and_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch, log: Path
) -> None:
    async with playing() as (app, pilot, session):
        with monkeypatch.context() as patched:
            patched.setattr(app.main, "choose", broken)
            await pilot.press("n", "down")
        assert message(app).startswith("bptui failed here: ValueError: [/oops] \\x1b[31m; the run is kept")
        assert "in broken" in log.read_text()
        await pilot.press("n", "down")
        assert session.frame().step == 2
        assert app.main.choice.unit == 1


@pytest.mark.parametrize(
    ("panel", "asked"), [("network", "unit_at"), ("tape", "operation_at"), ("keys", "action_at")]
)
async def test_a_click_that_fails_leaves_its_panel_alive(
    monkeypatch: pytest.MonkeyPatch, panel: str, asked: str
) -> None:
    async with playing() as (app, pilot, session):
        with monkeypatch.context() as patched:
            patched.setattr(f"bptui.tui.panels.{panel}.{asked}", broken)
            await pilot.click(f"#{panel}")
        assert "the run is kept" in message(app)
        await pilot.press("n")
        assert session.frame().step == 1
        await pilot.click("#keys", offset=(shown(app, "keys").index("update"), 0))
        assert session.frame().step == 2


async def test_training_that_fails_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing() as (app, pilot, session):
        with monkeypatch.context() as patched:
            patched.setattr(session, "advance", broken)
            await pilot.press("space")
            await until(lambda: not session.wants_time)
        assert "the run is kept" in message(app)
        await pilot.press("n", "space")
        await until(lambda: session.frame().step > 2)


async def test_an_overlay_that_cannot_be_made_is_no_overlay(monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing() as (app, pilot, session):
        with monkeypatch.context() as patched:
            patched.setattr("bptui.tui.screens.help.help_text", broken)
            await pilot.press("question_mark")
            await until(lambda: app.screen is app.main)
        assert "the run is kept" in message(app)
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        await pilot.press("escape", "n")
        assert session.frame().step == 1


async def test_a_widget_that_fails_in_an_overlay_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("slash")
        assert isinstance(app.screen, Presets)
        with monkeypatch.context() as patched:
            patched.setattr(Board, "render_line", broken)
            app.screen.query_one(Board).refresh()
            await until(lambda: app.screen is app.main)
        await pilot.press("n")
        assert session.frame().step == 1


async def test_what_nothing_survives_says_so_in_a_line(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    app = App(Session.open("xor"))
    monkeypatch.setattr(app.main, "lay_out", broken)
    with pytest.raises(ValueError, match="oops"):
        async with app.run_test():
            pass
    assert app.return_code == 1
    assert (
        app.failure
        == f"bptui failed: ValueError: [/oops] \\x1b[31m, please report; the log is {failures.log_path()}"
    )
    assert "in broken" in log.read_text()


def test_a_log_that_cannot_be_written_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "log_path", lambda: Path("/dev/null/log"))
    assert failures.last_words(KeyError()) == "bptui failed: KeyError, please report"


def test_the_log_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    monkeypatch.setattr(failures, "LARGEST_LOG", 2000)
    for _ in range(100):
        failures.write_down(ValueError("x" * 100))
    assert log.stat().st_size < 3000


async def test_a_panel_that_fails_is_logged_once(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    monkeypatch.setattr("bptui.tui.panels.gradients.draw_gradients", broken)
    async with playing() as (app, pilot, _session):
        await pilot.press("n", "n", "n")
        assert "this panel failed" in shown(app, "gradients")
        assert log.read_text().count("in broken") == 1
