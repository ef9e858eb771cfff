from __future__ import annotations

import tomllib

from bptui.experiment.lines import key_lines

TEXT = '''# a comment with data.eta = 1
format = 1   # [no.header]
title = "a = b # [x]"
notes = """
eta = 3
[training]
"quoted" \\""" """
'literal' = 'it''s'
'''


def test_strings_and_comments_hold_no_keys() -> None:
    lines = key_lines(TEXT.replace("'it''s'", "'its'"))
    assert lines == {"format": 2, "title": 3, "notes": 4, "literal": 8}


def test_sections_arrays_and_inline_tables() -> None:
    text = """
[data]
inputs = [ # [0]
  [0, 1],  # x = 1
  ["a", 'b]'],
]
source = "xor"
[ network . "initial" ]
weights = [[[1]]]
[training]
a.b = {c = 1, d = [{e = 2}],
  }
when = 1979-05-27 07:32:00
last = true"""
    text = text.replace(",\n  }", "}")
    assert tomllib.loads(text)
    assert key_lines(text) == {
        "data": 2,
        "data.inputs": 3,
        "data.source": 7,
        "network": 8,
        "network.initial": 8,
        "network.initial.weights": 9,
        "training": 10,
        "training.a": 11,
        "training.a.b": 11,
        "training.a.b.c": 11,
        "training.a.b.d": 11,
        "training.a.b.d.e": 11,
        "training.when": 12,
        "training.last": 13,
    }


def test_windows_line_ends_count_once() -> None:
    assert key_lines("a = 1\r\n\r\nb = 2\r\n") == {"a": 1, "b": 3}


def test_long_strings_that_end_in_quotes() -> None:
    assert key_lines('a = """x"""""\nb = \'\'\'y\'\'\'\'\nc = 1') == {"a": 1, "b": 2, "c": 3}


def test_every_built_in_preset_has_a_line_for_each_key() -> None:
    from bptui.experiment.catalogue import builtin_folder

    for path in builtin_folder().glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        lines = key_lines(text)
        for section, values in tomllib.loads(text).items():
            paths = [f"{section}.{name}" for name in values] if isinstance(values, dict) else [section]
            assert set(paths) <= set(lines)
            for known in paths:
                assert known.rpartition(".")[2] in text.splitlines()[lines[known] - 1]
