"""`bptui replay`: a saved run trained again from nothing, and compared with its file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from bptui.cli import choices, diagnostics, output, saved
from bptui.cli.diagnostics import Exit
from bptui.cli.interruption import Interruption
from bptui.cli.progress import Progress

if TYPE_CHECKING:
    from bptui.session.replay import Difference, Replayed


class Replay:
    """Train a saved run again from nothing, and compare every checkpoint in its file, bit for bit.

    Exit status: 0, or 1 where one differs; the first that does is told. Another NumPy, processor or number of
    BLAS threads than the file's may change the last bits, and is told too.
    """

    name: ClassVar[str] = "replay"
    example: ClassVar[str] = "bptui replay xor.bptui"

    def declare(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help=saved.FILE)
        choices.declare_json(parser)

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        from bptui.session import machine, replay, stored

        kept, _ = stored.read(Path(arguments.file))
        others = machine.differences(kept.made_by)
        for sentence in others:
            diagnostics.notice(sentence)
        done = 0
        with Progress(lambda: done, replay.updates(kept)) as progress:

            def passed(steps: int) -> None:
                nonlocal done
                done = steps
                if progress.visible:
                    progress.passed()

            found = replay.replay(kept, passed)
        if arguments.json:
            output.document(_document(arguments.file, found, others))
        else:
            output.write(_told(found))
        return Exit.OK if found.difference is None else Exit.FAILED


def _told(found: Replayed) -> str:
    branches = "1 branch" if found.branches == 1 else f"{found.branches:,} branches"
    if found.difference is None:
        return (
            f"trained again: {found.updates:,} updates on {branches}; "
            f"all {found.checkpoints:,} checkpoints are the same, bit for bit\n"
        )
    return f"{_in_words(found.difference)}\n{found.checkpoints:,} checkpoints before it are the same\n"


def _in_words(difference: Difference) -> str:
    branch, step, what, stored, computed = difference
    where = f"branch {branch}, step {step:,}"
    if computed is None:
        return f"{where}: {what}, and the file goes on to step {stored:,.0f}"
    return f"{where}: {what} is {stored!r} in the file, and {computed!r} trained again"


def _document(file: str, found: Replayed, others: list[str]) -> dict[str, Any]:
    """The document of `replay --json`."""
    return {
        "file": file,
        "same": found.difference is None,
        "branches": found.branches,
        "checkpoints": found.checkpoints,
        "updates": found.updates,
        "difference": None if found.difference is None else found.difference._asdict(),
        "machine": others,
    }
