"""`bptui explain`: one update, operation by operation, with every number in its equation."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, ClassVar

from bptui.cli import choices, output, report
from bptui.cli.diagnostics import Exit
from bptui.cli.interruption import Interruption
from bptui.cli.progress import advance

if TYPE_CHECKING:
    from bptui.session.view import WorkedUpdate

FORMATS = ("text", "json")


class Explain:
    """Write out one update: every operation, its equation, and its numbers in it.

    The update is the one that comes after N others, on the batch that comes next. Exit status: 0, or 1
    where the training diverged before.
    """

    name: ClassVar[str] = "explain"
    example: ClassVar[str] = "bptui explain xor --step 100"

    def declare(self, parser: argparse.ArgumentParser) -> None:
        choices.declare_preset(parser)
        choices.declare_step(parser)
        choices.declare_changes(parser, eta=True)
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--format", choices=FORMATS, default="text", help="how it is written (text)")
        form.add_argument(
            "--json", action="store_const", const="json", dest="format", help="the same as --format json"
        )

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        experiment = choices.experiment(arguments)
        from bptui.session.trainer import Trainer
        from bptui.session.view import worked_update

        trainer = Trainer(experiment)
        advance(trainer, arguments.step)
        if trainer.divergence is not None:
            return report.diverged(trainer.divergence, as_json=arguments.format == "json")
        _tell(experiment.name, arguments.step, worked_update(trainer), arguments.format)
        return Exit.OK


def _tell(preset: str, step: int, update: WorkedUpdate, form: str) -> None:
    known = (
        preset,
        step,
        update.before,
        update.new_weights,
        update.new_biases,
        update.penalty,
        update.loss_after,
        update.penalty_after,
    )
    if form == "json":
        from bptui.explain.json import step_document

        output.document(step_document(*known))
    else:
        from bptui.explain.text import render

        # Names of columns and classes are foreign text.
        output.write(output.harmless(render(*known)))
