"""What an overlay leaves to be seen of the screen behind it."""

from __future__ import annotations

import pytest
from test_closer import trained
from test_playground import playing
from textual.geometry import Region

from bptui.tui.app import App
from bptui.tui.drawing.behind import SHARE
from bptui.tui.screens.help import Help
from bptui.tui.screens.inspector import Inspector
from bptui.tui.screens.palette import CommandScreen


def ground(app: App) -> list[str]:
    """The lines of the whole terminal."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def colour_of(app: App, text: str) -> str:
    """Of the run of cells in the first line that shows it."""
    strip = app.screen._compositor.render_strips()[0]
    style = next(segment.style for segment in strip if text in segment.text)
    colour = style and style.color and style.color.triplet
    assert colour
    return colour.hex


async def test_the_run_goes_on_behind_it_dimmed() -> None:
    async with trained() as (app, pilot, _):
        loud = colour_of(app, "XOR")
        await pilot.press("enter", "n")
        assert isinstance(app.screen, Inspector)
        await pilot.pause()
        assert "step 4 " in ground(app)[0]
        assert colour_of(app, "XOR") == app.main.palette.faded(loud, SHARE)
        await pilot.press("escape")
        assert colour_of(app, "XOR") == loud


async def test_what_does_not_change_behind_it_is_not_made_again() -> None:
    async with trained() as (app, pilot, _):
        await pilot.press("enter")
        await pilot.pause()
        kept = app.screen._lines_behind
        assert isinstance(app.screen, Inspector)
        assert kept
        before = list(kept)
        await pilot.press("n")
        await pilot.pause()
        same = [old is new for old, new in zip(before, kept, strict=True)]
        assert not same[0]  # the header
        assert same[-1]  # the keys


async def test_another_size_and_another_theme_reach_what_is_behind() -> None:
    async with trained() as (app, pilot, _):
        await pilot.press("enter")
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert [len(line) for line in ground(app)] == [100] * 30
        app.turn("light")
        await pilot.pause()
        light = app.main.palette
        assert not light.dark
        assert colour_of(app, "XOR") == light.faded(light.bright, SHARE)


async def test_one_over_another_dims_what_is_behind_both_twice() -> None:
    async with trained() as (app, pilot, _):
        await pilot.press("enter")
        await pilot.pause()
        once = colour_of(app, "XOR")
        app.action_command_palette()
        await pilot.pause()
        assert isinstance(app.screen, CommandScreen)
        assert colour_of(app, "XOR") == app.main.palette.faded(once, SHARE)


async def test_without_colours_all_grounds_are_of_one_grey(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with trained() as (app, pilot, _):
        await pilot.press("enter")
        await pilot.pause()
        grey = app.main.palette.bg
        assert app.get_css_variables()["background"].lower() == grey
        strips = app.screen._compositor.render_strips()
        colours = [s.style.bgcolor.triplet for strip in strips for s in strip if s.style and s.style.bgcolor]
        assert {colour.red - colour.blue for colour in colours if colour} == {0}
        assert grey in {colour.hex for colour in colours if colour}


async def test_its_letters_answer_on_a_russian_keyboard_too() -> None:
    async with trained() as (app, pilot, session):
        await pilot.press("enter", "т", "в")
        assert session.trainer.steps == 4
        assert app.main.choice.unit == 0
        await pilot.press("о")  # j
        assert app.main.choice.unit == 1
        await pilot.press("й")
        assert app.screen is app.main


async def test_on_the_linux_console_textual_s_own_widgets_have_its_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "linux")
    async with trained() as (app, pilot, _):
        await pilot.press("question_mark")
        await pilot.pause()
        text = "\n".join(ground(app))
        assert "^ exploding" in text
        assert "△" not in text


async def test_what_changes_in_it_and_behind_it_at_once_is_both_painted() -> None:
    async with trained() as (app, pilot, _):
        await pilot.press("enter")
        await pilot.pause()
        over = app.screen
        assert isinstance(over, Inspector)
        over.board._set_dirty()
        over._dirty_widgets.add(over.board)
        app.main._compositor._dirty_regions.add(Region(0, 0, 160, 1))
        app.main._compositor_refresh()
        over._on_timer_update()
        assert not over.board._repaint_regions
        assert not over._repaint_regions


async def test_lines_behind_are_as_many_and_as_wide_as_is_asked_for() -> None:
    """While the terminal is resized the picture behind is still of another size."""
    async with playing() as (app, pilot, _):
        await pilot.press("question_mark")
        screen = app.screen
        assert isinstance(screen, Help)
        for crop in (
            Region(0, 0, 160, 48),
            Region(0, 0, 200, 60),
            Region(3, 40, 50, 20),
            Region(0, 50, 9, 2),
        ):
            lines = screen.render_lines(crop)
            assert [line.cell_length for line in lines] == [crop.width] * crop.height
