"""Opening what a person named: regular files of bearable size, and nothing that blocks or never ends."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from bptui.errors import ActionableError

# Without O_NONBLOCK a fifo that takes the file's place after the check would block for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_KINDS = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a named pipe"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
    (stat.S_ISSOCK, "is a socket"),
)


def open_regular(path: Path, limit: int) -> BinaryIO:
    """`path` opened for reading bytes. Raises ActionableError unless it is a regular file of at most
    `limit` bytes."""
    try:
        _refuse_unfit(path, os.stat(path), limit)
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    file = os.fdopen(descriptor, "rb")
    try:
        _refuse_unfit(path, os.fstat(descriptor), limit)
    except ActionableError:
        file.close()
        raise
    return file


def read_regular(path: Path, limit: int) -> bytes:
    """The bytes of a regular file. Raises ActionableError, also where it grows past `limit` while read."""
    with open_regular(path, limit) as file:
        try:
            content = file.read(limit + 1)
        except OSError as error:
            raise _unreadable(path, error) from error
    if len(content) > limit:
        raise _too_large(path, len(content), limit)
    return content


def _refuse_unfit(path: Path, status: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((words for holds, words in _KINDS if holds(status.st_mode)), "is not a file")
        raise ActionableError(str(path), f"this {kind}", "Name a regular file")
    if status.st_size > limit:
        raise _too_large(path, status.st_size, limit)


def _too_large(path: Path, size: int, limit: int) -> ActionableError:
    found = f"the file has {size:,} bytes, and at most {limit:,} are read"
    return ActionableError(str(path), found, "Keep a part of its rows")


def _unreadable(path: Path, error: OSError | ValueError) -> ActionableError:
    if isinstance(error, FileNotFoundError):
        return ActionableError(str(path), "there is no such file", _nearest(path))
    if isinstance(error, PermissionError):
        return ActionableError(str(path), "you may not read this file", "Change its permissions")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
    return ActionableError(str(path), f"the file cannot be read: {reason}", "Name another file")


def _nearest(path: Path) -> str:
    try:
        names = os.listdir(path.parent)
    except OSError:
        return "Look at the path"
    import difflib  # for a mistake alone

    near = difflib.get_close_matches(path.name, names, n=1)
    return f'Did you mean "{near[0]}"?' if near else "Look at the name and its folder"
