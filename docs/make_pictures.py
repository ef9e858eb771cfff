"""Make the README's pictures anew, from the real app without a terminal.

python docs/make_pictures.py        (with bptui installed)
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ.pop("NO_COLOR", None)

from textual.pilot import Pilot
from textual.strip import Strip

from bptui.session import commands
from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.drawing.palette import DARK
from bptui.tui.drawing.svg import moving

HERE = Path(__file__).parent
SIZE = (148, 40)
WARMED_UP = 60  # updates before the step that is shown
OPERATION = 1.1  # seconds for each operation of it
TRAINED = (2, 4, 8, 12, 16, 24, 32, 40, 60, 80, 100, 120)  # updates a picture
PICTURE = 0.3  # seconds
END = 3.0

Shown = tuple[list[Strip], float]  # the rows of the screen, and for how many seconds


async def film() -> list[Shown]:
    """One step of XOR, operation by operation, then the training to its end."""
    session = Session.open("xor")
    session.trainer.run(steps=WARMED_UP)
    shown: list[Shown] = []
    app = App(session)
    async with app.run_test(size=SIZE) as pilot:
        for _ in session.trainer.tape.operations:
            await pilot.press("s")
            shown.append((await _rows(app, pilot), OPERATION))
        app.main.set_focus(None)
        for updates in TRAINED:
            for _ in range(updates):
                session.do(commands.StepUpdate())
            app.main.flash("")
            app.main.show()
            shown.append((await _rows(app, pilot), PICTURE))
    return [*shown[:-1], (shown[-1][0], END)]


async def _rows(app: App, pilot: Pilot[int]) -> list[Strip]:
    await pilot.pause()
    return list(app.screen._compositor.render_strips())


def main() -> None:
    rows, seconds = zip(*asyncio.run(film()), strict=True)
    picture = moving(rows, seconds, DARK, "bptui, stepping through an update of XOR, then training")
    (HERE / "bptui.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
