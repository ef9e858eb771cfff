"""The loss panel's curve as a table of tab-separated values."""

from __future__ import annotations

from bptui.session.frame import Frame
from bptui.tui.drawing.loss import ACCURACY, GUTTER, traces_of

COLUMNS = ("step", "loss", "low", "high", "test loss")


def table(frame: Frame, width: int, shown: str) -> str:
    """A row a drawn column of a picture of that width: the step of its last value, that value, the column's
    extent; and a row where the test part was looked at. A cell is empty where nothing was measured."""
    if shown == ACCURACY:
        return _lines(
            [
                ("step", "accuracy", "test accuracy"),
                *((str(s.step), _cell(s.accuracy), _cell(s.test_accuracy)) for s in frame.samples),
            ]
        )
    traces = traces_of(frame, width - GUTTER, shown)
    if traces is None:
        return ""
    rows = {stop.step: [repr(stop.value), repr(stop.low), repr(stop.high), ""] for stop in traces.stops}
    first, last = traces.ends
    for sample in frame.samples:
        if sample.test_loss is not None and first <= sample.step <= last:
            rows.setdefault(sample.step, ["", "", "", ""])[-1] = repr(sample.test_loss)
    return _lines([COLUMNS, *((str(step), *rows[step]) for step in sorted(rows))])


def _cell(figure: float | None) -> str:
    return "" if figure is None else repr(figure)


def _lines(rows: list[tuple[str, ...]]) -> str:
    """Without columns that are empty; "" where there is a head alone."""
    kept = [i for i in range(len(rows[0])) if any(row[i] for row in rows[1:])]
    return "\n".join("\t".join(row[i] for i in kept) for row in rows) if rows[1:] else ""
