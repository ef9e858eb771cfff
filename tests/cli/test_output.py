from __future__ import annotations

import io
import json
import math
import os
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


class Short(io.RawIOBase):
    """A file that takes a few bytes at a time, and at `full` no more."""

    def __init__(self, full):
        self.taken, self.full = b"", full

    def writable(self):
        return True

    def write(self, data):
        if len(self.taken) >= self.full:
            raise OSError(28, "No space left on device")
        self.taken += bytes(data[:5])
        return min(len(data), 5)


def unbuffered(monkeypatch, full):
    """stdout as it is with PYTHONUNBUFFERED."""
    file = Short(full)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, encoding="ascii", write_through=True))
    return file


def test_a_short_write_is_followed_by_the_rest(monkeypatch):
    file = unbuffered(monkeypatch, 1000)
    output.write("twenty characters, δ\n")
    assert file.taken == b"twenty characters, \\u03b4" + os.linesep.encode()


def test_a_disk_that_fills_in_the_middle_is_told(monkeypatch):
    unbuffered(monkeypatch, 10)
    monkeypatch.setattr(output, "abandon", lambda stream: None)
    with pytest.raises(output.Unwritable, match="No space left"):
        output.write("twenty characters, at least\n")
