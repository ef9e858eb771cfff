"""No test writes into the log of the person who runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bptui.tui import failures


@pytest.fixture(autouse=True)
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where mistakes are written down."""
    path = tmp_path / "logs" / "bptui.log"
    monkeypatch.setattr(failures, "log_path", lambda: path)
    return path
