"""A run's branches as they are shown: where each left which, what was changed then, how far it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from bptui.experiment.schema import Preset
from bptui.session import words
from bptui.session.branches import Branch, Root
from bptui.session.history import Column
from bptui.session.journal import InForce, change_labels
from bptui.session.timeline import Timeline


class BranchView(NamedTuple):
    """left_at: the parent's step; why: what was changed there, such as "η 0.5", or how it began anew; anew:
    it began from step 0; changes: those made on it after that; step, loss: of its end, the loss on the batch
    that comes next; own: updates that no other has made. number and parent as in Jump."""

    number: int
    name: str
    parent: int | None
    left_at: int
    anew: bool
    why: str
    changes: int
    step: int
    own: int
    loss: float | None
    diverged: bool
    current: bool


def tree(timeline: Timeline) -> tuple[BranchView, ...]:
    """Of the run, in the order in which they began."""
    return tuple(_view(timeline, branch) for branch in timeline.branches)


def losses(timeline: Timeline, number: int, width: int) -> tuple[Column, ...]:
    """A branch's whole curve in at most `width` columns. ActionableError where there is no such branch."""
    branch = timeline.branches.get(number)
    if branch is timeline.branch and not timeline.in_the_past:
        return tuple(timeline.trainer.history.columns(width))
    return branch.columns(width, 0)


def _view(timeline: Timeline, branch: Branch) -> BranchView:
    current = branch is timeline.branch
    end, trainer = branch.end, timeline.trainer
    at_its_end = current and trainer.steps >= end.step
    loss = timeline.loss_here() if at_its_end else branch.last_loss
    step = trainer.steps if at_its_end else end.step
    later = [entry for entry in branch.journal.entries if entry.step > _begun_at(branch)]
    return BranchView(
        number=branch.number,
        name=branch.name,
        parent=None if branch.parent is None else branch.parent.number,
        left_at=branch.left_at,
        anew=branch.anew,
        why=_why(branch),
        changes=len(later),
        step=step,
        own=max(step - _begun_at(branch), 0),
        loss=loss,
        diverged=trainer.divergence is not None if at_its_end else end.diverged,
        current=current,
    )


def _begun_at(branch: Branch) -> int:
    """The first step that is its own."""
    return 0 if branch.anew or branch.parent is None else branch.left_at


def _why(branch: Branch) -> str:
    """What it began with that the other had not."""
    parent, step = branch.parent, _begun_at(branch)
    before, now = branch.journal.before(step), branch.journal.at(step)
    here = [entry.command for entry in branch.journal.between(step, step)]
    if parent is None:
        return ", ".join(["the beginning", *change_labels(before, now, here)])
    if branch.anew:
        return _beginning(
            branch, parent, change_labels(before._replace(eta=now.eta, keys=now.keys), now, here)
        )
    if labels := change_labels(before, now, here):
        return ", ".join(labels)
    there = [entry.command for entry in parent.journal.between(step, step)]
    left = change_labels(before, parent.journal.at(step), there)
    return f"without {', '.join(left)}" if left else "trained on"


def _beginning(branch: Branch, parent: Branch, more: Sequence[str]) -> str:
    """Of its first update, against the one that would have come next where it left; more: of no key."""
    old, new = parent.root, branch.root
    before, now = _preset(old, parent.journal.at(branch.left_at)), _preset(new, branch.journal.at(0))
    return ", ".join([words.of_beginning((old.experiment, before), (new.experiment, now)), *more])


def _preset(root: Root, now: InForce) -> Preset:
    preset = root.experiment.preset
    training = replace(preset.training, **{**now.keys, "eta": now.eta, "seed": root.seed})
    return replace(preset, training=training)
