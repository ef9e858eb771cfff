"""What is measured of a run for the eye: health, promise and kept, the outputs; never part of training.

Figures are taken when a frame is made. What costs much (a forward pass over a large part) is taken
again, while training runs, only so often that it stays a small share of the time; when paused, always.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.experiment.build import Part
from bptui.explain.numbers import u7
from bptui.nn import health
from bptui.nn.health import LayerArrays, LayerHealth
from bptui.nn.operation import Kind
from bptui.nn.sizes import is_finite, norm
from bptui.nn.tape import Tape
from bptui.session.divergence import Divergence
from bptui.session.ending import ending
from bptui.session.evaluation import Evaluation
from bptui.session.frame import Ending, OutputFrame, Promise, Sample
from bptui.session.pace import Clock
from bptui.session.trainer import Trainer
from bptui.session.trends import Trends

Array = NDArray[Any]

Moment = tuple[int, int]

LOOK_SHARE = 0.02  # of the time that looking at whole parts may take while training runs
SMALLEST_PROMISE = 1e-13  # times max(1, L): below it rounding decides


class Age(Enum):
    """How old a look at a whole part may be."""

    NOW = "now"
    RECENT = "recent"  # while training runs: so old that looking stays a small share of the time
    ANY = "any"  # a key is to be answered at once; a frame that is up to date follows


class Observer:
    """Looks at one trainer."""

    def __init__(self, trainer: Trainer, clock: Clock) -> None:
        self.trainer, self._clock = trainer, clock
        self._look: Look | None = None
        self._health: tuple[LayerHealth, ...] = ()
        self._health_moment: Moment = (-1, -1)
        self._trends = Trends(trainer.network.depth)
        self.passing = False  # somebody looks at a step to come back from: nothing is kept of it
        self._promise: Promise | None = None
        self._loss_after = self._promised_loss = 0.0
        self._promise_moment: Moment = (-1, -1)
        self._broken: Divergence | None = None
        self._ending: Ending | None = None
        parts = [trainer.experiment.train, *filter(None, [trainer.experiment.test])]
        self._low = np.min([part.raw_inputs.min(axis=0) for part in parts], axis=0)
        self._high = np.max([part.raw_inputs.max(axis=0) for part in parts], axis=0)

    # ------------------------------------------------------------ whole parts

    def look(self, age: Age) -> Look:
        """At the training and the test part, as they are now or were at most so long ago."""
        now, look, trainer = self._clock(), self._look, self.trainer
        same = look is not None and look.switches == trainer.network.switches
        if look is not None and same and (look.moment == _moment(trainer) or look.will_do(now, age)):
            return look
        evaluate, test = trainer.evaluator.evaluate, trainer.experiment.test
        training, other = evaluate(trainer.experiment.train), evaluate(test) if test else None
        cost = self._clock() - now
        self._look = Look(training, other, _moment(trainer), trainer.network.switches, now, cost)
        return self._look

    def output(self, age: Age) -> OutputFrame:
        """The answers on the training part; the test part stands behind it, for who asks."""
        experiment = self.trainer.experiment
        test = experiment.test
        other = None if test is None else partial(self._output, "test", test, age)
        return self._output("training", experiment.train, age, other)

    def _output(
        self, name: str, part: Part, age: Age, other: Callable[[], OutputFrame] | None = None
    ) -> OutputFrame:
        trainer, experiment = self.trainer, self.trainer.experiment
        look = self.look(age)
        evaluation = look.test if name == "test" else look.training
        assert evaluation is not None
        undo = experiment.target_scaling.undo
        return OutputFrame(
            part=name,
            rows=part.rows,
            raw_inputs=part.raw_inputs,
            input_names=experiment.input_names,
            targets=undo(part.targets) if evaluation.right is None else part.targets,
            predictions=undo(evaluation.predictions) if evaluation.right is None else evaluation.predictions,
            right=evaluation.right,
            classes=experiment.task.classes,
            output_names=experiment.task.output_names,
            regression=evaluation.right is None,
            image=experiment.image,
            finite=is_finite(trainer.network.parameters),
            evaluate=self._evaluate,
            low=self._low,
            high=self._high,
            losses=evaluation.losses,
            hidden=self._hidden,
            other=other,
        )

    def _hidden(self, raw: Array, l: int) -> Array:
        trainer = self.trainer
        return trainer.evaluator.activations(trainer.experiment.prepare(raw), l)

    def _evaluate(self, raw: Array) -> Array:
        experiment = self.trainer.experiment
        answers = self.trainer.evaluator.predict(experiment.prepare(raw))
        return experiment.target_scaling.undo(answers) if experiment.task.encoding == "numbers" else answers

    # ------------------------------------------------------------ health

    def health(self) -> tuple[LayerHealth, ...]:
        """Of the gradients in place; empty before the first backward pass. Inside a step the layers not
        reached yet keep what they had."""
        trainer, depth = self.trainer, self.trainer.network.depth
        step, reached = self._newest_gradients()
        if len(reached) < depth and not self._health:
            # Nothing to keep: the last whole step's, where there is one.
            step, reached = trainer.steps - 1, set(range(1, depth + 1))
        if step < 0:
            self._health = ()
            return ()
        if step < trainer.since:
            return self._health  # of that update nothing is left
        tape = trainer.tape_of(step)
        with np.errstate(all="ignore"):
            now = health.assess([self._layer(l, tape) for l in range(1, depth + 1)])
        if len(reached) < depth:
            now = tuple(
                new if new.number in reached else old for new, old in zip(now, self._health, strict=True)
            )
        elif self._health_moment != (trainer.restores, step):
            self._health_moment = (trainer.restores, step)
            if not self.passing:
                self._trends.add(step, now)
        self._health = now
        return now

    def _newest_gradients(self) -> tuple[int, set[int]]:
        """The step, from 0, whose gradients are in place (−1: none were made), and of which layers."""
        trainer = self.trainer
        everywhere = set(range(1, trainer.network.depth + 1))
        if not trainer.computed:
            return trainer.steps - 1, everywhere
        if trainer.computed >= trainer.tape.gradients:
            return trainer.step_in_hand, everywhere
        done = trainer.tape.operations[: trainer.computed]
        return trainer.step_in_hand, {op.layer for op in done if op.kind is Kind.GRADIENT and op.layer}

    def trends(self) -> tuple[Array, ...]:
        """Per layer the ‖∂L/∂W‖ of the frames looked at, oldest first, up to this step."""
        return self._trends.until(self._newest_gradients()[0])

    def network_verdict(self) -> str:
        """Plateau or symmetry in words, or nothing."""
        trainer, tape = self.trainer, self.trainer.tape
        network = trainer.network
        layer = health.symmetric_layer(network.weights, network.biases, network.off)
        if layer is not None:
            on = "" if network.off_in(layer) is None else " that are on"
            return (
                f"symmetry: all units of hidden layer {layer}{on} are equal, and their gradients keep them so"
            )
        if trainer.computed >= tape.gradients and health.plateau(tape.a[-1], tape.targets, tape.delta[-1]):
            lowest = tape.examples.loss.of_one_guess(tape.targets)
            return f"plateau: one guess for all, loss at best {u7(lowest).strip()}; gradients cancel"
        return ""

    def _layer(self, l: int, tape: Tape) -> LayerArrays:
        trainer, network = self.trainer, self.trainer.network
        change = self._change(l, trainer.steps - 1)
        needs_slope = l < network.depth or tape.output_uses_slope
        arrays = (network.blocks[l - 1], network.grad_blocks[l - 1], tape.delta[l - 1])
        state = [network.layers_of(moment)[l - 1] for moment in trainer.optimizer.moments]
        return LayerArrays(
            activation=network.activations[l - 1],
            weights=network.weights[l - 1],
            grad_weights=network.grad_weights[l - 1],
            grad_biases=network.grad_biases[l - 1],
            delta=tape.delta[l - 1],
            slope=tape.slope[l - 1] if needs_slope else None,
            slopes_seen=None if self._look is None else self._look.training.alive[l - 1][None],
            change=change,
            large_steps=self._large_steps(l, change),
            finite=all(map(is_finite, (*arrays, *state))),
            off=network.off_in(l),
            held=l in network.held,
        )

    def _change(self, l: int, step: int) -> Array | None:
        """ΔW that update `step` (from 0) made, where it is still known."""
        trainer = self.trainer
        before = trainer.before(step)
        after = trainer.network.parameters if step == trainer.steps - 1 else trainer.before(step + 1)
        if before is None or after is None:
            return None
        old, new = (trainer.network.layers_of(flat)[l - 1][:, :-1] for flat in (before, after))
        return np.asarray(new - old)

    def _large_steps(self, l: int, change: Array | None) -> int:
        """Updates in a row, up to the last, that moved the layer by over a tenth of its norm; change: the
        last one's ΔW."""
        trainer, step = self.trainer, self.trainer.steps - 1
        while change is not None and (before := trainer.before(step)) is not None:
            size = norm(trainer.network.layers_of(before)[l - 1][:, :-1])
            if not size or norm(change) <= health.LARGE_STEP * size:
                break
            step -= 1
            change = self._change(l, step)
        return trainer.steps - 1 - step

    # ------------------------------------------------------------ promise and kept

    def measure_promise(self) -> None:
        """To be called while the last update's gradient is still in place, before anything is run ahead."""
        trainer = self.trainer
        step = trainer.steps - 1
        before = trainer.before(step)
        if self._promise_moment == _moment(trainer) or before is None or trainer.divergence:
            return
        if step < trainer.since:
            return
        if trainer.computed not in (0, len(trainer.tape.operations)):
            return
        with np.errstate(all="ignore"):
            self._promise = self._measured(step, before)
        self._promise_moment = _moment(trainer)

    def promise(self) -> Promise | None:
        """Of the last update made; None where it was not measured."""
        return self._promise if self._promise_moment == _moment(self.trainer) else None

    def ending(self) -> Ending | None:
        """The last updates before a divergence, looked at once."""
        if self._broken is not self.trainer.divergence:
            self._broken, self._ending = self.trainer.divergence, ending(self.trainer)
        return self._ending

    def after_update(self) -> tuple[float | None, float | None]:
        """Data loss of the last update's batch after it, and what first order promised; the second is None
        beside a penalty, which has a share in the promise."""
        trainer = self.trainer
        if self.promise() is None:
            return None, None
        alone = not (trainer.penalty.l1 or trainer.penalty.l2)
        return self._loss_after, self._promised_loss if alone else None

    def _measured(self, step: int, before: Array) -> Promise | None:
        trainer, last = self.trainer, self.trainer.history.last
        if step < 0 or last is None:
            return None
        network, train = trainer.network, trainer.experiment.train
        promised = float(network.gradient @ (network.parameters - before))
        rows = trainer.rows_of(step)
        now = trainer.evaluator.batch_loss(train.inputs[rows], train.targets[rows])
        self._loss_after, self._promised_loss = now, last + promised
        kept = now + trainer.penalty.of(network) - last - trainer.penalty.of_flat(network, before)
        return Promise(promised, kept, _promise_verdict(promised, kept, last))


class Look(NamedTuple):
    """Evaluations of whole parts with the weights of one moment and the units that were on, when they were
    made and what they cost."""

    training: Evaluation
    test: Evaluation | None
    moment: Moment
    switches: bytes
    taken: float
    cost: float

    @property
    def sample(self) -> Sample:
        """What is told of it."""
        test = self.test.metrics if self.test else None
        return Sample(
            self.moment[1],
            self.training.metrics.accuracy,
            test.loss if test else None,
            test.accuracy if test else None,
        )

    def will_do(self, now: float, age: Age) -> bool:
        """It is young enough."""
        if age is Age.RECENT:
            return now - self.taken < self.cost / LOOK_SHARE
        return age is Age.ANY


def _moment(trainer: Trainer) -> Moment:
    """The weights as they are: a past may be changed and its steps gone through again."""
    return trainer.restores, trainer.steps


def _promise_verdict(promised: float, kept: float, loss: float) -> str:
    if not np.isfinite(promised) or not np.isfinite(kept):
        return "not finite"
    if abs(promised) < SMALLEST_PROMISE * max(1.0, loss):
        return ""
    if promised > 0:
        return "uphill: the momentum carries it against the gradient"
    share = kept / promised
    if share < 0:
        return "overshot: the loss of this batch rose"
    return "past the best η of a line search" if share < 0.5 else ""
