"""One run in time: a trainer that stands somewhere on a branch; any step of any branch can be gone to, to the
bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bptui.errors import ActionableError
from bptui.experiment.build import Experiment
from bptui.experiment.changes import as_it_stands, trained_by, update_keys
from bptui.experiment.schema import Preset
from bptui.session.branches import Branch, Branches, End, Root, Stands
from bptui.session.checkpoints import Checkpoint
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
    """To be read: trainer, branch (the one in hand), branches, samples, first_loss.

    Going back keeps what came after: going on from there without a change catches up with it, with one (or
    past one that was made there) another branch begins.
    """

    def __init__(self, experiment: Experiment, memory: Memory | None = None) -> None:
        self._memory = memory or Memory()
        self.branches = Branches(self._memory)
        self.samples = Samples()
        self.stands: Callable[[], Stands] = Stands  # of the running, to be kept with a branch
        self._taken_back: list[TakenBack] = []
        root = Root.of(experiment, self._memory)
        self._begin(self.branches.begin(root, Journal(root.first), None, 0, anew=True))

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
            self._branch_off(journal, step)
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

    def _branch_off(self, journal: Journal, left_at: int) -> None:
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
        if self.in_the_past:
            return
        diverged = trainer.divergence is not None
        position = 0 if diverged else trainer.position
        branch.end = End(trainer.steps, position, diverged, self.stands())
        branch.curve, branch.samples = trainer.history.curve(), self.samples.told()
        branch.final = trainer.checkpoint()
        # Stop rules and the like are of the run, not of a moment.
        branch.root.experiment = trained_by(trainer.experiment, branch.root.first.keys)
        self._memory.make_room()

    def jump(self, place: Place) -> None:
        """To a place of any branch. ActionableError where there is no such branch."""
        branch, old = self.branches.get(place.branch), self.branch
        self.leave()
        if branch is not old:
            if branch.root is not old.root:
                self._begin(branch)
            self.branch = branch
            if branch.curve is not None:
                self.trainer.history.load(branch.curve)
            self.samples = Samples(branch.samples)
            self._prune(old)
        self._stand_at(place.step, place.position)

    def jump_to_end(self, number: int) -> End:
        """To where a branch was left; how it stood."""
        branch = self.branches.get(number)
        if branch is self.branch and not self.in_the_past:
            self.leave()
            return branch.end
        end = branch.end
        self.jump(Place(number, end.step, end.position))
        if end.diverged:
            while not self.trainer.divergence:
                self.trainer.step_operation()
        return end

    def _stand_at(self, step: int, position: int) -> None:
        self._go_to(step)
        if position == len(self.trainer.tape.operations):
            self._to_end_of_step(step - 1)
        elif position:
            self.trainer.rerun(position)

    def go_on(self) -> None:
        """To be called before training: where a change lies ahead on this branch, another branch begins, on
        which it was not made."""
        changed = self.branch.journal.first_after(self.trainer.steps)
        if changed is not None:
            self._branch_off(self.branch.journal.until(self.trainer.steps), changed)
            self.samples.cut(changed - 1)

    def drop(self, number: int) -> None:
        """ActionableError where it is the branch in hand."""
        branch = self.branches.get(number)
        if branch is self.branch:
            raise ActionableError(f"branch {number}", "it is the one in hand", "Go to another one first")
        self._taken_back = [taken for taken in self._taken_back if taken.place.branch != number]
        self.branches.drop(branch)

    def _prune(self, left: Branch) -> None:
        """One that nothing was trained in, and nothing hangs on, leaves nothing behind."""
        needed = {self.branch.number, *(taken.place.branch for taken in self._taken_back)}
        if left.number not in needed and left.is_empty and not self.branches.children(left):
            self.branches.drop(left)
        self.branches.drop_oldest(needed)

    # ------------------------------------------------------------ taking back

    def take_back(self) -> Mark:
        """The last change, and with it what was trained since: that stays as a branch. What it was.

        ActionableError where nothing was changed.
        """
        branch, place = self.branch, self.place
        entry = branch.journal.last_until(self.trainer.steps)
        if entry is None:
            return self._take_back_beginning()
        label = next((m.label for m in branch.journal.marks if m.step == entry.step), "the first settings")
        journal = branch.journal.without(entry)
        self.leave()
        twin = self._with(journal, entry.step)
        own = twin is None and branch.end.step == entry.step
        self._taken_back.append(TakenBack(place, branch.journal if own else None))
        if twin is not None:
            self.jump(Place(twin.number, entry.step))
            return Mark(entry.step, label)
        if own:
            branch.journal = journal
        else:
            self._branch_off(journal, entry.step)
        self.branch.end = End(entry.step)
        self.samples.cut(entry.step - 1)
        self._go_to(entry.step)
        return Mark(entry.step, label)

    def _take_back_beginning(self) -> Mark:
        begun = self.branch
        while begun.parent is not None and not begun.anew:
            begun = begun.parent
        if begun.parent is None:
            raise ActionableError("u", "nothing was changed yet")
        self._taken_back.append(TakenBack(self.place))
        if begun.parent.end.step == begun.left_at:
            self.jump_to_end(begun.parent.number)
        else:
            self.jump(Place(begun.parent.number, begun.left_at))
        return Mark(self.trainer.steps, "the new beginning")

    def do_again(self) -> Place:
        """What was taken back last: to where the run stood then. ActionableError where nothing was."""
        if not self._taken_back:
            raise ActionableError("U", "nothing was taken back")
        place, journal = self._taken_back.pop()
        self.jump(place)
        if journal is not None:
            if self.branch.end.step > place.step:
                self._branch_off(journal, place.step)
            self.branch.journal = journal
            self.samples.cut(place.step - 1)
            self._stand_at(*place[1:])
        return place

    def _with(self, journal: Journal, step: int) -> Branch | None:
        """A branch that has made just these changes up to that step, and reaches it."""
        for branch in self.branches:
            same = branch.root is self.branch.root and branch.journal.until(step).entries == journal.entries
            if same and branch.end.step >= step and branch is not self.branch:
                return branch
        return None

    def _forget_taken_back(self) -> None:
        numbers = {taken.place.branch for taken in self._taken_back}
        self._taken_back = []
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
    train, rows = trainer.experiment.train, trainer.rows
    return trainer.evaluator.batch_loss(train.inputs[rows], train.targets[rows])
