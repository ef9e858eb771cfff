"""`run("train", "xor").exits(0)`: a command in this process, read as a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bptui.cli.main import main


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    status: int
    out: str
    err: str

    def exits(self, status: int) -> Outcome:
        assert self.status == status, f"exit status {self.status}\n{self.out}\n{self.err}"
        return self

    def says(self, *words: str) -> Outcome:
        for word in words:
            assert word in self.err, self.err
        return self

    def prints(self, *words: str) -> Outcome:
        for word in words:
            assert word in self.out, self.out
        return self

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; refuses the words NaN and Infinity, which are no JSON."""
        return json.loads(self.out, parse_constant=_no_json)


def _no_json(word: str) -> Any:
    raise AssertionError(f"{word} is no JSON")


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Outcome]:
    """Runs `bptui` with these arguments; the user's own presets are those in `tmp_path / "own"`."""
    monkeypatch.setenv("BPTUI_PRESETS", str(tmp_path / "own"))

    def command(*arguments: str) -> Outcome:
        capsys.readouterr()
        status = main(arguments)
        captured = capsys.readouterr()
        return Outcome(int(status), captured.out, captured.err)

    return command
