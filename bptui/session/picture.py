"""Makes the frame of a run: this moment, from the arrays that train."""

from __future__ import annotations

from dataclasses import replace

from bptui.explain.update import UpdateView
from bptui.session.frame import Frame, State
from bptui.session.live import LiveRun
from bptui.session.observer import Age
from bptui.session.trainer import Trainer
from bptui.session.view import update_view

SHORT_STEP = 0.005  # seconds: steps under it are run ahead in every frame


def picture(run: LiveRun, state: State, hurried: bool = False) -> Frame:
    """Between steps the next step is run ahead, so that all on screen belongs together.

    hurried: what is told of whole parts of the data may be older than the rest.
    """
    trainer, observer = run.trainer, run.observer
    experiment = trainer.experiment
    observer.passing = run.came_from is not None
    age = Age.ANY if hurried else Age.RECENT if run.running else Age.NOW
    _put_in_place(run, age)
    output, look = observer.output(age), observer.look(age)
    metrics, test = look.training.metrics, look.test.metrics if look.test else None
    if look.moment == (trainer.restores, trainer.steps):
        run.timeline.samples.add(look.sample)
    view = _view(run)
    return Frame(
        name=experiment.name,
        title=experiment.title,
        sizes=experiment.sizes,
        parameters=trainer.network.parameters.size,
        seed=trainer.seed,
        state=state,
        stop_reason=run.stop_reason,
        step=trainer.steps,
        epoch=trainer.epochs,
        eta=trainer.eta,
        optimizer=experiment.optimizer,
        batch_label="full batch" if trainer.batches == 1 else f"batch {experiment.batch_size}",
        speed=run.pace.speed.label,
        rate=run.rate(),
        loss=view.loss if view.loss is not None else trainer.history.last,
        penalty=trainer.penalty.of(trainer.network),
        trend=_trend(trainer),
        accuracy=metrics.accuracy,
        rmse=metrics.rmse,
        test_accuracy=test.accuracy if test else None,
        test_rmse=test.rmse if test else None,
        test_loss=test.loss if test else None,
        update=view,
        batch_rows=trainer.rows,
        health=observer.health(),
        network_verdict=observer.network_verdict(),
        trends=observer.trends(),
        history=trainer.history,
        marks=run.timeline.marks(),
        output=output,
        promise=observer.promise(),
        divergence=trainer.divergence,
        first_loss=run.timeline.first_loss,
        future=run.timeline.future(),
        left_behind=run.timeline.left_behind(),
        end=run.timeline.end,
        looking=run.came_from is not None,
        branch=run.timeline.branch.number,
        branch_name=run.timeline.branch.name,
        branches=len(run.timeline.branches),
        samples=run.timeline.samples.told(),
        check=None if run.running else run.judging.badge(),
        ending=observer.ending(),
    )


def _put_in_place(run: LiveRun, age: Age) -> None:
    """The arrays that are told of; the promise is measured before the next step's come over it."""
    trainer = run.trainer
    if age is Age.NOW:
        run.timeline.recall_changes()
    run.observer.measure_promise()
    if trainer.steps and not trainer.position and (not run.running or run.step_seconds < SHORT_STEP):
        trainer.look_ahead()
    trainer.gather()


def _view(run: LiveRun) -> UpdateView:
    trainer = run.trainer
    view = update_view(trainer)
    if run.running and not run.stepping:
        # A long step left between two operations is no step that a person is inside of.
        return replace(view, position=0)
    if trainer.position == len(view.operations):
        after, promised = run.observer.after_update()
        return replace(view, loss_after=after, promised_loss=promised)
    return view


def _trend(trainer: Trainer) -> str:
    """Falls or rises by over 1 %, or not, in the last tenth of the run."""
    history = trainer.history
    before, now = history.at(len(history) * 9 // 10), history.last
    if len(history) < 10 or not before or now is None:
        return ""
    change = now / before - 1
    return "↓" if change < -0.01 else "↑" if change > 0.01 else "→"
