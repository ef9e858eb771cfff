"""An operation over the whole batch, in numbers."""

from __future__ import annotations

import numpy as np
import pytest
from worked_views import xor_view

from bptui.explain.batch import over_batch
from bptui.explain.numbers import precise
from bptui.explain.worked import Chosen, WorkedOperation, worked

H3 = Chosen(example=2, layer=1, unit=2)


def of_batch(position: int, chosen: Chosen = H3) -> WorkedOperation:
    view = xor_view(position)
    made = worked(view, chosen)
    assert made is not None
    return over_batch(view, chosen, made)


@pytest.mark.parametrize(("position", "letter"), [(1, "z"), (2, "a"), (8, "delta")])
def test_the_result_is_the_mean_over_the_examples(position: int, letter: str) -> None:
    values = getattr(xor_view(position).layers[0], letter)[:, 2]
    made = of_batch(position)
    assert made.chain.result == pytest.approx(values.mean())
    assert [float(f.value.replace("−", "-")) for f in made.chain.factors] == pytest.approx(values, abs=5e-5)
    assert made.chain.goes_to == f"the mean; rms {precise(np.sqrt((values**2).mean()))}"
    assert made.at == "mean of 4 examples · unit h₃"
    assert made.curve is None


def test_a_column_over_all_examples_is_chosen() -> None:
    delta, over, weights, slope = of_batch(8).arrays
    assert (delta.row, delta.column) == (None, 2)
    assert (over.row, over.column) == (None, None)
    assert (weights.row, weights.column) == (None, 2)
    assert (slope.row, slope.column) == (None, 2)


def test_the_extremes_say_whose_they_are() -> None:
    assert of_batch(1).last == "From −4.1767 (example 4) to +0.6845 (example 1)."
    assert of_batch(3).chain.left == "mean z⁽²⁾"


@pytest.mark.parametrize("position", [5, 7, 10])
def test_what_is_of_the_batch_already_stays_and_says_so(position: int) -> None:
    view = xor_view(position)
    made = worked(view, H3)
    assert made is not None
    same = over_batch(view, H3, made)
    assert same.at.startswith("of the whole batch already · unit ")
    assert same._replace(at=made.at, short_at=made.short_at) == made
