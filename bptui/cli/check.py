"""`bptui check`: backpropagation before a judge that shares no code with it."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING, Any, ClassVar

from bptui.cli import choices, output, report
from bptui.cli.diagnostics import Exit
from bptui.cli.interruption import Interruption
from bptui.cli.progress import advance

if TYPE_CHECKING:
    from bptui.nn.gradcheck import GradientCheck


class Check:
    """Compare backpropagation's gradients with complex step and central differences.

    Every weight and bias is looked at (of more than 10,000 a seeded sample of 1,000), on the batch that
    comes next, in float64. Exit status: 0, or 1 where they differ.
    """

    name: ClassVar[str] = "check"
    example: ClassVar[str] = "bptui check spiral --step 100"

    def declare(self, parser: argparse.ArgumentParser) -> None:
        choices.declare_preset(parser)
        choices.declare_step(parser)
        choices.declare_changes(parser, eta=False)
        choices.declare_json(parser)

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        experiment = choices.experiment(arguments)
        from bptui.session.trainer import Trainer
        from bptui.session.view import check

        trainer = Trainer(experiment)
        advance(trainer, arguments.step)
        if trainer.divergence is not None:
            return report.diverged(trainer.divergence, as_json=arguments.json)
        found = check(trainer)
        if arguments.json:
            output.document(_result(experiment.name, found))
        else:
            output.write(report.gradient_check(experiment, arguments.step, found))
        return Exit.OK if found.passed else Exit.FAILED


def _result(preset: str, found: GradientCheck) -> dict[str, Any]:
    """The document of `check --json`."""
    result = {
        "preset": preset,
        "method": "complex_step",
        "parameters": found.parameters,
        "max_relative_error": found.max_relative_error,
        "worst": dataclasses.asdict(found.worst),
        "passed": found.passed,
        "central": {"max_relative_error": found.central_max_relative_error, "kinks": found.kinks},
    }
    if found.sampled is not None:
        result["sampled"] = found.sampled
    return result
