"""An operation in hand over the whole batch: the mean of the chosen element, where one example's stood."""

from __future__ import annotations

import numpy as np

from bptui.explain import names
from bptui.explain.chain import Chain, Factor, add_up
from bptui.explain.forward import mean_of
from bptui.explain.numbers import count, precise, s7, sub
from bptui.explain.point import Matrix, Piece, Point, known
from bptui.explain.update import Array, UpdateView
from bptui.explain.worked import WIDTH, Chosen, WorkedOperation, point_of
from bptui.nn.operation import Kind
from bptui.nn.sizes import rms

_LETTERS = {Kind.PRE_ACTIVATION: "z", Kind.ACTIVATION: "a", Kind.DELTA: "δ"}


def over_batch(
    view: UpdateView, chosen: Chosen, made: WorkedOperation, width: int = WIDTH
) -> WorkedOperation:
    """`made`, of the operation in hand, with the mean over all examples in place of the chosen one's numbers.

    Loss, gradient, penalty and update are of the batch already: they stay, and it is said.
    """
    operation = view.in_hand
    assert operation is not None
    point = point_of(view, operation, chosen, width)
    unit = names.unit(view, point.l, point.unit)
    letter = _LETTERS.get(operation.kind)
    if letter is None:
        return made._replace(at=f"of the whole batch already · unit {unit}", short_at="whole batch already")
    layer = point.layer
    array = {"z": layer.z, "a": layer.a, "δ": layer.delta}[letter]
    values = known(array, (point.batch, layer.units))[:, point.unit]
    return made._replace(
        at=f"mean of {count(point.batch)} examples · unit {unit}",
        short_at=f"mean of {count(point.batch)} · {unit}",
        pieces=tuple(_all_examples(piece, point) for piece in made.pieces),
        chain=_mean(point, letter, values),
        curve=None,
        last=_spread(values),
    )


def _all_examples(piece: Piece, p: Point) -> Piece:
    """An array with an example a row: its column over all of them is chosen."""
    if isinstance(piece, Matrix) and len(piece.values) == p.batch and piece.row == p.example:
        return piece._replace(row=None, near_row=p.example)
    return piece


def _mean(p: Point, letter: str, values: Array) -> Chain:
    prefix, suffix = mean_of(p.batch)
    left = f"mean {names.quantity(letter, p.view, p.l, p.unit)}"

    def term(example: int) -> Factor:
        value = s7(float(values[example])).strip()
        return Factor(f"example {example + 1}", f"{letter} of {example + 1}", value, value)

    more = f"Σ {letter}{sub(p.unit + 1)}" if p.layer.units > 1 else f"Σ {letter}"
    total = add_up(values, term, more, p.room - len(left) - len(prefix) - len(suffix) - 5)
    with np.errstate(all="ignore"):
        mean = float(values.mean())
    return Chain(left, total.factors, mean, f"the mean; rms {precise(rms(values))}", prefix, suffix)


def _spread(values: Array) -> str:
    """From the smallest to the largest, and whose they are."""
    if not np.isfinite(values).all():
        return "Not all of them are finite."
    low, high = int(values.argmin()), int(values.argmax())
    if values[low] == values[high]:
        return "The same for every example."
    return (
        f"From {s7(float(values[low])).strip()} (example {low + 1}) "
        f"to {s7(float(values[high])).strip()} (example {high + 1})."
    )
