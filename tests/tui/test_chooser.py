"""What only an app can show of the chooser: keys, the mouse, files, errors in place, runs that are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pilots import until
from textual.pilot import Pilot

from bptui.session import commands as c
from bptui.session.offers import BUILT_IN, HERE, Offer
from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.screens.board import Board
from bptui.tui.screens.presets import Presets
from bptui.tui.screens.search import Search

WIDE, UNDER, ALONE = (160, 48), (80, 24), (60, 20)
WINE = "name,acid,sugar\n1,1,2.5\n2,2,3.5\n1,3,1.5\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, and no presets of the user's own."""
    monkeypatch.setenv("BPTUI_PRESETS", str(tmp_path / "own"))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


@asynccontextmanager
async def choosing(
    size: tuple[int, int] = WIDE, *before: c.Command
) -> AsyncIterator[tuple[App, Pilot[int], Session]]:
    """XOR with the chooser open, all files read."""
    session = Session.open("xor")
    for command in before:
        session.do(command)
    app = App(session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("slash")
        await until(lambda: seen(app, "list") != [] and app.screen.complete)
        yield app, pilot, session


def seen(app: App, name: str) -> list[str]:
    """The rows of a part of the chooser."""
    return app.screen.query_one(f"#chooser-{name}", Board).rows()


def chosen(app: App) -> str:
    return next((row for row in seen(app, "list") if "▸" in row), "")


async def told(app: App, text: str) -> None:
    """Wait until the preview says so."""
    await until(lambda: any(text in row for row in seen(app, "preview")))


async def test_typing_finds_and_enter_opens(folder: Path) -> None:
    async with choosing() as (app, pilot, session):
        assert chosen(app).split() == ["▸", "XOR", "2-4-1", "open"]
        await pilot.press(*"spiral")
        assert chosen(app).split() == ["▸", "Spiral", "2-8-8-1"]
        await told(app, "105 parameters")
        await pilot.press("enter")
        assert app.screen is app.main
        assert session.frame().name == "spiral"
        assert app.main.choice.layer == 1


async def test_no_hit_says_what_to_type(folder: Path) -> None:
    async with choosing() as (app, pilot, session):
        await pilot.press(*"[/spq]")
        assert seen(app, "list")[:2] == [" Nothing matches '[/spq]'.", " A file: type its path."]
        assert seen(app, "preview") == []
        await pilot.press("enter")
        await told(app, "✕ [/spq]: this is neither a preset nor a data file")
        assert isinstance(app.screen, Presets)
        assert session.frame().name == "xor"


async def test_escape_and_f2_keep_what_is_played(folder: Path) -> None:
    async with choosing() as (app, pilot, session):
        await pilot.press("down", "escape")
        assert app.screen is app.main
        await pilot.press("f2", "f2")
        assert app.screen is app.main
        assert session.frame().name == "xor"


async def test_a_run_that_was_left_is_taken_up_again(folder: Path) -> None:
    async with choosing(WIDE, c.StepUpdate(), c.StepUpdate()) as (app, pilot, session):
        await pilot.press("down")
        assert seen(app, "foot")[0].endswith("XOR at step 2 is kept: choose it again to go on")
        await pilot.press(*"spiral", "enter", "slash", *"xor")
        assert chosen(app).endswith("kept")
        assert seen(app, "foot")[0].endswith("XOR is kept at step 2: Enter goes on")
        await pilot.press("enter")
        assert (session.frame().name, session.frame().step) == ("xor", 2)


async def test_choosing_what_is_played_lets_it_run(folder: Path) -> None:
    async with choosing(WIDE, c.Run()) as (app, pilot, session):
        await pilot.press("enter")
        assert app.screen is app.main
        assert session.wants_time


async def test_the_run_goes_on_behind(folder: Path) -> None:
    async with choosing() as (app, _, session):
        session.do(c.Run())
        app.wake()
        await until(lambda: "XOR is being played, at step" in seen(app, "foot")[0])
        before = seen(app, "foot")
        await until(lambda: seen(app, "foot") != before)
        assert isinstance(app.screen, Presets)


async def test_files_of_the_folder_are_listed_a_broken_one_with_its_error(folder: Path) -> None:
    (folder / "wine.csv").write_text(WINE)
    (folder / "broken.csv").write_text("a,b\nx\n")
    (folder / "bad.toml").write_text("format = 1\n[data]\nsorce = 1\n")
    async with choosing() as (app, pilot, session):
        rows = seen(app, "list")
        assert [row.split() for row in rows[rows.index(" here") + 1 :] if row] == [
            ["✕", "bad.toml"],
            ["✕", "broken.csv"],
            ["wine.csv", "2-8-1"],
        ]
        await pilot.press(*"bad.t", "enter")
        assert 'has no key "sorce"' in " ".join(seen(app, "preview"))
        assert isinstance(app.screen, Presets)  # it cannot be opened
        await pilot.press("ctrl+u", *"wine", "enter")
        assert app.screen is app.main
        assert session.frame().name == "wine.csv"


async def test_another_column_can_be_learned(folder: Path) -> None:
    (folder / "wine.csv").write_text(WINE)
    async with choosing() as (app, pilot, session):
        await pilot.press(*"wine.c")
        await told(app, "◂ sugar ▸   column 3 of 3")
        await pilot.press("right")
        await told(app, "◂ name ▸   column 1 of 3")
        await told(app, "classes   1 (2), 2 (1)")
        await pilot.press("left", "left")
        await told(app, "◂ acid ▸   column 2 of 3")
        await pilot.press("enter")
        assert session.address == ("wine.csv", "acid")
        assert session.experiment.input_names == ("name", "sugar")


async def test_a_typed_path_is_looked_at_and_opened(folder: Path) -> None:
    deep = folder / "deep"
    deep.mkdir()
    (deep / "wine.csv").write_text(WINE)
    async with choosing() as (app, pilot, session):
        await pilot.press(*"deep/wine.csv")
        assert chosen(app).split()[:2] == ["▸", "deep/wine.csv"]
        await told(app, "◂ sugar ▸")
        await pilot.press("enter")
        assert session.frame().name == "deep/wine.csv"


async def test_the_error_of_a_typed_path_is_told_without_leaving(folder: Path) -> None:
    async with choosing() as (app, pilot, session):
        app.screen.query_one(Search).value = "gone/wine.csv"
        await told(app, "there is no such file")
        await pilot.press("enter")
        assert isinstance(app.screen, Presets)
        assert session.frame().name == "xor"


async def test_enter_tells_what_no_preview_has_told_yet(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bptui.tui.screens.presets.REST", 60)
    (folder / "deep").mkdir()
    (folder / "deep" / "bad.csv").write_text("a,b\nx\n")
    async with choosing() as (app, pilot, _):
        app.screen.query_one(Search).value = "deep/bad.csv"
        await pilot.press("enter")
        assert "✕ deep/bad.csv" in " ".join(seen(app, "preview"))
        assert isinstance(app.screen, Presets)


async def test_a_large_file_is_opened_without_a_look(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bptui.session.preview.LARGEST", 10)
    monkeypatch.setattr("bptui.session.offers.CHEAP", 10)
    (folder / "wine.csv").write_text(WINE)
    async with choosing() as (app, pilot, session):
        await pilot.press(*"wine.c")
        await told(app, f"a large file, {len(WINE)} bytes: Enter opens it")
        await pilot.press("enter")
        assert session.frame().name == "wine.csv"


async def test_clicks_choose_and_two_open(folder: Path) -> None:
    async with choosing() as (app, pilot, session):
        await pilot.click("#chooser-list", offset=(6, 7))
        assert "Spiral" in chosen(app)
        assert isinstance(app.screen, Presets)
        await pilot.click("#chooser-foot", offset=(2, 0))  # Enter
        assert session.frame().name == "spiral"
        await pilot.press("slash")
        await pilot.pause()
        await pilot.click("#chooser-list", offset=(6, 6), times=2)
        assert session.frame().name == "moons"
        await pilot.press("slash")
        await pilot.pause()
        word = next(row for row in seen(app, "list") if "open" in row)
        await pilot.click("#chooser-list", offset=(word.index("open"), 6))
        assert app.screen is app.main
        await pilot.press("slash")
        await pilot.pause()
        await pilot.click("#chooser-foot", offset=(seen(app, "foot")[0].index("Esc"), 0))
        assert app.screen is app.main


async def test_under_the_list_the_preview_scrolls(folder: Path) -> None:
    async with choosing(UNDER) as (app, pilot, _):
        await told(app, "The smallest problem")
        assert "PgDn more" in seen(app, "foot")[0]
        for _ in range(5):
            await pilot.press("pagedown")
        assert "y: 2 classes, 0, 1" in seen(app, "preview")[-1]
        await pilot.press("pageup", "pageup", "pageup", "pageup")
        assert seen(app, "preview")[0] == "XOR"


async def test_where_it_is_small_the_preview_is_an_arrow_away(folder: Path) -> None:
    (folder / "wine.csv").write_text(WINE)
    async with choosing(ALONE) as (app, pilot, session):
        board, listing = app.screen.query_one("#chooser-preview"), app.screen.query_one("#chooser-list")
        assert (listing.display, board.display) == (True, False)
        await pilot.press(*"wine.c", "right")
        assert (listing.display, board.display) == (False, True)
        await told(app, "◂ sugar ▸")
        await pilot.press("right")
        await told(app, "◂ name ▸")
        await pilot.press("left")
        await pilot.pause()
        assert (listing.display, board.display) == (True, False)
        await pilot.press("right", "escape")
        assert isinstance(app.screen, Presets)  # back in the list
        await pilot.press("enter")
        assert session.address == ("wine.csv", "name")


async def test_arrows_move_in_what_is_typed(folder: Path) -> None:
    async with choosing() as (app, pilot, _):
        await pilot.press(*"sal", "left", "left", "p", "right")
        assert app.screen.query_one(Search).value == "spal"
        assert app.screen.query_one(Search).cursor_position == 3


async def test_resizing_and_another_theme_draw_it_again(folder: Path) -> None:
    async with choosing() as (app, pilot, _):
        ground = lambda: app.screen.query_one("#chooser-list", Board)._strips[0]._segments[0].style  # noqa: E731
        dark = ground()
        app.theme = "bptui-light"
        await pilot.pause()
        assert ground() != dark
        for size in [(100, 30), (60, 20), (38, 10), (80, 24)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert "XOR" in chosen(app)
        assert len(seen(app, "list")) == app.screen.query_one("#chooser-list").size.height


OFFERS = (
    Offer("xor", "XOR", BUILT_IN),
    Offer("bad", "[/foo] \x1b[31m", HERE, error="bad.toml:3: [b]wrong[/b]\nbad.toml:4: two"),
)


async def test_foreign_words_are_shown_as_they_are(folder: Path) -> None:
    async with choosing() as (app, pilot, _):
        app.push_screen(Presets(("xor", None), lambda source, target: "", offers=OFFERS))
        await pilot.pause()
        await pilot.press("down", "enter")
        assert isinstance(app.screen, Presets)
        assert " ✕ [/foo] \\x1b[31m" in seen(app, "list")
        assert seen(app, "preview")[-2:] == ["✕ bad.toml:3: [b]wrong[/b]", "  bad.toml:4: two"]


async def test_a_picture_that_fails_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("[/oops]")

    async with choosing() as (app, pilot, _):
        monkeypatch.setattr("bptui.tui.drawing.preview.draw_dataset", broken)
        await pilot.press("down")
        await told(app, "this panel failed: ValueError: [/oops]")


async def test_the_run_may_go_on_while_the_chooser_is_torn_down(folder: Path) -> None:
    async with choosing() as (app, _, __):
        chooser = app.screen
        assert isinstance(chooser, Presets)
        await chooser.query("*").remove()
        view = app.main.fresh_view()
        chooser.view = view  # draws at once
        assert chooser.view is view
