"""One update as plain text for a terminal: operation by operation, every number in its equation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import wrap

import numpy as np

from bptui.escape import safe
from bptui.explain import names
from bptui.explain.chain import Chain
from bptui.explain.layout import lay_out
from bptui.explain.numbers import count, plain, precise
from bptui.explain.point import Piece
from bptui.explain.update import Array, UpdateView
from bptui.explain.worked import Chosen, WorkedOperation, worked
from bptui.nn.operation import Kind

WIDTH = 80
WHOLE = 8  # rows and columns up to which a matrix is written out


def render(
    preset: str,
    step: int,
    before: UpdateView,
    new_weights: Sequence[Array],
    new_biases: Sequence[Array],
    penalty: float,
    loss_after: float | None,
    penalty_after: float | None,
    chosen: Chosen | None = None,
) -> str:
    """The update after `step` updates, as json.step_document takes it; `chosen` is worked out in numbers."""
    chosen = chosen or _telling(before)
    after = _after(before, new_weights, new_biases, loss_after)
    parts = ["\n".join(_heading(preset, step, before))]
    for index, operation in enumerate(before.operations):
        view = after if operation.kind is Kind.UPDATE else before
        made = worked(view, chosen, index, WIDTH)
        if made is not None:
            parts.append("\n".join(_operation(made)))
    parts.append("\n".join(_result(before, penalty, loss_after, penalty_after)))
    return "\n\n".join(parts) + "\n"


def _telling(view: UpdateView) -> Chosen:
    """The first input that is not 0: there the numbers have something to say."""
    for example, inputs in enumerate(view.inputs):
        if inputs.any():
            return Chosen(example=example, source=int(inputs.nonzero()[0][0]))
    return Chosen()


def _after(
    before: UpdateView, weights: Sequence[Array], biases: Sequence[Array], loss_after: float | None
) -> UpdateView:
    layers = tuple(
        replace(layer, weights=w, biases=b, old_weights=layer.weights, old_biases=layer.biases)
        for layer, w, b in zip(before.layers, weights, biases, strict=True)
    )
    return replace(before, layers=layers, position=len(before.operations), loss_after=loss_after)


def _heading(preset: str, step: int, view: UpdateView) -> Iterator[str]:
    sizes = "-".join(str(n) for n in (view.inputs.shape[1], *(layer.units for layer in view.layers)))
    activations = " → ".join(layer.activation for layer in view.layers)
    yield f"{safe(preset)}: one update, after {count(step)} updates"
    yield f"network {sizes} {activations} · {view.loss_name} · {view.optimizer}, η {plain(view.eta)}"
    examples = "1 example" if len(view.inputs) == 1 else f"{count(len(view.inputs))} examples"
    yield f"batch of {examples}; z, a and δ have one example a row"
    off = [
        names.unit(view, layer.number, int(j))
        for layer in view.layers
        if layer.off is not None
        for j in np.flatnonzero(layer.off)
    ]
    if off:
        yield from wrap(f"switched off: {', '.join(off)}", WIDTH)
    held = [names.layer_name(view, layer.number) for layer in view.layers if layer.held]
    if held:
        yield from wrap(f"held: {', '.join(held)}", WIDTH)


def _operation(made: WorkedOperation) -> Iterator[str]:
    yield f"── {made.title} ".ljust(WIDTH, "─")
    yield from wrap(made.sentence, WIDTH)
    yield ""
    yield f"  {made.equation}"
    yield ""
    yield from (f"  {line}".rstrip() for line in _arrays(made))
    if made.beside:
        yield f"  {made.beside}"
    yield ""
    yield f"  for {made.at}:"
    yield from (f"  {line}".rstrip() for line in _chain(made.chain))
    yield ""
    yield from wrap(made.last, WIDTH)


def _arrays(made: WorkedOperation) -> Iterator[str]:
    """Whole where they are small, under each other where they must be; else windows side by side."""
    if max(max(matrix.values.shape) for matrix in made.arrays) > WHOLE:
        yield from lay_out(made.pieces, WIDTH - 2).lines()
        return
    for number, part in enumerate(_parts(made.pieces)):
        if number:
            yield ""
        yield from lay_out(part, WIDTH - 2, WHOLE, WHOLE).lines()


def _parts(pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """The pieces that fit beside each other; an operator goes with what comes after it."""
    part: list[Piece] = []
    for i, piece in enumerate(pieces):
        if isinstance(piece, str) and part and not _fits([*part, *pieces[i : i + 2]]):
            yield part
            part = []
        part.append(piece)
    yield part


def _fits(pieces: Sequence[Piece]) -> bool:
    whole = lay_out(pieces, 10 * WIDTH, WHOLE, WHOLE)
    return whole.width <= WIDTH - 2


def _chain(chain: Chain) -> Iterator[str]:
    yield from chain.rows()
    yield "".join(chain.result_row())


def _result(
    before: UpdateView, penalty: float, loss_after: float | None, penalty_after: float | None
) -> Iterator[str]:
    yield "─" * WIDTH
    yield f"loss of this batch     {_told(before.loss)} → {_told(loss_after)}"
    if before.l1 or before.l2:
        yield f"penalty                {_told(penalty)} → {_told(penalty_after)}"


def _told(x: float | None) -> str:
    return "not finite" if x is None else precise(x, 6)
