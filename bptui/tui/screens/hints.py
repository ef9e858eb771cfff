"""What the message line says where no key was pressed lately: what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.session.frame import Frame, State
from bptui.tui.actions import shown_keys
from bptui.tui.drawing.keys import Part

KEYS = shown_keys()
ROOMY = 80  # columns from which a hint has all its words


def hint(
    frame: Frame,
    newcomer: bool,
    first_start: bool = True,
    keys: Mapping[str, str] = KEYS,
    narrow: bool = False,
) -> Iterator[Part]:
    """What comes next; a newcomer, who has not pressed `s` yet, is led to it.

    first_start: the first update ends with a word; keys: each action's, as it is written; narrow: fewer words
    """
    operations, position = frame.update.operations, frame.update.position
    run, operation = (keys["run"], "bright"), keys["operation"]
    if frame.state is State.FINISHED:
        yield f"stopped: {safe(frame.stop_reason)}. ", "text"
        yield from (run, (" trains on.", "text"))
    elif frame.state is State.DIVERGED:
        yield f"{'' if narrow else 'training stopped: '}a number is not finite.  ", "text"
        yield from ((keys["back"], "bright"), (" back   ", "dim"))
        yield from ((keys["reset"], "bright"), (" the same start", "dim"))
    elif frame.state is State.RUNNING:
        return
    elif frame.step == 0 and position == 0 and newcomer:
        yield from (("Press ", "text"), (operation, "key"))
        yield f" {'for' if narrow else 'to do'} the first operation", "text"
        yield f"{'' if narrow else ' and see its numbers'}, or ", "text"
        yield from (run, (" to train.", "text"))
    elif position == len(operations) and frame.step <= 1 and first_start:
        yield from (("That was one update. ", "text"), (keys["update"], "bright"))
        yield from ((" does one more, ", "text"), run, (" trains.", "text"))
    else:
        yield operation, "bright"
        yield " next  ", "dim"
        yield operations[position % len(operations)].equation, "text"


def of_mistakes(mistakes: Sequence[ActionableError], help_key: str) -> str:
    """What is wrong with config.toml, in one line; the help has it whole."""
    first = mistakes[0]
    if len(mistakes) == 1:
        return str(first)
    return f"{len(mistakes)} mistakes in config.toml, {help_key} lists them: {first.found}"
