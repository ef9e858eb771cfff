"""One run in time: a trainer that stands somewhere on a branch; any step of any branch can be gone to, to the
bit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from bptui.errors import ActionableError
from bptui.experiment.build import Experiment
from bptui.experiment.changes import as_it_stands, trained_by, update_keys
from bptui.experiment.schema import Preset
from bptui.session.branches import Branch, Branches, End, Root, Stands
from bptui.session.checkpoints import Array, Checkpoint
from bptui.session.commands import Change, SetEta, SetKeys, SetWeight
from bptui.session.history import Column
from bptui.session.journal import SECTION, InForce, Journal
from bptui.session.marks import Mark
from bptui.session.memory import Memory
from bptui.session.samples import Samples
from bptui.session.trainer import KEPT_CHANGES, Trainer

MOST = 512  # columns of a curve that was left


class Place(NamedTuple):
    """A branch by its number, updates made, operations done of the step in hand."""

    branch: int
    step: int
    position: int = 0


class TakenBack(NamedTuple):
    """Where the run stood when a change was taken back; journal: with that change, where nothing had been
    trained since: such a change leaves no branch."""

    place: Place
    journal: Journal | None = None


class Timeline:
    """To be read: trainer, branch (the one in hand), branches, samples, first_loss, taken_back (where it
    stood when a change was taken back).

    Going back keeps what came after: going on from there without a change catches up with it, with one (or
    past one that was made there) another branch begins.
    """

    def __init__(self, experiment: Experiment, memory: Memory | None = None) -> None:
        memory = memory or Memory()
        self._own(Branches(memory), memory)
        root = Root.of(experiment, memory)
        self._begin(self.branches.begin(root, Journal(root.first), None, 0, anew=True))

    def _own(self, branches: Branches, memory: Memory) -> None:
        self.branches, self._memory = branches, memory
        self.samples = Samples()
        self.stands: Callable[[], Stands] = Stands  # of the running, to be kept with a branch
        self.taken_back: list[TakenBack] = []

    @classmethod
    def taken_up(
        cls, branches: Branches, place: Place, taken_back: Iterable[TakenBack], memory: Memory
    ) -> Timeline:
        """One that was kept, where it stood."""
        timeline, branch = cls.__new__(cls), branches.get(place.branch)
        timeline._own(branches, memory)
        timeline.taken_back = list(taken_back)
        timeline._begin(branch)
        timeline._recall(branch)
        timeline.stand_at(place.step, place.position)
        if branch.end.diverged and place.step == branch.end.step:
            timeline._diverge_again()
        return timeline

    def _begin(self, branch: Branch) -> None:
        """At its step 0."""
        self.branch = branch
        self.trainer = branch.root.trainer()
        self.trainer.on_checkpoint = self._keep
        self._keep(self.trainer.checkpoint())
        self._apply(branch.journal.at(0))
        self._write_weights(0)
        self.first_loss = _first_loss(self.trainer)
        self.samples = Samples()

    # ------------------------------------------------------------ where it stands

    @property
    def preset(self) -> Preset:
        """The experiment as it stands now, η and seed included."""
        return as_it_stands(self.trainer.experiment, self.trainer.eta, self.trainer.seed)

    @property
    def place(self) -> Place:
        return Place(self.branch.number, self.trainer.steps, self.trainer.position)

    @property
    def end(self) -> int:
        """The updates that were made on this branch so far, those after this place included."""
        return max(self.branch.end.step, self.trainer.steps)

    @property
    def in_the_past(self) -> bool:
        """Updates after this place are known."""
        return self.trainer.steps < self.branch.end.step

    def in_force(self) -> InForce:
        """For the update that comes next."""
        return self.branch.journal.at(self.trainer.steps)

    def marks(self) -> tuple[Mark, ...]:
        """What was changed up to here, and where this branch left another."""
        branch, step = self.branch, self.trainer.steps
        changes = tuple(mark for mark in branch.journal.marks if mark.step <= step)
        left = 0 if branch.anew else branch.left_at
        if not 0 < left <= step or any(mark.step == left for mark in changes):
            return changes
        return tuple(sorted((*changes, Mark(left, "branch"))))

    def future(self) -> tuple[Column, ...]:
        """In the past: the losses that came after, on this branch. The first column may begin before."""
        return self.branch.columns(MOST, self.trainer.steps) if self.in_the_past else ()

    def left_behind(self) -> tuple[Column, ...]:
        """The losses of the branch that this one left, from there on."""
        branch = self.branch
        parent = None if branch.anew else branch.parent
        return () if parent is None else parent.columns(MOST, branch.left_at)

    def loss_here(self) -> float | None:
        """Of the weights as they are, on the batch that comes next; after a divergence, and while an update
        is being made, what was recorded last."""
        trainer = self.trainer
        if trainer.divergence or trainer.piece_left:
            return trainer.history.last
        loss = _batch_loss(trainer, trainer.rows_of(trainer.steps).copy())
        trainer.rows_of(trainer.step_in_hand)  # the order is that of its epoch again
        return loss

    # ------------------------------------------------------------ changes

    def change(self, experiment: Experiment) -> None:
        """Go on by an experiment that was checked (experiment.changes): from the next update on where updates
        depend on what changed, which starts a step begun again; else at once. η is the experiment's."""
        old, new = self.in_force().keys, update_keys(experiment.preset.training)
        changes = tuple((SECTION + name, value) for name, value in new.items() if value != old[name])
        self.trainer.change(trained_by(experiment, old))
        if changes:
            self.record(SetKeys(changes))
        if experiment.eta != self.trainer.eta:
            self.record(SetEta(experiment.eta))

    def record(self, command: Change) -> None:
        """Change something here. Where updates after this place are known it begins a branch."""
        trainer, step = self.trainer, self.trainer.steps
        now = self.branch.journal.at(step)
        if now.after(command) == now and not isinstance(command, SetWeight):
            return
        journal = self.branch.journal.recorded(step, command)
        if not self.branch.journal.between(step, step):
            self._keep_before(step)
        self._forget_taken_back()
        if self.in_the_past or self.branch.journal.first_after(step) is not None:
            self.branch_off(journal, step)
        else:
            self.branch.journal = journal
        if isinstance(command, SetEta):
            trainer.eta = command.value  # it counts from the next update, even inside a step
        else:
            self.samples.cut(step - 1)  # at the step itself the answers may be others now
            self._stand_again(step)

    def _keep_before(self, step: int) -> None:
        if not self.trainer.divergence:
            self._keep(self.trainer.checkpoint())

    def _stand_again(self, step: int) -> None:
        """Here, with what has just been changed."""
        self._go_to(step)
        if not step:
            self.first_loss = _first_loss(self.trainer)

    def branch_off(self, journal: Journal, left_at: int) -> None:
        """Another branch begins here, with those changes; it shares the steps up to left_at."""
        old = self.branch
        self.branch = self.branches.begin(old.root, journal, old, left_at, anew=False)
        self.branch.end = End(self.trainer.steps)
        self.samples.cut(left_at)
        self._prune(old)

    def restart(self, experiment: Experiment, seed: int, keep: bool) -> None:
        """Another beginning: a branch from step 0. keep: η, units switched off and layers held are as they
        are now; else η is the experiment's, and of a network of another shape the rest is forgotten."""
        old, now = self.branch, self.in_force()
        self.leave()
        begun = old.end.step or old.end.position or old.end.diverged
        if keep and seed == old.root.seed and old.anew and not begun:
            return  # it is that beginning
        self._forget_taken_back()
        first: InForce | None = now if keep else now._replace(eta=float(experiment.eta))
        if experiment.sizes != self.trainer.network.sizes:
            first = None
        root = Root.of(experiment, self._memory, seed, first)
        self._begin(self.branches.begin(root, Journal(root.first), old, self.trainer.steps, anew=True))
        self._prune(old)

    # ------------------------------------------------------------ branches

    def leave(self) -> None:
        """Keep how this branch stands, where it stands at its end."""
        trainer, branch = self.trainer, self.branch
        # Stop rules and the like are of the run, not of a moment.
        branch.root.experiment = trained_by(trainer.experiment, branch.root.first.keys)
        if self.in_the_past:
            return
        diverged = trainer.divergence is not None
        position = 0 if diverged else trainer.position
        branch.end = End(trainer.steps, position, diverged, self.stands())
        branch.curve, branch.samples = trainer.history.curve(), self.samples.told()
        branch.loss = self.loss_here()
        branch.final = trainer.checkpoint()
        self._memory.make_room()

    def jump(self, place: Place) -> None:
        """To a place of any branch. ActionableError where there is no such branch."""
        branch, old = self.branches.get(place.branch), self.branch
        self.leave()
        if branch is not old:
            if branch.root is not old.root:
                self._begin(branch)
            self._recall(branch)
            self._prune(old)
        self.stand_at(place.step, place.position)

    def _recall(self, branch: Branch) -> None:
        """Know its curve and samples again."""
        self.branch = branch
        if branch.curve is not None:
            self.trainer.history.load(branch.curve)
        self.samples = Samples(branch.samples)

    def jump_to_end(self, number: int) -> End:
        """To where a branch was left; how it stood."""
        branch = self.branches.get(number)
        if branch is self.branch and not self.in_the_past:
            self.leave()
            return branch.end
        end = branch.end
        self.jump(Place(number, end.step, end.position))
        if end.diverged:
            self._diverge_again()
        return end

    def _diverge_again(self) -> None:
        """In the step that comes next."""
        for _ in self.trainer.tape.operations:
            self.trainer.step_operation()

    def stand_at(self, step: int, position: int) -> None:
        """At a step of this branch and an operation of the step in hand."""
        self._go_to(step)
        last = len(self.trainer.tape.operations)
        if position > last:
            raise ActionableError(f"operation {position}", f"a step of this network has {last}")
        if position == last:
            self._to_end_of_step(step - 1)
        elif position:
            self.trainer.rerun(position)

    def go_on(self) -> None:
        """To be called before training: where a change lies ahead on this branch, another branch begins, on
        which it was not made."""
        changed = self.branch.journal.first_after(self.trainer.steps)
        if changed is not None:
            self.branch_off(self.branch.journal.until(self.trainer.steps), changed)
            self.samples.cut(self.trainer.steps)

    def drop(self, number: int) -> None:
        """ActionableError where it is the branch in hand."""
        branch = self.branches.get(number)
        if branch is self.branch:
            raise ActionableError(f"branch {number}", "it is the one in hand", "Go to another one first")
        self.taken_back = [taken for taken in self.taken_back if taken.place.branch != number]
        self.branches.drop(branch)

    def _prune(self, left: Branch) -> None:
        """One that nothing was trained in, and nothing hangs on, leaves nothing behind."""
        needed = {self.branch.number, *(taken.place.branch for taken in self.taken_back)}
        if left.number not in needed and left.is_empty and not self.branches.children(left):
            self.branches.drop(left)
        self.branches.drop_oldest(needed)

    def _forget_taken_back(self) -> None:
        numbers = {taken.place.branch for taken in self.taken_back}
        self.taken_back = []
        for branch in [b for b in self.branches if b.number in numbers and b is not self.branch]:
            self._prune(branch)

    # ------------------------------------------------------------ going to a step

    def go_to(self, step: int) -> None:
        """Stand at a step of this branch, between two updates."""
        self.leave()
        self._go_to(step)

    def _go_to(self, step: int) -> None:
        """It starts some updates earlier than it must, so that what they changed is known again."""
        trainer, branch = self.trainer, self.branch
        checkpoint = self._nearest(max(step - KEPT_CHANGES, 0))
        if branch.curve is not None and checkpoint.step > len(trainer.history):
            trainer.history.load(branch.curve)
        self._apply(branch.journal.before(checkpoint.step))
        trainer.restore(checkpoint)
        trainer.eta = branch.journal.before(checkpoint.step).eta
        for at in sorted({entry.step for entry in branch.journal.between(checkpoint.step, step)}):
            self._train_to(at)
            self._apply(branch.journal.at(at))
            self._write_weights(at)
        self._train_to(step)

    def _nearest(self, step: int) -> Checkpoint:
        found = self.branch.root.past.nearest(self.branch.journal, step)
        return found or self.branch.root.trainer().checkpoint()

    def _apply(self, now: InForce) -> None:
        trainer = self.trainer
        trainer.change(trained_by(trainer.experiment, now.keys))
        trainer.switch(now.off, now.held)
        trainer.eta = now.eta

    def _write_weights(self, step: int) -> None:
        for command in self.branch.journal.weights_at(step):
            self.trainer.set_weight(command.layer, command.unit, command.source, command.value)

    def _keep(self, checkpoint: Checkpoint) -> None:
        """Where something was changed at its step, what is kept is of the moment before."""
        if not self.branch.journal.between(checkpoint.step, checkpoint.step):
            self.branch.root.past.add(self.branch.journal, checkpoint)

    def _train_to(self, step: int) -> None:
        while self.trainer.steps < step and not self.trainer.divergence:
            self.trainer.train(step - self.trainer.steps)

    # ------------------------------------------------------------ one operation back

    def recall_changes(self) -> None:
        """Between two updates, know again what the last ones changed where they were not watched."""
        trainer = self.trainer
        between = not (trainer.position or trainer.piece_left or trainer.divergence)
        if between and trainer.steps > trainer.since and trainer.before(trainer.steps - 1) is None:
            self._go_to(trainer.steps)

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
            self.leave()
            self._end_of_step_before()
        else:
            self.go_to(0)
            return False
        return True

    def _end_of_step_before(self) -> None:
        """Right after the update before this step; where other things than η were changed since, right before
        it: its arrays and what is in force now do not go together."""
        step = self.trainer.steps
        changed = self.branch.journal.between(step, step)
        if all(isinstance(entry.command, SetEta) for entry in changed):
            self._to_end_of_step(step - 1)
        else:
            self._go_to(step - 1)
            self.trainer.rerun(len(self.trainer.tape.operations) - 1)

    def _to_end_of_step(self, step: int) -> None:
        self._go_to(step)
        for _ in self.trainer.tape.operations:
            self.trainer.step_operation()
        self.trainer.eta = self.in_force().eta  # it may have been changed right there


def _first_loss(trainer: Trainer) -> float:
    """Data loss of the first batch, from arrays of its own: nothing on screen counts as computed yet."""
    return _batch_loss(trainer, trainer.rows)


def _batch_loss(trainer: Trainer, rows: Array) -> float:
    train = trainer.experiment.train
    return trainer.evaluator.batch_loss(train.inputs[rows], train.targets[rows])
