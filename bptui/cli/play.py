"""The bare command: the playground, where there is a terminal to play in."""

from __future__ import annotations

import argparse
import codecs
import gc
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

from bptui.cli.choices import PRESET, declare_target
from bptui.cli.diagnostics import is_terminal
from bptui.cli.parser import Parser
from bptui.cli.verb import Verb
from bptui.errors import ActionableError

MOST_FPS = 60
MEMORY = 256  # megabytes
_HEADLESS = "Without one, `bptui train PRESET` and `bptui explain PRESET` do the same in plain text"


class _Play(Parser):
    """Its help names the verbs; they are loaded for nothing else."""

    verbs: Callable[[], Iterable[Verb]]

    def format_help(self) -> str:
        rows = [
            f"  {verb.name:<9} {inspect.cleandoc(type(verb).__doc__ or '').splitlines()[0]}"
            for verb in self.verbs()
        ]
        told = "\n".join(rows)
        self.epilog = f"verbs, for everything without a screen:\n{told}\n\nexample:\n  bptui spiral"
        return super().format_help()


def parser(verbs: Callable[[], Iterable[Verb]]) -> Parser:
    """The bare command's parser; its help names the verbs."""
    made = _Play(
        prog="bptui",
        usage="bptui [--help] [--version] [PRESET | FILE.bptui | --last] [--target COLUMN]\n"
        "             [--theme dark|light] [--fps N] [--memory MB]\n"
        "       bptui VERB ... [--help]",
        description="A playground for backpropagation: opens PRESET, or XOR, in the terminal.",
    )
    made.verbs = verbs
    made.add_argument("preset", nargs="?", metavar="PRESET", help=f"{PRESET}, or a saved run, FILE.bptui")
    declare_target(made)
    made.add_argument("--last", action="store_true", help="the run that was left last, where it stood")
    declare_looks(made)
    made.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    return made


def declare_looks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--theme", choices=("dark", "light"), help="the ground's colours, this time")
    parser.add_argument(
        "--fps", type=_pictures, metavar="N", help="pictures a second, this time: 1 to 60 (20)"
    )
    parser.add_argument(
        "--memory",
        type=_megabytes,
        metavar="MB",
        default=MEMORY,
        help=f"what all that is kept of the past may take, in megabytes ({MEMORY})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Open the playground and return its exit status. Raises ActionableError where there is no terminal."""
    check_terminal()
    source = arguments.preset
    if arguments.last:
        if source is not None:
            raise ActionableError("--last", f"{source!r} is another one", "Give one of them")
        from bptui.session.keeping import last_run

        source = str(last_run())
    return open_app(source, arguments.target, arguments)


def check_terminal() -> None:
    """Raises ActionableError where there is none to play in."""
    if "TEXTUAL_DRIVER" not in os.environ:
        _need_terminal()


def open_app(source: str | None, target: str | None, looks: argparse.Namespace) -> int:
    """The playground; its exit status. looks: what `declare_looks` declares."""
    # Nothing made while it starts is garbage; the app takes the collector up again after its first paint.
    gc.disable()
    from bptui.tui.app import run as play

    return play(source, target, theme=looks.theme, fps=looks.fps, memory=looks.memory * 2**20)


def _pictures(text: str) -> int:
    """Pictures a second."""
    # int() alone would also take 1_0, blanks and the digits of every script.
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_FPS:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {MOST_FPS}")
    return int(text)


def _megabytes(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text) or not int(text) >= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of megabytes, such as {MEMORY}")
    return int(text)


def _need_terminal() -> None:
    # The screen is drawn on stderr and keys come from stdin; stdout may go where it likes.
    if not is_terminal(sys.stdin) or not is_terminal(sys.__stderr__):
        raise ActionableError("", "the playground needs a terminal for stdin and stderr", _HEADLESS)
    if os.environ.get("TERM") == "dumb":
        raise ActionableError("TERM", "the playground cannot be drawn on a dumb terminal", _HEADLESS)
    encoding = getattr(sys.__stderr__, "encoding", None) or "ascii"
    if codecs.lookup(encoding).name != "utf-8":
        raise ActionableError(
            "", f"the terminal's encoding is {encoding}, which lacks the playground's signs",
            "Set a UTF-8 locale, such as LC_ALL=C.UTF-8, or use `bptui train PRESET`",
        )  # fmt: skip


class _Version(argparse.Action):
    """The version is looked up only where it is asked for."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: Any = None
    ) -> None:
        import bptui
        from bptui.cli import output

        output.write(f"bptui {bptui.__version__}\n")
        parser.exit()
