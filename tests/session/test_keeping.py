"""The run that is kept by itself: what a process that was killed leaves is found, a living one's is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from experiments import at_step

from bptui.errors import ActionableError
from bptui.session import keeping
from bptui.session.keeping import Keeper
from bptui.session.session import Session

WAIT = 10.0  # seconds, for a busy machine

OTHER = """
import sys
from bptui.session.keeping import Keeper
from bptui.session.session import Session
session, keeper = Session.open("xor"), Keeper()
session.trainer.run(steps=int(sys.argv[1]))
keeper.keep(session.snapshot())
keeper.wait(60)
print(keeper.failure or keeper.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BPTUI_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def other_process(steps: int = 12) -> tuple[subprocess.Popen[str], Path]:
    """A process that keeps a run of so many updates, and lives on."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(steps)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    process.communicate()


def test_what_a_killed_process_leaves_is_found_and_a_living_ones_is_not(runs):
    process, path = other_process()
    assert path.parent == runs
    assert keeping.left_behind() == []
    killed(process)
    (left,) = keeping.left_behind()
    assert left.path == path
    assert Session.open(str(left.path)).trainer.steps == 12


def test_a_run_that_was_taken_up_is_forgotten_when_it_is_kept_again(runs):
    process, path = other_process()
    killed(process)
    session, keeper = Session.open(str(path)), Keeper()
    keeper.took_up(path)
    assert keeping.left_behind()
    keeper.keep(at_step(1, session).snapshot())
    assert keeper.wait(WAIT)
    assert keeping.left_behind() == []
    assert sorted(p.suffix for p in runs.iterdir()) == [".bptui", ".lock"]
    keeper.close(None)


def test_an_end_in_good_order_leaves_the_last_run_and_nothing_else(runs):
    keeper = Keeper()
    keeper.keep(at_step(3).snapshot())
    keeper.close(at_step(5).snapshot())
    assert [path.name for path in runs.iterdir()] == ["last.bptui"]
    assert Session.open(str(keeping.last_run())).trainer.steps == 5


def test_what_was_kept_becomes_the_last_run_where_nothing_new_came(runs):
    keeper = Keeper()
    keeper.keep(at_step(3).snapshot())
    keeper.close(None)
    assert Session.open(str(keeping.last_run())).trainer.steps == 3


def test_nothing_kept_leaves_the_last_run_alone(runs):
    Keeper().close(at_step(3).snapshot())
    Keeper().close(None)
    assert Session.open(str(keeping.last_run())).trainer.steps == 3


def test_an_end_that_is_no_good_one_is_left(runs):
    Keeper().close(at_step(3).snapshot(), orderly=False)
    assert [path.suffix for path in runs.glob("live-*.bptui")] == [".bptui"]
    assert not (runs / "last.bptui").exists()


def test_a_disk_that_hangs_holds_nobody(runs, monkeypatch):
    monkeypatch.setattr(keeping, "LEAVING", 0.05)
    hangs = threading.Event()
    keeper = Keeper(lambda kept, path: hangs.wait(WAIT))
    keeper.close(at_step(3).snapshot())
    assert keeper.busy
    hangs.set()
    assert keeper.wait(WAIT)


def test_a_disk_that_refuses_is_told(runs):
    runs.write_text("a file where the folder should be", encoding="utf-8")
    keeper = Keeper()
    keeper.keep(at_step(3).snapshot())
    assert keeper.wait(WAIT)
    assert "File exists" in keeper.failure
    keeper.close(at_step(4).snapshot())
    assert keeping.left_behind() == []


def test_there_is_no_last_run_at_first():
    with pytest.raises(ActionableError, match=r"^--last: no run was kept yet"):
        keeping.last_run()


def test_what_is_too_old_is_taken_away(runs):
    process, path = other_process()
    killed(process)
    os.utime(path, (0, 0))
    assert keeping.left_behind() == []
    assert list(runs.iterdir()) == []


def test_a_lock_that_is_left_alone_is_taken_away(runs):
    runs.mkdir()
    (runs / "live-1-a.lock").touch()
    assert keeping.left_behind() == []
    assert list(runs.iterdir()) == []


def test_the_folder_is_the_users(monkeypatch):
    monkeypatch.delenv("BPTUI_RUNS")
    assert keeping.folder().name == "runs"
    assert "bptui" in str(keeping.folder())
