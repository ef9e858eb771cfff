"""What a person or a script can do to a session. `Session.do(command)` is the only way in.

Each is a frozen dataclass in all but its making: the library writes and compiles the methods of each class
anew, which takes most of a millisecond of start-up for each of them.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, dataclass_transform


@dataclass_transform(frozen_default=True)
class Command:
    """The base of all of them. What a subclass declares are its values, in their order; one with a default
    may be left out."""

    _names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._names = tuple(cls.__annotations__)
        setattr(cls, "__match_args__", cls._names)  # noqa: B010  mypy makes its own

    def __init__(self, *values: Any, **named: Any) -> None:
        given = dict(zip(self._names, values, strict=False))
        wrong = len(values) > len(self._names) or given.keys() & named or named.keys() - set(self._names)
        given |= named
        if wrong or any(name not in given and not hasattr(type(self), name) for name in self._names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(self._names) or 'no values'}")
        for name, value in given.items():
            object.__setattr__(self, name, value)

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._names)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._names)
        return f"{type(self).__name__}({told})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{name} of a command stays as it is")


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


class GoTo(Command):
    """Pause; to a step of the past, between two updates."""

    step: int  # updates done there


class BackEpoch(Command):
    """Pause; one epoch back, or to its start where it stands inside one."""


class Look(Command):
    """Pause, and look at a step of this run: as GoTo, but ComeBack returns to where it was."""

    step: int


class Stay(Command):
    """Stay at the step that is looked at."""


class ComeBack(Command):
    """From looking at a step, or from any past one, to where the run stood last."""


class GoToLowest(Command):
    """Pause; to the step with the lowest loss recorded so far."""


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


class SetKeys(Command):
    """Any keys of the preset, each ("training.l2", 0.01): a path and a TOML value, None to take an optional
    key away. All of them or, where one is a mistake, none. Where each goes on (schema.goes_on) so does the
    run, from the next update; else a run of the changed experiment starts."""

    changes: tuple[tuple[str, object], ...]


class SetWeight(Command):
    """A weight by hand: that of `unit` for `source`, both from 0, in `layer`, from 1; None is the bias. A
    step begun starts again."""

    layer: int
    unit: int
    source: int | None
    value: float


class SwitchUnit(Command):
    """A hidden unit says 0 to every example, or speaks again. Layer from 1, unit from 0."""

    layer: int
    unit: int
    off: bool


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


class Jump(Command):
    """Pause; to the end of another branch, by its number."""

    branch: int


class NameBranch(Command):
    """A branch's own name; "" takes it away."""

    branch: int
    name: str


class DropBranch(Command):
    """Forget a branch that is not in hand; those that left it hang on the one it left."""

    branch: int


class SavePreset(Command):
    """The experiment as it stands, as a preset of the user's own; one of that name is replaced only where
    `overwrite` says so."""

    name: str
    overwrite: bool = False


class OpenPreset(Command):
    """Another experiment, by name or path; a run of it that was left is taken up again.

    target: the column to be learned, where the source is a data file.
    """

    source: str
    target: str | None = None
