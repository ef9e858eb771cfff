"""The output panel: what the network says at this moment, as the picture its task asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bptui.explain.names import layer_word
from bptui.explain.numbers import count, precise, sub
from bptui.session.frame import Frame
from bptui.tui.drawing import confusion, graph
from bptui.tui.drawing.answers import FEW, Answers, class_letters, narrow, pretty, read_answers
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.examples import Columns, draw_examples, fitting, lists_of
from bptui.tui.drawing.palette import Palette
from bptui.tui.drawing.plane import ALIKE, draw_axes, draw_plane, gutter, place_plane

OUTPUT, HIDDEN, ERRORS = "output", "hidden units", "errors"
TEST, TEST_ERRORS = "test part", "errors of the test part"
VIEWS = (OUTPUT, HIDDEN, ERRORS, TEST, TEST_ERRORS)
TRAINING = (OUTPUT, HIDDEN, ERRORS)  # of that part
_WIDEST_PLANE = 60
_SMALLER = 0.8  # of its width a plane keeps at least to make room for the list
Line = tuple[tuple[str, str], ...]  # (text, colour) …


def draw_output(
    frame: Frame,
    width: int,
    height: int,
    palette: Palette,
    choice: Choice,
    focused: bool = False,
    compact: bool = False,
    what: str = OUTPUT,
) -> Canvas:
    """Row 0 the title, below it the picture. what: one of `views_of` the frame."""
    canvas = Canvas(width, height, palette)
    if what in (TEST, TEST_ERRORS) and frame.output.other is not None:
        frame = replace(frame, output=frame.output.other())
    answers = read_answers(frame, choice)
    if what == HIDDEN:
        _draw_hidden_panel(canvas, frame, answers, choice, focused)
    elif what in (ERRORS, TEST_ERRORS):
        _draw_errors_panel(canvas, answers, focused)
    else:
        _draw_answers(canvas, answers, focused, compact)
    return canvas


def _draw_answers(canvas: Canvas, answers: Answers, focused: bool, compact: bool) -> None:
    """By inputs and targets: a plane, a curve, numbers, who is taken for whom, or labels."""
    out = answers.out
    inputs, outputs = out.raw_inputs.shape[1], out.targets.shape[1]
    several = outputs > 1 and len(out.classes) == outputs
    if inputs == 2 and (outputs == 1 or several or out.regression):
        _draw_plane_panel(canvas, answers, focused, compact)
    elif inputs == 1 and answers.two_sided:
        _draw_curve_panel(canvas, answers, focused)
    elif out.regression:
        _draw_numbers_panel(canvas, answers, focused)
    elif outputs == 1 or several:
        _draw_classes_panel(canvas, answers, focused, compact)
    else:
        _draw_labels_panel(canvas, answers, focused)


def views_of(frame: Frame) -> tuple[str, ...]:
    """Those of VIEWS that there are: hidden units over one or two inputs, a test part where it is."""
    out = frame.output
    hidden = out.hidden is not None and out.raw_inputs.shape[1] <= 2 and len(frame.sizes) > 2
    left_out = set() if hidden else {HIDDEN}
    if out.other is None:
        left_out |= {TEST, TEST_ERRORS}
    return tuple(view for view in VIEWS if view not in left_out)


def _rule(canvas: Canvas, answers: Answers, notes: list[str], focused: bool, view: str = "") -> None:
    """The view where it is not the usual one, and the longest of the notes that fits."""
    view = view or (TEST if answers.out.part == "test" else "")
    title = f"Output · {view}" if view else "Output"
    room = canvas.width - len(title) - 8
    canvas.rule(0, title, next((note for note in notes if len(note) <= room), ""), focused)


def _draw_hidden_panel(canvas: Canvas, frame: Frame, answers: Answers, choice: Choice, focused: bool) -> None:
    from bptui.tui.drawing.hidden import draw_hidden, hidden_layer  # start-up is felt

    layer = layer_word(frame.sizes, hidden_layer(frame.sizes, choice))
    activation = frame.update.layers[hidden_layer(frame.sizes, choice) - 1].activation
    told = f"{layer} {activation}: a unit a picture, at this moment"
    _rule(canvas, answers, [told, f"{layer} {activation}"], focused, HIDDEN)
    if canvas.height >= 2 and canvas.width >= 2 and not _refused(canvas, answers, "picture"):
        draw_hidden(canvas, answers, frame.sizes, choice, 1, canvas.height - 1)


def _draw_errors_panel(canvas: Canvas, answers: Answers, focused: bool) -> None:
    wrong, test = count(int((~answers.right).sum())), answers.out.part == "test"
    many = (
        f"{count(answers.count)} examples"
        if answers.out.regression
        else f"{wrong} of {count(answers.count)} wrong"
    )
    images = answers.out.image is not None and not answers.right.all()
    notes = [many] if images else [f"{many} · largest loss first", many]
    _rule(canvas, answers, notes, focused, TEST_ERRORS if test else ERRORS)
    if canvas.height < 3 or canvas.width < 2 or _refused(canvas, answers, "answers"):
        return
    if images and canvas.width >= 10:
        confusion.draw_errors(canvas, answers, 0, 1, canvas.height - 1)
    else:
        from bptui.tui.drawing.errors import draw_worst  # start-up is felt

        draw_worst(canvas, answers, 1, canvas.height - 1)


def _told(answers: Answers) -> str:
    """ŷ, or ŷ₂ where the network says several numbers."""
    several = answers.out.regression and len(answers.out.output_names) > 1
    return f"ŷ{sub(answers.output + 1)}" if several else "ŷ"


def _refused(canvas: Canvas, answers: Answers, what: str) -> bool:
    """Where the weights are not finite there is nothing to draw, and that is said."""
    if not answers.out.finite:
        canvas.put(1, max(canvas.height // 2, 1), f"no {what}: the weights are not finite", "text")
    return not answers.out.finite


def _draw_plane_panel(canvas: Canvas, answers: Answers, focused: bool, compact: bool) -> None:
    said = f"{_told(answers)} over the plane" if answers.two_sided else "winner over the plane"
    _rule(canvas, answers, [] if compact else [f"{said}, at this moment", said], focused)
    if canvas.height < 2 or canvas.width < 2 or _refused(canvas, answers, "plane"):
        return
    left = gutter(answers) if canvas.width >= 14 and canvas.height >= 5 else 0
    tall = canvas.height - 1 - (1 if left else 0)
    lists = lists_of(answers)
    wide = _plane_width(canvas, lists, left, max(min(tall, (canvas.width - left) // 2), 1))
    plane = place_plane(answers, left, 1, wide, max(min(tall, -(-wide // 2)), 1))
    extent = draw_plane(canvas, plane, answers)
    if left:
        draw_axes(canvas, plane, answers)
    legend = partial(_plane_legend, answers, extent, palette=canvas.palette)
    _draw_beside(canvas, answers, left + wide, lists, legend)


def _plane_width(canvas: Canvas, lists: list[Columns], left: int, tall: int) -> int:
    """The widest square; a little smaller where the list of examples then has room beside it."""
    widest = min(2 * tall, _WIDEST_PLANE, canvas.width - left)
    for wide in range(widest, round(_SMALLER * widest) - 1, -2):
        room = canvas.width - left - wide
        if fitting(lists, room - _gap(room)):
            return wide
    return widest


def _gap(room: int) -> int:
    """Blank columns between a picture and what stands beside it."""
    return 3 if room >= 28 else 2


def _draw_beside(
    canvas: Canvas, answers: Answers, x: int, lists: list[Columns], legend: Callable[[int], list[Line]]
) -> None:
    """A list, and under it as much of the legend as there is room for."""
    height = canvas.height - 1
    gap = _gap(canvas.width - x)
    room = canvas.width - x - gap
    columns = fitting(lists, room)
    wanted = min(answers.count, FEW if height > 20 else 6) + 1 if columns else 0
    told = legend(room - 2)[: max(height - wanted - 1, 0)]
    y = 1
    if columns is not None:
        rows = height - (len(told) + 1 if told else 0)
        y = draw_examples(canvas, x + gap, y, rows, columns, answers) + 1
    for number, line in enumerate(told):
        at = x + gap + (2 if columns is None or columns.full else 1)
        for text, colour in line:
            at = canvas.put(at, y + number, text, colour, bold=False)


def _plane_legend(
    answers: Answers, extent: tuple[float, float] | None, room: int, palette: Palette
) -> list[Line]:
    """The lines that fit into `room`, the most telling first."""
    out = answers.out
    lines: list[Line] = []
    if answers.count > FEW and not out.regression:
        right = count(int(answers.right.sum()))
        lines.append(((right, "bright"), (f" of {count(answers.count)} right", "dim")))
    if answers.two_sided:
        lines += _two_sided_legend(answers, room, palette)
    else:
        named = zip(class_letters(out.classes), out.classes, strict=True)
        lines += [
            ((letter, "bright"), (f" {narrow(name, 16)}", "text")) for letter, name in named if name != letter
        ]
    names = [pretty(name) for name in out.input_names]
    lines += [
        ((f"{arrow} {name}", "dim"),) for arrow, name in zip("→↑", names, strict=False) if len(name) > 3
    ]
    if extent is not None and extent[1] - extent[0] < ALIKE * answers.scale:
        low, high = precise(extent[0]), precise(extent[1])
        told = f"ŷ is {low} everywhere:" if low == high else f"ŷ between {low} and {high}:"
        lines += [((told, "dim"),), (("one guess for everybody", "dim"),)]
    elif out.regression:
        lines.append((("the fainter, the nearer to it", "dim"),))
    else:
        lines.append((("the fainter, the less sure", "dim"),))
    return [line for line in lines if sum(len(text) for text, _ in line) <= room]


def _two_sided_legend(answers: Answers, room: int, palette: Palette) -> list[Line]:
    """What blue and orange, ● and ○ stand for; shorter where it is narrow."""
    out = answers.out
    half = precise(answers.centre, 3) if out.regression else "½"
    short = [narrow(name, 12) for name in (out.classes[-1], out.classes[0])] if out.classes else ["", ""]
    names = [f"class {name}" if name.isdigit() else name for name in short]
    if not out.classes:
        names = [f"y > {half}", f"y < {half}"]
    longest = max(len(name) for name in names)
    if longest + 16 + len(half) > room:
        return [
            ((f"{glyph} ", hue), (f"{name}  ".lstrip(), "text"), (f"ŷ {side} {half}", "dim"))
            for glyph, side, hue, name in zip("●○", "><", ("pos", "neg"), short, strict=True)
        ]
    grounds = ("▓", "=") if palette.colourless else ("blue", "orange")
    return [
        ((f"{glyph} {name:{longest}}  ", "text"), (f"{ground} ", hue), (f"ŷ {side} {half}", "dim"))
        for glyph, side, hue, ground, name in zip("●○", "><", ("pos", "neg"), grounds, names, strict=True)
    ]


def _draw_curve_panel(canvas: Canvas, answers: Answers, focused: bool) -> None:
    data = "data ● ○" if answers.out.classes else "data ○"
    _rule(
        canvas,
        answers,
        [f"{_told(answers)}({pretty(answers.out.input_names[0], 12)}), white · {data}", data],
        focused,
    )
    if canvas.height < 3:
        return
    graph.draw_curve(canvas, answers, 1, canvas.height - 1)
    if not answers.out.finite:
        canvas.put(graph.GUTTER + 1, 1, "no curve: the weights are not finite"[: canvas.width], "text")


def _draw_numbers_panel(canvas: Canvas, answers: Answers, focused: bool) -> None:
    """Several inputs, numbers: one output's predictions against the truth, and the largest errors."""
    name = narrow(answers.out.output_names[answers.output], 20)
    told = f"predicted against true, {answers.out.part}"
    _rule(canvas, answers, [f"{name}: {told}", told, "predicted against true"], focused)
    if canvas.height < 3 or _refused(canvas, answers, "picture"):
        return
    height = canvas.height - 1
    wide = min(2 * height + graph.GUTTER, canvas.width)
    graph.draw_scatter(canvas, answers, 0, 1, wide, height)
    _draw_beside(canvas, answers, wide, lists_of(answers), lambda room: [])


def _draw_classes_panel(canvas: Canvas, answers: Answers, focused: bool, compact: bool) -> None:
    told = f"confusion, {answers.out.part} part ({count(answers.count)})"
    _rule(canvas, answers, ["confusion"] if compact else [told, "confusion"], focused)
    if canvas.height < 2 or _refused(canvas, answers, "answers"):
        return
    height = canvas.height - 1
    x = confusion.draw_confusion(canvas, answers, 1, height, canvas.width)
    below = len(answers.out.classes) + 4
    if canvas.width - x >= 33 or answers.out.image is not None:
        confusion.draw_errors(canvas, answers, x + confusion.gap_before_errors(canvas.width - x), 1, height)
    elif height - below >= 3:
        confusion.draw_errors(canvas, answers, 3, 1 + below, height - below)


def _draw_labels_panel(canvas: Canvas, answers: Answers, focused: bool) -> None:
    """Several yes-or-no outputs: how often each is right."""
    _rule(
        canvas,
        answers,
        [f"right answers, {answers.out.part} part ({count(answers.count)})", "right answers"],
        focused,
    )
    if _refused(canvas, answers, "answers"):
        return
    right = (answers.out.predictions > 0.5) == (answers.out.targets > 0.5)
    longest = min(max(len(name) for name in answers.out.output_names), 20)
    for number, name in enumerate(answers.out.output_names[: max(canvas.height - 2, 0)]):
        canvas.put(0, 1 + number, narrow(name, longest), "text")
        at = canvas.put(longest + 2, 1 + number, count(int(right[:, number].sum())), "bright")
        canvas.put(at, 1 + number, f" of {count(answers.count)}", "dim")
    at = canvas.put(0, canvas.height - 1, count(int(answers.right.sum())), "bright")
    canvas.put(at, canvas.height - 1, f" of {count(answers.count)} examples right in all of them", "dim")
