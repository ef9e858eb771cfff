"""A run trained again from nothing, and compared with what was kept of it, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.explain.numbers import layer_sup, sub
from bptui.nn.network import Network
from bptui.nn.optimizers import OPTIMIZERS
from bptui.session.branches import Branch, Branches, End, Root
from bptui.session.checkpoints import Checkpoint
from bptui.session.journal import Journal
from bptui.session.kept import KeptBranch, Snapshot
from bptui.session.memory import Memory
from bptui.session.samples import Samples
from bptui.session.timeline import Timeline

Array = NDArray[Any]


class Difference(NamedTuple):
    """The first one: branch by its number, updates made there; what: such as "w₂₁⁽¹⁾"; its value in the file
    and here, None where the training diverged before."""

    branch: int
    step: int
    what: str
    stored: float
    computed: float | None


class Replayed(NamedTuple):
    """checkpoints: compared, the ends of branches among them; updates: made anew, those that branches share
    once."""

    branches: int
    checkpoints: int
    updates: int
    difference: Difference | None


class Again(Timeline):
    """A timeline of no branches: it goes along any journal, from what it has trained itself."""

    def __init__(self) -> None:
        memory = Memory()
        self._own(Branches(memory), memory)
        self.branch = Branch(0, None, Journal.of(1.0))  # type: ignore[arg-type]  # of no beginning yet
        self.made = 0

    def checkpoint(self, root: Root, journal: Journal, step: int) -> Checkpoint:
        """Of that step, with all that the journal has changed; of an earlier step where it diverges there."""
        if root is not self.branch.root:
            self._begin(Branch(0, root, journal))
        self.branch, self.samples = Branch(0, root, journal, end=End(step)), Samples()
        self._go_to(step)
        return self.trainer.checkpoint()


def replay(kept: Snapshot, passed: Callable[[int], None] = lambda steps: None) -> Replayed:
    """Branch by branch, up to the first difference. passed: told the updates whose steps were compared."""
    again, memory = Again(), Memory()
    roots = [Root(root.experiment, root.seed, root.first, memory) for root in kept.roots]
    compared, seen, steps = 0, set[int](), 0
    for branch in kept.branches:
        root, reached = roots[branch.root], 0 if branch.anew else branch.left_at
        for journal, stored in _to_compare(kept, branch):
            if id(stored) in seen:
                continue
            seen.add(id(stored))
            difference = _first_difference(stored, again.checkpoint(root, journal, stored.step), again)
            steps += max(stored.step - reached, 0)
            reached = max(reached, stored.step)
            passed(steps)
            if difference is not None:
                return Replayed(
                    len(kept.branches), compared, steps, difference._replace(branch=branch.number)
                )
            compared += 1
    return Replayed(len(kept.branches), compared, steps, None)


def updates(kept: Snapshot) -> int:
    """How many a replay makes."""
    return sum(max(b.end.step - (0 if b.anew else b.left_at), 0) for b in kept.branches)


def _to_compare(kept: Snapshot, branch: KeptBranch) -> Iterator[tuple[Journal, Checkpoint]]:
    """Each with the changes that were made before it: a checkpoint is of the moment before those at its own
    step, an end of that after them."""
    for checkpoint in kept.roots[branch.root].past.along(branch.journal):
        if checkpoint.step <= branch.end.step:
            yield branch.journal.until(checkpoint.step - 1), checkpoint
    if branch.final is not None:
        yield branch.journal.until(branch.end.step), branch.final


def _first_difference(stored: Checkpoint, made: Checkpoint, again: Again) -> Difference | None:
    if made.step != stored.step:
        found = again.trainer.divergence
        step = made.step if found is None else found.step
        return Difference(0, step, "the training diverges here", float(stored.step), None)
    network, now = again.trainer.network, again.branch.journal.at(stored.step)
    names = OPTIMIZERS[now.keys["optimizer"]].moment_names
    pairs = [("", stored.parameters, made.parameters)]
    pairs += [(f"{n} of ", s, m) for n, s, m in zip(names, stored.moments, made.moments, strict=True)]
    for prefix, mine, theirs in pairs:
        at = _first_of(mine, theirs)
        if at is not None:
            what = prefix + parameter_name(network, at)
            return Difference(0, stored.step, what, float(mine[at]), float(theirs[at]))
    if stored.t != made.t:
        return Difference(0, stored.step, "the optimizer's count t", float(stored.t), float(made.t))
    last, computed = np.array(stored.tail.final), np.array(made.tail.final)
    if last.tobytes() != computed.tobytes():
        return Difference(0, stored.step, "the last update's loss", float(last), float(computed))
    return None


def _first_of(one: Array, other: Array) -> int | None:
    """The place of the first number with other bits."""
    if one.tobytes() == other.tobytes():
        return None
    bits = np.uint64 if one.dtype.itemsize == 8 else np.uint32
    return int(np.flatnonzero(one.view(bits) != other.view(bits))[0])


def parameter_name(network: Network, place: int) -> str:
    """That of the flat vector's number there: w₃₁⁽¹⁾ ends at unit 3."""
    for layer, block in enumerate(network.blocks, start=1):
        if place < block.size:
            row, column = divmod(place, block.shape[1])
            bias = column == block.shape[1] - 1
            ends = sub(row + 1) + ("" if bias else sub(column + 1))
            return f"{'b' if bias else 'w'}{ends}{layer_sup(layer)}"
        place -= block.size
    raise IndexError(place)
