"""No test writes into the log of the person who runs it, nor waits for a run to rest."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import textual.app
import textual.pilot
from textual._wait import wait_for_idle

from bptui.tui import failures

LONGEST_WAIT = 0.25  # seconds


@pytest.fixture(autouse=True)
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where mistakes are written down."""
    path = tmp_path / "logs" / "bptui.log"
    monkeypatch.setattr(failures, "log_path", lambda: path)
    return path


@pytest.fixture(autouse=True)
def _waits_no_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each key the pilot waits, when all is handled, for a processor at rest, a second at most: while a
    run goes on that is a second for each key."""
    for module in (textual.app, textual.pilot):
        monkeypatch.setattr(module, "wait_for_idle", partial(wait_for_idle, max_sleep=LONGEST_WAIT))
