from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptui.session.history import BUCKETS, History

VALUES = st.floats(-1e6, 1e6, allow_nan=False)


def recorded(values: list[float], buckets: int = 8) -> History:
    history = History(buckets)
    history.extend(values)
    return history


def told(history: History, width: int = 10_000, first: int = 0) -> list[tuple[float, ...]]:
    return [(c.first, c.last, c.low, c.high, c.final) for c in history.columns(width, first)]


def expected(values: list[float], spans: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    parts = [(int(first), int(last), values[int(first) - 1 : int(last)]) for first, last, *_ in spans]
    return [(first, last, min(part), max(part), part[-1]) for first, last, part in parts]


def test_a_short_history_is_told_value_by_value() -> None:
    assert told(recorded([3.0, 1.0, 2.0])) == [
        (1, 1, 3.0, 3.0, 3.0),
        (2, 2, 1.0, 1.0, 1.0),
        (3, 3, 2.0, 2.0, 2.0),
    ]


def test_an_empty_history_has_no_column_and_no_last() -> None:
    assert History().columns(10) == []
    assert History().last is None
    assert len(History()) == 0


@given(st.lists(VALUES, min_size=1, max_size=100), st.data())
def test_at_a_step_is_the_last_value_of_its_bucket(values: list[float], data: st.DataObject) -> None:
    history = recorded(values)
    step = data.draw(st.integers(1, len(values)))
    found = next(column for column in history.columns(10_000) if column.first <= step <= column.last)
    assert history.at(step) == found.final
    assert history.at(0) is None
    assert history.at(len(values) + 1) is None


def test_a_width_of_nothing_has_no_column() -> None:
    assert recorded([1.0, 2.0]).columns(0) == []


def test_a_spike_is_kept_however_narrow_the_picture() -> None:
    values = [1.0] * 100_000
    values[54_321] = 1e9
    values[77_777] = -1e9
    (column,) = recorded(values, BUCKETS).columns(1)
    assert (column.first, column.last, column.low, column.high, column.final) == (1, 100_000, -1e9, 1e9, 1.0)


def test_a_metric_of_any_length_costs_under_a_megabyte() -> None:
    history = History()
    for _ in range(40):
        history.extend(np.zeros(50_000).tolist())
    arrays = [a for a in vars(history).values() if isinstance(a, np.ndarray)]
    assert sum(a.nbytes for a in arrays) < 1_000_000
    assert len(history) == 2_000_000


def test_values_that_are_not_finite_pass_through() -> None:
    history = recorded([1.0, math.inf, math.nan], 64)
    assert history.columns(3)[1].high == math.inf
    assert math.isnan(history.columns(3)[2].final)


@given(
    st.lists(VALUES, min_size=1, max_size=300), st.integers(1, 40), st.lists(st.integers(1, 60), min_size=1)
)
@settings(max_examples=100, deadline=None)
def test_columns_cover_every_update_with_its_true_extent(
    values: list[float], width: int, sizes: list[int]
) -> None:
    history, start = History(8), 0
    for size in sizes * len(values):
        history.extend(values[start : start + size])
        start += size
    spans = told(history, width)
    assert len(history) == len(values)
    assert history.last == values[-1]
    assert 1 <= len(spans) <= width
    assert spans[0][0] == 1
    assert spans[-1][1] == len(values)
    assert all(after[0] == before[1] + 1 for before, after in pairwise(spans))
    assert spans == expected(values, spans)


@given(st.lists(VALUES, min_size=1, max_size=120), st.integers(0, 130), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_columns_after_a_step_cover_all_that_came_after_it(
    values: list[float], first: int, width: int
) -> None:
    spans = told(recorded(values), width, min(first, len(values) - 1))
    assert spans[0][0] <= min(first, len(values) - 1) + 1
    assert spans[-1][1] == len(values)
    assert spans == expected(values, spans)


@given(
    st.lists(VALUES, min_size=1, max_size=300), st.data(), st.lists(VALUES, max_size=300), st.integers(1, 20)
)
@settings(max_examples=100, deadline=None)
def test_a_rewind_forgets_exactly_what_came_after(
    values: list[float], data: st.DataObject, other: list[float], size: int
) -> None:
    length = data.draw(st.integers(0, len(values)))
    history = recorded(values[:length])
    tail = history.tail()
    for start in range(length, len(values), size):
        history.extend(values[start : start + size])
    history.rewind(tail)
    spans = told(history)
    assert len(history) == length
    assert history.last == (values[length - 1] if length else None)
    assert spans == expected(values, spans)
    assert not spans or spans[-1][1] == length
    history.extend(other)
    future = values[:length] + other
    assert told(history) == expected(future, told(history))
    assert not future or told(history)[-1][1] == len(future)


@pytest.mark.parametrize("length", range(1, 130))
def test_a_tail_holds_at_every_stride_that_comes(length: int) -> None:
    values = [float((i * 7919) % 1009) for i in range(1030)]
    for end in (length, length + 60, 300, 600, 1030):
        history = recorded(values[:length])
        tail = history.tail()
        history.extend(values[length:end])
        history.rewind(tail)
        spans = told(history)
        assert spans == expected(values, spans)
        assert spans[-1][1] == length


@given(st.lists(VALUES, max_size=200), st.integers(1, 20), st.data())
@settings(max_examples=60, deadline=None)
def test_the_lowest_is_known_to_the_update_and_comes_back_with_a_rewind(
    values: list[float], size: int, data: st.DataObject
) -> None:
    history, cut = History(8), data.draw(st.integers(0, len(values)))
    tails = {0: history.tail()}
    for place in [*range(size, len(values), size), len(values)]:
        history.extend(values[len(history) : place])
        tails[len(history)] = history.tail()
    assert history.lowest == lowest_of(values)
    length = max(length for length in tails if length <= cut)
    history.rewind(tails[length])
    assert history.lowest == lowest_of(values[:length])
    history.extend([7.0, -1e7, -1e7])
    assert history.lowest == (length + 2, -1e7)
    assert history.lowest is not None
    assert history.lowest.step == length + 1


def lowest_of(values: list[float]) -> tuple[int, float] | None:
    return (values.index(min(values)) + 1, min(values)) if values else None


def test_what_is_not_a_number_is_not_the_lowest() -> None:
    assert recorded([math.nan]).lowest is None
    assert recorded([math.nan, 3.0, math.inf, 2.0]).lowest == (4, 2.0)
