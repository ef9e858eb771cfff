"""`bptui`: the verbs, and what becomes of whatever goes wrong in them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from importlib import import_module

from bptui.cli import diagnostics, output, play
from bptui.cli.diagnostics import Exit
from bptui.cli.interruption import Interrupted, Interruption
from bptui.cli.parser import Parser
from bptui.cli.verb import Verb
from bptui.errors import ActionableError

VERBS = ("train", "explain", "check", "picture", "presets", "replay", "share", "open")


def verb_of(name: str) -> Verb:
    """The verb called so: a class in the file of that name. Each is loaded where it is asked for, since the
    playground's start is felt."""
    found: Verb = getattr(import_module(f"bptui.cli.{name}"), name.capitalize())()
    return found


def main(arguments: Sequence[str]) -> int:
    """Run the command with `arguments` (without the program's name); returns the exit status."""
    try:
        return _run(arguments)
    except ActionableError as error:
        diagnostics.mistake(error)
        return Exit.USAGE
    except output.Unwritable as error:
        diagnostics.unwritable(str(error))
        return Exit.UNWRITABLE
    except output.ReaderGone:
        return Exit.READER_GONE
    except MemoryError:
        diagnostics.out_of_memory()
        return Exit.USAGE
    except Interrupted as signal:
        return signal.status
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except SystemExit as done:  # argparse, after --help and --version
        return int(done.code or 0)


def parser_of(verb: Verb) -> Parser:
    """The verb's own parser, with its docstring and an example as help."""
    parser = Parser(
        prog=f"bptui {verb.name}",
        description=inspect.cleandoc(type(verb).__doc__ or ""),
        epilog=f"example:\n  {verb.example}",
    )
    verb.declare(parser)
    return parser


def _run(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in VERBS:
        return play.run(play.parser(lambda: map(verb_of, VERBS)).parse_args(arguments))
    verb = verb_of(arguments[0])
    with Interruption() as interruption:
        return verb.run(parser_of(verb).parse_args(arguments[1:]), interruption)
