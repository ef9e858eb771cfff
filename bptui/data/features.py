"""What the network sees of two inputs: themselves, their squares, their product, their sines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bptui.errors import ActionableError

Floats = NDArray[np.float64]
_Feature = Callable[[Floats, Floats], Floats]

_FEATURES: dict[str, _Feature] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1 * x1,
    "x2^2": lambda x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(x1)": lambda x1, x2: np.sin(x1),
    "sin(x2)": lambda x1, x2: np.sin(x2),
}
FEATURES: tuple[str, ...] = tuple(_FEATURES)
# The inputs as they are, however many there are.
IDENTITY: tuple[str, ...] = ("x1", "x2")


def expand(names: Sequence[str], raw: Floats) -> Floats:
    """The named features (n, f) of raw inputs (n, d), C-contiguous float64, a copy.

    Where d is not 2 only the inputs as they are can be had: `names` is IDENTITY, empty, or x1 .. xd.
    Raises ActionableError for names unknown, doubled or impossible, and for values too large to square.
    """
    check(names, raw.shape[1])
    if raw.shape[1] != 2:
        return np.array(raw, dtype=np.float64, order="C")
    first, second = np.asarray(raw, dtype=np.float64).T
    with np.errstate(over="ignore", invalid="ignore"):
        features = np.column_stack([_FEATURES[name](first, second) for name in names])
    for column in np.flatnonzero(~np.isfinite(features).all(axis=0))[:1]:
        found = f"{names[column]} is beyond the largest number"
        raise ActionableError("features", found, "Use smaller inputs, or leave the feature out")
    return features


def feature_names(names: Sequence[str], input_names: Sequence[str]) -> tuple[str, ...]:
    """What the features are called, in the inputs' own names: `petal_length^2`. Raises ActionableError."""
    check(names, len(input_names))
    if len(input_names) != 2:
        return tuple(input_names)
    # By parts, so that an input that is itself called x2 is not renamed again.
    return tuple("".join(_named(part, input_names) for part in _parts(name)) for name in names)


def _parts(name: str) -> list[str]:
    return name.replace("x1", "\0x1\0").replace("x2", "\0x2\0").split("\0")


def _named(part: str, input_names: Sequence[str]) -> str:
    return {"x1": input_names[0], "x2": input_names[1]}.get(part, part)


def check(names: Sequence[str], count: int) -> None:
    """Raises ActionableError unless these features can be had of `count` inputs."""
    if count != 2:
        _check_identity(names, count)
        return
    if not names:
        raise ActionableError("features", "no feature is named", f"Name some of {', '.join(FEATURES)}")
    for position, name in enumerate(names):
        if name not in _FEATURES:
            raise ActionableError("features", f'there is no feature "{name}"', _nearest(name))
        if name in names[:position]:
            raise ActionableError("features", f'"{name}" is named twice', "Name it once")


def _check_identity(names: Sequence[str], count: int) -> None:
    own = tuple(f"x{number}" for number in range(1, count + 1))
    if tuple(names) not in ((), IDENTITY, own):
        have = "1 input" if count == 1 else f"{count} inputs"
        found = f"there are {have}, and features are made of two"
        raise ActionableError("features", found, "Leave features out")


def _nearest(name: str) -> str:
    import difflib  # for a mistake alone

    near = difflib.get_close_matches(name, FEATURES, n=1)
    meant = f'Did you mean "{near[0]}"? ' if near else ""
    return f"{meant}The features are {', '.join(FEATURES)}"
