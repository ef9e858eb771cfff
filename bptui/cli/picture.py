"""`bptui picture`: the screen as a file, without a terminal."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from bptui.cli import choices, output
from bptui.cli.diagnostics import Exit
from bptui.cli.interruption import Interruption
from bptui.cli.parser import whole
from bptui.cli.progress import advance
from bptui.errors import ActionableError

if TYPE_CHECKING:
    from bptui.session.session import Session

SMALLEST, LARGEST = (40, 12), (1000, 400)
FORMS = (".svg", ".txt")


class Picture:
    """Write the playground's screen to a file, as it is after N updates: .svg for slides and papers, .txt for
    mails and tests.

    With --operation K it stands inside the step that follows, at its K-th operation. No terminal is needed.
    """

    name: ClassVar[str] = "picture"
    example: ClassVar[str] = "bptui picture xor --steps 140 --operation 8 --output xor.svg"

    def declare(self, parser: argparse.ArgumentParser) -> None:
        choices.declare_preset(parser)
        parser.add_argument("--output", required=True, metavar="FILE", help="what to write: .svg or .txt")
        parser.add_argument(
            "--steps", type=whole, default=0, metavar="N", help="after N updates, stop rules aside (0)"
        )
        parser.add_argument(
            "--operation", type=whole, default=0, metavar="K", help="K operations into the step after (0)"
        )
        parser.add_argument(
            "--size", type=size, default=(160, 48), metavar="WxH", help="columns x rows (160x48)"
        )
        parser.add_argument("--theme", choices=("dark", "light"), default="dark", help="the ground (dark)")
        choices.declare_changes(parser, eta=True)
        choices.declare_json(parser)

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        target = Path(arguments.output)
        if target.suffix.lower() not in FORMS:
            raise ActionableError(
                "--output", f"{arguments.output!r} is no .svg or .txt", "End it in one of them"
            )
        experiment = choices.experiment(arguments)
        from bptui.session.session import Session

        session = Session(experiment)
        advance(session.trainer, arguments.steps)
        _check_operation(arguments.operation, session)
        _put(target, _drawn(session, arguments, svg=target.suffix.lower() == ".svg"))
        if arguments.json:
            output.document({"preset": experiment.name, "step": session.trainer.steps, "output": str(target)})
        return Exit.OK


def size(text: str) -> tuple[int, int]:
    """Columns and rows such as 160x48."""
    found = re.fullmatch(r"([0-9]{1,4})x([0-9]{1,4})", text)
    columns, rows = map(int, found.groups()) if found else (0, 0)
    if not (SMALLEST[0] <= columns <= LARGEST[0] and SMALLEST[1] <= rows <= LARGEST[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no size from 40x12 to 1000x400, such as 160x48")
    return columns, rows


def _check_operation(operation: int, session: Session) -> None:
    most = len(session.trainer.tape.operations)
    if operation > most:
        raise ActionableError("--operation", f"a step of this network has {most} operations", f"0 to {most}")
    if operation and session.trainer.divergence:
        raise ActionableError(
            "--operation", "the training diverged before", "Leave it out, or take fewer steps"
        )


def _drawn(session: Session, arguments: argparse.Namespace, *, svg: bool) -> str:
    # A picture has colours of its own, whatever the terminal at hand has.
    os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
    os.environ.pop("NO_COLOR", None)
    from bptui.tui import picture

    look = picture.Look(arguments.size, arguments.theme == "light", ("s",) * arguments.operation)
    rows = picture.take(session, look)
    if not svg:
        return picture.as_text(rows)
    return picture.as_svg(rows, look, f"bptui: {session.experiment.title}, step {session.trainer.steps:,}")


def _put(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise output.Unwritable(f"{target}: {error.strerror or error}") from None
