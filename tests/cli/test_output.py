from __future__ import annotations

import io
import json
import math
import sys

import pytest

from bptui.cli import output


def test_a_document_keeps_every_digit_and_has_no_nan(capsys):
    output.document({"x": 0.1 + 0.2, "bad": [math.nan, math.inf, -math.inf], "name": "δ\ud800"})
    found = json.loads(capsys.readouterr().out)
    assert found == {"x": 0.1 + 0.2, "bad": [None, None, None], "name": "δ\ud800"}


def test_columns_are_aligned_without_blanks_at_the_end():
    rows = [("a", "1", ""), ("long", "22", "x")]
    assert output.columns(rows, right=frozenset({1})) == "a      1\nlong  22  x\n"


def test_harmless_lines_stay_lines():
    assert output.harmless("a\n\x1b[2Jb\u202e") == "a\n\\x1b[2Jb\\u202e\n"


def test_what_the_encoding_lacks_is_escaped(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    output.write("δ")
    assert stream.buffer.getvalue() == b"\\u03b4"


class Broken(io.StringIO):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def flush(self):
        raise self.error


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (BrokenPipeError(32, "Broken pipe"), output.ReaderGone),
        (OSError(28, "No space left on device"), output.Unwritable),
        (ValueError("I/O operation on closed file"), output.Unwritable),
    ],
)
def test_a_stream_that_fails(monkeypatch, error, raised):
    monkeypatch.setattr(sys, "stdout", Broken(error))
    with pytest.raises(raised):
        output.write("x")
