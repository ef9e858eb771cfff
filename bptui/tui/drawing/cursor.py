"""The cursor on the loss curve: where it stands and what it tells."""

from __future__ import annotations

from collections.abc import Sequence

from bptui.escape import safe
from bptui.explain.numbers import count, plain, u7
from bptui.session.frame import Frame, Mark
from bptui.tui.drawing.marks import LONGEST
from bptui.tui.drawing.trace import Stop, Traces

ETA = "η "  # how the label of a changed η begins
UNKNOWN = "–".rjust(7)


def told(frame: Frame, traces: Traces, stop: Stop, accuracy: bool, room: int) -> str:
    """Step, value, η in force and what was changed last, as much as fits in `room`, of a width that does
    not change with the step."""
    step = count(stop.step).rjust(len(count(traces.ends[1])))
    value = f"{stop.value:5.1f} %" if accuracy and stop.value is not None else _value(stop.value)
    said = f"step {step} · {'accuracy' if accuracy else 'loss'} {value}"
    if len(said) > room:
        return f"step {step} · {value}" if len(f"step {step} · {value}") <= room else f"{step} · {value}"
    for more in (*_eta(frame, stop.step), *_tested(frame, stop, accuracy), *_change(frame, stop.step)):
        if len(said + more) > room:
            break
        said += more
    return said


def _value(loss: float | None) -> str:
    return UNKNOWN if loss is None else u7(loss)


def _eta(frame: Frame, step: int) -> list[str]:
    """η of the update after `step`; nothing where that is not known: before the first change, and ahead."""
    if step > frame.step:
        return []
    changes = [mark for mark in frame.marks if mark.label.startswith(ETA)]
    before = _last(changes, step)
    if before is not None:
        since = f" since step {count(before.step)}"
        return (
            [f" · {safe(before.label, 20)}", since]
            if before is _last(frame.marks, step)
            else [f" · {safe(before.label, 20)}"]
        )
    return [] if changes else [f" · {ETA}{plain(frame.eta)}"]


def _tested(frame: Frame, stop: Stop, accuracy: bool) -> list[str]:
    """The test part's figure, where it was looked at with this very step."""
    for sample in frame.samples:
        figure = sample.test_accuracy if accuracy else sample.test_loss
        if sample.step == stop.step and figure is not None:
            return [f" · test {100 * figure:5.1f} %" if accuracy else f" · test {u7(figure)}"]
    return []


def _change(frame: Frame, step: int) -> list[str]:
    """What was changed last, where that is not η; ahead of this moment that is not known."""
    last = _last(frame.marks, step) if step <= frame.step else None
    if last is None or last.label.startswith(ETA):
        return []
    return [f" · {safe(last.label, LONGEST)} since step {count(last.step)}"]


def _last(marks: Sequence[Mark], step: int) -> Mark | None:
    return next((mark for mark in reversed(marks) if mark.step <= step), None)
