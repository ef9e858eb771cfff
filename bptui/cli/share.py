"""`bptui share`: a saved run as one line of text."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import ClassVar

from bptui.cli import choices, output, saved
from bptui.cli.diagnostics import Exit
from bptui.cli.interruption import Interruption


class Share:
    """Print a saved run as one line of text, which `bptui open LINE` plays.

    The line holds the experiment and every change up to where the run stands, not what it has learned:
    opening it trains it again. A run with data of its own cannot be a line.
    """

    name: ClassVar[str] = "share"
    example: ClassVar[str] = "bptui share xor.bptui"

    def declare(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help=saved.FILE)
        choices.declare_json(parser)

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        from bptui.session import share, stored

        kept, _ = stored.read(Path(arguments.file))
        line = share.line(kept)
        if arguments.json:
            output.document({"file": arguments.file, "line": line, "step": kept.place.step})
        else:
            output.write(line + "\n")
        return Exit.OK
