"""Trains one experiment: whole updates at full speed, or a step one operation at a time, to the same bits.

It knows no journal and no screen. Full speed runs in chunks between two checkpoints; where a chunk ended
badly, or passed a stop rule, it goes back to its checkpoint and replays to the exact update.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.experiment.build import Experiment, Part
from bptui.nn.operation import Kind
from bptui.nn.tape import Tape
from bptui.session import chunks
from bptui.session.changes import KEPT, Changes
from bptui.session.checkpoints import Checkpoint
from bptui.session.divergence import Divergence, all_finite, not_finite
from bptui.session.evaluation import Metrics
from bptui.session.history import History
from bptui.session.method import Method, examples_of, same_updates
from bptui.session.pieces import Piece
from bptui.session.record import Record

Array = NDArray[Any]

KEPT_CHANGES = KEPT  # updates whose change of the weights can be asked for


class Trainer:
    """To be read: network, history, steps (updates done), position (operations done of the step in hand:
    0 between steps, all of them right after a stepped update until the next begins), stopped (the rule
    that held: "loss", "patience" or ""), divergence, since (the step from which on the arrays in place tell
    of updates made). To be set: eta, on_checkpoint."""

    def __init__(self, experiment: Experiment, seed: int | None = None) -> None:
        self.experiment = experiment
        self.seed = experiment.seed if seed is None else seed
        self.network = experiment.network(self.seed)
        self.steps = self.since = 0
        self.position = 0
        self.stopped = ""
        self.divergence: Divergence | None = None
        self.on_checkpoint: Callable[[Checkpoint], None] = lambda checkpoint: None
        self.chunk = 1
        self.restores = 0  # with `steps` it tells two states of the weights apart
        self._eta = float(experiment.eta)
        self._ahead = -1  # the step whose operations have been run ahead
        self.history = History()
        self._kept = Record(experiment)
        self._losses = self._kept.losses
        self._changes = Changes(self.network.parameters)
        self._piece = Piece()
        self._examples = examples_of(experiment, self.network)
        self._use(self._method())
        self._good = self.checkpoint()

    # ------------------------------------------------------------ where it stands

    @property
    def batches(self) -> int:
        """Updates of an epoch."""
        return self._batches.count

    @property
    def epochs(self) -> int:
        """Whole epochs done."""
        return self._batches.epochs(self.steps)

    def end(self, epochs: int) -> int:
        """The step at which so many whole epochs are done."""
        return self._batches.end(epochs)

    @property
    def eta(self) -> float:
        """The learning rate; a new one counts from the next update operation that runs."""
        return self._eta

    @eta.setter
    def eta(self, value: float) -> None:
        self._eta = self.optimizer.eta[...] = value
        self._good = self.checkpoint()

    @property
    def tape(self) -> Tape:
        """Of the batch in hand: the next one's, or right after a stepped update still that one's."""
        return self.tape_of(self.step_in_hand)

    def tape_of(self, step: int) -> Tape:
        """That worked, or will work, on the batch of `step`, from 0."""
        return self._batches.tape(self._batches.index(step))

    @property
    def step_in_hand(self) -> int:
        """The step, from 0, that the tape's arrays belong to."""
        return self.steps - 1 if self._just_updated else self.steps

    @property
    def rows(self) -> Array:
        """(batch,) rows of the training part in the batch in hand, a view."""
        return self.rows_of(self.step_in_hand)

    def rows_of(self, step: int) -> Array:
        """(batch,) rows of the training part in the batch of `step`, from 0; true until the order changes."""
        return self._batches.rows(step)

    @property
    def computed(self) -> int:
        """How many operations of the step in hand have their arrays in place, those run ahead included and
        those of an update left between two calls."""
        if self._piece.calls:
            before = self._batches.gather(self._batches.index(self.steps))
            return self._piece.operations(self.tape.operations, len(before))
        if not self.position and self._ahead == self.steps:
            return self.tape.gradients
        return self.position

    @property
    def inside_step(self) -> bool:
        """Between two operations of a step, its update still to come."""
        return 0 < self.position < self._operations

    @property
    def piece_left(self) -> bool:
        """An update was left between two calls."""
        return self._piece.calls > 0

    @property
    def _just_updated(self) -> bool:
        return self.position == self._operations

    def metrics(self, part: Part | None = None) -> Metrics:
        """Over a whole part (the training part where none is given) with the weights as they are."""
        return self.evaluator.evaluate(part or self.experiment.train).metrics

    def before(self, step: int) -> Array | None:
        """(P,) the parameters before update `step` (from 0) where it was watched and is one of the last
        three; else None."""
        return self._changes.before(step)

    # ------------------------------------------------------------ whole updates

    def step(self) -> None:
        """Finish the step begun, else make one whole update."""
        if self.inside_step:
            while not self._just_updated and not self.divergence:
                self.step_operation()
        else:
            self.train(1)
        if not self.divergence:
            self.position = 0

    def epoch(self) -> None:
        """To the end of the epoch, or to a divergence."""
        self.run(steps=self.end(self.epochs + 1), rules=False)

    def run(
        self,
        epochs: int | None = None,
        steps: int | None = None,
        rules: bool = True,
        until: Callable[[], bool] | None = None,
    ) -> str:
        """Train to the first of: a stop rule, so many epochs, so many steps, `until()` being true.

        epochs and steps count from step 0; with neither, the preset's epochs hold. Returns "loss",
        "patience", "epochs", "steps", "interrupted" or "diverged".
        """
        if epochs is None and steps is None:
            epochs = self.experiment.epochs
        by_epochs = float("inf") if epochs is None else self.end(epochs)
        limit = min(by_epochs, float("inf") if steps is None else steps)
        while self.steps < limit and not self.divergence and not (rules and self.stopped):
            if until is not None and until():
                return "interrupted"
            self.train(int(min(limit - self.steps, chunks.LONGEST)), rules, watched=False)
        if self.divergence:
            return "diverged"
        if rules and self.stopped:
            return self.stopped
        return "epochs" if limit == by_epochs else "steps"

    def train(self, count: int, rules: bool = False, watched: bool = True) -> None:
        """At most `count` whole updates, at most to the next checkpoint.

        Stops at the first non-finite number (`divergence`) and, with `rules`, where one holds
        (`stopped`), both at the exact update. watched: what the last few changed can be asked for; it
        costs a copy of the parameters each.
        """
        self.finish_piece()
        if self.divergence:
            return
        self.position, self.stopped = 0, ""
        self._renew_checkpoint()
        count = min(count, self._good.step + self.chunk - self.steps)
        began = perf_counter()
        with np.errstate(all="ignore"):
            self._run_steps(count, min(count, KEPT_CHANGES) if watched else 0)
            if not self._updates_finite():
                self._handle_divergence(rules)
                return
        self.chunk = chunks.longer(self.chunk, count, perf_counter() - began)
        self._record(rules)

    def train_piece(self, deadline: Callable[[], bool], rules: bool = False) -> None:
        """A part of one update: it is left between two calls when `deadline()`, and the next piece takes it
        up. The update operation itself is not left: the weights are never half new."""
        if self.divergence:
            return
        if not self._piece.calls:
            self.position, self.stopped, self._ahead = 0, "", -1
            self._renew_checkpoint()
            self._batches.begin(self.steps)
            self._keep_before()
        program = self.method.programs[self._batches.index(self.steps)]
        update = len(program) - 1 - len(self.tape.operations[-1].calls)
        with np.errstate(all="ignore"):
            if not self._piece.run(program, update, deadline):
                return
            self.steps += 1
            if not self._updates_finite():
                self._handle_divergence(rules)
                return
        self._record(rules)

    def finish_piece(self, rules: bool = False) -> None:
        """Make the update that was left between two calls whole."""
        if self._piece.calls:
            self.train_piece(lambda: False, rules)

    def _renew_checkpoint(self) -> None:
        if self.steps - self._good.step >= self.chunk:
            self._good = self.checkpoint()
            self.on_checkpoint(self._good)

    def _run_steps(self, count: int, apart: int) -> None:
        """The last of them one by one, the weights before each kept."""
        self._ahead = -1
        end = self.steps + count
        while self.steps < end - apart:
            self.steps += self.method.run_within_epoch(self.steps, end - apart - self.steps)
        for _ in range(apart):
            self._keep_before()
            self.steps += self.method.run_within_epoch(self.steps, 1)

    def _keep_before(self) -> None:
        copied = self._good.parameters if self._good.step == self.steps else None
        self._changes.keep(self.steps, copied)

    def _updates_finite(self) -> bool:
        """Those just made."""
        return all(map(isfinite, self._losses)) and all_finite(self.tape_of(self.steps - 1))

    # ------------------------------------------------------------ records and rules

    def _record(self, rules: bool) -> None:
        """The losses of the updates just made; with `rules`, back to where one held."""
        taken = self._kept.take(len(self.history), rules)
        if taken.stop is not None and taken.stop[0] < self.steps:
            self._replay_from_checkpoint(taken.stop[0])
        else:
            self.history.extend(taken.losses)
            self._kept.keep(taken)
        if taken.stop is not None:
            self.stopped = taken.stop[1]

    def _replay_from_checkpoint(self, step: int) -> None:
        self.restore(self._good)
        while self.steps < step and not self.divergence:
            self.train(step - self.steps)

    def _handle_divergence(self, rules: bool) -> None:
        """Replay operation by operation to the first number that is not finite, and stand before its update;
        unless a rule held before. In what came after it a rule may seem to hold: the replay tells."""
        end, taken = self.steps, self._kept.take(len(self.history), rules)
        if taken.stop is not None:
            self._replay_from_checkpoint(taken.stop[0])
            self.stopped = "" if self.divergence else taken.stop[1]
            return
        self.restore(self._good)
        while not self.divergence and self.steps < end:
            self.step_operation()

    # ------------------------------------------------------------ one operation

    def step_operation(self, rules: bool = False) -> None:
        """The next operation of the step in hand, or the first of the next step. With `rules`, an update
        that ends an epoch at which one holds says so (`stopped`)."""
        if self.divergence:
            return
        self.stopped = ""
        if not self.inside_step:
            self._begin_step()
        tape, operation = self.tape, self.tape.operations[self.position]
        if operation.kind is Kind.UPDATE:
            self._good = self.checkpoint()
            self.on_checkpoint(self._good)
            self._keep_before()
        with np.errstate(all="ignore"):
            operation.run()
            found = not_finite(tape, operation)
        self.position += 1
        if found is not None:
            self._stop_at(found)
        elif operation.kind is Kind.UPDATE:
            self._losses.append(tape.read_loss())
            self.steps += 1
            self.position = 0
            self._record(rules)
            self.position = self._operations

    def rerun(self, position: int) -> None:
        """Run the step in hand again up to its operation `position`, before the update: no bit changes."""
        self._begin_step()
        with np.errstate(all="ignore"):
            for operation in self.tape.operations[:position]:
                operation.run()
        self.position = position

    def look_ahead(self) -> None:
        """Between steps, run the next step up to its last gradient, so that its arrays can be seen."""
        if not (self.position or self._piece.calls or self.divergence) and self._ahead != self.steps:
            self.rerun(self.tape.gradients)
            self.position, self._ahead = 0, self.steps

    def gather(self) -> None:
        """Between steps, put the next batch's inputs and targets in place, with nothing computed yet."""
        if not (self.computed or self._piece.calls or self.divergence):
            self._begin_step()

    def _begin_step(self) -> None:
        self.position, self._ahead, self._piece.calls = 0, -1, 0
        self._batches.begin(self.steps)
        for call in self._batches.gather(self._batches.index(self.steps)):
            call()

    def _stop_at(self, found: tuple[int | None, str]) -> None:
        """Keep the arrays as they are for the eye; an update is undone, so that the weights are finite."""
        self.divergence = Divergence(self.steps + 1, self.position, *found)
        if self.position == self._operations:
            self._good.copy_into(self.network.parameters, self.optimizer)
            self.position -= 1

    # ------------------------------------------------------------ checkpoints

    def checkpoint(self) -> Checkpoint:
        """Copies of all that an update changes."""
        return Checkpoint(
            self.steps,
            self.network.parameters.copy(),
            tuple(moment.copy() for moment in self.optimizer.moments),
            self.optimizer.t,
            self.eta,
            self._kept.epoch_sum,
            self._kept.rules,
            self.history.tail(),
            self._batches.begun,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Stand at the checkpoint's step, before its first operation. It was taken of the updates that are
        made now (`change` brings them back)."""
        checkpoint.copy_into(self.network.parameters, self.optimizer)
        self._batches.begun, self.since = checkpoint.begun, checkpoint.step
        self._eta = self.optimizer.eta[...] = checkpoint.eta
        self.restores += 1
        self._changes.forget(checkpoint.step)
        self._piece.calls = 0
        self.steps, self.position, self._ahead = checkpoint.step, 0, -1
        self._kept.epoch_sum, self._kept.rules = checkpoint.epoch_sum, checkpoint.rules
        self.history.rewind(checkpoint.tail)
        self.divergence, self.stopped = None, ""
        self._good = checkpoint

    # ------------------------------------------------------------ how updates are made

    def change(self, experiment: Experiment) -> None:
        """Train on by another experiment with the same examples and network: weights, steps, η and past stay.

        Where the updates become other ones it is to stand between two; the next is the first of them. The
        same optimizer keeps its state, another begins from zero; with other batches the epoch begun begins
        again (session/batches.py). Another patience counts from here. Nothing else interrupts a step begun.
        """
        old, self.experiment = self.experiment, experiment
        self._kept.stop_by(experiment)
        if not same_updates(old, experiment):
            self._change_updates()
        if experiment is not old:
            self._good = self.checkpoint()

    def switch(self, off: Set[tuple[int, int]], held: Set[int]) -> None:
        """From the next update on exactly these hidden units, (layer, unit), say nothing and these layers are
        held still; layers from 1, units from 0. A step begun starts again."""
        network = self.network
        if off != self.off:
            network.off = tuple(
                np.array([(l, unit) in off for unit in range(n)], bool)
                for l, n in enumerate(network.sizes[1:-1], start=1)
            )
            self.restores += 1  # the same weights, but other answers
        elif held == network.held:
            return
        network.held = frozenset(held)
        self._change_updates()
        self._good = self.checkpoint()

    @property
    def off(self) -> frozenset[tuple[int, int]]:
        """The hidden units that are switched off: (layer from 1, unit from 0)."""
        masks = enumerate(self.network.off, start=1)
        return frozenset((l, int(unit)) for l, mask in masks for unit in np.flatnonzero(mask))

    def set_weight(self, layer: int, unit: int, source: int | None, value: float) -> None:
        """By hand; layer from 1, unit and source from 0, None is the bias. A step begun starts again."""
        network = self.network
        owner = network.biases[layer - 1] if source is None else network.weights[layer - 1][:, source]
        owner[unit] = value
        self.restores += 1
        self.since = self.steps  # what the last update changed cannot be told any more
        self._changes.forget(0)
        self.position, self._ahead = 0, -1
        self._good = self.checkpoint()

    def _change_updates(self) -> None:
        before = self._batches.begun
        method = self._method()
        method.take_over(self.method, self.steps)
        self._use(method)
        self.since, self.chunk = self.steps, 1
        self.position, self._ahead = 0, -1
        if self._batches.begun != before:
            self._kept.epoch_sum = 0.0

    def _method(self) -> Method:
        record = self._losses.append
        return Method(self.experiment, self.seed, self.network, self._examples, record)

    def _use(self, method: Method) -> None:
        self.method = method
        self.penalty, self.optimizer, self.evaluator = method.penalty, method.optimizer, method.evaluator
        self._batches, self._operations = method.batches, method.operations
        self._kept.of(method.batches)
        self.optimizer.eta[...] = self._eta
