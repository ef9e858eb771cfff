"""What an overlay leaves to be seen of the screen behind it."""

from __future__ import annotations

from test_closer import trained

from bptui.tui.app import App
from bptui.tui.drawing.behind import SHARE
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
