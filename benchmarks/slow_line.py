"""Keys on a slow line: the app in a pseudo-terminal that reads so many bytes a second and answers reports.

    python benchmarks/slow_line.py [--json FILE] [--keys N] [--rates 60000 300000 0]

Told, at full speed with every panel live at 160x48: the time from `space` to the header's state cell, the
time to the last byte of the whole screen after it, bytes a second while it runs, and how long `q` takes.
Once each with a terminal that answers, and at the lowest rate with one that never does. The exit status
is 1 where a bound is missed. Linux and macOS; nothing but bptui itself is needed.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pseudo_terminal import PseudoTerminal
from screen import XOR, bptui

Times = list[float]


def latencies(terminal: PseudoTerminal, count: int) -> tuple[Times, Times]:
    """Milliseconds from `space` to the state cell, in turn from paused and running, and to the whole
    screen, which is known only where it then stands still: when it was paused."""
    cell, whole = [], []
    chance = random.Random(0)
    for i in range(count):
        time.sleep(0.8 + 0.4 * chance.random())
        pressed = terminal.send(b" ")
        seen = terminal.wait_for(b"running" if i % 2 == 0 else b"paused", pressed)
        cell.append((seen - pressed) * 1e3)
        if i % 2:
            whole.append((terminal.wait_quiet(0.3) - pressed) * 1e3)
        terminal.pieces[:-1] = []
    return cell, whole


def megabytes(terminal: PseudoTerminal, seconds: float = 5.0) -> float:
    """A second, while it runs."""
    terminal.send(b" ")
    time.sleep(1.0)
    before, began = terminal.written, time.perf_counter()
    time.sleep(seconds)
    rate = (terminal.written - before) / (time.perf_counter() - began) / 1e6
    terminal.send(b" ")
    return rate


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--rates", type=int, nargs="+", default=[60_000, 300_000, 0])
    options = parser.parse_args()
    results: dict[str, dict[str, object]] = {}

    def tell(name: str, value: float, bound: float | None, unit: str) -> None:
        passed = bound is None or value <= bound
        results[name] = {"value": value, "bound": bound, "passed": passed}
        told = "" if bound is None else f"bound {bound:g}  {'ok' if passed else 'MISSED'}"
        print(f"{name:60} {value:9.2f} {unit:5} {told}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        preset = Path(folder) / "xor-live.toml"
        preset.write_text(XOR)
        for rate in options.rates:
            measure(preset, rate, True, options.keys, tell)
        measure(preset, min(r for r in options.rates if r), False, options.keys, tell)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0 if all(r["passed"] for r in results.values()) else 1


def measure(
    preset: Path,
    rate: int,
    answers: bool,
    keys: int,
    tell: Callable[[str, float, float | None, str], None],
) -> None:
    name = f"{rate / 1000:g} kB/s" if rate else "fast"
    name += "" if answers else ", no answers"
    terminal = PseudoTerminal(bptui(str(preset)), rate=rate, answers=answers)
    try:
        terminal.wait_for(b"paused")
        terminal.wait_quiet(1.0)
        cell, whole = latencies(terminal, keys)
        tell(f"{name}: key to state cell, median", statistics.median(cell), 50 if answers else None, "ms")
        tell(f"{name}: key to state cell, longest", max(cell), None, "ms")
        tell(f"{name}: key to whole screen, median", statistics.median(whole), 500 if answers else None, "ms")
        tell(f"{name}: to the terminal", megabytes(terminal), 1.0, "MB/s")
        time.sleep(1.0)
        pressed = terminal.send(b"q")
        terminal.ended(20)
        tell(f"{name}: q", time.perf_counter() - pressed, 0.5 if not rate else 2.0, "s")
    finally:
        terminal.close()


if __name__ == "__main__":
    sys.exit(main())
