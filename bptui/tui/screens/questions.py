"""What is asked in the message line: to which step to go, what a weight is to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.explain.numbers import count, whole
from bptui.explain.weight import Place, WeightChain, is_bias, weight_chain
from bptui.session import commands
from bptui.session.typed import parse_step, parse_weight
from bptui.tui.panels.question import Asked

if TYPE_CHECKING:
    from bptui.tui.screens.main import Main


def step(main: Main) -> Asked:
    """To be gone to, in what is known of the branch in hand."""

    def words() -> Sequence[str]:
        return f"0 … {count(main.frame.end)}", "Enter goes there", f"Esc stays at {count(main.frame.step)}"

    def go(text: str) -> str:
        return main.do(commands.GoTo(parse_step(text, main.frame.end)))

    return Asked("step", words, refusing(go), field=13, longest=20)


def weight(main: Main, place: Place) -> Asked:
    """What a weight or bias is from now on."""

    def chain() -> WeightChain:
        view = main.fresh_view()
        return weight_chain(view.frame.update, place, view.choice.example)

    asked_for = chain()
    fitting = asked_for.place

    def words() -> Sequence[str]:
        return "Enter sets it", f"Esc keeps {whole(chain().value)}", "a number such as 0.5 or -2"

    def change(text: str) -> str:
        update = main.fresh_view().frame.update
        source = None if is_bias(update, fitting) else fitting.source
        return main.do(commands.SetWeight(fitting.layer, fitting.unit, source, parse_weight(text)))

    return Asked(
        f"{asked_for.name} =", words, refusing(change), text=whole(asked_for.value), field=26, longest=30
    )


def refusing(answer: Callable[[str], str]) -> Callable[[str], str]:
    """What is no such thing is refused in its own words."""

    def answered(text: str) -> str:
        try:
            return answer(text)
        except ActionableError as error:
            return safe(error.found)

    return answered
