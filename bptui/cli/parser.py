"""argparse, tamed: mistakes are ActionableErrors, help goes through `output`, numbers are strict."""

from __future__ import annotations

import argparse
import math
import re
from typing import Any, NoReturn

from bptui.cli import output
from bptui.errors import ActionableError

LARGEST = 2**63 - 1


class Parser(argparse.ArgumentParser):
    """A parser that never writes to stderr itself, and takes no abbreviated options."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def error(self, message: str) -> NoReturn:
        raise ActionableError(
            self.prog.removeprefix("bptui").strip(), message, f"`{self.prog} --help` shows what it takes"
        )

    def _print_message(self, message: str, file: Any = None) -> None:
        output.write(message)


def whole(text: str) -> int:
    """A whole number from 0 to 2^63 - 1, in plain digits."""
    # int() alone would also take 1_000, blanks and the digits of every script.
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > LARGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 to 2^63 - 1")
    return int(text)


def rate(text: str) -> float:
    """A learning rate: a finite number above 0."""
    plain = re.fullmatch(r"\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text)
    value = float(text) if plain else math.nan
    if not (0.0 < value < math.inf):
        raise argparse.ArgumentTypeError(f"{text!r} is no learning rate: it is a finite number above 0")
    return value
