"""What a verb is: a class in a file of its own, whose docstring is its help."""

from __future__ import annotations

import argparse
from typing import ClassVar, Protocol

from bptui.cli.interruption import Interruption


class Verb(Protocol):
    """Heavy imports belong into `run`: the help of one verb must not wait for another's."""

    name: ClassVar[str]
    example: ClassVar[str]

    def declare(self, parser: argparse.ArgumentParser) -> None:
        """Add the verb's arguments."""

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        """Do it and return the exit status. Raises ActionableError, Unwritable, ReaderGone."""
