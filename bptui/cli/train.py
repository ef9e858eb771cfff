"""`bptui train`: to the preset's stop rule, without a screen."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any, ClassVar

from bptui.cli import choices, diagnostics, output, report, saved
from bptui.cli.diagnostics import Exit
from bptui.cli.interruption import Interruption
from bptui.cli.parser import whole
from bptui.cli.progress import Progress
from bptui.errors import ActionableError

if TYPE_CHECKING:
    from bptui.experiment.build import Experiment
    from bptui.session.session import Session
    from bptui.session.trainer import Trainer


class Train:
    """Train a preset to its stop rule and tell what came of it.

    In place of PRESET a saved run, FILE.bptui, goes on where it stands: --epochs and --steps count from its
    beginning.
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
        parser.add_argument("--save", metavar="FILE", help="write the run to FILE.bptui when it is trained")
        parser.add_argument("--weights", action="store_true", help="tell the final weights and biases too")
        choices.declare_json(parser)

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        interruption.deferred = True
        target = None if arguments.save is None else saved.checked(arguments.save)
        trainer, session = _begun(arguments)
        experiment = trainer.experiment
        stopped, seconds = _train(trainer, arguments, interruption)
        result = _result(trainer, stopped, seconds, weights=arguments.weights)
        if stopped == "interrupted":
            diagnostics.interrupted_at(trainer.steps)
        if arguments.json:
            output.document(result)
        else:
            output.write(report.training(experiment, result))
        if target is not None and session is not None:
            saved.save(session, target)
        return _status(stopped, interruption)


def _begun(arguments: argparse.Namespace) -> tuple[Trainer, Session | None]:
    """What is trained, and where it has a past, its session: only that can be saved."""
    if arguments.preset.lower().endswith(saved.SUFFIX):
        return _taken_up(arguments)
    experiment = choices.experiment(arguments)
    if arguments.save is None:
        from bptui.session.trainer import Trainer

        return Trainer(experiment), None
    from bptui.session.session import Session

    session = Session(experiment)
    return session.trainer, session


def _taken_up(arguments: argparse.Namespace) -> tuple[Trainer, Session]:
    """A saved run, to go on where it stands."""
    changes = {"--seed": arguments.seed, "--eta": arguments.eta, "--set": arguments.overrides or None}
    for name, value in {**changes, "--target": arguments.target}.items():
        if value is not None:
            found = f"{arguments.preset} is a saved run, which goes on as it is"
            raise ActionableError(name, found, "Change it in the playground, or train its preset")
    from bptui.session.session import Session

    session = Session.open(arguments.preset)
    session.go_on()
    return session.trainer, session


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
        "seed": trainer.seed,
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
