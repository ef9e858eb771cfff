"""`bptui open`: a shared run in the playground."""

from __future__ import annotations

import argparse
from typing import ClassVar

from bptui.cli import diagnostics, play
from bptui.cli.interruption import Interruption


class Open:
    """Open a shared run in the playground.

    LINE is what `bptui share`, or `y` in the playground, has made; the run is trained again to where it
    stood, with every change.
    """

    name: ClassVar[str] = "open"
    example: ClassVar[str] = "bptui open bptui1-…"

    def declare(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("line", metavar="LINE", help="a shared run: one word that begins with bptui1-")
        play.declare_looks(parser)

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        play.check_terminal()
        from bptui.session import share

        kept = share.read(arguments.line)
        if kept.place.step:
            diagnostics.notice(f"trains {kept.place.step:,} updates again")
        return play.open_app(arguments.line, None, arguments)
