"""A bar on stderr while a training runs, where stderr is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from bptui.cli.diagnostics import is_terminal, show

if TYPE_CHECKING:
    from bptui.session.trainer import Trainer

_WIDTH = 30
_PERIOD = 0.1  # seconds between two pictures


class Progress:
    """`passed()` between updates redraws the bar now and then; leaving takes it away.

    steps: the updates done, when called; limit: how many there will be at most.
    """

    def __init__(self, steps: Callable[[], int], limit: int) -> None:
        self.visible = is_terminal(sys.stderr)
        self._steps, self._limit = steps, max(limit, 1)
        self._start = self._next = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.visible:
            show("\r" + " " * len(self._line(self._limit)) + "\r")

    def passed(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _PERIOD
            show("\r" + self._line(self._steps()))

    def _line(self, steps: int) -> str:
        share = min(steps / self._limit, 1.0)
        full = int(share * _WIDTH)
        seconds = max(time.monotonic() - self._start, 1e-9)
        bar = "#" * full + "-" * (_WIDTH - full)
        return f"[{bar}] {share:4.0%}  {steps:>11,} updates  {steps / seconds:>9,.0f}/s"


def advance(trainer: Trainer, steps: int) -> None:
    """Train so many updates, stop rules aside, under a bar; or to a divergence."""
    with Progress(lambda: trainer.steps, steps) as progress:

        def until() -> bool:
            progress.passed()
            return False

        trainer.run(steps=steps, rules=False, until=until if progress.visible else None)
