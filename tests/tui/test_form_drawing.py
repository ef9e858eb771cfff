"""The experiment's form, without an app: which keys, which values, what is said of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bptui.experiment import schema
from bptui.experiment.schema import DataSpec, NetworkSpec, Preset, TrainingSpec
from bptui.tui.drawing.chooser import draw_footer
from bptui.tui.drawing.form import draw_form, draw_note, draw_title, entries, entry_at, footer, in_words
from bptui.tui.drawing.palette import DARK

XOR = Preset(
    DataSpec("xor"),
    title="XOR",
    network=NetworkSpec(hidden=(4,)),
    training=TrainingSpec(eta=0.5, batch_size="all"),
)


def paths(preset: Preset, **pending: object) -> list[str]:
    return [
        entry.key.path for entry in entries(preset, {k.replace("__", "."): v for k, v in pending.items()})
    ]


def test_it_has_every_key_that_counts_and_no_other() -> None:
    assert {"data.points", "network.hidden", "training.l2", "notes"} <= set(paths(XOR))
    assert not {"data.path", "data.labels", "training.beta1", "network.initial.weights"} & set(paths(XOR))
    assert "training.beta1" in paths(XOR, training__optimizer="adam")
    assert "data.path" in paths(XOR, data__source="file")


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (118, '▸ init              "glorot_uniform" → "glorot_normal"'),
        (93, '▸ init              "glor… → "glorot_normal"'),
        (88, '▸ init              → "glorot_normal"'),
    ],
)
def test_where_it_is_narrow_the_new_value_is_told_whole(width: int, row: str) -> None:
    rows = entries(XOR, {"network.init": "glorot_normal"})
    at = next(i for i, entry in enumerate(rows) if entry.key.path == "network.init")
    drawn = next(line for line in draw_form(rows, at, width, 34, DARK).lines() if "▸" in line)
    assert drawn.startswith(row)


def test_every_key_of_the_format_is_there_in_some_experiment() -> None:
    shown = {"format"}
    initial = schema.InitialSpec(weights=(((1.0,),),), biases=((0.0,),))
    for source in ("xor", "table", "file"):
        for optimizer in schema.OPTIMIZERS:
            preset = replace(
                XOR,
                data=DataSpec(source),
                network=NetworkSpec(initial=initial),
                training=TrainingSpec(optimizer=optimizer),
            )
            shown |= set(paths(preset))
    assert shown == {key.path for key in schema.all_keys()}


def test_the_list_with_what_is_pending_and_what_it_means() -> None:
    rows = entries(XOR, {"network.hidden": (8, 8)})
    at = next(i for i, row in enumerate(rows) if row.key.path == "network.hidden")
    lines = draw_form(rows, at, 118, 34, DARK).lines()
    assert lines[0].startswith("Data")
    assert "▸ hidden            [4] → [8, 8]" in next(line for line in lines if "▸" in line)
    said = " ".join(line[74:].strip() for line in lines)
    assert "The units of each hidden layer." in said
    assert "A change starts anew" in said
    assert in_words(rows) == "hidden [4] → [8, 8]"


def test_where_it_is_narrow_the_meaning_stands_below() -> None:
    rows = entries(XOR, {})
    at = next(i for i, row in enumerate(rows) if row.key.path == "training.eta")
    lines = draw_form(rows, at, 56, 15, DARK, mistake="no").lines()
    assert any(line.startswith("▸ eta               0.5") for line in lines)
    assert lines[8] == "─" * 56
    assert lines[9].startswith("training.eta")
    assert lines[10].startswith("no")
    assert "A change goes on with the same weights." in "\n".join(lines)


@pytest.mark.parametrize(("width", "height"), [(118, 34), (56, 15)])
def test_each_key_is_where_it_is_clicked(width: int, height: int) -> None:
    rows = entries(XOR, {})
    for at in (0, 7, len(rows) - 1):
        lines = draw_form(rows, at, width, height, DARK).lines()
        for y, line in enumerate(lines):
            number = entry_at(rows, at, width, height, 4, y)
            if number is not None:
                assert line[2:].startswith(rows[number].key.name)


def test_its_title_is_a_rule_like_that_of_any_panel() -> None:
    row = draw_title("XOR", 60, DARK).row(0)
    assert row.startswith("Experiment ━━━━")
    assert row.endswith("━━━ XOR · every key of its preset")


@pytest.mark.parametrize("width", [130, 96, 75, 51, 30])
def test_of_its_keys_how_to_leave_is_the_last_to_go(width: int) -> None:
    row = draw_footer(footer(width), width, DARK).row(0)
    assert row.startswith("Enter type")
    assert row.rstrip().endswith("Esc leave")
    assert ("a make the changes" in row) == (width > 51)


def test_a_note_that_is_long_goes_on_below() -> None:
    rows = entries(XOR, {"training.eta": 0.1, "network.hidden": (8, 8)})
    lines = draw_note(rows, "", 40, 2, DARK).lines()
    assert lines == ["2 changed, starts anew: hidden [4] → [8,", "8], eta 0.5 → 0.1"]
    assert draw_note(rows, "saved as mine", 40, 2, DARK).lines() == ["saved as mine", ""]
