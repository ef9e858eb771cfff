"""What moves a run in time: back, to any step, from branch to branch. No number of it is changed.

Each function carries out one command on a run and returns what to tell the user.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bptui.errors import ActionableError
from bptui.session import commands as c
from bptui.session.live import LiveRun
from bptui.session.running import pause_at_once
from bptui.session.timeline import Place


def back(run: LiveRun, command: c.Back) -> str:
    """One operation, else one update; at the beginning of a run to the one before."""
    pause_at_once(run)
    trainer = run.trainer
    run.stop_reason, run.came_from = "", None
    if trainer.divergence and not run.stepping:
        run.timeline.go_to(trainer.steps)
        return f"step {trainer.steps:,}, the last with finite numbers"
    if run.stepping and trainer.position:
        run.stepping = run.timeline.operation_back()
        return "" if run.stepping else "This is the start"
    run.stepping = False
    if trainer.steps:
        run.timeline.go_to(trainer.steps - 1)
        return f"back to step {trainer.steps:,}"
    return _back_to_run_before(run)


def _back_to_run_before(run: LiveRun) -> str:
    branch = run.timeline.branch
    if branch.parent is None:
        return "This is the start"
    _go_to_place(run, Place(branch.parent.number, branch.left_at))
    return f"back in the run before: seed {run.trainer.seed}, step {run.trainer.steps:,}"


def back_epoch(run: LiveRun, command: c.BackEpoch) -> str:
    """To the start of the epoch, or where it stands there, of the one before."""
    pause_at_once(run)
    trainer = run.trainer
    inside = trainer.steps > trainer.end(trainer.epochs) or run.trainer.position
    target = max(trainer.end(trainer.epochs - (0 if inside else 1)), 0)
    if not trainer.steps and not trainer.position:
        return _back_to_run_before(run)
    _go_to(run, target)
    run.came_from = None
    return f"back to step {target:,}, {trainer.epochs:,} epochs done"


def go_to(run: LiveRun, command: c.GoTo) -> str:
    """A step of this branch."""
    _check(run, command.step)
    before = run.trainer.steps
    _go_to(run, command.step)
    run.came_from = None
    return f"{'on' if command.step > before else 'back'} to step {command.step:,}"


def look(run: LiveRun, command: c.Look) -> str:
    """A step of this branch, to come back from."""
    _check(run, command.step)
    pause_at_once(run)
    came_from = run.came_from or run.timeline.place
    _go_to(run, command.step)
    run.came_from = came_from
    return f"step {command.step:,}"


def stay(run: LiveRun, command: c.Stay) -> str:
    """At the step that is looked at."""
    run.came_from = None
    return f"at step {run.trainer.steps:,}"


def come_back(run: LiveRun, command: c.ComeBack) -> str:
    """To where it stood before somebody looked, else to the end of the branch."""
    pause_at_once(run)
    timeline = run.timeline
    _go_to_place(run, run.came_from or Place(timeline.branch.number, timeline.end))
    return f"again at step {run.trainer.steps:,}"


def go_to_lowest(run: LiveRun, command: c.GoToLowest) -> str:
    """The lowest loss recorded up to here."""
    lowest = run.trainer.history.lowest
    if lowest is None:
        raise ActionableError("lowest loss", "no update was made yet")
    _go_to(run, lowest.step)
    run.came_from = None
    return f"to step {lowest.step:,}, the lowest loss"


def jump(run: LiveRun, command: c.Jump) -> str:
    """To the end of a branch."""
    pause_at_once(run)
    end = run.timeline.branches.get(command.branch).end
    _go_to_place(run, Place(command.branch, end.step))
    return f"branch {command.branch}, step {run.trainer.steps:,}"


def name_branch(run: LiveRun, command: c.NameBranch) -> str:
    """Or take the name away."""
    run.timeline.branches.name(command.branch, command.name)
    return f"branch {command.branch}: {command.name.strip() or 'no name'}"


def drop_branch(run: LiveRun, command: c.DropBranch) -> str:
    """Not the one in hand."""
    run.timeline.drop(command.branch)
    return f"branch {command.branch} is gone"


def _check(run: LiveRun, step: int) -> None:
    last = run.timeline.end
    if not 0 <= step <= last:
        raise ActionableError(f"step {step:,}", f"the run goes from step 0 to {last:,}", "go on to train")


def _go_to(run: LiveRun, step: int) -> None:
    pause_at_once(run)
    run.timeline.go_to(step)
    run.stop_reason, run.stepping = "", False


def _go_to_place(run: LiveRun, place: Place) -> None:
    """Where that is the end of a branch, exactly as it was left."""
    timeline = run.timeline
    branch = timeline.branches.get(place.branch)
    if place.step >= branch.end.step:
        run.moved(timeline.jump_to_end(place.branch).stands)
    else:
        timeline.jump(place)
        run.moved()


Move = Callable[[LiveRun, Any], str]

MOVES: dict[type[c.Command], Move] = {
    c.Back: back,
    c.BackEpoch: back_epoch,
    c.GoTo: go_to,
    c.GoToLowest: go_to_lowest,
    c.Look: look,
    c.Stay: stay,
    c.ComeBack: come_back,
    c.Jump: jump,
    c.NameBranch: name_branch,
    c.DropBranch: drop_branch,
}
