"""SIGKILL at random moments: what was saved is the old file or the new one, whole, and little is lost.

    python benchmarks/kills.py [--kills 1000] [--apps 3] [--seed S]

A process saves one run after another into one file and is killed somewhere in it. The file must then hold
the run that was saved last or the one in hand, to the bit, and take the next one. Then the app itself is
killed while it trains in a pseudo-terminal: the run that it leaves is at most 30 s old, and can be taken up.
The exit status is 1 where that does not hold. Linux and macOS.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from pseudo_terminal import PseudoTerminal

from bptui.session import commands, keeping, store, stored
from bptui.session.kept import Snapshot
from bptui.session.session import Session

LATEST = 0.06  # seconds after its first save at which a process is killed
LOST = 30.0  # seconds of training that may be lost


def runs() -> list[Snapshot]:
    """Two that differ in every number."""
    session = Session.open("digits")
    made = []
    for _ in range(2):
        for _ in range(20):
            session.do(commands.StepUpdate())
        made.append(session.snapshot())
    return made


def numbered(made: list[Snapshot], number: int) -> Snapshot:
    """The run that is saved as that one: its number stands in it."""
    return made[number % 2]._replace(next_number=number + 2)


def save_for_ever(made: list[Snapshot], path: Path, number: int, told: int) -> None:
    """A byte is told for each save that has returned."""
    while True:
        store.write(numbered(made, number), path, overwrite=True)
        os.write(told, b".")
        number += 1


def kill(made: list[Snapshot], path: Path, number: int, seconds: float) -> tuple[int, str]:
    """A process that begins with that number; the number of the run in the file, and what is wrong there."""
    reading, told = os.pipe()
    child = os.fork()
    if not child:
        save_for_ever(made, path, number, told)
    os.close(told)
    os.read(reading, 1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    done = 1
    while piece := os.read(reading, 4096):
        done += len(piece)
    os.close(reading)
    kept, _ = stored.read(path)
    found = kept.next_number - 2
    if found not in (number + done - 1, number + done):
        return found, f"run {found} is there, and {number + done - 1} was saved last"
    there, expected = kept.branch.final, numbered(made, found).branch.final
    assert there is not None
    assert expected is not None
    same = there.parameters.tobytes() == expected.parameters.tobytes()
    return found, "" if same else f"run {found} has other weights"


def kill_savers(count: int, dice: random.Random) -> int:
    made, failures, inside, number = runs(), 0, 0, 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.bptui"
        for _ in range(count):
            before = len(list(Path(folder).iterdir()))
            number, found = kill(made, path, number, dice.uniform(0, LATEST))
            inside += len(list(Path(folder).iterdir())) > max(before, 1)
            number += 1
            if found:
                failures += 1
                print(found)
        store.write(numbered(made, number), path, overwrite=True)
    print(f"{count:,} kills of a process that saves, {inside:,} of them within a write: {failures} failures")
    return failures


def kill_app(dice: random.Random) -> float:
    """Seconds of training that were lost."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.toml").write_text("speed = 20\n")  # it is still training when it is killed
        settings = {"BPTUI_RUNS": folder, "BPTUI_CONFIG": folder}
        terminal = PseudoTerminal([sys.executable, "-m", "bptui", "digits"], settings=settings)
        terminal.wait_quiet(limit=20.0)
        terminal.send(b" ")
        time.sleep(keeping.EVERY + dice.uniform(1, 2 * keeping.EVERY))
        terminal.signal(signal.SIGKILL)
        killed = time.time()
        terminal.ended()
        os.environ["BPTUI_RUNS"] = folder
        (left,) = keeping.left_behind()
        age, step = killed - left.time, Session.open(str(left.path)).trainer.steps
        print(f"the app was killed: its run is kept at step {step:,}, {age:.1f} s old")
        return age


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--apps", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    failures = kill_savers(arguments.kills, dice)
    late = sum(kill_app(dice) > LOST for _ in range(arguments.apps))
    return int(failures > 0 or late > 0)


if __name__ == "__main__":
    sys.exit(main())
