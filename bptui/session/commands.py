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
class SavePreset(Command):
    """The experiment as it stands, as a preset of the user's own; one of that name is replaced only where
    `overwrite` says so."""

    name: str
    overwrite: bool = False


@dataclass(frozen=True)
class OpenPreset(Command):
    """Another experiment, by name or path; a run of it that was left is taken up again."""

    source: str
