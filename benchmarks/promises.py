"""What the presets' notes promise, run with many seeds.

    python benchmarks/promises.py [--seeds 20] [PRESET ...]

A promise holds where it does so for at least nine in ten seeds. The suite runs the same list with few.
Prints a line a promise and exits with 1 where one does not hold.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bptui.experiment.build import Experiment, build
from bptui.nn.health import RATIO, norm, rms
from bptui.session.trainer import Trainer

LN_2 = math.log(2.0)
SHARE = 0.9  # of the seeds for which a promise must hold


@dataclass(frozen=True)
class Promise:
    """words: as they stand in the preset's notes; holds: looks at a trainer that has not begun."""

    preset: str
    words: str
    holds: Callable[[Trainer], bool]
    overrides: tuple[str, ...] = ()

    def experiment(self, seed: int) -> Experiment:
        return build(self.preset, overrides=self.overrides, seed=seed)

    def kept(self, seed: int) -> bool:
        """Whether it holds with that training seed."""
        return self.holds(Trainer(self.experiment(seed)))


# ---------------------------------------------------------------- what can be promised


def solved_before(step: int, accuracy: float = 0.0, test: float = 0.0) -> Callable[[Trainer], bool]:
    """Its stop_loss is reached before a step, with at least that share of right answers."""

    def holds(trainer: Trainer) -> bool:
        reached = trainer.run() == "loss" and trainer.steps < step
        return reached and _accuracy(trainer) >= accuracy and _test_accuracy(trainer) >= test

    return holds


def right_by(step: int) -> Callable[[Trainer], bool]:
    """All answers are right after so many steps."""

    def holds(trainer: Trainer) -> bool:
        trainer.run(steps=step, rules=False)
        return _accuracy(trainer) == 1.0

    return holds


def loss_stays(low: float, high: float = math.inf, accuracy: float = 1.0) -> Callable[[Trainer], bool]:
    """It is not solved; the loss at the end lies between two numbers, no more than a share is right."""

    def holds(trainer: Trainer) -> bool:
        unsolved = trainer.run() not in ("loss", "diverged")
        return unsolved and low <= trainer.metrics().loss <= high and _accuracy(trainer) <= accuracy

    return holds


def solved(trainer: Trainer) -> bool:
    """Its stop_loss is reached within its epochs."""
    return trainer.run() == "loss"


def not_solved(trainer: Trainer) -> bool:
    """Its stop_loss is not reached within its epochs."""
    return trainer.run() in ("epochs", "patience")


def rmse(low: float, high: float) -> Callable[[Trainer], bool]:
    """The rmse at the end lies between two numbers."""

    def holds(trainer: Trainer) -> bool:
        trainer.run()
        found = trainer.metrics().rmse
        return found is not None and low <= found <= high

    return holds


def diverges_before(step: int) -> Callable[[Trainer], bool]:
    """A number that is not finite ends the training before a step."""

    def holds(trainer: Trainer) -> bool:
        return trainer.run() == "diverged" and trainer.steps < step

    return holds


def slower_than(times: float, preset: str) -> Callable[[Trainer], bool]:
    """It takes so many times the steps of the preset as it is (or is not done at all)."""

    def holds(trainer: Trainer) -> bool:
        reference = Trainer(build(preset, seed=trainer.experiment.seed))
        reference.run()
        return trainer.run() != "loss" or trainer.steps >= times * reference.steps

    return holds


def _accuracy(trainer: Trainer) -> float:
    found = trainer.metrics().accuracy
    return 0.0 if found is None else found


def _test_accuracy(trainer: Trainer) -> float:
    if trainer.experiment.test is None:
        return 1.0
    found = trainer.metrics(trainer.experiment.test).accuracy
    return 0.0 if found is None else found


def _error_signal_left(trainer: Trainer) -> float:
    """rms δ of layer 1 over that of the output's layer."""
    trainer.look_ahead()
    return rms(trainer.tape.delta[0]) / rms(trainer.tape.delta[-1])


def _vanishes_throughout(trainer: Trainer) -> bool:
    first = _error_signal_left(trainer) < 1 / RATIO
    trainer.run()
    return first and _error_signal_left(trainer) < 1 / RATIO


def _mazur(trainer: Trainer) -> bool:
    """The figures of the article, and the loss with biases that learn."""
    before = trainer.metrics().loss
    trainer.step()
    weights = trainer.network.weights
    found = (before, weights[1][0, 0], weights[0][0, 0], trainer.metrics().loss)
    return np.allclose(found, (0.298371109, 0.35891648, 0.149780716, 0.280471447), rtol=0, atol=5e-9)


def _mazur_goes_to_its_targets(trainer: Trainer) -> bool:
    trainer.run()
    return np.allclose(trainer.evaluator.predict(trainer.experiment.train.inputs), [[0.01, 0.99]], atol=0.01)


def _no_gradient(trainer: Trainer) -> bool:
    for _ in range(20):
        trainer.look_ahead()
        if any(norm(gradient) for gradient in trainer.network.grad_weights):
            return False
        trainer.step()
    return True


def _three_in_four_are_dead(trainer: Trainer) -> bool:
    """Six of eight, from the first step to the last, and what enters them never changes."""
    before = trainer.network.blocks[0].copy()
    trainer.run()
    alive = trainer.evaluator.evaluate(trainer.experiment.train).alive[0]
    unchanged = (trainer.network.blocks[0] == before).all(axis=1)
    return int((~alive).sum()) == 6 and bool(unchanged[~alive].all())


def _one_and_one(trainer: Trainer) -> bool:
    trainer.run()
    return bool((np.abs(trainer.network.weights[0] - 1.0) < 0.01).all())


def _and_or_biases(trainer: Trainer) -> bool:
    trainer.run()
    both, one = trainer.network.biases[0]
    return bool(both < 0 and abs(one) < abs(both))


def _apart_after_three_epochs(trainer: Trainer) -> bool:
    trainer.run(epochs=3, rules=False)
    return _accuracy(trainer) > 0.95


def _overlaps(trainer: Trainer) -> bool:
    trainer.run()
    return _accuracy(trainer) < 1.0


def _overfits(trainer: Trainer) -> bool:
    """After 1,000 epochs the test loss is far above the training loss."""
    trainer.run(epochs=1000, rules=False)
    return trainer.metrics(trainer.experiment.test).loss > 1.5 * trainer.metrics().loss


def _solved_or_stalled(trainer: Trainer) -> bool:
    return trainer.run() == "loss" or 0.33 < trainer.metrics().loss < 0.37


def faster_than(preset: str) -> Callable[[Trainer], bool]:
    """It takes fewer steps than the preset as it is."""

    def holds(trainer: Trainer) -> bool:
        reference = Trainer(build(preset, seed=trainer.experiment.seed))
        reference.run()
        return trainer.run() == "loss" and trainer.steps < reference.steps

    return holds


def _smaller_weights(trainer: Trainer) -> bool:
    """About half as large as the preset's own after as many epochs, at a higher loss."""
    reference = Trainer(build("digits", seed=trainer.experiment.seed))
    for one in (trainer, reference):
        one.run(epochs=30)
    ratio = norm(trainer.network.weights[0]) / norm(reference.network.weights[0])
    return 0.4 < ratio < 0.6 and trainer.metrics().loss > reference.metrics().loss


def _arrives(trainer: Trainer) -> bool:
    trainer.run()
    return _error_signal_left(trainer) > 1 / RATIO


def _test_at_least(share: float) -> Callable[[Trainer], bool]:
    def holds(trainer: Trainer) -> bool:
        trainer.run()
        return _test_accuracy(trainer) >= share

    return holds


def _setosa_is_right(trainer: Trainer) -> bool:
    trainer.run()
    part = trainer.experiment.train
    said = trainer.evaluator.predict(part.inputs).argmax(axis=1)
    meant = part.targets.argmax(axis=1)
    return bool(((said == 0) == (meant == 0)).all())


def _most_digits(trainer: Trainer) -> bool:
    trainer.run(epochs=20)
    return _test_accuracy(trainer) >= 0.9


def _promise_not_kept(trainer: Trainer) -> bool:
    """Within the first steps the loss rises above where it began."""
    before = trainer.metrics().loss
    for _ in range(20):
        trainer.step()
        if trainer.metrics().loss > before:
            return True
    return False


PROMISES = (
    Promise("xor", "The network is right on all four examples by step 500", right_by(500)),
    Promise("xor", "stops at a loss of 0.01 before step 1,000", solved_before(1000, accuracy=1.0)),
    Promise(
        "xor",
        "the loss stays at 0.6931, which is ln 2",
        loss_stays(LN_2 - 1e-4, LN_2 + 1e-4, accuracy=0.5),
        ("network.hidden=[]",),
    ),
    Promise("xor", "some stall near 0.35", _solved_or_stalled, ("network.hidden=[2]",)),
    Promise("and-or", "it is at 0.05 before step 700", solved_before(700, accuracy=1.0)),
    Promise("and-or", "AND ends with a negative one", _and_or_biases),
    Promise(
        "and-or", "ten times slower", slower_than(9, "and-or"), ("training.eta=0.1", "training.epochs=9000")
    ),
    Promise("mazur", "0.298371109", _mazur),
    Promise("mazur", "the outputs go towards 0.01 and 0.99", _mazur_goes_to_its_targets),
    Promise("circle", "it is at 0.02 before step 9,000", solved_before(9000, accuracy=1.0)),
    Promise(
        "circle",
        "over a tenth of the points stay wrong",
        loss_stays(0.1, accuracy=0.9),
        ("network.hidden=[2]",),
    ),
    Promise("circle", "Three do", solved, ("network.hidden=[3]",)),
    Promise(
        "circle",
        "with the right inputs one neuron is enough",
        loss_stays(0.0, 0.03),
        ("network.hidden=[]", 'data.features=["x1^2", "x2^2"]'),
    ),
    Promise("gauss", "nearly all points are right", _apart_after_three_epochs),
    Promise("gauss", "no line gets every point right", _overlaps, ("data.noise=0.5",)),
    Promise("gauss", "the same loss takes fewer steps", faster_than("gauss"), ("training.eta=0.5",)),
    Promise("gauss", "The loss is at 0.02 before step 2,500", solved_before(2500, accuracy=1.0)),
    Promise("moons", "The training loss is at 0.05 before step 4,000", solved_before(4000, test=0.94)),
    Promise(
        "moons",
        "several times as many steps",
        slower_than(3, "moons"),
        ("training.optimizer=sgd", "training.epochs=3000"),
    ),
    Promise(
        "moons",
        "the test loss ends far above the training loss",
        _overfits,
        ("data.noise=0.3", "data.points=100", "network.hidden=[32, 32]"),
    ),
    Promise("spiral", "It is at 0.05 before step 12,000", solved_before(12000, accuracy=0.95)),
    Promise("spiral", "it does not get there", not_solved, ("network.hidden=[8]",)),
    Promise("spiral", "needs longer to leave it", slower_than(1, "spiral"), ("network.init_scale=0.1",)),
    Promise("sine", "it is at 0.0005 before step 6,000", solved_before(6000)),
    Promise("sine", "the rmse is then below 0.05", rmse(0.0, 0.05)),
    Promise("sine", "the rmse stays above 0.1", rmse(0.1, 1.0), ("network.hidden=[1]",)),
    Promise("plane", "both are within 0.01 of 1", _one_and_one),
    Promise("plane", "to a millionth before step 400", solved_before(400)),
    Promise("plane", "at about the noise", rmse(0.15, 0.25), ("data.noise=0.2",)),
    Promise("iris", "it is at 0.06 before step 2,000", solved_before(2000, test=0.9)),
    Promise("iris", "setosa is never confused", _setosa_is_right),
    Promise("iris", "needs more steps for the same loss", slower_than(1, "iris"), ("data.scale=none",)),
    Promise(
        "iris",
        "a single layer gets at least 85 % of the test flowers right",
        _test_at_least(0.85),
        ("network.hidden=[]",),
    ),
    Promise("digits", "the weights end at about half their size", _smaller_weights, ("training.l2=0.01",)),
    Promise("digits", "it is at 0.03 before step 4,000", solved_before(4000, test=0.95)),
    Promise("digits", "gets most of them right already", _most_digits, ("network.hidden=[]",)),
    Promise("symmetry", "exactly 0, at every step", _no_gradient),
    Promise("symmetry", "it stays at 0.6931", loss_stays(LN_2 - 1e-12, LN_2 + 1e-12, accuracy=0.5)),
    Promise("symmetry", "a random start, and it learns", solved, ("network.init=normal",)),
    Promise("vanishing", "layer 1 is vanishing from the first step on", _vanishes_throughout),
    Promise(
        "vanishing",
        "it hangs at 0.69, and half of the answers are wrong",
        loss_stays(0.68, 0.71, accuracy=0.6),
    ),
    Promise("vanishing", "the loss is at 0.05 within the 300 epochs", solved, ("network.activation=tanh",)),
    Promise(
        "vanishing",
        "one layer learns the same circle",
        solved,
        ("network.hidden=[6]", "training.epochs=3000"),
    ),
    Promise("vanishing-relu", "at 0.05 before the 500 epochs are over", solved_before(10001, accuracy=0.95)),
    Promise("vanishing-relu", "more than a thousandth of it arrives at layer 1", _arrives),
    Promise("dead-relu", "layer 1 is dead, with 75 % of its neurons", _three_in_four_are_dead),
    Promise("dead-relu", "over a tenth of the points stay wrong", loss_stays(0.3, accuracy=0.9)),
    Promise("dead-relu", "and it is solved", solved, ("network.initial=",)),
    Promise("dead-relu", "and come back", solved, ("network.activation=elu", "training.eta=1")),
    Promise("too-large-eta", "it diverges before step 400 with every seed", diverges_before(400)),
    Promise("too-large-eta", "the loss rises", _promise_not_kept),
    Promise("too-large-eta", "the same network learns the curve", rmse(0.0, 0.15), ("training.eta=0.1",)),
    Promise(
        "too-large-eta",
        "it neither learns well nor blows up",
        rmse(0.1, 0.5),
        ("training.eta=0.5",),
    ),
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="*", metavar="PRESET")
    parser.add_argument("--seeds", type=int, default=20, metavar="N")
    chosen = parser.parse_args(arguments)
    broken = 0
    for promise in PROMISES:
        if not chosen.presets or promise.preset in chosen.presets:
            kept = sum(promise.kept(seed) for seed in range(1, chosen.seeds + 1))
            holds = kept >= SHARE * chosen.seeds
            broken += not holds
            mark = " " if holds else "!"
            print(f"{mark} {kept:3} of {chosen.seeds}  {promise.preset:15} {promise.words}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
