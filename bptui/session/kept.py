"""A run at one moment, held by what nobody writes to any more: to be saved in a thread, shared, replayed.

`snapshot` is taken between two slices and is quick; `taken_up` makes a run of one, which stands where it was
left.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from bptui.experiment.build import Experiment
from bptui.session.branches import Branch, Branches, End, Root, Stands
from bptui.session.checkpoints import Checkpoint
from bptui.session.frame import Sample
from bptui.session.history import Curve
from bptui.session.journal import InForce, Journal
from bptui.session.live import LiveRun
from bptui.session.machine import made_by
from bptui.session.memory import Memory
from bptui.session.pace import Clock, Speed
from bptui.session.past import Past
from bptui.session.timeline import Place, TakenBack, Timeline
from bptui.session.written import Shape


class KeptRoot(NamedTuple):
    """As a Root, at one moment; past: nobody adds to it."""

    experiment: Experiment
    seed: int
    first: InForce
    past: Past

    @property
    def shape(self) -> Shape:
        return Shape(self.experiment.sizes, self.experiment.dtype)


class KeptBranch(NamedTuple):
    """As a Branch, at one moment; root, parent: its root's place among the roots, the parent's number."""

    number: int
    root: int
    journal: Journal
    parent: int | None
    left_at: int
    anew: bool
    name: str
    end: End
    curve: Curve | None
    samples: tuple[Sample, ...]
    loss: float | None
    final: Checkpoint | None


class Snapshot(NamedTuple):
    """A run at one moment. place: where it stood, came_from: where it had stood before it looked elsewhere;
    taken_back: where it stood when changes were taken back. made_by: bptui, NumPy, machine."""

    roots: tuple[KeptRoot, ...]
    branches: tuple[KeptBranch, ...]
    next_number: int
    place: Place
    came_from: Place | None
    taken_back: tuple[TakenBack, ...]
    stands: Stands
    speed: Speed
    made_by: dict[str, Any]

    @property
    def branch(self) -> KeptBranch:
        """The one in hand."""
        return next(branch for branch in self.branches if branch.number == self.place.branch)

    @property
    def title(self) -> str:
        return self.roots[self.branch.root].experiment.title


def snapshot(run: LiveRun) -> Snapshot:
    """The run as it is between two slices. Nothing of it changes, but that it knows its end."""
    timeline, trainer = run.timeline, run.trainer
    timeline.leave()
    roots = list(dict.fromkeys(branch.root for branch in timeline.branches))
    here = timeline.place._replace(position=0) if trainer.divergence else timeline.place
    return Snapshot(
        tuple(KeptRoot(root.experiment, root.seed, root.first, root.past.copy()) for root in roots),
        tuple(_kept_branch(branch, roots, timeline) for branch in timeline.branches),
        timeline.branches.next_number,
        here,
        run.came_from,
        tuple(timeline.taken_back),
        run.stands(),
        run.pace.speed,
        made_by(),
    )


def _kept_branch(branch: Branch, roots: list[Root], timeline: Timeline) -> KeptBranch:
    told = {sample.step: sample for sample in branch.samples}
    if branch is timeline.branch:
        told |= {sample.step: sample for sample in timeline.samples.told()}
    return KeptBranch(
        branch.number,
        roots.index(branch.root),
        branch.journal,
        None if branch.parent is None else branch.parent.number,
        branch.left_at,
        branch.anew,
        branch.name,
        branch.end,
        branch.curve,
        tuple(told[step] for step in sorted(told)),
        branch.loss,
        branch.final,
    )


def taken_up(kept: Snapshot, memory: Memory, clock: Clock) -> LiveRun:
    """A run that stands where that one was left, paused."""
    branches = restored(kept, memory)
    timeline = Timeline.taken_up(branches, kept.place, kept.taken_back, memory)
    run = LiveRun(timeline, kept.speed, clock)
    run.moved(kept.stands)
    run.came_from = kept.came_from
    return run


def restored(kept: Snapshot, memory: Memory) -> Branches:
    """The branches as they were kept, with their checkpoints."""
    roots = [Root(root.experiment, root.seed, root.first, memory) for root in kept.roots]
    branches = Branches(memory)
    for one in kept.branches:
        root = roots[one.root]
        for checkpoint in kept.roots[one.root].past.along(one.journal):
            root.past.add(one.journal, checkpoint)
        parent = None if one.parent is None else branches.get(one.parent)
        rest = (one.left_at, one.anew, one.name, one.end, one.curve, one.samples, one.loss, one.final)
        branches.put(Branch(one.number, root, one.journal, parent, *rest))
    branches.next_number = kept.next_number
    return branches
