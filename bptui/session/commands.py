"""What a person or a script can do to a session. `Session.do(command)` is the only way in.

Those without values inherit all from Command: making a dataclass costs a millisecond of start-up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """The base of all of them."""


class Run(Command):
    """Train at the speed set; inside a step, on from there."""


class Pause(Command):
    """Stop training where it stands."""


class StepOperation(Command):
    """Pause, then one operation."""


class StepUpdate(Command):
    """Pause; finish the step begun, else one update."""


class StepEpoch(Command):
    """Train to the end of the epoch."""


class Back(Command):
    """Pause; one operation back while stepping, else one update; at step 0 the run before."""


@dataclass(frozen=True)
class GoTo(Command):
    """Pause; to a step of the past, between two updates."""

    step: int  # updates done there


class BackEpoch(Command):
    """Pause; one epoch back, or to its start where it stands inside one."""


@dataclass(frozen=True)
class Look(Command):
    """Pause, and look at a step of this run: as GoTo, but ComeBack returns to where it was."""

    step: int


class Stay(Command):
    """Stay at the step that is looked at."""


class ComeBack(Command):
    """From looking at a step, or from any past one, to where the run stood last."""


class GoToLowest(Command):
    """Pause; to the step with the lowest loss recorded so far."""


@dataclass(frozen=True)
class SetEta(Command):
    """An exact learning rate, above 0 and finite."""

    value: float


class EtaUp(Command):
    """The next rung of the 1-2-5 ladder."""


class EtaDown(Command):
    """The rung below."""


class Faster(Command):
    """The next speed."""


class Slower(Command):
    """The speed below."""


class Reset(Command):
    """The same starting weights; all else stays as it is now."""


class NewSeed(Command):
    """The next training seed: other starting weights, another order."""


@dataclass(frozen=True)
class SetKeys(Command):
    """Any keys of the preset, each ("training.l2", 0.01): a path and a TOML value, None to take an optional
    key away. All of them or, where one is a mistake, none. Where each goes on (schema.goes_on) so does the
    run, from the next update; else a run of the changed experiment starts."""

    changes: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class SetWeight(Command):
    """A weight by hand: that of `unit` for `source`, both from 0, in `layer`, from 1; None is the bias. A
    step begun starts again."""

    layer: int
    unit: int
    source: int | None
    value: float


@dataclass(frozen=True)
class SwitchUnit(Command):
    """A hidden unit says 0 to every example, or speaks again. Layer from 1, unit from 0."""

    layer: int
    unit: int
    off: bool


@dataclass(frozen=True)
class HoldLayer(Command):
    """A layer, from 1, keeps its weights whatever the gradient says, or learns again."""

    layer: int
    held: bool


Change = SetEta | SetKeys | SetWeight | SwitchUnit | HoldLayer  # the commands that a journal has


class Undo(Command):
    """Take back the last change: to the step at which it was made, as it was before. What was trained since
    stays as a branch."""


class Redo(Command):
    """Do again what was taken back last: to where the run stood then."""


@dataclass(frozen=True)
class Jump(Command):
    """Pause; to the end of another branch, by its number."""

    branch: int


@dataclass(frozen=True)
class NameBranch(Command):
    """A branch's own name; "" takes it away."""

    branch: int
    name: str


@dataclass(frozen=True)
class DropBranch(Command):
    """Forget a branch that is not in hand; those that left it hang on the one it left."""

    branch: int


@dataclass(frozen=True)
class SavePreset(Command):
    """The experiment as it stands, as a preset of the user's own; one of that name is replaced only where
    `overwrite` says so."""

    name: str
    overwrite: bool = False


@dataclass(frozen=True)
class OpenPreset(Command):
    """Another experiment, by name or path; a run of it that was left is taken up again.

    target: the column to be learned, where the source is a data file.
    """

    source: str
    target: str | None = None
