"""The header: what runs, where it stands and how well, each in its fixed cell."""

from __future__ import annotations

from typing import NamedTuple

from bptui.escape import safe
from bptui.explain.numbers import count, percent, plain, u7
from bptui.session.frame import Frame, State
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.notation import shape
from bptui.tui.drawing.palette import Palette

# What a narrow terminal does without, first to last; state, step, loss and η stay.
FALLS_AWAY = ("optimizer", "speed", "epoch", "activations", "accuracy", "shape")
CELLS = ("state", "step", "epoch", "loss", "accuracy", "eta", "optimizer", "speed")
WIDE = {
    "state": 13,
    "step": 14,
    "epoch": 14,
    "loss": 17,
    "accuracy": 16,
    "eta": 10,
    "optimizer": 21,
    "speed": 14,
}
NARROW = {**WIDE, "state": 12, "step": 12, "loss": 15, "eta": 9}
NARROWEST = {**NARROW, "state": 9, "step": 10, "loss": 14, "eta": 7}

_WORDS = {
    State.PAUSED: "‖ paused",
    State.RUNNING: "▶ running",
    State.FINISHED: "■ finished",
    State.DIVERGED: "✕ diverged",
}


class Plan(NamedTuple):
    """Which cells there are, how wide, and what the title says."""

    widths: dict[str, int]
    cells: tuple[str, ...]
    title: tuple[tuple[str, str], ...]  # (text, token)
    room: int  # of the title


def draw_header(
    frame: Frame,
    width: int,
    height: int,
    palette: Palette,
    choice: Choice,
    focused: bool = False,
    compact: bool = False,
) -> Canvas:
    """One row."""
    canvas = Canvas(width, height, palette)
    canvas.put(0, 0, " " * width, "text", "surface")
    plan = _plan(frame, width)
    x = 1
    for text, token in plan.title:
        room = max(plan.room - x - 1, 0)
        cut = text if len(text) <= room else f"{text[: room - 1]}…" if room > 2 else ""
        x = canvas.put(x, 0, cut, token, "surface", bold=token == "bright")
    x = plan.room
    for name in plan.cells:
        _cell(canvas, x, name, frame, plan.widths[name])
        x += plan.widths[name]
    return canvas


def _plan(frame: Frame, width: int) -> Plan:
    widths = WIDE if width >= 100 else NARROW if width >= 60 else NARROWEST
    shown = [*CELLS, "activations", "shape"]
    for victim in (*FALLS_AWAY, None):
        cells = tuple(name for name in CELLS if name in shown)
        room = width - sum(widths[name] for name in cells)
        title = _title(frame, shown)
        if sum(len(text) for text, _ in title) + 2 <= room or victim is None:
            break
        shown.remove(victim)
    return Plan(widths, cells, title, max(room, 1))


def _title(frame: Frame, shown: list[str]) -> tuple[tuple[str, str], ...]:
    title = [(safe(frame.title, 24), "bright")]
    if "shape" in shown:
        title.append((f" {shape(frame.sizes)}", "dim"))
    if "activations" in shown and "shape" in shown:
        title.append((f" {_activations(frame)}", "dim"))
    return tuple(title)


def _activations(frame: Frame) -> str:
    """tanh → sigmoid: neighbours that are equal once."""
    names = [layer.activation for layer in frame.update.layers]
    kept = [name for i, name in enumerate(names) if i == 0 or name != names[i - 1]]
    return " → ".join(kept) if len(kept) < 4 else f"{kept[0]} … {kept[-1]}"


def _cell(canvas: Canvas, x: int, name: str, frame: Frame, width: int) -> None:
    if name == "state":
        _state(canvas, x, frame, width)
    elif name == "speed":
        label, value = _speed(frame)
        text = f"{label} {value}" if label else value
        canvas.right(x + width - 1, 0, text[: width - 1], "dim", "surface")
        canvas.right(x + width - 1, 0, value[: width - 1], "text", "surface")
    elif name == "optimizer":
        canvas.put(x, 0, f"{frame.optimizer} · {frame.batch_label}"[: width - 1], "dim", "surface")
    else:
        label, value, arrow = _number(name, frame, width)
        after = canvas.put(x, 0, f"{label} ", "dim", "surface")
        broken = value in ("inf", "nan")
        canvas.put(after, 0, value, "ink" if broken else "bright", "accent" if broken else "surface")
        if arrow:
            canvas.put(min(after + 8, x + width - 2), 0, arrow, "text", "surface")


def _state(canvas: Canvas, x: int, frame: Frame, width: int) -> None:
    if frame.state is State.STEPPING:
        total = len(frame.update.operations)
        place = f"{frame.update.position:>{len(str(total))}}/{total}"
        word = f"▮ op {place}" if len(place) + 7 <= width else f"▮ {place}"
    else:
        word = _WORDS[frame.state]
    ground = "accent" if frame.state in (State.STEPPING, State.DIVERGED) else "surface"
    if ground == "accent":
        word = f" {word} " if len(word) + 2 <= width else f"{word.replace(' ', '')} "
        canvas.put(x - 1, 0, word, "ink", ground, bold=True)
        return
    if len(word) >= width:
        word = word.replace(" ", "")
    canvas.put(x - (len(word) >= width), 0, word, "bright", ground)


def _number(name: str, frame: Frame, width: int) -> tuple[str, str, str]:
    """Label, value and arrow of a cell."""
    if name == "step":
        return "step", _large(frame.step, width - 6), ""
    if name == "epoch":
        return "epoch", _large(frame.epoch, width - 7), ""
    if name == "eta":
        return "η", _eta(frame.eta, width - 3), ""
    if name == "loss":
        return "loss", "–" if frame.loss is None else u7(frame.loss).strip(), frame.trend
    if frame.rmse is not None:
        return "rmse", u7(frame.rmse).strip(), ""
    return "accuracy", "–" if frame.accuracy is None else percent(frame.accuracy), ""


def _large(number: int, room: int) -> str:
    """A count, rounded where it has no room, never cut: 123,456, 123.5k, 123k."""
    text = count(number)
    size, letter = (1e3, "k") if number < 1e6 else (1e6, "M") if number < 1e9 else (1e9, "G")
    for decimals in (2, 1, 0):
        if len(text) <= room:
            break
        text = f"{number / size:.{decimals}f}{letter}"
    return text


def _speed(frame: Frame) -> tuple[str, str]:
    if frame.state is State.RUNNING and frame.rate is not None and frame.speed == "full":
        rate = round(frame.rate)
        return "", f"{count(rate)}/s" if rate < 10 else f"{count(round(rate, 2 - len(str(rate))))}/s"
    return "speed", frame.speed


def _eta(eta: float, room: int) -> str:
    """With all its digits where they fit, else rounded, never cut."""
    text = plain(eta)
    for digits in (3, 2, 1):
        if len(text) <= room:
            break
        text = plain(float(f"{eta:.{digits}g}"))
    return (
        text
        if len(text) <= room
        else f"{eta:.0e}".replace("e-0", "e−").replace("e-", "e−").replace("e+0", "e")
    )
