"""A run's branches: each way that training took, as a tree of where each left the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bptui.errors import ActionableError
from bptui.experiment.build import Experiment
from bptui.experiment.changes import as_it_stands, update_keys
from bptui.experiment.schema import Preset
from bptui.session.checkpoints import Checkpoint
from bptui.session.frame import Sample
from bptui.session.history import Column, Curve
from bptui.session.journal import InForce, Journal
from bptui.session.memory import Memory
from bptui.session.past import Past
from bptui.session.trainer import Trainer

MOST = 100  # branches of a run
LONGEST_NAME = 40  # characters


class Root:
    """Where training begins from: an experiment, a seed, and what is in force before any change."""

    def __init__(self, experiment: Experiment, seed: int, first: InForce, memory: Memory) -> None:
        self.experiment, self.seed, self.first = experiment, seed, first
        self.past = Past(memory)

    @classmethod
    def of(
        cls, experiment: Experiment, memory: Memory, seed: int | None = None, first: InForce | None = None
    ) -> Root:
        """Where an experiment begins of itself, but for another seed and other things in force."""
        keys = update_keys(experiment.preset.training)
        begun = InForce(float(experiment.eta), keys) if first is None else first._replace(keys=keys)
        return cls(experiment, experiment.seed if seed is None else seed, begun, memory)

    @property
    def preset(self) -> Preset:
        """With its η and its seed."""
        return as_it_stands(self.experiment, self.first.eta, self.seed)

    def trainer(self) -> Trainer:
        """One that stands at step 0."""
        trainer = Trainer(self.experiment, self.seed)
        trainer.eta = self.first.eta
        trainer.switch(self.first.off, self.first.held)
        return trainer


class Stands(NamedTuple):
    """What is known of a run's running: stop rules hold, which one has stopped it (in words), operations go
    by one at a time."""

    rules: bool = True
    stop_reason: str = ""
    stepping: bool = False


class End(NamedTuple):
    """How a branch stood when it was left: updates made, operations done of the step in hand (a stepped
    update's whole step, right after it)."""

    step: int = 0
    position: int = 0
    diverged: bool = False
    stands: Stands = Stands()


@dataclass(eq=False)
class Branch:
    """One way. curve, samples, loss (of the weights there, on the batch that comes next), final: of its end,
    where they were taken; None for the one in hand, which stands there itself. left_at: the step of the
    parent at which it left. anew: it began from step 0."""

    number: int
    root: Root
    journal: Journal
    parent: Branch | None = None
    left_at: int = 0
    anew: bool = True
    name: str = ""
    end: End = field(default_factory=End)
    curve: Curve | None = None
    samples: tuple[Sample, ...] = ()
    loss: float | None = None
    final: Checkpoint | None = None

    @property
    def last_loss(self) -> float | None:
        """At its end; where that was not looked at, of its last update."""
        if self.loss is not None or self.curve is None:
            return self.loss
        return self.curve.last_value

    def columns(self, width: int, first: int) -> tuple[Column, ...]:
        """Of its curve, where it was left at its end: the losses of the updates after `first`."""
        if self.curve is None or self.curve.length <= first:
            return ()
        return tuple(self.curve.columns(width, first))

    @property
    def bytes(self) -> int:
        """What its end holds."""
        return (self.curve.bytes if self.curve else 0) + (self.final.size if self.final else 0)

    def thin(self) -> bool:
        """Give up the weights of its end, which can be trained again; its curve goes with the branch."""
        given, self.final = self.final is not None, None
        return given

    @property
    def own_updates(self) -> int:
        """Updates that no other branch has made."""
        return self.end.step if self.anew else max(self.end.step - self.left_at, 0)

    @property
    def is_empty(self) -> bool:
        """It has neither updates of its own nor a name."""
        return not (self.own_updates or self.end.position or self.end.diverged or self.name)


class Branches:
    """By number, in the order in which they began."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._all: dict[int, Branch] = {}
        self._next = 1

    def __iter__(self) -> Iterator[Branch]:
        return iter(self._all.values())

    def __len__(self) -> int:
        return len(self._all)

    @property
    def next_number(self) -> int:
        """Of the branch that begins next: a number is never given twice."""
        return self._next

    @next_number.setter
    def next_number(self, number: int) -> None:
        self._next = max(self._next, number)

    def get(self, number: int) -> Branch:
        """ActionableError where there is none."""
        if number not in self._all:
            raise ActionableError(f"branch {number}", "there is none of that number")
        return self._all[number]

    def begin(self, root: Root, journal: Journal, parent: Branch | None, left_at: int, anew: bool) -> Branch:
        """Another one."""
        branch = Branch(self._next, root, journal, parent, left_at, anew)
        self.put(branch)
        return branch

    def put(self, branch: Branch) -> None:
        """One with a number of its own."""
        self._all[branch.number] = branch
        self._next = max(self._next, branch.number + 1)
        self._memory.keep(branch)

    def children(self, branch: Branch) -> list[Branch]:
        """Those that left it."""
        return [other for other in self if other.parent is branch]

    def name(self, number: int, name: str) -> None:
        """ActionableError where the name is too long or no text."""
        name = name.strip()
        if len(name) > LONGEST_NAME or not name.isprintable():
            raise ActionableError("name", f"at most {LONGEST_NAME} printable characters name a branch")
        self.get(number).name = name

    def drop(self, branch: Branch) -> None:
        """Those that left it hang on the one that it left."""
        for child in self.children(branch):
            child.parent = branch.parent
            if branch.parent is not None and branch.parent.root is branch.root:
                child.left_at = min(child.left_at, branch.left_at)
            elif branch.parent is not None:
                child.left_at, child.anew = branch.left_at, True
        del self._all[branch.number]
        self._memory.drop(branch)

    def drop_oldest(self, needed: set[int]) -> None:
        """Where there are more than MOST, an empty one, else one that has no name and that no other left;
        none that is needed."""
        if len(self) <= MOST:
            return
        others = [branch for branch in self if branch.number not in needed and not branch.name]
        leaves = [branch for branch in others if not self.children(branch)]
        for branch in [branch for branch in others if branch.is_empty] or leaves:
            self.drop(branch)
            return
