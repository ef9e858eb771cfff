"""All of stderr, and the exit codes: one function a sentence.

Data goes to stdout (`output`), talk comes here. Foreign text is made harmless on the way out.
"""

from __future__ import annotations

import os
import re
import sys
from enum import IntEnum
from typing import Any

from bptui.errors import ActionableError
from bptui.escape import safe

_LONG_WORD = r"(\S{200})\S{200,}(\S{100})"  # compiled for a mistake alone


class Exit(IntEnum):
    """What the shell is told."""

    OK = 0
    FAILED = 1  # the training diverged, the gradients differ
    USAGE = 2  # the command line, a bad file, no terminal
    UNWRITABLE = 74  # a full disk, a closed stdout (sysexits' EX_IOERR)
    HUNG_UP = 129
    INTERRUPTED = 130
    READER_GONE = 141
    TERMINATED = 143


def mistake(error: ActionableError) -> None:
    """Said where a person gave something that cannot be used: place, what was found, what to do."""
    _say("\n".join(_readable(line) for line in f"bptui: {error}".splitlines()))


def notice(sentence: str) -> None:
    """Said where bptui chose or left out something; nothing has to be done."""
    _say(f"note: {_readable(sentence)}")


def unwritable(reason: str) -> None:
    """Said where stdout took no more: make room or open it, and run the command again."""
    _say(f"bptui: the output could not be written: {safe(reason)}")


def interrupted_at(steps: int) -> None:
    """Said where a signal ended a training; its result so far follows on stdout."""
    _say(f"interrupted after {steps:,} updates; this is the result so far")


def out_of_memory() -> None:
    """Said where the network or its data do not fit; take smaller ones."""
    _say("bptui: the network or its data need more memory than there is. Take a smaller one")


def is_terminal(stream: Any) -> bool:
    """Whether a person sees what is written there; a closed stream (None) is none."""
    try:
        return stream is not None and bool(stream.isatty())
    except (OSError, ValueError):
        return False


def show(text: str) -> None:
    """Put `text` on stderr as it is (progress); a stderr that takes nothing is no reason to stop."""
    stream = sys.stderr
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except (OSError, ValueError):
        abandon(stream)


def abandon(stream: Any) -> None:
    """Lead a stream that failed to the null device, so that the last flush at exit cannot fail again."""
    try:
        descriptor = stream.fileno()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, descriptor)
        os.close(null)
    except (OSError, ValueError):
        pass  # a stream without a descriptor is flushed by nobody


def _readable(line: str) -> str:
    """Harmless, and of a name, a path or a number of thousands of characters only both ends."""
    return re.sub(_LONG_WORD, r"\1…\2", safe(line))


def _say(sentence: str) -> None:
    # What was printed before stands before it, where both go to one terminal.
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        abandon(sys.stdout)
    show(sentence + "\n")
