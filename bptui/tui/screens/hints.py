"""What the message line says where no key was pressed lately: what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.explain.numbers import count
from bptui.session.frame import Frame, State
from bptui.tui.actions import shown_keys
from bptui.tui.drawing.keys import Part

KEYS = shown_keys()
ROOMY = 80  # columns from which a hint has all its words
ROOMIEST = 116  # from which there is room for more than what comes next
LOOKING = 52  # the column, after the line's first, where that stands


def hint(
    frame: Frame,
    newcomer: bool,
    first_start: bool = True,
    keys: Mapping[str, str] = KEYS,
    narrow: bool = False,
    roomy: bool = False,
) -> Iterator[Part]:
    """What comes next; a newcomer, who has not pressed `s` yet, is led to it.

    first_start: the first update ends with a word; keys: each action's, as it is written; narrow: fewer
    words; roomy: inside a step also how to look around
    """
    operations, position = frame.update.operations, frame.update.position
    run = (keys["run"], "bright")
    if frame.state is State.FINISHED:
        yield f"stopped: {safe(frame.stop_reason)}. ", "text"
        yield from (run, (" trains on.", "text"))
    elif frame.state is State.DIVERGED:
        yield from _out_of_divergence(frame, keys, narrow)
    elif frame.state is State.RUNNING:
        return
    elif frame.looking:
        yield from ((keys["go_to"], "bright"), (" stays at this step   ", "dim"))
        yield from ((keys["escape"], "bright"), (" comes back", "dim"))
    elif frame.step == 0 and position == 0 and newcomer:
        yield from _at_the_start(keys, narrow)
    elif position == len(operations) and frame.step <= 1 and first_start:
        yield from (("That was one update. ", "text"), (keys["update"], "bright"))
        yield from ((" does one more, ", "text"), run, (" trains.", "text"))
    else:
        equation = operations[position % len(operations)].equation
        yield from ((keys["operation"], "bright"), (" next  ", "dim"), (equation, "text"))
        if position and roomy:
            begun = len(keys["operation"]) + len(" next  ") + len(equation)
            yield " " * max(LOOKING - begun, 3), "dim"
            yield from _looking(keys)


def _at_the_start(keys: Mapping[str, str], narrow: bool) -> Iterator[Part]:
    yield from (("Press ", "text"), (keys["operation"], "key"))
    yield f" {'for' if narrow else 'to do'} the first operation", "text"
    yield f"{'' if narrow else ' and see its numbers'}, or ", "text"
    yield from ((keys["run"], "bright"), (" to train.", "text"))


def _out_of_divergence(frame: Frame, keys: Mapping[str, str], narrow: bool) -> Iterator[Part]:
    lowest = frame.history.lowest
    yield "Press ", "text"
    if lowest is not None:
        yield keys["go_to"], "key"
        yield f" to go back to step {count(lowest.step)}, the lowest loss{'.' if narrow else ', or '}", "text"
        if not narrow:
            yield from ((keys["reset"], "bright"), (" for the same start.", "text"))
    else:
        yield keys["reset"], "key"
        yield f" for the same start, {keys['eta_down']} for a smaller η.", "text"


def _looking(keys: Mapping[str, str]) -> Iterator[Part]:
    """How to look at another number of the operation in hand."""
    for names, told in (
        (("up", "down"), "unit"),
        (("example_before", "example_after"), "example"),
        (("closer",), "the chain of one weight"),
    ):
        yield " ".join(keys[name] for name in names), "bright"
        yield f" {told}   ", "dim"


def of_mistakes(mistakes: Sequence[ActionableError], help_key: str) -> str:
    """What is wrong with config.toml, in one line; the help has it whole."""
    first = mistakes[0]
    if len(mistakes) == 1:
        return str(first)
    return f"{len(mistakes)} mistakes in config.toml, {help_key} lists them: {first.found}"
