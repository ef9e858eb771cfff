"""`bptui explain`: one update as a worked example, with every number in its equation."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, ClassVar

from bptui.cli import choices, output, report
from bptui.cli.diagnostics import Exit
from bptui.cli.interruption import Interruption
from bptui.cli.parser import whole
from bptui.cli.progress import advance
from bptui.errors import ActionableError

if TYPE_CHECKING:
    from bptui.explain.update import UpdateView, WorkedUpdate

FORMATS = ("text", "markdown", "latex", "json")
DIGITS, MOST_DIGITS = 4, 17


class Explain:
    """Write out one update as a worked example to hand out: the network, the forward pass, the loss, the
    backward pass layer by layer, the update, and what it brought, in symbols, numbers and shapes.

    The update is the one that comes after N others, on the batch that comes next. An example is followed
    through it, and in each layer a unit is worked out factor by factor. The Markdown is for GitHub, the LaTeX
    a whole document for pdflatex; JSON has every number with all its digits. Exit status: 0, or 1 where the
    training diverged before.
    """

    name: ClassVar[str] = "explain"
    example: ClassVar[str] = (
        "bptui explain xor --step 100 --format latex --example 3 --unit 1,2 > xor.tex && pdflatex xor.tex"
    )

    def declare(self, parser: argparse.ArgumentParser) -> None:
        choices.declare_preset(parser)
        choices.declare_step(parser)
        choices.declare_changes(parser, eta=True)
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--format", choices=FORMATS, default="text", help="how it is written (text)")
        form.add_argument(
            "--json", action="store_const", const="json", dest="format", help="the same as --format json"
        )
        parser.add_argument(
            "--example",
            type=whole,
            metavar="I",
            help="the example of the batch that is followed, from 1 (the first with an input that is not 0)",
        )
        parser.add_argument(
            "--unit",
            type=unit,
            metavar="L,J",
            help="the unit that is worked out: unit J, from 1, of layer L, where 1 is next to the inputs "
            "(in each layer the one with the largest error signal)",
        )
        parser.add_argument(
            "--digits", type=digits, default=DIGITS, metavar="N", help="significant digits, 1 to 17 (4)"
        )

    def run(self, arguments: argparse.Namespace, interruption: Interruption) -> int:
        experiment = choices.experiment(arguments)
        from bptui.session.trainer import Trainer
        from bptui.session.view import worked_update

        trainer = Trainer(experiment)
        advance(trainer, arguments.step)
        if trainer.divergence is not None:
            return report.diverged(trainer.divergence, as_json=arguments.format == "json")
        update = worked_update(trainer)
        _check(arguments, update.before)
        _tell(experiment.name, arguments, update)
        return Exit.OK


def unit(text: str) -> tuple[int, int]:
    """A layer and a unit of it such as 1,3, both from 1."""
    found = re.fullmatch(r"([0-9]{1,9}),([0-9]{1,9})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no layer and unit such as 1,3")
    return int(found[1]), int(found[2])


def digits(text: str) -> int:
    """A number of digits that a float can have."""
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of digits from 1 to {MOST_DIGITS}")
    return int(text)


def _check(arguments: argparse.Namespace, view: UpdateView) -> None:
    """That the network and the batch have what is to be followed."""
    batch = len(view.inputs)
    if arguments.example is not None and not 1 <= arguments.example <= batch:
        raise ActionableError("--example", f"the batch has no example {arguments.example}", f"1 to {batch}")
    if arguments.unit is None:
        return
    l, j = arguments.unit
    if not 1 <= l <= len(view.layers):
        raise ActionableError("--unit", f"the network has no layer {l}", f"1 to {len(view.layers)}")
    units = view.layers[l - 1].units
    if not 1 <= j <= units:
        raise ActionableError("--unit", f"layer {l} has no unit {j}", f"1 to {units}")


def _tell(preset: str, arguments: argparse.Namespace, update: WorkedUpdate) -> None:
    if arguments.format == "json":
        from bptui.explain.json import step_document

        output.document(step_document(preset, arguments.step, update))
        return
    from bptui.explain.lesson import worked_example

    chosen = arguments.unit
    text = worked_example(
        update,
        preset,
        arguments.step,
        arguments.format,
        example=None if arguments.example is None else arguments.example - 1,
        unit=None if chosen is None else (chosen[0], chosen[1] - 1),
        digits=arguments.digits,
    )
    # Names of columns and classes are foreign text.
    output.write(output.harmless(text))
