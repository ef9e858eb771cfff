"""What config.toml changes of the playground, and what the playground leaves in it."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Static

from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.config import Config
from bptui.tui.panels.base import Panel
from bptui.tui.panels.loss import Loss
from bptui.tui.panels.message import MessageLine
from bptui.tui.screens.about import About
from bptui.tui.screens.help import Help
from bptui.tui.screens.palette import Commands

LEADING_ON = "Press s to do the first operation and see its numbers, or space to train."


@asynccontextmanager
async def playing(folder: Path, text: str = "") -> AsyncIterator[tuple[App, Pilot[int]]]:
    """XOR, paused at step 0, with this config.toml."""
    file = folder / "config.toml"
    if text:
        file.write_text(text, encoding="utf-8")
    kept = Config(file)
    app = App(Session.open("xor", speed=kept.settings.speed), kept)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        yield app, pilot


def remembered(folder: Path) -> dict[str, Any]:
    file = folder / "config.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def message(app: App) -> str:
    return "".join(text for text, _ in app.main.query_one(MessageLine).parts)


def keyline(app: App) -> str:
    return app.main.query_one("#keys", Panel).render_line(0).text


def page(app: App) -> str:
    """What stands on the page that covers the screen."""
    return "\n".join(str(part.render()) for part in app.screen.query(Static))


async def test_the_first_start_leads_on_once(tmp_path: Path) -> None:
    async with playing(tmp_path) as (app, pilot):
        assert message(app) == LEADING_ON
        assert remembered(tmp_path) == {}
        await pilot.press(*"s" * 10)
        assert message(app).startswith("That was one update.")
    assert remembered(tmp_path) == {"greeted": True}
    async with playing(tmp_path) as (app, pilot):
        assert message(app).startswith("s next  z⁽¹⁾")
        await pilot.press(*"s" * 10)
        assert message(app).startswith("s next  z⁽¹⁾")


async def test_speed_and_theme_are_remembered(tmp_path: Path) -> None:
    async with playing(tmp_path, "# mine\n") as (app, pilot):
        own = app.main.frame.speed
        await pilot.press("less_than_sign")
        chosen = app.main.frame.speed
        assert chosen != own
        app.turn("light")
        await pilot.pause()
    assert (tmp_path / "config.toml").read_text(encoding="utf-8").startswith("# mine\n")
    async with playing(tmp_path) as (app, pilot):
        assert app.main.frame.speed == chosen
        assert not app.main.palette.dark


async def test_frames_a_second_set_the_rhythm(tmp_path: Path) -> None:
    async with playing(tmp_path, "fps = 4\n") as (app, _):
        assert app.main.rhythm.tick == 0.25


async def test_a_mistake_is_told_at_the_start_and_whole_in_the_help(tmp_path: Path) -> None:
    text = 'fps = 0\n[keys]\nupdate = "s"\n'
    async with playing(tmp_path, text) as (app, pilot):
        assert message(app) == "2 mistakes in config.toml, ? lists them: fps is 0"
        await pilot.press("s")
        assert message(app).startswith("s next")
        assert app.main.frame.update.position == 1  # the default stays
    async with playing(tmp_path, "fps = 0\n") as (app, _):
        assert message(app) == "config.toml:1: fps is 0. It is a whole number from 1 to 60"


async def test_keys_of_one_s_own(tmp_path: Path) -> None:
    text = '[keys]\noperation = "X"\nupdate = ["s", "F5"]\nzoom = []\nhelp = "F12"\n'
    text += 'quit = "ctrl+x"\npalette = ":"\n'
    async with playing(tmp_path, text) as (app, pilot):
        assert app.config.mistakes == []
        assert message(app) == LEADING_ON.replace(" s ", " X ")
        assert "X operation  s update" in keyline(app)
        assert "F12 help" in keyline(app)
        await pilot.press("X")
        assert app.main.frame.update.position == 1
        assert message(app).startswith("X next")
        await pilot.press("s", "f5")
        assert app.main.frame.step == 2
        app.main.zoom("network")
        await pilot.pause()
        assert "full screen, Esc back" in app.main.query_one("#network", Panel).render_line(0).text
        app.main.zoom("")
        await pilot.press("z", "n", "q", "question_mark")
        assert (app.main.zoomed, app.main.frame.step, app.return_code) == ("", 2, None)
        await pilot.press("escape", "f12")
        assert isinstance(app.screen, Help)
        await pilot.press("f12")
        assert app.screen is app.main
        for key in ("colon", "ctrl+p"):
            await pilot.press(key)
            assert CommandPalette.is_open(app)
            await pilot.press("escape")
        await pilot.press("ctrl+x")
        assert app.return_code == 0


async def test_letters_of_a_russian_keyboard(tmp_path: Path) -> None:
    async with playing(tmp_path) as (app, pilot):
        await pilot.press("ы")
        assert app.main.frame.update.position == 1
        await pilot.press("т", "т")
        assert app.main.frame.step == 2
        await pilot.press("й")
        assert app.return_code == 0


async def test_help_explains_the_focused_panel_first(tmp_path: Path) -> None:
    async with playing(tmp_path) as (app, pilot):
        await pilot.press("tab", "tab", "tab")
        assert message(app).startswith(f"Loss: {Loss.paragraphs()[0][:30]}")
        await pilot.press("question_mark")
        assert isinstance(app.screen, About)
        assert Loss.paragraphs()[0] in page(app)
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        await pilot.press("escape")
        assert app.screen is app.main
        await pilot.press("question_mark")
        await pilot.click(offset=(0, 0))  # beside the page
        assert app.screen is app.main


async def test_a_second_key_may_come_before_a_page_is_gone(tmp_path: Path) -> None:
    async with playing(tmp_path) as (app, pilot):
        await pilot.press("question_mark")
        page = app.screen
        for key in ("escape", "q"):
            page.post_message(events.Key(key, None))
        await pilot.pause()
        assert app.screen is app.main
        assert app.return_code is None


async def test_the_palette_has_actions_themes_and_presets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    presets = tmp_path / "presets"
    presets.mkdir()
    own = 'format = 1\ntitle = "[/b] mine\\u001b"\n[data]\nsource = "xor"\n'
    (presets / "own.toml").write_text(own, encoding="utf-8")
    (presets / "bad.toml").write_text("format = 2\n", encoding="utf-8")
    monkeypatch.setenv("BPTUI_PRESETS", str(presets))
    async with playing(tmp_path, '[keys]\nzoom = "["\nexample_before = []\n') as (app, pilot):
        provider = Commands(app.main)
        await provider.startup()
        hits = {str(hit.text): hit async for hit in provider.discover()}
        assert next(iter(hits)) == "Run, pause"
        assert hits["Pause, then one operation"].help == "key s"
        assert hits["One panel full screen"].help == "key \\["
        assert hits["The example before"].help == "no key"
        assert {"Open XOR", "Open [/b] mine\\x1b", "Dark theme", "Light theme"} <= set(hits)
        assert not any("bad" in text for text in hits)
        found = [str(hit.text) async for hit in provider.search("spiral")]
        assert found[0] == "Open Spiral"
        hits["Open [/b] mine\\x1b"].command()
        assert app.main.frame.name == "own"
        await pilot.press("ctrl+p")
        assert app.screen is not app.main
