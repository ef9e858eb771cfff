"""All of stdout: text, tables and JSON documents, and what happens where nobody takes them."""

from __future__ import annotations

import errno
import io
import math
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from bptui.cli.diagnostics import abandon
from bptui.escape import safe


class Unwritable(Exception):
    """stdout is closed or its disk is full; the argument says which."""


class ReaderGone(Exception):
    """Whoever read the output has closed the pipe."""


def write(text: str) -> None:
    """Put `text` on stdout now. Raises Unwritable or ReaderGone."""
    stream = sys.stdout
    if stream is None:
        raise Unwritable("standard output is closed")
    _write_what_the_encoding_lacks_as_escapes(stream)
    try:
        _put(stream, text)
    except OSError as error:
        abandon(stream)
        if _is_broken_pipe(error):
            raise ReaderGone from None
        raise Unwritable(error.strerror or str(error)) from None
    except ValueError as error:  # closed from within
        raise Unwritable(str(error)) from None


def _put(stream: Any, text: str) -> None:
    raw = getattr(stream, "buffer", None)
    if not isinstance(raw, io.RawIOBase):
        stream.write(text)
        stream.flush()
        return
    # With PYTHONUNBUFFERED nothing lies between the text and the file, and the text layer drops in silence
    # what a short write leaves over: where the disk fills, or the reader goes, in the middle of a document.
    rest = memoryview(text.replace("\n", os.linesep).encode(stream.encoding, stream.errors))
    while rest:
        written = raw.write(rest)
        if written is None:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        rest = rest[written:]


def document(value: Any) -> None:
    """One JSON document, floats at full precision; numbers that JSON cannot say are null."""
    import json  # not for the playground, whose start is felt

    write(json.dumps(without_nonfinite(value), indent=None, allow_nan=False) + "\n")


def without_nonfinite(value: Any) -> Any:
    """The same nested value with None for nan and the infinities."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: without_nonfinite(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [without_nonfinite(item) for item in value]
    return value


def columns(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Rows of cells as aligned lines, two blanks between columns; columns named in `right` end flush."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip() + "\n")
    return "".join(lines)


def harmless(text: str) -> str:
    """The same lines with nothing in them that moves a terminal's cursor or reorders what is read."""
    return "".join(safe(line) + "\n" for line in text.splitlines())


def _write_what_the_encoding_lacks_as_escapes(stream: Any) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _is_broken_pipe(error: OSError) -> bool:
    # Windows tells a broken pipe as an invalid argument.
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == 22)
