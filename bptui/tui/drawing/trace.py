"""What stands on the axes of the loss panel: the steps, the values, where a cursor can stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from bptui.session.frame import Frame, Sample, State
from bptui.session.history import Column

CUT = 1e6  # times the first loss: higher is cut
FINEST = 2  # samples a column of cells: of more, those of a column are thinned to their extent


class Trace(NamedTuple):
    """The points of one curve: xs in steps, ys finite (at a cut: the cut)."""

    xs: tuple[int, ...] = ()
    ys: tuple[float, ...] = ()
    broken: bool = False  # it ends in something that is not finite


class Stop(NamedTuple):
    """Where a cursor can stand: the value at `step`, and the extent of the column it is the last of; None at
    the end of what lies ahead, which no update was made from."""

    step: int
    value: float | None
    low: float | None
    high: float | None


class Traces(NamedTuple):
    """All curves of a picture, and the steps at the ends of their axis."""

    train: Trace
    test: Trace
    future: Trace  # what came after this step, where the run went back
    ends: tuple[int, int]
    cut: bool
    stops: tuple[Stop, ...]  # in the order of their steps

    @property
    def ys(self) -> tuple[float, ...]:
        """Every value on the axes."""
        return self.train.ys + self.test.ys + self.future.ys

    def nearest(self, step: int) -> Stop | None:
        """Where a cursor set to `step` stands."""
        return min(self.stops, key=lambda stop: abs(stop.step - step), default=None)


def loss_traces(frame: Frame, width: int, last_tenth: bool = False) -> Traces | None:
    """Lowest and highest of each of `width` columns, so that a spike is kept; None before the first update.

    Update k was made from the loss at step k − 1; the last point is the loss at this moment.
    """
    ahead, first = frame.future, 0
    if last_tenth:
        ahead, first = _last_tenth(frame)
    end = ahead[-1].last if ahead else frame.step
    here = max(round(width * (frame.step - first) / (end - first)), 1) if ahead else max(width, 1)
    past = frame.history.columns(here, first=first)
    if not past and not ahead:
        return None
    coming = [
        column._replace(first=max(column.first, frame.step + 1))
        for column in merged(ahead, max(width - here, 1))
    ]
    now = frame.loss if not past or frame.step > past[-1].last - 1 else None
    points, later = _points(past, frame.step, now), _points(coming)
    tested = (
        () if last_tenth and not frame.samples else _tested(frame, past[0].first - 1 if past else 0, width)
    )
    ceiling, cut = _ceiling(frame, [y for _, y in (*points, *later, *tested) if math.isfinite(y)])
    return Traces(
        train=_trace(points, ceiling, frame.state is State.DIVERGED),
        test=_trace([point for point in tested if math.isfinite(point[1])], ceiling),
        future=_trace(later, ceiling),
        ends=(points[0][0] if points else 0, max(points[-1][0] if points else 0, end)),
        cut=cut,
        stops=(
            *_stops(past, coming, frame.step, now),
            *([Stop(ahead[-1].last, None, None, None)] if ahead else ()),
        ),
    )


def _last_tenth(frame: Frame) -> tuple[tuple[Column, ...], int]:
    """What lies ahead in it, and the updates before it. In the past it is that of the whole branch, so that
    it stands still under a cursor; before that begins, of the way to this step."""
    end = frame.future[-1].last if frame.future else frame.step
    first = max(end - max(end // 10, 2), 0)
    if first < frame.step:
        return frame.future, first
    return (), max(frame.step - max(frame.step // 10, 2), 0)


def _ceiling(frame: Frame, finite: list[float]) -> tuple[float, bool]:
    """The highest loss drawn, and whether there are higher ones."""
    top = CUT * frame.first_loss if frame.first_loss and frame.first_loss > 0 else math.inf
    cut = max(finite, default=0.0) > top
    return top if cut else max(finite, default=math.nan), cut


def accuracy_traces(frame: Frame, width: int) -> Traces | None:
    """In per cent, at the steps where whole parts of the data were looked at; None where none was."""
    known = [sample for sample in frame.samples if sample.accuracy is not None]
    told = [sample for sample in known if sample.step <= frame.step]
    later = [(s.step, 100 * s.accuracy) for s in known if s.step > frame.step and s.accuracy is not None]
    if frame.accuracy is not None and not (told and told[-1].step == frame.step) and _rests(frame):
        told.append(Sample(frame.step, frame.accuracy, frame.test_loss, frame.test_accuracy))
    if not told:
        return None
    train = [(s.step, 100 * s.accuracy) for s in told if s.accuracy is not None]
    test = [(s.step, 100 * s.test_accuracy) for s in told if s.test_accuracy is not None]
    return Traces(
        train=_trace(_thinned(train, width), 100.0),
        test=_trace(_thinned(test, width), 100.0),
        future=_trace(_thinned(later, width), 100.0),
        ends=(train[0][0], max((*train, *later)[-1][0], frame.step)),
        cut=False,
        stops=tuple(Stop(step, value, value, value) for step, value in (*train, *later)),
    )


def merged(columns: Sequence[Column], most: int) -> list[Column]:
    """At most `most` columns with the extents of those they are made of."""
    size = -(-len(columns) // most)
    groups = (columns[i : i + size] for i in range(0, len(columns), max(size, 1)))
    return [
        Column(g[0].first, g[-1].last, min(c.low for c in g), max(c.high for c in g), g[-1].final)
        for g in groups
    ]


def _rests(frame: Frame) -> bool:
    """What is told of whole parts of the data belongs to this very step."""
    return frame.state is not State.RUNNING


def _points(columns: Sequence[Column], step: int = 0, now: float | None = None) -> list[tuple[int, float]]:
    """Two points a column, the end nearer to the value before it first; then `now`, the loss at `step`."""
    points: list[tuple[int, float]] = []
    for column in columns:
        if column.first == column.last:
            points.append((column.last - 1, column.final))
            continue
        falls = not points or abs(points[-1][1] - column.high) <= abs(points[-1][1] - column.low)
        start, end = (column.high, column.low) if falls else (column.low, column.high)
        points += [(column.first - 1, start), (column.last - 1, end)]
    if now is not None:
        points.append((step, now))
    return points


def _tested(frame: Frame, first: int, width: int) -> list[tuple[int, float]]:
    """The test part's losses from step `first` to this one."""
    told = [
        (sample.step, sample.test_loss)
        for sample in frame.samples
        if sample.test_loss is not None and first <= sample.step <= frame.step
    ]
    if frame.test_loss is not None and not (told and told[-1][0] == frame.step) and _rests(frame):
        told.append((frame.step, frame.test_loss))
    return _thinned(told, width)


def _thinned(points: list[tuple[int, float]], width: int) -> list[tuple[int, float]]:
    """Lowest and highest of neighbours where there are more points than can be seen."""
    width = max(width, 1)
    if len(points) <= FINEST * width:
        return points
    size = -(-len(points) // width)
    kept: list[tuple[int, float]] = []
    for i in range(0, len(points), size):
        group = points[i : i + size]
        ends = {min(group, key=lambda point: point[1]), max(group, key=lambda point: point[1])}
        kept += sorted(ends)
    return kept


def _trace(points: Sequence[tuple[int, float]], ceiling: float, broken: bool = False) -> Trace:
    if not points:
        return Trace()
    ys = tuple(min(y, ceiling) if math.isfinite(y) else ceiling for _, y in points)
    return Trace(tuple(x for x, _ in points), ys, broken or not math.isfinite(points[-1][1]))


def _stops(
    past: Sequence[Column], coming: Sequence[Column], step: int, now: float | None
) -> tuple[Stop, ...]:
    stops = [Stop(c.last - 1, c.final, c.low, c.high) for c in past]
    if now is not None:
        stops.append(Stop(step, now, now, now))
    last = stops[-1].step if stops else -1
    return tuple(stops + [Stop(c.last - 1, c.final, c.low, c.high) for c in coming if c.last - 1 > last])
