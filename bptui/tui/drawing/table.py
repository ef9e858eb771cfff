"""The loss panel's curve as a table of tab-separated values."""

from __future__ import annotations

from collections.abc import Sequence

from bptui.explain import tsv
from bptui.session.frame import Frame
from bptui.tui.drawing.loss import ACCURACY, GUTTER, traces_of

LOSSES = ("step", "loss", "low", "high", "test loss")
ACCURACIES = ("step", "accuracy", "test accuracy")


def table(frame: Frame, width: int, shown: str) -> str:
    """A row a drawn column of a picture of that width: the step of its last value, that value, the column's
    extent; and a row where the test part was looked at. A cell is empty where nothing was measured."""
    if shown == ACCURACY:
        told = ((str(s.step), tsv.number(s.accuracy), tsv.number(s.test_accuracy)) for s in frame.samples)
        return _without_empty_columns(ACCURACIES, list(told))
    traces = traces_of(frame, width - GUTTER, shown)
    if traces is None:
        return ""
    known = [stop for stop in traces.stops if stop.value is not None]
    rows = {stop.step: [*map(tsv.number, (stop.value, stop.low, stop.high)), ""] for stop in known}
    first, last = traces.ends
    for sample in frame.samples:
        if sample.test_loss is not None and first <= sample.step <= last:
            rows.setdefault(sample.step, ["", "", "", ""])[-1] = tsv.number(sample.test_loss)
    return _without_empty_columns(LOSSES, [(str(step), *rows[step]) for step in sorted(rows)])


def _without_empty_columns(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """ "" where there is a heading alone."""
    kept = [i for i in range(len(heading)) if any(row[i] for row in rows)]
    return tsv.table([heading[i] for i in kept], [[row[i] for i in kept] for row in rows]) if rows else ""
