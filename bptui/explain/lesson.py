"""One update as a worked example that can be handed out: as text, as Markdown or as LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from bptui.explain import latex, markdown, text, words
from bptui.explain.backward_pass import backward_pass
from bptui.explain.document import Arrays, Document, Heading, Paragraph, Part, Table, beside, wide
from bptui.explain.followed import Followed, follow
from bptui.explain.forward_pass import forward_pass, loss
from bptui.explain.grids import FEWEST, WHOLE
from bptui.explain.opening import opening
from bptui.explain.update import Array, UpdateView, WorkedUpdate
from bptui.explain.updating import update as updated

DIGITS, MOST_DIGITS = 4, 17
WIDTH = 96  # characters that an array may take; a page of LaTeX has no more

FORMATS: dict[str, Callable[[Document], str]] = {
    "text": text.render,
    "markdown": markdown.render,
    "latex": latex.render,
}
SUFFIXES = {"text": ".txt", "markdown": ".md", "latex": ".tex"}


def worked_example(
    update: WorkedUpdate,
    name: str,
    step: int,
    format: str = "text",
    *,
    example: int | None = None,
    unit: tuple[int, int] | None = None,
    digits: int = DIGITS,
) -> str:
    """The update after `step` updates of the experiment called `name`, as a whole text.

    format: one of FORMATS. example: a row of the batch, from 0 (None: the first with something to say). unit:
    a layer from 1 and a unit of it from 0 that is worked out (None: the one with the largest |δ|, as in the
    other layers). digits: significant ones, 1 to 17. Foreign text in it is harmless in every format.
    """
    return FORMATS[format](document(update, name, step, example=example, unit=unit, digits=digits))


def update_made(view: UpdateView) -> WorkedUpdate | None:
    """The update that a view stands right after, as the screen has it; None where it stands elsewhere.
    Without the optimizer's state its step is told as a difference, but for plain sgd."""
    if view.position != len(view.operations) or view.loss_after is None:
        return None
    layers = []
    for layer in view.layers:
        w, b = layer.old_weights, layer.old_biases
        if w is None or b is None:
            return None
        layers.append(replace(layer, weights=w, biases=b, old_weights=None, old_biases=None))
    new_weights = [layer.weights for layer in view.layers]
    return WorkedUpdate(
        replace(view, layers=tuple(layers), position=0, loss_after=None),
        new_weights,
        [layer.biases for layer in view.layers],
        _penalty(view, [layer.weights for layer in layers]),
        view.loss_after,
        _penalty(view, new_weights),
    )


def _penalty(view: UpdateView, weights: Sequence[Array]) -> float:
    """λ₁ Σ|w| + ½ λ₂ Σ w²"""
    with np.errstate(all="ignore"):
        return sum(
            view.l1 * float(np.abs(w).sum()) + 0.5 * view.l2 * float(np.square(w).sum()) for w in weights
        )


def document(
    update: WorkedUpdate,
    name: str,
    step: int,
    *,
    example: int | None = None,
    unit: tuple[int, int] | None = None,
    digits: int = DIGITS,
) -> Document:
    """Its parts; of wide layers as many units as fit with these digits."""
    for most in range(WHOLE, FEWEST - 1, -1):
        followed = follow(update, example, unit, digits, most)
        with np.errstate(all="ignore"):
            made = tuple(_parts(followed, update, name, step, digits))
        if all(_fits(part) for part in made):
            break
    return made


def _fits(part: Part) -> bool:
    """Each array of it on a line, with the operators before it."""
    return not isinstance(part, Arrays) or all(wide(row) <= WIDTH for row in beside(part.pieces, WIDTH))


def _parts(f: Followed, update: WorkedUpdate, name: str, step: int, digits: int) -> Iterator[Part]:
    yield from opening(f, name, step, digits)
    yield Heading("Forward pass: from the inputs to the prediction")
    yield from forward_pass(f)
    yield Heading("Loss: how wrong it is")
    yield from loss(f)
    yield Heading("Backward pass: the chain rule, from the loss to every weight")
    yield from backward_pass(f)
    yield Heading("Update: a step against the gradient")
    yield from updated(f)
    yield Heading("What it brought")
    yield from _result(f, update)


def _result(f: Followed, update: WorkedUpdate) -> Iterator[Part]:
    before = float("nan") if f.before.loss is None else f.before.loss
    after = update.loss_after
    rows: list[tuple[str, ...]] = [
        ("of this batch", "before", "after"),
        ("loss", f.number(before), f.number(after)),
    ]
    with_penalty = bool(f.before.l1 or f.before.l2)
    if with_penalty:
        rows.append(("penalty", f.number(update.penalty), f.number(update.penalty_after)))
        both = (before + update.penalty, after + update.penalty_after)
        rows.append(("together", *map(f.number, both)))
    yield Table(tuple(rows))
    said = words.of_update(f.after)
    kept = after + update.penalty_after - before - update.penalty
    yield Paragraph(" ".join(filter(None, [said, words.of_promise(_promised(f), kept, with_penalty)])))


def _promised(f: Followed) -> float:
    """Σ ∂L/∂w · Δw over all weights and biases."""
    total = 0.0
    for old, new in zip(f.before.layers, f.after.layers, strict=True):
        pairs = (
            (old.grad_weights, new.weights, old.weights),
            (old.grad_biases, new.biases, old.biases),
        )
        total += sum(float((g * (b - a)).sum()) for g, b, a in pairs if g is not None)
    return total
