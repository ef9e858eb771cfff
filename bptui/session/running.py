"""Training in slices: a live run is given time until a deadline, and spends it at its speed.

At full speed whole portions of updates are made in a call; where one update takes longer than a slice it is
left between two calls. Whatever way it is spent, the run stops at the same update.
"""

from __future__ import annotations

from collections.abc import Callable

from bptui.session import chunks, words
from bptui.session.live import LiveRun
from bptui.session.trainer import KEPT_CHANGES

PORTION = 0.005  # seconds: a slice, at full speed
LONG_STEP = 0.002  # seconds: steps over it are left between operations when a slice is over

Deadline = Callable[[], bool]  # true when the time is over


def advance(run: LiveRun, deadline: Deadline) -> None:
    """Train until `deadline()`, or until nothing is due, or to a stop."""
    if not run.running:
        return
    if run.at_full_speed:
        _at_full_speed(run, deadline)
    elif run.pace.speed.operations:
        _operations(run, deadline)
    else:
        _updates(run, deadline)
    _look_for_divergence(run)


def prepare_look(run: LiveRun) -> None:
    """At full speed what an update changed is not kept: make the few before a look one by one."""
    if run.running and run.at_full_speed and run.step_seconds <= LONG_STEP:
        _train(run, KEPT_CHANGES)
        _look_for_divergence(run)


def pause(run: LiveRun) -> None:
    """Where operations go by one at a time it stands inside a step; else between two."""
    finish_piece(run)
    run.set_running(False)


def pause_at_once(run: LiveRun) -> None:
    """As `pause`, where it runs."""
    if run.running:
        pause(run)


def finish_piece(run: LiveRun) -> None:
    """An update left between two calls because a slice was over is made whole."""
    if run.trainer.piece_left:
        run.trainer.finish_piece(run.rules_hold)
        _look_for_stop(run)


def _operations(run: LiveRun, deadline: Deadline) -> None:
    due = run.pace.due()
    for done in range(due):
        run.stepping = True
        _operation(run)
        if deadline() or run.trainer.divergence or not run.running:
            run.pace.put_back(due - done - 1)
            return


def _operation(run: LiveRun) -> None:
    """One, with the rules in force."""
    began = run.trainer.steps
    run.trainer.step_operation(run.rules_hold)
    if run.trainer.steps > began:
        _look_for_stop(run)


def _updates(run: LiveRun, deadline: Deadline) -> None:
    due = run.pace.due()
    run.stepping = False
    while due and run.running:
        due -= _train(run, due)
        if deadline() or run.trainer.divergence:
            break
    run.pace.put_back(due)


def _at_full_speed(run: LiveRun, deadline: Deadline) -> None:
    run.stepping = False
    while run.running and not run.trainer.divergence:
        if run.step_seconds > LONG_STEP:
            _train_piece(run, deadline)
        elif _train_portion(run):
            return
        if deadline():
            return


def _train_portion(run: LiveRun) -> bool:
    """So many updates as fit; True where no checkpoint came between. Few calls, since each looks whether
    all is finite."""
    seconds = run.step_seconds
    fits = max(int(PORTION / seconds), 1) if seconds else chunks.LONGEST + 1
    return _train(run, min(fits, chunks.LONGEST), watched=False) >= fits


def _train_piece(run: LiveRun, deadline: Deadline) -> None:
    """A part of one update, where one takes longer than a slice."""
    trainer = run.trainer
    begun, began = trainer.steps, run.clock()
    trainer.train_piece(deadline, run.rules_hold)
    run.spent += run.clock() - began
    if trainer.steps > begun:
        run.step_seconds, run.spent = min(run.spent, 2 * run.step_seconds), 0.0
        _look_for_stop(run)


def _train(run: LiveRun, count: int, watched: bool = True) -> int:
    """At most `count` updates, to a stop rule, the preset's epochs or the target; how many."""
    trainer = run.trainer
    begun, began = trainer.steps, run.clock()
    trainer.train(min(count, _room(run)), run.rules_hold, watched)
    made = trainer.steps - begun
    if made:
        run.step_seconds = (run.clock() - began) / made
    _look_for_stop(run)
    return max(made, 1)


def _room(run: LiveRun) -> int:
    """Updates up to where it must stop."""
    trainer, end = run.trainer, run.target
    if end is None and run.rules:
        end = trainer.end(trainer.experiment.epochs)
    return max(end - trainer.steps, 1) if end is not None else 2**31


def _look_for_divergence(run: LiveRun) -> None:
    if run.trainer.divergence and run.running:
        run.set_running(False)


def _look_for_stop(run: LiveRun) -> None:
    trainer = run.trainer
    if run.target is not None:
        if trainer.steps >= run.target:
            run.set_running(False)
            run.note = words.of_epoch(trainer)
        return
    if run.rules and trainer.stopped:
        run.stop(words.of_rule(trainer))
    elif run.rules and trainer.epochs >= trainer.experiment.epochs:
        run.stop(words.of_epochs_done(trainer))
