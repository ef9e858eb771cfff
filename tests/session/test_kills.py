"""A process that saves and is killed leaves the old file or the new one (benchmarks/kills.py: often)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bptui.session.session import Session

SAVING = """
import sys
from pathlib import Path
from bptui.session import commands, store
from bptui.session.session import Session
session = Session.open("digits")
while True:
    session.do(commands.StepUpdate())
    store.write(session.snapshot(), Path(sys.argv[1]), overwrite=True)
    print(session.trainer.steps, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of POSIX")
@pytest.mark.parametrize("saves", [1, 5])
def test_the_file_is_the_old_one_or_the_new_one(tmp_path: Path, saves: int):
    path = tmp_path / "run.bptui"
    process = subprocess.Popen([sys.executable, "-c", SAVING, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = [process.stdout.readline() for _ in range(saves)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    saved = int(("".join(first) + rest).split()[-1])
    assert Session.open(str(path)).trainer.steps in (saved, saved + 1)
