"""What only an app can show: keys, focus, tabs, overlays, resizing, ways out."""

from __future__ import annotations

from pathlib import Path

import fake
import pytest
from pilots import SMALL, message, playing, shown, until
from textual.widgets import Input

from bptui.session import commands as c
from bptui.session.frame import State
from bptui.tui.app import App
from bptui.tui.panels.base import Panel
from bptui.tui.panels.eta import EtaPrompt
from bptui.tui.panels.message import MessageLine
from bptui.tui.screens.help import Help


async def test_the_first_screen_leads_to_the_first_operation() -> None:
    async with playing() as (app, pilot, _session):
        assert message(app) == "Press s to do the first operation and see its numbers, or space to train."
        assert app.main.focused is None
        await pilot.press("s")
        assert app.main.frame.update.position == 1
        assert "▮ op  1/10" in shown(app, "header")
        assert message(app).startswith("s next  a⁽¹⁾")
        assert app.main.focused is app.main.query_one("#operation")


async def test_ten_operations_are_one_update() -> None:
    async with playing() as (app, pilot, _):
        await pilot.press(*"s" * 10)
        assert message(app) == "That was one update. n does one more, space trains."


async def test_run_and_pause() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("space")
        assert "▶ running" in shown(app, "header")
        assert "space pause" in shown(app, "keys")
        await until(lambda: session.frame().step > 20)
        await pilot.press("space")
        assert session.state in (State.PAUSED, State.FINISHED)
        step = f"{session.frame().step:,}"
        assert f"step {step}" in shown(app, "header")  # paused, everything agrees
        assert step in shown(app, "loss")


async def test_an_epoch_ends_with_its_words() -> None:
    async with playing() as (app, pilot, session):
        await pilot.press("e")
        await until(lambda: not session.wants_time)
        await until(lambda: message(app).startswith("epoch 1: loss 0."))
        await pilot.press("b")
        assert session.frame().step == 0


async def test_eta_by_keys_and_by_prompt() -> None:
    async with playing() as (app, pilot, session):
        before = session.frame().eta
        await pilot.press("plus")
        assert session.frame().eta > before
        await pilot.press("equals_sign")
        assert app.main.query_one(EtaPrompt).display
        assert not app.main.query_one(MessageLine).display
        await pilot.press(*"abc", "enter")
        assert app.main.query_one(EtaPrompt).display
        assert "must be a number above 0" in str(app.main.query_one("#etaprompt .hint").render())
        app.main.query_one(Input).value = "2.5"
        await pilot.press("enter")
        assert session.frame().eta == 2.5
        assert not app.main.query_one(EtaPrompt).display
        assert "η 2.5" in shown(app, "header")


async def test_escape_keeps_eta() -> None:
    async with playing() as (app, pilot, session):
        before = session.frame().eta
        await pilot.press("equals_sign", "9", "escape")
        assert session.frame().eta == before
        assert not app.main.query_one(EtaPrompt).display
        await pilot.press("n")  # keys are keys again
        assert session.frame().step == 1


async def test_arrows_choose_a_unit_in_every_panel_at_once() -> None:
    async with playing() as (app, pilot, _):
        await pilot.press("s", "escape", "down", "down")
        assert app.main.choice.unit == 2
        assert "unit h₃" in shown(app, "operation")
        await pilot.press("right_square_bracket")
        assert "example 4 of 4" in shown(app, "network")
        assert "example 4" in shown(app, "operation")


async def test_tab_goes_round_and_marks_its_panel() -> None:
    async with playing() as (app, pilot, _):
        names = []
        for _ in range(6):
            await pilot.press("tab")
            assert app.main.focused is not None
            names.append(app.main.focused.id)
            assert "━" in shown(app, str(app.main.focused.id))
        assert names == ["network", "operation", "loss", "output", "gradients", "network"]
        await pilot.press("shift+tab")
        assert app.main.focused is app.main.query_one("#gradients")


async def test_small_terminals_have_tabs() -> None:
    async with playing(SMALL) as (app, pilot, _):
        displayed = lambda: {p.id for p in app.main.query(Panel) if p.can_focus and p.display}  # noqa: E731
        assert displayed() == {"loss", "output", "gradients"}
        await pilot.press("2")
        assert displayed() == {"network"}
        await pilot.press("1", "s")
        assert displayed() == {"operation"}
        await pilot.press("1", "s")  # only the first time
        assert displayed() == {"loss", "output", "gradients"}
        await pilot.click("#tabline", offset=(18, 0))
        assert displayed() == {"network"}


async def test_resizing_keeps_what_is_shown_whole() -> None:
    async with playing() as (app, pilot, session):
        for size in [(100, 30), (60, 20), (38, 10), (160, 48)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert "17 parameters" in shown(app, "network")
        await pilot.resize_terminal(38, 10)
        await pilot.pause()
        assert app.main.query_one("#toosmall").display
        await pilot.press("n")
        assert session.frame().step == 1


async def test_keys_can_be_clicked() -> None:
    async with playing() as (app, pilot, session):
        await pilot.click("#keys", offset=(shown(app, "keys").index("update"), 0))
        assert session.frame().step == 1
        rows = shown(app, "network").splitlines()
        y = next(i for i, row in enumerate(rows) if "h₂" in row)
        await pilot.click("#network", offset=(rows[y].index("h₂"), y))
        assert (app.main.choice.layer, app.main.choice.unit) == (1, 1)


async def test_a_click_on_the_tape_goes_there() -> None:
    async with playing() as (app, pilot, _):
        row = shown(app, "tape").splitlines()[0]
        await pilot.click("#tape", offset=(row.index("z⁽²⁾"), 0))
        assert app.main.frame.update.position == 3
        await pilot.click("#tape", offset=(row.index("z⁽¹⁾"), 0))
        assert app.main.frame.update.position == 1


async def test_help_opens_scrolls_and_closes() -> None:
    async with playing((60, 20)) as (app, pilot, _):
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        await pilot.press("pagedown", "escape")
        assert app.screen is app.main
        await pilot.press("f1")
        assert isinstance(app.screen, Help)


async def test_a_path_that_is_no_preset_says_so() -> None:
    async with playing() as (app, _pilot, session):
        app.main.do(c.OpenPreset("nowhere"))
        assert "nowhere" in message(app)
        assert session.frame().name == "xor"


async def test_a_panel_that_fails_says_so_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("[/oops]")

    monkeypatch.setattr("bptui.tui.panels.gradients.draw_gradients", broken)
    async with playing() as (app, pilot, session):
        await pilot.press("n")
        assert "this panel failed: ValueError: [/oops]" in shown(app, "gradients")
        assert session.frame().step == 1


async def test_quit_and_two_interrupts() -> None:
    async with playing() as (app, pilot, _):
        await pilot.press("q")
        assert app.return_code == 0
    async with playing() as (app, pilot, _):
        await pilot.press("ctrl+c")
        assert app.return_code is None
        assert message(app) == "Ctrl+C again quits"
        assert "Ctrl+C again quits" in shown(app, "messageline")
        await pilot.press("ctrl+c")
        assert app.return_code == 130


async def test_every_command_is_in_the_palette() -> None:
    async with playing() as (app, _, __):
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert "Presets, each with what to try" in titles
        assert "Pause, then one operation" in titles
        assert len(titles) == len(set(titles))


async def test_light_ground() -> None:
    async with playing() as (app, pilot, _):
        app.theme = "bptui-light"
        await pilot.pause()
        assert not app.main.palette.dark


async def test_the_screen_works_with_anything_that_answers_like_a_session() -> None:
    session = fake.FakeSession()
    app = App(session)  # type: ignore[arg-type]
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("s", "s", "space")
        await until(lambda: session.advanced > 3)
        assert session.done == [c.StepOperation(), c.StepOperation(), c.Run()]


async def test_pictures_begun_may_outlive_the_panels_when_the_app_ends() -> None:
    async with playing() as (app, _, session):
        session.do(c.Run())
        app.main.show()
        begun = app.main.pictures()
        await app.main.query("Panel").remove()
        assert list(begun)


async def test_of_a_preset_of_several_mistakes_the_first_is_said(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('format = 1\n[data]\nsource = "xor"\na = 1\nb = 2\nc = 3\n')
    async with playing() as (app, _pilot, _session):
        app.main.do(c.OpenPreset(str(bad)))

        assert "3 mistakes, the first: " in message(app)
        assert "\\x0a" not in message(app)


async def test_no_color_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    async with playing() as (app, _pilot, _session):
        assert app.main.palette.colourless
        assert "░░░" in shown(app, "output")
        assert "···" in shown(app, "output")
