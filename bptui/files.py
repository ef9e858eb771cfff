"""A file put in its place whole or not at all: what stood there stays until the new one is on the disk."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

STALE = 600.0  # seconds after which a temporary file is one that a dead process has left


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """What is written to the file that is given stands at `path` when the block ends, and nothing of it where
    the block fails. A symbolic link stays one, permissions stay as they were. Raises OSError."""
    path = Path(os.path.realpath(path))
    _sweep(path)
    temporary = path.with_name(f"{_prefix(path)}{os.urandom(8).hex()}.tmp")
    try:
        with open(temporary, "x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """The same for content that is at hand."""
    with replacing(path) as file:
        file.write(content)


def _prefix(path: Path) -> str:
    return f".{path.name[:60]}."  # a longer name, with more to it, may be too long for the file system


def _sweep(path: Path) -> None:
    """Take away what writers of this file left that were killed."""
    with suppress(OSError):
        for entry in os.scandir(path.parent):
            left = entry.name.startswith(_prefix(path)) and entry.name.endswith(".tmp")
            if left and time.time() - entry.stat().st_mtime > STALE:
                os.unlink(entry.path)


def _sync(folder: Path) -> None:
    """Windows cannot, and some file systems will not."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
