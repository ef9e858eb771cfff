"""The worked example: its numbers are the step's, in every format; what it follows, and how it shortens."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from read_back import agrees, from_tex, from_text
from worked_views import as_update, make_view, xor_view

from bptui.experiment.build import build
from bptui.explain.document import Arrays, Grid, Heading, Paragraph, Table, Working
from bptui.explain.json import step_document
from bptui.explain.lesson import FORMATS, SUFFIXES, document, update_made, worked_example
from bptui.explain.numbers import significant
from bptui.explain.tex import mathematics
from bptui.explain.update import WorkedUpdate
from bptui.nn.optimizers import OPTIMIZERS
from bptui.session.trainer import Trainer
from bptui.session.view import update_view, worked_update


@cache
def made(preset: str, step: int = 0, *changes: str) -> WorkedUpdate:
    trainer = Trainer(build(preset, overrides=list(changes)))
    trainer.run(steps=step, rules=False)
    return worked_update(trainer)


def columns(values: list[float]) -> list[list[float]]:
    return [[value] for value in values]


def transposed(rows: list[list[float]]) -> list[list[float]]:
    return [list(column) for column in zip(*rows, strict=True)]


def expected(told: dict[str, Any], example: int) -> dict[str, list[list[list[float]]]]:
    """By name the arrays of --json that may stand there."""
    sups = "⁰¹²³⁴⁵⁶⁷⁸⁹"
    top, inputs = len(told["layers"]), told["inputs"]
    found: dict[str, list[list[list[float]]]] = {"y": [columns(told["targets"][example])]}
    enter = inputs
    for layer in told["layers"]:
        l, below = f"⁽{sups[layer['layer']]}⁾", f"⁽{sups[layer['layer'] - 1]}⁾"
        found[f"a{below}"] = [columns(enter[example]), enter]
        found[f"a{below}ᵀ"] = [enter]
        found[f"z{l}"] = [columns(layer["z"][example])]
        found[f"W{l}"] = found[f"W{l} old"] = [layer["W"]]
        found[f"W{l}ᵀ"] = [transposed(layer["W"])]
        found[f"b{l}"] = found[f"b{l} old"] = [columns(layer["b"])]
        found[f"δ{l}"] = [columns(layer["delta"][example])]
        found[f"δ{l}ᵀ"] = [transposed(layer["delta"])]
        found[f"∂L/∂W{l}"], found[f"∂L/∂b{l}"] = [layer["grad_W"]], [columns(layer["grad_b"])]
        found[f"W{l} new"], found[f"b{l} new"] = [layer["new_W"]], [columns(layer["new_b"])]
        enter = layer["a"]
    found[f"a⁽{sups[top]}⁾"] = found[f"ŷ = a⁽{sups[top]}⁾"] = [columns(enter[example])]
    return found


@pytest.mark.parametrize("digits", [4, 7])
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(("preset", "step", "example"), [("xor", 9, 1), ("mazur", 0, 0), ("digits", 3, 4)])
def test_every_array_is_that_of_json(preset: str, step: int, example: int, format: str, digits: int) -> None:
    update = made(preset, step)
    text = worked_example(update, preset, step, format, example=example, digits=digits)
    arrays = expected(step_document(preset, step, update), example)
    if format != "text":
        arrays = {mathematics(name.replace("/∂", "/ ∂")): whole for name, whole in arrays.items()}
    seen = set()
    for name, rows in from_text(text) if format == "text" else from_tex(text):
        if name in arrays:
            seen.add(name)
            assert any(agrees(rows, whole, digits) for whole in arrays[name]), (name, rows)
    # δ and a are called otherwise where there is one example, and one bias alone is no array.
    assert len(seen) >= len(arrays) - 5


@pytest.mark.parametrize("preset", ["xor", "mazur", "digits"])
def test_the_losses_are_those_of_json(preset: str) -> None:
    update = made(preset, 2)
    told, parts = step_document(preset, 2, update), document(update, preset, 2, digits=6)
    rows = next(part.rows for part in parts if isinstance(part, Table) and part.rows[0][0] == "of this batch")
    assert rows[1] == ("loss", significant(told["loss"], 6), significant(told["loss_after"], 6))


def test_mazur_reads_as_the_article_has_it() -> None:
    text = worked_example(made("mazur"), "mazur", 0, digits=9)
    for line in (
        "z₂⁽¹⁾ = w₂₁ · x₁ + w₂₂ · x₂ + b₂",
        "      = 0.25 × 0.05 + 0.3 × 0.1 + 0.35",
        "ℓ = ½ (ŷ₁ − y₁)² + ½ (ŷ₂ − y₂)²",
        "  = 0.298371109",
        "w₁₂ new = w₁₂ − η · ∂L/∂w₁₂",
        "        = 0.45 − 0.5 × 0.0826676278",
        "loss           0.298371109  0.280471447",
    ):
        assert f"  {line}\n" in text


def workings(update: WorkedUpdate, **choice: Any) -> dict[str, Working]:
    return {part.left: part for part in document(update, "x", 0, **choice) if isinstance(part, Working)}


def test_the_first_example_with_something_to_say_is_followed() -> None:
    parts = document(as_update(xor_view()), "xor", 140)
    assert any(isinstance(p, Paragraph) and "Example 2 of the batch is followed" in p.text for p in parts)
    assert "ℓ₂" in workings(as_update(xor_view()))
    assert "ℓ₁" in workings(as_update(xor_view()), example=0)


def test_the_unit_that_is_asked_for_is_worked_out_in_its_layer() -> None:
    update = as_update(xor_view())
    told = workings(update, unit=(1, 3), example=3)
    assert {"z₄⁽¹⁾", "a₄⁽¹⁾", "δ₄⁽¹⁾"} <= set(told)
    assert "w₄₁ new" in told or "w₄₂ new" in told
    z = step_document("xor", 0, update)["layers"][0]["z"][3][3]
    assert told["z₄⁽¹⁾"].lines[-1] == (significant(z, 4),)


def test_else_it_is_the_one_with_the_largest_error_signal() -> None:
    update = as_update(xor_view())
    delta = np.abs(step_document("xor", 0, update)["layers"][0]["delta"])
    for example in range(4):
        unit = "₁₂₃₄"[delta[example].argmax()]
        assert f"δ{unit}⁽¹⁾" in workings(update, example=example)


def value_of(terms: tuple[str, ...]) -> float:
    """Of a line in numbers alone."""
    text = " ".join(terms).replace("−", "-").replace("×", "*").replace("½", "0.5 *").replace("÷", "/")
    text = re.sub(r"(\d|\))([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: f"{m[1]}**{m[2].translate(_PLAIN)}", text)
    text = re.sub(r"√(\(|[\d.]+(?:e-?\d+)?)", lambda m: f"({m[1]})**0.5", text)
    text = re.sub(r"-?ln ([\d.]+(?:e-?\d+)?)", lambda m: m[0].replace(f"ln {m[1]}", f"ln({m[1]})"), text)
    text = re.sub(r"(1/\d+) \(", r"\1 * (", text).replace("^", "**")
    known = {"ln": np.log, "tanh": np.tanh, "σ": lambda z: 1 / (1 + np.exp(-z)), "e": np.e}
    return float(eval(text, {"__builtins__": {}}, known))


_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def each_line_makes_the_next_one(update: WorkedUpdate) -> int:
    """Every line in numbers is worked out as a student would, and gives the last one: to many digits, so that
    a wrong factor shows. How many lines."""
    looked = 0
    for part in document(update, "any", 0, digits=12):
        if not isinstance(part, Working):
            continue
        result = value_of(part.lines[-1])
        for line in part.lines[1:-1]:
            if not re.search(r"[wzgδημ]|more|powers", "".join(line)):
                assert value_of(line) == pytest.approx(result, rel=1e-7, abs=1e-12), (part.left, line)
                looked += 1
    return looked


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_line_makes_the_next_one(optimizer: str) -> None:
    """After a few updates no moment is 0 any more."""
    decay = "training.weight_decay=0.1"
    update = made("xor", 6, f'training.optimizer="{optimizer}"', "training.l2=0.02", decay)
    assert each_line_makes_the_next_one(update) > 20


@pytest.mark.parametrize(
    ("preset", "changes"),
    [("mazur", ()), ("digits", ()), ("iris", ('training.loss="mse"',)), ("plane", ()), ("and-or", ())],
)
def test_so_it_is_for_every_loss(preset: str, changes: tuple[str, ...]) -> None:
    assert each_line_makes_the_next_one(made(preset, 3, *changes)) >= 5


def test_wide_layers_are_shortened_and_it_is_said() -> None:
    parts = document(made("digits"), "digits", 0, example=0, unit=(1, 30))
    said = " ".join(part.text for part in parts if isinstance(part, Paragraph))
    assert re.search(r"64 units of hidden layer 1: 1, ([0-9]+, )*31(, [0-9]+)* and 64 are shown\.", said)
    assert re.search(r"32 examples: 1, ([0-9]+, ){4}[0-9]+ and 32 are shown\.", said)
    for part in parts:
        for grid in part.pieces if isinstance(part, Arrays) else ():
            assert isinstance(grid, str) or max(len(grid.cells), len(grid.cells[0])) <= 8 + 5


def test_what_is_worked_out_can_be_seen_in_the_shortened_arrays() -> None:
    """Every weight, input, δ and loss that stands in a working stands in an array or table before it."""
    seen: set[str] = set()
    for part in document(made("digits"), "digits", 0):
        if isinstance(part, Arrays):
            seen |= {cell for g in part.pieces if isinstance(g, Grid) for row in g.cells for cell in row}
        elif isinstance(part, Table):
            seen |= {cell for row in part.rows for cell in row}
        elif isinstance(part, Working) and re.match("[zℓLδ]|∂", part.left):
            numbers = re.findall(r"(?<![\d.^(])−?\d+\.\d+(?:e−\d+)?", " ".join(part.lines[1]))
            for number in numbers if len(part.lines) > 2 else ():
                assert {number, f"−{number}", number.removeprefix("−")} & seen, (part.left, number)


def test_the_terms_of_a_weighted_sum_that_are_seen_are_the_largest() -> None:
    parts = document(made("digits"), "digits", 0)
    told = [p.text for p in parts if isinstance(p, Paragraph) and "others together" in p.text]
    assert [text.startswith("The three largest terms make") for text in told] == [True] * 3


def test_a_small_network_is_whole_and_nothing_is_said_of_shortening() -> None:
    parts = document(made("xor"), "xor", 0)
    grids = [g for part in parts if isinstance(part, Arrays) for g in part.pieces if isinstance(g, Grid)]
    assert all((g.rows, g.columns) == (len(g.cells), len(g.cells[0])) for g in grids)
    assert not any("shown" in part.text for part in parts if isinstance(part, Paragraph))


@pytest.mark.parametrize("digits", [1, 4, 17])
def test_text_stays_in_80_columns(digits: int) -> None:
    for preset in ("xor", "mazur", "digits"):
        lines = worked_example(made(preset, 1), preset, 1, digits=digits).splitlines()
        assert max(map(len, lines)) <= 80


def test_the_operations_are_numbered_as_the_tape_is() -> None:
    parts = document(made("xor", 0, "training.l1=0.1"), "xor", 0)
    numbered = [part.text for part in parts if isinstance(part, Heading) and part.level == 3]
    assert [text.split(".")[0] for text in numbered] == [str(n) for n in range(1, 12)]
    assert numbered[9:] == ["10. Penalty", "11. Update"]


def test_the_penalty_is_told_beside_the_loss() -> None:
    update = made("xor", 4, "training.l1=0.01", "training.l2=0.1")
    parts = document(update, "xor", 4)
    table = next(p.rows for p in parts if isinstance(p, Table) and p.rows[0][0] == "of this batch")
    assert table[2][1:] == (significant(update.penalty, 4), significant(update.penalty_after, 4))
    last = parts[-1]
    assert isinstance(last, Paragraph)
    assert "loss and penalty together changed by" in last.text


def test_the_promise_is_the_gradient_times_the_step() -> None:
    update = made("xor", 4, 'training.optimizer="momentum"')
    layers = zip(update.before.layers, update.new_weights, update.new_biases, strict=True)
    promised = sum(
        np.sum(layer.grad_weights * (w - layer.weights)) + np.sum(layer.grad_biases * (b - layer.biases))
        for layer, w, b in layers
    )
    last = document(update, "xor", 4)[-1]
    assert isinstance(last, Paragraph)
    assert f"it promised {significant(promised, 4)}" in last.text


def test_a_loss_that_a_rounded_answer_cannot_tell_is_told_from_z() -> None:
    view = make_view((1, 1), ("sigmoid",), [[1.0]], [[1.0]], weights=[[[12.0]]], eta=0.1)
    told = [p for p in document(as_update(view), "sure", 0) if isinstance(p, Working) and p.left == "ℓ"]
    assert told[-1].lines == (("ln(1 + e^(−z))",), ("ln(1 + e^(−12))",), ("6.144e−6",))
    unsure = make_view((1, 1), ("sigmoid",), [[1.0]], [[1.0]], weights=[[[0.5]]], eta=0.1)
    assert len([p for p in document(as_update(unsure), "x", 0) if getattr(p, "left", "") == "ℓ"]) == 1


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "more",
    [
        {"activations": ("softmax",), "sizes": (3, 4), "targets": np.eye(4)[[0, 3]], "loss": "mse"},
        {"activations": ("softmax",), "sizes": (3, 4), "targets": 0.7 * np.eye(4)[[0, 3]]},
        {"activations": ("relu", "linear"), "sizes": (3, 9, 2), "targets": [[1, 2], [3, -4]], "loss": "mse"},
        {"activations": ("gelu", "sin", "sigmoid"), "sizes": (3, 2, 2, 1), "targets": [[0.3], [1]]},
        {"activations": ("softplus", "sigmoid"), "sizes": (3, 2, 2), "targets": [[0, 1], [1, 1]]},
    ],
)
def test_every_kind_of_network_is_told(more: dict[str, Any], format: str) -> None:
    view = make_view(inputs=[[1, 0, -2], [0.5, 3, 0]], **more)
    text = worked_example(as_update(view), "any", 0, format)
    assert text.count("nan") == 0
    assert len(text) > 2000


def test_numbers_that_are_not_finite_are_said() -> None:
    update = made("xor", 1, "training.eta=1e308")
    assert not np.isfinite(update.loss_after)
    for format in FORMATS:
        text = worked_example(update, "xor", 1, format)
        assert ("inf" in text or r"\infty" in text) or "nan" in text


def test_foreign_names_are_harmless_in_every_format() -> None:
    name = "\x1b[2J_*|$&#<b>{%~^`\\"
    update = as_update(xor_view(classes=("0", name)))
    for format in FORMATS:
        text = worked_example(update, name, 0, format)
        assert "\x1b" not in text
    assert r"\_\*\|\$\&\#\<b\>\{%\~^\`\\" in worked_example(update, name, 0, "markdown")
    tex = worked_example(update, name, 0, "latex")
    assert r"\_*\textbar{}\$\&\#\textless{}b\textgreater{}\{\%\textasciitilde{}" in tex


@pytest.mark.parametrize("changes", [(), ("training.l1=0.01", "training.l2=0.1")])
def test_right_after_an_update_the_screen_has_all_of_it(changes: tuple[str, ...]) -> None:
    expected, trainer = made("xor", 4, *changes), Trainer(build("xor", overrides=list(changes)))
    trainer.run(steps=4, rules=False)
    for _ in trainer.tape.operations:
        assert update_made(update_view(trainer)) is None
        trainer.step_operation()
    found = update_made(replace(update_view(trainer), loss_after=expected.loss_after))
    assert found is not None
    assert (found.penalty, found.penalty_after) == pytest.approx((expected.penalty, expected.penalty_after))
    for format in FORMATS:
        text = worked_example(found, "xor", 4, format)
        assert text == worked_example(expected, "xor", 4, format)


def test_a_file_has_a_suffix_in_every_format() -> None:
    assert set(SUFFIXES) == set(FORMATS)
