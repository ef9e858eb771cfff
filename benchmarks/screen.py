"""The app in a real pseudo-terminal, measured against the engine without a screen, in one run.

    python benchmarks/screen.py [--json FILE] [--rounds N] [--seconds S]

Told, each against its bound: the share of the headless training rate that is left with every panel live
(XOR, and 784-128-10), the time from a key to the header's state cell, the processor's share while
paused, how long `q` takes, and the first paint against that of a minimal Textual app. The exit status is
1 where a bound is missed. Linux and macOS; nothing but bptui itself is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pseudo_terminal import COLUMNS, ROWS, SETTINGS, Reader, resize

STEP = re.compile(rb"step(?:\x1b\[[0-9;]*m| )*([\d,]+)")
MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("first-paint")
Minimal().run()
"""
XOR = """format = 1
[data]
source = "xor"
[network]
hidden = [4]
[training]
eta = 0.5
batch_size = "all"
epochs = 1000000000
speed = "full"
"""
WIDE = """format = 1
[data]
source = "file"
path = "wide.npz"
[network]
hidden = [128]
activation = "relu"
[training]
eta = 0.01
batch_size = 64
epochs = 1000000000
speed = "full"
"""


class Terminal(Reader):
    """Forked, so that nothing comes before the program's own start; it never answers a report."""

    def __init__(self, command: list[str]) -> None:
        pid, master = pty.fork()
        if not pid:
            os.execvpe(command[0], command, {**os.environ, **SETTINGS})
        resize(master, COLUMNS, ROWS)
        super().__init__(master, pid)

    def press(self, key: str) -> float:
        os.write(self.master, key.encode())
        return time.perf_counter()

    def steps(self) -> list[tuple[float, int]]:
        """(when, step) of every header drawn."""
        found = []
        for when, data in self.pieces:
            hits = STEP.findall(data)
            if hits:
                found.append((when, int(hits[-1].replace(b",", b""))))
        return found

    def end(self, key: str = "q") -> float:
        """Press `key`; seconds until the program has ended."""
        pressed = self.press(key)
        while time.perf_counter() - pressed < 10:
            done, _ = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return time.perf_counter() - pressed
            time.sleep(0.001)
        os.kill(self.pid, signal.SIGKILL)
        return float("inf")


def bptui(*words: str) -> list[str]:
    return [sys.executable, "-m", "bptui", *words]


def shares(preset: Path, rounds: int, seconds: float) -> tuple[list[float], float]:
    """The app's rate over the headless one, in turn many times, and megabytes a second to the terminal.

    Each rate of the app stands against the headless ones before and after it, so that a machine whose
    speed drifts treats both alike; the app waits, paused, while the other trains.
    """
    terminal = Terminal(bptui(str(preset)))
    terminal.wait_for(b"paused", terminal.started)
    steps = max(int(_train(preset, 500) * seconds), 200)
    found, megabytes = [], 0.0
    before = _train(preset, steps)
    for _ in range(rounds):
        live, written = _live(terminal, seconds)
        after = _train(preset, steps)
        found.append(live / ((before + after) / 2))
        before = after
        megabytes = max(megabytes, written)
    terminal.end()
    return found, megabytes


def _live(terminal: Terminal, seconds: float) -> tuple[float, float]:
    """Updates a second while it runs for so long, told by its header, and megabytes a second."""
    terminal.wait_for(b"running", terminal.press(" "))
    time.sleep(0.3)
    begun, before = time.perf_counter(), terminal.written
    time.sleep(seconds)
    written = (terminal.written - before) / seconds / 1e6
    told = [(when, step) for when, step in terminal.steps() if when >= begun]
    terminal.wait_for(b"paused", terminal.press(" "))
    terminal.pieces.clear()
    (first, start), (last, end) = told[0], told[-1]
    return (end - start) / (last - first), written


def _train(preset: Path, steps: int) -> float:
    """Updates a second of `bptui train`, its start-up apart."""
    command = bptui("train", str(preset), "--steps", str(steps), "--json")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rate = json.loads(done.stdout)["steps_per_second"]
    assert isinstance(rate, float)
    return rate


def key_times(preset: Path, count: int) -> list[float]:
    """Milliseconds from `space` to the state cell, in turn from paused and from running."""
    terminal = Terminal(bptui(str(preset)))
    terminal.wait_for(b"paused", terminal.started)
    time.sleep(1.0)
    times = []
    random = np.random.default_rng(0)
    for i in range(count):
        time.sleep(0.15 + 0.2 * random.random())
        pressed = terminal.press(" ")
        seen = terminal.wait_for(b"running" if i % 2 == 0 else b"paused", pressed)
        times.append((seen - pressed) * 1e3)
    terminal.end()
    return times


def idle_and_quit(preset: Path) -> tuple[float, float]:
    """The processor's share while paused after a run, and the seconds that `q` takes."""
    terminal = Terminal(bptui(str(preset)))
    terminal.wait_for(b"paused", terminal.started)
    terminal.wait_for(b"running", terminal.press(" "))
    time.sleep(1.0)
    terminal.wait_for(b"paused", terminal.press(" "))
    time.sleep(1.0)
    before, began = terminal.processor_seconds(), time.perf_counter()
    time.sleep(5.0)
    share = (terminal.processor_seconds() - before) / (time.perf_counter() - began)
    return share, terminal.end()


def first_paints(preset: Path, rounds: int) -> list[float]:
    """The app's first paint over a minimal app's, in turn."""
    ratios = []
    for _ in range(rounds):
        minimal = Terminal([sys.executable, "-c", MINIMAL])
        plain = minimal.wait_for(b"first-paint", minimal.started) - minimal.started
        minimal.end("\x11")
        full = Terminal(bptui(str(preset)))
        ours = full.wait_for(b"paused", full.started) - full.started
        time.sleep(0.2)
        full.end()
        ratios.append(ours / plain)
    return ratios


def presets(folder: Path) -> tuple[Path, Path]:
    random = np.random.default_rng(0)
    pixels, labels = random.random((2048, 784)), random.integers(0, 10, 2048)
    np.savez(folder / "wide.npz", X=pixels, y=labels)
    (folder / "xor-live.toml").write_text(XOR)
    (folder / "wide.toml").write_text(WIDE)
    return folder / "xor-live.toml", folder / "wide.toml"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--keys", type=int, default=100)
    options = parser.parse_args()
    results: dict[str, dict[str, object]] = {}

    def tell(
        name: str, value: float, bound: float, good: Callable[[float, float], bool], unit: str = ""
    ) -> None:
        passed = good(value, bound)
        results[name] = {"value": value, "bound": bound, "passed": passed}
        print(f"{name:52} {value:9.3f} {unit:5} bound {bound:g}  {'ok' if passed else 'MISSED'}", flush=True)

    at_most, at_least = (lambda v, b: v <= b), (lambda v, b: v >= b)
    with tempfile.TemporaryDirectory() as name:
        xor, wide = presets(Path(name))
        for label, preset, bound in (("XOR", xor, 0.70), ("784-128-10", wide, 0.70)):
            found, written = shares(preset, options.rounds, options.seconds)
            tell(f"share of the headless rate, {label}", statistics.median(found), bound, at_least)
            each = ", ".join(f"{share:.2f}" for share in sorted(found))
            print(f"    each: {each}; {written:.2f} MB/s to the terminal")
        for label, preset in (("XOR", xor), ("784-128-10", wide)):
            times = sorted(key_times(preset, options.keys))
            tell(f"key to screen, median, {label}", statistics.median(times), 15, at_most, "ms")
            tell(
                f"key to screen, 99th percentile, {label}",
                times[int(0.99 * (len(times) - 1))],
                50,
                at_most,
                "ms",
            )
        share, quitting = idle_and_quit(xor)
        tell("processor while paused", share * 100, 1, at_most, "%")
        tell("q", quitting, 0.5, at_most, "s")
        paints = first_paints(xor, options.rounds)
        tell("first paint, times a minimal app's", statistics.median(paints), 1.7, at_most)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0 if all(r["passed"] for r in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
