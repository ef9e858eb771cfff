"""Tables as tab-separated text: a heading row, numbers whole, so that any program reads them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bptui.escape import safe
from bptui.explain.paths import Paths
from bptui.explain.update import Array, UpdateView
from bptui.explain.weight import WeightChain


def number(value: float | None) -> str:
    """Every digit, with a hyphen as its minus; "" for what is not there."""
    return "" if value is None else repr(float(value))


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells; no cell holds a tab or a line end."""
    return "\n".join("\t".join(safe(cell) for cell in row) for row in (heading, *rows))


def matrix(values: Array, columns: Sequence[str], rows: Sequence[str] = ()) -> str:
    """A 2-d array under the names of its columns, each row after its own name where there are names."""
    body = [[number(value) for value in row] for row in values.tolist()]
    if not rows:
        return table(columns, body)
    return table(["", *columns], [[name, *row] for name, row in zip(rows, body, strict=True)])


def weight_table(view: UpdateView, chain: WeightChain) -> str:
    """One row an example: its inputs, each factor, the product; then the mean and the penalty's share."""
    heading = ["example", *view.input_names, *(f"{k.derivative} = {k.form}" for k in chain.links)]
    rows = []
    for example, inputs in enumerate(view.inputs.tolist()):
        factors = [None if k.values is None else float(k.values[example]) for k in chain.links]
        product = None if chain.products is None else float(chain.products[example])
        rows.append([str(example + 1), *map(number, (*inputs, *factors, product))])
    blank = [""] * (len(heading) - 1)
    rows.append(["mean", *blank, number(chain.mean)])
    if chain.penalty is not None:
        rows.append([f"penalty {chain.penalty_form}", *blank, number(chain.penalty)])
    return table([*heading, f"∂ℓ/∂{chain.short}"], rows)


def paths_table(paths: Paths) -> str:
    """One row a listed path, then the others together."""
    rows = [[" ▸ ".join(path.over), number(path.value)] for path in paths.listed]
    left = paths.ways - len(paths.listed)
    if left:
        rows.append([f"{left} more", number(paths.rest)])
    return table([f"path from {paths.unit}", "carries"], [*rows, ["sum", number(paths.total)]])
