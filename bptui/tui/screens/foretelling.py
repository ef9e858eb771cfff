"""What the η that stands in the prompt would do, asked of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.errors import ActionableError

if TYPE_CHECKING:
    from bptui.session.session import Session
    from bptui.tui.panels.eta import EtaPrompt


def foretell(prompt: EtaPrompt, session: Session) -> None:
    """Answer what is typed; while the run goes on only where a step is short."""
    if prompt.typed is None:
        return
    if session.wants_time and not session.short_steps:
        prompt.no_forecast()
        return
    try:
        prompt.forecast(*session.forecast(prompt.typed))
    except ActionableError:
        prompt.no_forecast()
