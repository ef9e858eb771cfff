"""The paths that blame takes from the outputs back to one unit: the largest of them, and all in count.

A path goes over one unit of each layer above; what it carries is the product of the weights and slopes on
it and of the error it starts from. All of them add up to ∂ℓ/∂a of the unit (at an output whose softmax
couples all outputs: to ∂ℓ/∂z).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bptui.explain import names
from bptui.explain.backward import slopes_of
from bptui.explain.update import Array, UpdateView
from bptui.explain.weight import Place, paths_to_loss, weights_in_use

LISTED = 10


class Path(NamedTuple):
    """Over which units, from the layer above to the output, and what it carries."""

    over: tuple[str, ...]
    value: float


class Paths(NamedTuple):
    """total = Σ of the listed + rest; the largest |value| first."""

    unit: str
    example: int
    total: float
    ways: int
    listed: tuple[Path, ...]
    rest: float


def paths_of(view: UpdateView, place: Place, example: int, most: int = LISTED) -> Paths | None:
    """The `most` largest paths for one example; None where there is but one, or no error yet."""
    count = paths_to_loss(view, place)
    top = len(view.layers)
    if count < 2 or names.layer(view, place.layer).delta is None:
        return None
    with np.errstate(all="ignore"):
        if place.layer == top:
            total, listed = _through_outputs(view, place.unit, example, most)
        else:
            total, listed = _through_layers(view, place, example, most)
    rest = total - sum(path.value for path in listed) if count > len(listed) else 0.0
    return Paths(names.unit(view, place.layer, place.unit), example, total, count, listed, rest)


def _through_outputs(view: UpdateView, j: int, example: int, most: int) -> tuple[float, tuple[Path, ...]]:
    """∂ℓ/∂ŷₖ ∂ŷₖ/∂zⱼ of a softmax: eₖ ŷₖ (1 where k = j, else 0, − ŷⱼ)."""
    top = len(view.layers)
    output = names.layer(view, top)
    assert output.a is not None
    assert output.delta is not None
    said = np.asarray(output.a[example], float)
    carried = (said - view.targets[example]) * said * ((np.arange(len(said)) == j) - said[j])
    chosen = _largest(carried, most)
    listed = tuple(Path((names.unit(view, top, k),), float(carried[k])) for k in chosen.tolist())
    return float(output.delta[example, j]), listed


class _Best(NamedTuple):
    """Of each unit of a layer the paths that carry most: (n_l, kept) values, and where each goes on."""

    values: Array
    units: Array  # of the layer above
    ranks: Array  # among that unit's paths


def _through_layers(
    view: UpdateView, place: Place, example: int, most: int
) -> tuple[float, tuple[Path, ...]]:
    """Layer by layer from the output down: the largest of a unit go on over the largest of those above."""
    top, below = len(view.layers), place.layer
    delta = names.layer(view, top).delta
    over = names.layer(view, below + 1)
    assert delta is not None
    assert over.delta is not None
    kept = {top: _Best(np.asarray(delta[example], float)[:, None], np.empty(0, int), np.empty(0, int))}
    for l in range(top - 1, below, -1):
        weights = np.asarray(weights_in_use(names.layer(view, l + 1)), float)
        slope = np.asarray(slopes_of(names.layer(view, l))[example], float)
        kept[l] = _step(weights * slope, kept[l + 1].values, most)
    own = np.asarray(weights_in_use(over)[:, place.unit], float)
    last = _step(own[:, None], kept[below + 1].values, most)
    total = float(np.asarray(over.delta[example], float) @ own)
    return total, tuple(_trail(view, kept, last, rank, below) for rank in range(last.values.shape[1]))


def _step(weights: Array, above: Array, most: int) -> _Best:
    """weights (n_above, n); above (n_above, kept) -> the best of each of the n units."""
    values, units, ranks = [], [], []
    # The largest `most` lie among the units whose own largest are the largest.
    leading = weights * above[:, :1]
    for unit in range(weights.shape[1]):
        near = _largest(leading[:, unit], most)
        carried = weights[near, unit][:, None] * above[near]
        chosen = _largest(carried.ravel(), most)
        rows, columns = np.divmod(chosen, carried.shape[1])
        values.append(carried[rows, columns])
        units.append(near[rows])
        ranks.append(columns)
    return _Best(np.array(values), np.array(units), np.array(ranks))


def _trail(view: UpdateView, kept: dict[int, _Best], last: _Best, rank: int, below: int) -> Path:
    over, value = [], float(last.values[0, rank])
    unit, rank = int(last.units[0, rank]), int(last.ranks[0, rank])
    for l in range(below + 1, len(view.layers) + 1):
        over.append(names.unit(view, l, unit))
        if l < len(view.layers):
            unit, rank = int(kept[l].units[unit, rank]), int(kept[l].ranks[unit, rank])
    return Path(tuple(over), value)


def _largest(values: Array, most: int) -> Array:
    """Places of the `most` largest |values|, the largest first; what is no number leads."""
    return np.argsort(-np.nan_to_num(np.abs(values), nan=np.inf), kind="stable")[:most]
