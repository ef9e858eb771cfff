"""`bptui presets`: what there is to open."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from bptui.cli import choices, diagnostics, output
from bptui.cli.diagnostics import Exit, is_terminal
from bptui.cli.interruption import Interruption
from bptui.escape import safe

if TYPE_CHECKING:
    from bptui.experiment.catalogue import Entry


class Presets:
    """List the built-in presets and your own, or print one as TOML to start your own from.

    A broken preset is listed with its error.
    """

    name: ClassVar[str] = "presets"
    example: ClassVar[str] = "bptui presets spiral > my-spiral.toml"

    def declare(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("preset", nargs="?", metavar="NAME", help="print this one as TOML")
        choices.declare_json(parser)

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        if arguments.preset is None:
            _list(as_json=arguments.json)
        else:
            _print(arguments.preset, as_json=arguments.json)
        return Exit.OK


def _list(*, as_json: bool) -> None:
    from bptui.experiment import catalogue

    entries = catalogue.entries()
    if as_json:
        output.document([entry._asdict() for entry in entries])
        return
    output.write(_table(entries) + f"\nyour own belong into {safe(str(catalogue.own_folder()))}\n")


def _print(name: str, *, as_json: bool) -> None:
    from bptui.experiment import catalogue

    printed = catalogue.printed(name)
    for sentence in printed.notices:
        diagnostics.notice(sentence)
    if as_json:
        output.document({"name": name, "toml": printed.text, "notices": list(printed.notices)})
    elif is_terminal(sys.stdout):
        output.write(output.harmless(printed.text))
    else:
        output.write(printed.text)


def _table(entries: Sequence[Entry]) -> str:
    rows = [(safe(entry.name), "" if entry.builtin else "own", _about(entry)) for entry in entries]
    return output.columns(rows) if rows else "there are none\n"


def _about(entry: Entry) -> str:
    if entry.error is not None:
        return "broken: " + " · ".join(safe(line) for line in entry.error.splitlines())
    return safe(f"{entry.title}: {entry.summary}" if entry.summary else entry.title)
