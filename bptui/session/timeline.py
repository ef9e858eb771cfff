"""One run and its past: a trainer, its journal, its checkpoints; any past step can be gone to, to the bit."""

from __future__ import annotations

from bptui.experiment.build import Experiment
from bptui.experiment.changes import as_it_stands, trained_by, update_keys
from bptui.experiment.schema import Preset
from bptui.session.checkpoints import Checkpoints
from bptui.session.commands import SetEta, SetKeys
from bptui.session.future import MOST, Future
from bptui.session.journal import SECTION, Journal
from bptui.session.marks import Mark
from bptui.session.samples import Samples
from bptui.session.trainer import KEPT_CHANGES, Trainer


class Timeline:
    """Going back forgets what came after: training on from there overwrites it."""

    def __init__(self, experiment: Experiment, seed: int | None = None, eta: float | None = None) -> None:
        self.trainer = Trainer(experiment, seed)
        if eta is not None:
            self.trainer.eta = eta
        self.journal = Journal(self.trainer.eta, experiment.preset.training)
        self.first_loss = _first_loss(self.trainer)
        self.future = Future()
        self.samples = Samples()
        self._checkpoints = Checkpoints()
        self._checkpoints.add(self.trainer.checkpoint())
        self.trainer.on_checkpoint = self._checkpoints.add

    def set_eta(self, value: float) -> None:
        """From the next update operation on."""
        if value != self.trainer.eta:
            self.future.cut(self.trainer.steps)
        self.journal.record(self.trainer.steps, SetEta(value))
        self.trainer.eta = value

    @property
    def preset(self) -> Preset:
        """The experiment as it stands now, η and seed included."""
        return as_it_stands(self.trainer.experiment, self.trainer.eta, self.trainer.seed)

    def change(self, experiment: Experiment) -> None:
        """Go on by an experiment that was checked (experiment.changes): from the next update on where updates
        depend on what changed, which starts a step begun again; else at once. η is the experiment's."""
        trainer, step = self.trainer, self.trainer.steps
        old = update_keys(trainer.experiment.preset.training)
        new = update_keys(experiment.preset.training)
        changes = tuple((SECTION + name, value) for name, value in new.items() if value != old[name])
        if changes:
            self.journal.record(step, SetKeys(changes))
        trainer.change(trained_by(experiment, old))
        if experiment.eta != trainer.eta:
            self.set_eta(experiment.eta)
        if changes:
            self.future.cut(step)
            self._change_updates(step)

    def _change_updates(self, step: int) -> None:
        # What was kept at this step knows changes that may have been taken back.
        self._checkpoints.cut(step - 1)
        if step:
            self.go_to(step)
        else:
            self.trainer.restore(self.trainer.checkpoint())
            self.trainer.change(self._experiment_at(0))
            self._checkpoints.add(self.trainer.checkpoint())
            self.first_loss = _first_loss(self.trainer)

    def _experiment_at(self, step: int) -> Experiment:
        """By which the update after `step` is made."""
        return trained_by(self.trainer.experiment, self.journal.keys_at(step))

    def go_to(self, step: int) -> None:
        """Stand at a past step, between two updates, as if nothing had come after it.

        It starts some updates earlier than it must, so that their changes of the weights are known again.
        """
        trainer = self.trainer
        if step < trainer.steps:
            self._keep_future(step)
        checkpoint = self._checkpoints.nearest(max(step - KEPT_CHANGES, 0))
        trainer.change(self._experiment_at(checkpoint.step))
        trainer.restore(checkpoint)
        # It may remember an η that was tried at its step and taken back.
        trainer.eta = self.journal.eta_at(checkpoint.step)
        for entry in self.journal.between(checkpoint.step, step):
            self._train_to(entry.step)
            if isinstance(entry.command, SetEta):
                trainer.eta = entry.command.value
            else:
                trainer.change(self._experiment_at(entry.step))
        self._train_to(step)
        self.journal.cut(step)
        self._checkpoints.cut(step)

    def _keep_future(self, step: int) -> None:
        trainer = self.trainer
        self.future.after(trainer.steps)
        changed = next((entry.step for entry in self.journal.between(step + 1, trainer.steps)), None)
        self.future.keep(step, trainer.history.columns(MOST, step), changed)
        self.samples.cut(step)

    def marks(self) -> tuple[Mark, ...]:
        """What was changed, and where the run took another way than it had before it went back."""
        self.future.after(self.trainer.steps)
        changes = self.journal.marks()
        changed = {mark.step for mark in changes}
        branches = [Mark(step, "branch") for step in self.future.branches if step not in changed]
        return tuple(sorted((*changes, *branches)))

    def recall_changes(self) -> None:
        """Between two updates, know again what the last ones changed where they were not watched."""
        trainer = self.trainer
        between = not (trainer.position or trainer.piece_left or trainer.divergence)
        if between and trainer.steps and trainer.before(trainer.steps - 1) is None:
            self.go_to(trainer.steps)

    def operation_back(self) -> bool:
        """One operation back, across updates too; False where this is the first of the run."""
        trainer, last = self.trainer, len(self.trainer.tape.operations)
        if trainer.position == last:
            self.go_to(trainer.steps - 1)
            trainer.rerun(last - 1)
        elif trainer.position > 1:
            position = trainer.position
            if trainer.divergence:
                self.go_to(trainer.steps)
            trainer.rerun(position - 1)
        elif trainer.steps:
            self._to_end_of_step(trainer.steps - 1)
        else:
            self.go_to(0)
            return False
        return True

    def _to_end_of_step(self, step: int) -> None:
        self.go_to(step)
        for _ in self.trainer.tape.operations:
            self.trainer.step_operation()

    def _train_to(self, step: int) -> None:
        while self.trainer.steps < step and not self.trainer.divergence:
            self.trainer.train(step - self.trainer.steps)


def _first_loss(trainer: Trainer) -> float:
    """Data loss of the first batch, from arrays of its own: nothing on screen counts as computed yet."""
    train, rows = trainer.experiment.train, trainer.rows
    return trainer.evaluator.batch_loss(train.inputs[rows], train.targets[rows])
