"""Two branches of a run side by side: their curves, the changes that separate them, how far apart their
weights are. Each is taken at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.experiment.changes import changed_paths
from bptui.experiment.schema import Effect, declared
from bptui.nn.network import Network
from bptui.nn.sizes import norm
from bptui.session import words
from bptui.session.branches import Branch, Root
from bptui.session.history import Column
from bptui.session.journal import Journal, change_labels
from bptui.session.marks import Mark
from bptui.session.timeline import MOST, Timeline
from bptui.session.tree import BranchView, losses, tree

Array = NDArray[Any]


class Side(NamedTuple):
    """One of two branches; changes: those that were made since the ways parted."""

    branch: BranchView
    losses: tuple[Column, ...]
    changes: tuple[Mark, ...]


class Apart(NamedTuple):
    """Of one layer, from 1: ‖W‖ of the one and of the other, ‖W − W′‖, and ‖b − b′‖."""

    layer: int
    activation: str
    one: float
    other: float
    weights: float
    biases: float

    @property
    def relative(self) -> float | None:
        """‖W − W′‖ / ‖W‖, None where that is 0."""
        return self.weights / self.one if self.one else None


class Comparison(NamedTuple):
    """parted: the step up to which both are the same, None where they began differently: then `beginning`
    says how. layers: empty where the weights cannot be compared: then `obstacle` says why."""

    one: Side
    other: Side
    parted: int | None
    beginning: str
    layers: tuple[Apart, ...]
    obstacle: str


def compare(timeline: Timeline, one: int, other: int) -> Comparison:
    """Two branches by their numbers. ActionableError where there is none of a number."""
    ways = (timeline.branches.get(one), timeline.branches.get(other))
    parted = _parted(timeline, *ways)
    apart, obstacle = _apart(timeline, *ways)
    views = {view.number: view for view in tree(timeline)}
    sides = [
        Side(views[way.number], losses(timeline, way.number, MOST), tuple(_changes(way.journal, parted or 0)))
        for way in ways
    ]
    return Comparison(
        one=sides[0],
        other=sides[1],
        parted=parted,
        beginning=_beginning(ways[0].root, ways[1].root) if parted is None else "",
        layers=apart,
        obstacle=obstacle,
    )


# ---------------------------------------------------------------- where they parted


def _parted(timeline: Timeline, one: Branch, other: Branch) -> int | None:
    if not _begin_alike(one.root, other.root):
        return None
    ends = [timeline.end if way is timeline.branch else way.end.step for way in (one, other)]
    for mine, theirs in zip_longest(one.journal.groups(), other.journal.groups()):
        if mine != theirs:
            return min([group[0] for group in (mine, theirs) if group is not None] + ends)
    return min(ends)


def _begin_alike(one: Root, other: Root) -> bool:
    """To the bit: a reset begins as the run before it did."""
    return one is other or (one.first == other.first and not any(map(_matters, _paths(one, other))))


def _paths(one: Root, other: Root) -> tuple[str, ...]:
    return changed_paths(one.preset, other.preset)


def _matters(path: str) -> bool:
    """To the numbers; a key that counts at once is no update's."""
    key = declared(path)
    return key is None or key.effect is not Effect.AT_ONCE


def _beginning(one: Root, other: Root) -> str:
    told = [words.of_beginning((one.experiment, one.preset), (other.experiment, other.preset))]
    if not _paths(one, other):
        told = []
    switched = one.first._replace(off=other.first.off, held=other.first.held)
    return "; ".join([*told, *change_labels(one.first, switched, ())])


def _changes(journal: Journal, since: int) -> Iterator[Mark]:
    """From a step on, what was set there before its update included."""
    for step, entries in journal.groups():
        if step >= since:
            made = [entry.command for entry in entries]
            yield Mark(step, ", ".join(change_labels(journal.before(step), journal.at(step), made)))


# ---------------------------------------------------------------- their weights


def _apart(timeline: Timeline, one: Branch, other: Branch) -> tuple[tuple[Apart, ...], str]:
    sizes = [way.root.experiment.sizes for way in (one, other)]
    if sizes[0] != sizes[1]:
        shapes = " and ".join("-".join(map(str, layers)) for layers in sizes)
        return (), f"{shapes} are networks of different shapes: weight for weight they cannot be compared"
    found = [_weights(timeline, way) for way in (one, other)]
    if found[0] is None or found[1] is None:
        return (), "the weights at an end are not kept"
    with np.errstate(all="ignore"):  # of weights near a divergence there is much that overflows
        return tuple(_layers(found[0], found[1], one.root.experiment.activations)), ""


def _weights(timeline: Timeline, branch: Branch) -> list[Array] | None:
    """[W b] of each layer at the branch's end; None where that is not kept."""
    if branch is timeline.branch and not timeline.in_the_past:
        return timeline.trainer.network.blocks
    if branch.final is None:
        return None
    made = branch.root.experiment
    return Network(made.sizes, made.activations, made.dtype).layers_of(branch.final.parameters)


def _layers(one: Sequence[Array], other: Sequence[Array], activations: Sequence[str]) -> Iterator[Apart]:
    for number, (mine, theirs, activation) in enumerate(zip(one, other, activations, strict=True), start=1):
        mine, theirs = mine.astype(float), theirs.astype(float)
        away = mine - theirs
        yield Apart(
            number,
            activation,
            norm(mine[:, :-1]),
            norm(theirs[:, :-1]),
            norm(away[:, :-1]),
            norm(away[:, -1]),
        )
