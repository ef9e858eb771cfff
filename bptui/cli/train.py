"""`bptui train`: to the preset's stop rule, without a screen."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any, ClassVar

from bptui.cli import choices, diagnostics, output, report
from bptui.cli.diagnostics import Exit
from bptui.cli.interruption import Interruption
from bptui.cli.parser import whole
from bptui.cli.progress import Progress

if TYPE_CHECKING:
    from bptui.experiment.build import Experiment
    from bptui.session.trainer import Trainer


class Train:
    """Train a preset to its stop rule and tell what came of it.

    Exit status: 0, or 1 where it diverged. Ctrl+C finishes the update in hand and tells the result so far.
    """

    name: ClassVar[str] = "train"
    example: ClassVar[str] = "bptui train spiral --epochs 200 --eta 0.03 --set network.hidden=[6,6] --json"

    def declare(self, parser: argparse.ArgumentParser) -> None:
        choices.declare_preset(parser)
        parser.add_argument("--epochs", type=whole, metavar="N", help="in place of the preset's epochs")
        parser.add_argument(
            "--steps",
            type=whole,
            metavar="N",
            help="the same in updates; with --epochs whichever comes first",
        )
        choices.declare_changes(parser, eta=True)
        parser.add_argument("--weights", action="store_true", help="tell the final weights and biases too")
        choices.declare_json(parser)

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        interruption.deferred = True
        experiment = choices.experiment(arguments)
        from bptui.session.trainer import Trainer

        trainer = Trainer(experiment)
        stopped, seconds = _train(trainer, arguments, interruption)
        result = _result(trainer, stopped, seconds, weights=arguments.weights)
        if stopped == "interrupted":
            diagnostics.interrupted_at(trainer.steps)
        if arguments.json:
            output.document(result)
        else:
            output.write(report.training(experiment, result))
        return _status(stopped, interruption)


def _train(trainer: Trainer, arguments: argparse.Namespace, interruption: Interruption) -> tuple[str, float]:
    """(why it stopped, seconds)."""
    start = time.perf_counter()
    limit = _limit(trainer.experiment, arguments)
    with Progress(lambda: trainer.steps, limit) as progress:

        def until() -> bool:
            progress.passed()
            return interruption.pending()

        stopped = trainer.run(
            epochs=arguments.epochs,
            steps=arguments.steps,
            until=until if progress.visible else interruption.pending,
        )
    return stopped, time.perf_counter() - start


def _limit(experiment: Experiment, arguments: argparse.Namespace) -> int:
    """The most updates there can be, for the bar."""
    batches = -(-len(experiment.train) // experiment.batch_size)
    if arguments.epochs is None and arguments.steps is not None:
        return int(arguments.steps)
    epochs = experiment.epochs if arguments.epochs is None else arguments.epochs
    return min(epochs * batches, epochs * batches if arguments.steps is None else arguments.steps)


def _result(trainer: Trainer, stopped: str, seconds: float, *, weights: bool) -> dict[str, Any]:
    """The document of `train --json`."""
    experiment = trainer.experiment
    result: dict[str, Any] = {
        "preset": experiment.name,
        "seed": experiment.seed,
        "steps": trainer.steps,
        "epochs": trainer.epochs,
        "stopped": stopped,
        "train": trainer.metrics(experiment.train)._asdict(),
        "test": None if experiment.test is None else trainer.metrics(experiment.test)._asdict(),
        "seconds": seconds,
        "steps_per_second": trainer.steps / seconds if seconds else None,
        "diverged": report.divergence(trainer.divergence),
        "notices": list(experiment.notices),
    }
    if weights:
        result["weights"] = [w.tolist() for w in trainer.network.weights]
        result["biases"] = [b.tolist() for b in trainer.network.biases]
    return result


def _status(stopped: str, interruption: Interruption) -> int:
    if stopped == "interrupted":
        return interruption.status or Exit.INTERRUPTED
    return Exit.FAILED if stopped == "diverged" else Exit.OK
