"""Every number on the main screen, against `explain --json`, `check --json` or plain NumPy (judge.py).

Three presets: XOR (one full batch), sine (batches, adam, numbers to predict), digits (ten classes).
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from judge import Step, rms

from bptui.cli.main import main
from bptui.experiment.build import build
from bptui.session import commands as c
from bptui.session.frame import Frame, State
from bptui.session.session import Session
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.gradients import draw_gradients
from bptui.tui.drawing.header import draw_header
from bptui.tui.drawing.network import draw_network
from bptui.tui.drawing.operation import draw_operation
from bptui.tui.drawing.output import draw_output
from bptui.tui.drawing.palette import DARK
from bptui.tui.screens.choosing import first_choice
from bptui.tui.screens.places import places

PRESETS = {"xor": 140, "sine": 50, "digits": 30}  # with the updates made before the look
NUMBER = re.compile(r"[+−]?\d[\d,]*(?:\.\d+)?(?:e−?\d+)?")
DRAW: dict[str, Callable[..., Any]] = {
    "header": draw_header,
    "network": draw_network,
    "operation": draw_operation,
    "output": draw_output,
    "gradients": draw_gradients,
}

Explain = Callable[..., Any]


@pytest.fixture
def explain(capsys: pytest.CaptureFixture[str]) -> Explain:
    """The document of `bptui explain PRESET --json` with more arguments."""

    def run(*arguments: str) -> Any:
        capsys.readouterr()
        assert main(["explain", *arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def drawn(frame: Frame, choice: Choice, name: str) -> list[str]:
    """The rows of a part of the screen at 160x48."""
    region = places(160, 48, 0, len(frame.sizes) - 1).regions[name]
    return DRAW[name](frame, region.width, region.height, DARK, choice, False, False).lines()


def value(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def agrees(text: str, number: float) -> bool:
    """The text is the number, rounded at the text's own last digit."""
    mantissa, _, exponent = text.replace("−", "-").replace(",", "").partition("e")
    decimals = len(mantissa.partition(".")[2])
    half = 0.5 * 10.0 ** (int(exponent or 0) - decimals)
    return abs(value(text) - number) <= half * (1 + 1e-9)


def stepped(name: str) -> Session:
    ticks = itertools.count()
    session = Session(build(name), clock=lambda: next(ticks) / 5_000)
    session.trainer.run(steps=PRESETS[name], rules=False)
    return session


def judged(session: Session, document: Any = None) -> Step:
    """The step that comes next, from the document's arrays, else from the session's own weights."""
    experiment, network, tape = session.experiment, session.trainer.network, session.trainer.tape
    layers = document and document["layers"]
    return Step(
        weights=[np.array(l["W"]) for l in layers] if layers else [w.copy() for w in network.weights],
        biases=[np.array(l["b"]) for l in layers] if layers else [b.copy() for b in network.biases],
        activations=tuple(a.name for a in network.activations),
        loss_name=experiment.loss,
        inputs=np.array(document["inputs"]) if document else tape.inputs.copy(),
        targets=np.array(document["targets"]) if document else tape.targets.copy(),
    )


class Situation(NamedTuple):
    """A moment of a run, with what it ought to be; change: ΔW of the last update, per layer."""

    name: str
    session: Session
    frame: Frame
    judge: Step
    change: list[Any] | None


def situations(name: str, explain: Explain) -> Iterator[Situation]:
    """Paused between steps, running, and after η was changed; each with its judge."""
    session, step = stepped(name), str(PRESETS[name])
    made = explain(name, "--step", str(PRESETS[name] - 1))["layers"]
    change = [np.array(layer["new_W"]) - np.array(layer["W"]) for layer in made]
    frame = session.frame()
    yield Situation("paused", session, frame, judged(session, explain(name, "--step", step)), change)

    session.do(c.Run())
    while session.trainer.steps < PRESETS[name] + 5:
        session.advance(lambda: True)
    session.prepare_look()
    frame = session.frame()
    assert frame.state is State.RUNNING
    assert frame.step > PRESETS[name]
    document = explain(name, "--step", str(frame.step))
    yield Situation("running", session, frame, judged(session, document), None)

    session.do(c.Pause())
    session.do(c.SetEta(session.trainer.eta / 3))
    for _ in range(7):
        before = [w.copy() for w in session.trainer.network.weights]
        session.do(c.StepUpdate())
    change = [now - then for now, then in zip(session.trainer.network.weights, before, strict=True)]
    yield Situation("after η", session, session.frame(), judged(session), change)


@pytest.mark.parametrize("name", PRESETS)
def test_the_header(name: str, explain: Explain) -> None:
    for situation, session, frame, judge, _ in situations(name, explain):
        row = drawn(frame, Choice(), "header")[0]
        train, answers = session.experiment.train, judge.predict(session.experiment.train.inputs)
        assert agrees(re.search(r"loss (\S+)", row)[1], judge.loss), situation
        assert f"step {frame.step:,} " in row
        assert f"epoch {frame.step // session.trainer.batches:,} " in row
        assert agrees(re.search(r"η (\S+)", row)[1], session.trainer.eta)
        if situation == "running":
            continue  # what is told of the whole part may be older than the rest
        if name == "sine":
            assert agrees(re.search(r"rmse (\S+)", row)[1], rms(answers - train.targets))
        else:
            right = (
                (answers > 0.5) == (train.targets > 0.5)
                if name == "xor"
                else answers.argmax(axis=1) == train.targets.argmax(axis=1)
            )
            assert agrees(re.search(r"accuracy (\S+) %", row)[1], 100 * right.mean()), situation


@pytest.mark.parametrize("name", ["xor", "sine"])
def test_the_network(name: str, explain: Explain) -> None:
    for situation, _, frame, judge, _ in situations(name, explain):
        choice = first_choice(frame)
        text = "\n".join(drawn(frame, choice, "network")[1:])
        expected = [judge.inputs[choice.example]]
        for w, b, a, delta in zip(judge.weights, judge.biases, judge.a, judge.delta, strict=True):
            expected += [w, b, a[choice.example], delta[choice.example]]
        if name == "xor":  # there is room for z
            expected += [z[choice.example] for z in judge.z]
        numbers = [float(x) for part in expected for x in np.ravel(part)]
        shown = re.findall(r"(?<![\w⁽])[+−]\d\S*| 0 ", text)
        assert_same_numbers(shown, numbers, situation)


def assert_same_numbers(shown: list[str], numbers: list[float], situation: str) -> None:
    """Each text belongs to one number, and each number has its text; a zero has no sign."""
    left = list(numbers)
    for text in map(str.strip, shown):
        fitting = [x for x in left if agrees(text, x)]
        assert fitting, (situation, text)
        left.remove(min(fitting, key=lambda x: abs(x - value(text))))
    assert not left, situation


@pytest.mark.parametrize("name", PRESETS)
def test_the_sizes_of_one_update(name: str, explain: Explain) -> None:
    for situation, session, frame, judge, _ in situations(name, explain):
        rows = drawn(frame, Choice(), "operation")[2:12]
        depth = len(judge.weights)
        written = [x for l in range(depth) for x in (judge.z[l], judge.a[l])] + [judge.loss]
        for l in reversed(range(depth)):
            written += [judge.delta[l], judge.grad_weights[l]]
        for row, array in zip(rows, written, strict=False):
            assert agrees(row.split()[-1], rms(array)), (situation, row)
            shape = "" if np.ndim(array) == 0 else "×".join(map(str, np.shape(array)))
            assert shape in row
        if session.experiment.optimizer == "sgd":
            changes = [session.trainer.eta * g.ravel() for g in (*judge.grad_weights, *judge.grad_biases)]
            assert agrees(rows[-1].split()[-1], rms(np.concatenate(changes)))


@pytest.mark.parametrize("name", PRESETS)
def test_what_the_last_update_promised_and_kept(name: str, explain: Explain) -> None:
    step = PRESETS[name]
    document = explain(name, "--step", str(step - 1))
    before, after = document["layers"], explain(name, "--step", str(step))["layers"]
    promised = sum(
        float(np.sum(np.array(old[f"grad_{k}"]) * (np.array(new[k]) - np.array(old[k]))))
        for old, new in zip(before, after, strict=True)
        for k in ("W", "b")
    )
    kept = document["loss_after"] - document["loss"]
    row = next(r for r in drawn(stepped(name).frame(), Choice(), "operation") if "promise" in r)
    told = NUMBER.findall(row)
    assert agrees(told[0], -promised)
    assert agrees(told[1], -kept)
    assert agrees(told[2], 100 * kept / promised)


@pytest.mark.parametrize("name", PRESETS)
def test_the_table_of_gradients(name: str, explain: Explain) -> None:
    for situation, _, frame, judge, change in situations(name, explain):
        text = "\n".join(drawn(frame, Choice(), "gradients"))
        for l, (w, gw, gb, delta) in enumerate(
            zip(judge.weights, judge.grad_weights, judge.grad_biases, judge.delta, strict=True)
        ):
            row = re.search(rf"{l + 1} (?:tanh|sigmoid|linear|softmax) .*", text)[0]
            norm, gradient, blame, saturated, relative = row.split()[2:7]
            assert agrees(norm, np.linalg.norm(w)), situation
            assert agrees(gradient, np.linalg.norm(gw)), situation
            assert agrees(blame, rms(delta)), situation
            if l == 0:
                share = np.mean(1 - judge.a[0] ** 2 < 0.1)
                assert saturated == f"{round(100 * share)}%", situation
            if change:
                assert agrees(relative, np.linalg.norm(change[l]) / np.linalg.norm(w)), situation
            more = text[text.index(row) :].splitlines()[1]
            mean, largest, biases = (t for t in NUMBER.findall(more))
            assert agrees(mean, np.abs(gw).mean())
            assert agrees(largest, np.abs(gw).max())
            assert agrees(biases, np.linalg.norm(gb))


def test_the_output_of_xor(explain: Explain) -> None:
    for situation, session, frame, judge, _ in situations("xor", explain):
        if situation == "running":
            continue  # there it may be older than the rest
        text = "\n".join(drawn(frame, Choice(), "output"))
        answers = judge.predict(session.experiment.train.inputs)[:, 0]
        rows = re.findall(r"(\d)   (\d)   (\d)  [○●](\d)  (\S+) ([✓✕])", text)
        assert len(rows) == 4
        for (number, x1, x2, y, said, mark), answer in zip(rows, answers, strict=True):
            assert (int(x1), int(x2)) == ((int(number) - 1) >> 1, (int(number) - 1) & 1)
            assert int(y) == int(x1) ^ int(x2)
            assert agrees(said, answer), situation
            assert mark == ("✓" if (answer > 0.5) == bool(int(y)) else "✕")


def test_the_confusion_of_digits(explain: Explain) -> None:
    for situation, session, frame, judge, _ in situations("digits", explain):
        if situation == "running":
            continue  # there it may be older than the rest
        train = session.experiment.train
        answers = judge.predict(train.inputs)
        expected = Counter(zip(train.targets.argmax(axis=1), answers.argmax(axis=1), strict=True))
        counts = confusion(drawn(frame, Choice(), "output"))
        assert counts == dict(expected)
        wrong = [
            (float(row.max()), int(t), int(row.argmax()))
            for row, t in zip(answers, train.targets.argmax(axis=1), strict=True)
            if row.argmax() != t
        ]
        surest = sorted(wrong, reverse=True)
        text = "\n".join(drawn(frame, Choice(), "output"))
        told = re.findall(r"(\d)→(\d) (\d+) %", text)
        assert told
        for (is_, says, share), (sure, true, said) in zip(told, surest, strict=False):
            assert (int(is_), int(says)) == (true, said)
            assert agrees(share, 100 * sure)
        assert f"{sum(n for (t, s), n in counts.items() if t == s):,} of 1,438 right" in text


def confusion(rows: list[str]) -> dict[tuple[int, int], int]:
    """(is, says) -> examples, read by the columns of the heads."""
    head = next(r for r in rows if "says ▸" in r)
    ends = [m.end() for m in re.finditer(r"\d", head)]
    table = {}
    for row in rows[rows.index(head) + 1 :]:
        line = re.match(r"\s*(?:is|▾)?\s+(\d) ", row)
        if line is None:
            break
        for says, end in enumerate(ends):
            cell = re.search(r"\d+$", row[:end][max(end - 4, 0) :].split(" ")[-1].replace("·", " "))
            if cell and row[end - 1].isdigit():
                table[int(line[1]), says] = int(row[max(end - 3, 0) : end].replace("·", " ").split()[-1])
    return table


@pytest.mark.parametrize("name", PRESETS)
def test_each_operation_in_hand(name: str, explain: Explain) -> None:
    """The result that is told, its place in the array it is written to, and the arithmetic before it."""
    session = stepped(name)
    document = explain(name, "--step", str(PRESETS[name]))
    judge = judged(session, document)
    choice = first_choice(session.frame())
    depth = len(judge.weights)
    for number in range(1, 4 * depth + 2):
        session.do(c.StepOperation())
        frame = session.frame()
        rows = drawn(frame, choice, "operation")
        operation = frame.update.in_hand
        assert operation is not None
        assert f"Operation {number} of {4 * depth + 2}" in rows[0]
        result = next((r for r in rows if "→" in r and re.search(r"(row|column) ", r)), None)
        if operation.layer is None:  # the loss
            assert any(agrees(t, judge.loss) for t in NUMBER.findall("\n".join(rows))), rows
            continue
        assert result is not None, rows
        told = NUMBER.findall(result.partition("→")[0])[-1]
        layer, kind = operation.layer - 1, operation.kind.name
        arrays = {
            "PRE_ACTIVATION": judge.z,
            "ACTIVATION": judge.a,
            "DELTA": judge.delta,
            "GRADIENT": judge.grad_weights,
        }
        # Where there is but one row or column it is not named.
        place = {word: int(n) - 1 for word, n in re.findall(r"(row|column) (\d+)", result)}
        array = arrays[kind][layer]
        assert agrees(told, array[place.get("row", 0), place.get("column", 0)]), (name, number, result)
    assert document["layers"][0]["grad_W"] == pytest.approx(judge.grad_weights[0], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", ["xor", "sine"])
def test_check_finds_the_gradients_that_are_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` judges by complex step the gradient whose worst entry it tells; the screen has that number."""
    capsys.readouterr()
    assert main(["check", name, "--step", str(PRESETS[name]), "--json"]) == 0
    worst = json.loads(capsys.readouterr().out)["worst"]
    frame = stepped(name).frame()
    layer = frame.update.layers[worst["layer"] - 1]
    shown = layer.grad_weights if worst["parameter"] == "W" else layer.grad_biases
    assert shown[tuple(worst["index"])] == worst["backprop"]
    assert worst["reference"] == pytest.approx(worst["backprop"], rel=1e-9)


def test_another_weight_is_another_number() -> None:
    """The tests above can fail."""
    session = stepped("xor")
    frame = session.frame()
    judge = judged(session)
    other = replace(judge, weights=[judge.weights[0] + 0.01, judge.weights[1]], z=[], a=[], delta=[])
    told = re.search(r"loss (\S+)", drawn(frame, Choice(), "header")[0])[1]
    assert agrees(told, judge.loss)
    assert not agrees(told, other.loss)
