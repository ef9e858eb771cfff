"""What is asked in the message line: to which step to go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.explain.numbers import count
from bptui.session import commands
from bptui.session.typed import parse_step
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


def refusing(answer: Callable[[str], str]) -> Callable[[str], str]:
    """What is no such thing is refused in its own words."""

    def answered(text: str) -> str:
        try:
            return answer(text)
        except ActionableError as error:
            return safe(error.found)

    return answered
