"""What several verbs take: the preset and what is changed in it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bptui.cli import diagnostics
from bptui.cli.parser import rate, whole

if TYPE_CHECKING:
    from bptui.experiment.build import Experiment

PRESET = "a preset's name, or the path of a .toml, .csv, .tsv or .npz file"


def declare_preset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("preset", metavar="PRESET", help=PRESET)
    declare_target(parser)


def declare_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--target", metavar="COLUMN", help="the column to be learned, where PRESET is a data file"
    )


def declare_changes(parser: argparse.ArgumentParser, *, eta: bool) -> None:
    parser.add_argument("--seed", type=whole, metavar="N", help="the training seed")
    if eta:
        parser.add_argument("--eta", type=rate, metavar="X", help="the learning rate")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="overrides",
        metavar="SECTION.KEY=VALUE",
        help="any key of the preset, a TOML value; nothing after = takes an optional key away",
    )


def declare_step(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--step", type=whole, default=0, metavar="N", help="after N updates, stop rules aside (0)"
    )


def declare_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def experiment(arguments: argparse.Namespace) -> Experiment:
    """The experiment that was asked for; tells on stderr what was chosen for it. Raises ActionableError."""
    from bptui.experiment.build import build

    made = build(
        arguments.preset,
        overrides=arguments.overrides,
        seed=arguments.seed,
        eta=getattr(arguments, "eta", None),
        target=arguments.target,
    )
    for sentence in made.notices:
        diagnostics.notice(sentence)
    return made
