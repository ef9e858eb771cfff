"""How an experiment's updates are made: optimizer, penalty, batches and their programs, over one network.

A key changed in a live run makes another method over the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

from bptui.experiment.build import Experiment
from bptui.nn.losses import loss_for
from bptui.nn.network import Network
from bptui.nn.operation import Call
from bptui.nn.optimizers import OPTIMIZERS, Optimizer
from bptui.nn.tape import Examples, Penalty, Tape
from bptui.session.batches import Batches
from bptui.session.evaluation import Evaluator


def examples_of(experiment: Experiment, network: Network) -> Examples:
    """The training part as tapes read it; every method of a run shares it."""
    train = experiment.train
    loss = loss_for(experiment.loss, network.activations[-1], train.targets)
    return Examples(train.inputs, train.targets, loss, network.dtype)


class Method:
    """By the switched-off units and the held layers that the network has when it is made.

    record: takes each update's loss. programs: all calls of the step on each batch of an epoch: gather,
    operations, record.
    """

    def __init__(
        self,
        experiment: Experiment,
        seed: int,
        network: Network,
        examples: Examples,
        record: Callable[[float], None],
    ) -> None:
        self.penalty = Penalty(experiment.l1, experiment.l2)
        self.optimizer = _optimizer(experiment, network)
        self.evaluator = Evaluator(experiment, network, self.penalty)

        def make_tape(batch: int) -> Tape:
            return Tape(network, examples, batch, self.optimizer, self.penalty)

        self.batches = Batches.of(experiment, seed, examples, make_tape)
        self.operations = len(self.batches.tape(0).operations)
        self.programs = [self._program(i, record) for i in range(self.batches.count)]

    def _program(self, index: int, record: Callable[[float], None]) -> tuple[Call, ...]:
        tape = self.batches.tape(index)
        read = tape.read_loss
        return (*self.batches.gather(index), *tape.calls, lambda: record(read()))

    def run_within_epoch(self, step: int, count: int) -> int:
        """At most `count` updates from `step` (from 0) on, at most to the epoch's end (a full batch knows no
        end); how many."""
        first = self.batches.index(step)
        self.batches.begin(step)
        programs: Iterable[tuple[Call, ...]]
        if self.batches.count == 1:
            programs = repeat(self.programs[0], count)
        else:
            count = min(count, self.batches.count - first)
            programs = self.programs[first : first + count]
        for program in programs:
            for run in program:
                run()
        return count

    def take_over(self, other: Method, steps: int) -> None:
        """After so many updates that were made by `other`: the same optimizer keeps its state, another one
        begins from zero."""
        self.batches.begun = other.batches.changed_at(steps, self.batches)
        if type(self.optimizer) is type(other.optimizer):
            for mine, theirs in zip(self.optimizer.moments, other.optimizer.moments, strict=True):
                mine[...] = theirs
            self.optimizer.t = other.optimizer.t


def same_updates(one: Experiment, other: Experiment) -> bool:
    """Whether both make the same updates, apart from η."""
    return _what_counts(one) == _what_counts(other)


def _what_counts(experiment: Experiment) -> tuple[Any, ...]:
    e = experiment
    return (e.optimizer, e.optimizer_options, e.batch_size, e.shuffle, e.l1, e.l2)


def _optimizer(experiment: Experiment, network: Network) -> Optimizer:
    make = OPTIMIZERS[experiment.optimizer]
    options = experiment.optimizer_options
    return make(network.parameters, network.gradient, experiment.eta, options, network.moving)
