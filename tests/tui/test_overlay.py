"""What lies behind an overlay, in any size that is asked for."""

from __future__ import annotations

from test_playground import playing
from textual.geometry import Region

from bptui.tui.screens.help import Help


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
