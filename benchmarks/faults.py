"""Random sequences of keys, clicks, pastes, resizes, signals and hostile bytes: nothing may break.

    python benchmarks/faults.py [--outside N] [--inside N] [--seed S]

Outside, the app runs in a pseudo-terminal. After each sequence, ended by a key, a signal or by closing
the terminal: the exit status is the one that belongs to it, it took under 5 seconds, the terminal is
restored (screen, mouse, paste, cursor, settings), memory stayed bounded, and nothing was said of a
failure. Inside, in this process and without a terminal, after each key at rest: every panel shows what it
would show if it were drawn anew at this moment, so no two contradict each other. A sequence is a function
of its seed alone; the seeds that failed are printed, and the exit status is 1. Linux and macOS.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable

from pseudo_terminal import PseudoTerminal

SIZES = ((160, 48), (100, 30), (80, 24), (60, 20), (240, 70), (40, 12), (39, 11), (99, 29), (148, 40))
WILD_SIZES = ((0, 0), (1, 1), (65535, 65535), (65535, 1), (1, 65535), (1000, 12), (40, 400))
PRESETS = (
    "xor",
    "xor",
    "spiral",
    "digits",
    "iris",
    "sine",
    "circle",
    "vanishing",
    "too-large-eta",
    "dead-relu",
)
MEMORY = 500.0  # megabytes
ENDS_WITHIN = 5.0  # seconds
WORKS_OFF = 40.0  # seconds, in which one that is still busy with the keys before obeys them in their order
ESCAPE = 0.8  # seconds: with less between them, where others have the processor, Esc and q are Alt+q
# fmt: off
SEQUENCES = (
    "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\x1bOP", "\x1bOQ",
    "\x1b[Z", "\x1b", "\x1b\x1b", "\x1bx", "\x1b[1;5C", "\x1b[97;5u", "\x1b[3~",
)
KEYS = "snebrRvzcghjklEBuUwyx(){}AOmMPNT123=/?+-<>[],. \t\r\x10\x7f0.5abη"
HOSTILE = (
    b"\xff\xfe", b"\xc3", b"\xe2\x80", b"\x00" * 50, b"\x1b[48;60000;60000;1;1t", b"\x1b[48;0;0;0;0t",
    b"\x1b[?2048;1$y", b"\x1b[?2026;1$y", b"\x1b[1;1R", b"\x1b[9999;9999R", b"\x1b[?62;c",
    b"\x1b]11;rgb:0/0/0\x07", b"\x1b]52;c;QUFB\x1b\\", b"\x1bP1$r\x1b\\", b"\x1b[<0;9999;9999M",
    b"\x1b[<0;9999;9999m", b"\x1b[<64;5;5M", b"\x1b[M !!", b"\x1b[1114112u", b"\x1b[55296;1;55296u",
    b"\x1b[I", b"\x1b[O", b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b[200~", b"\x1b[201~", b"\x9b5n", b"\x1b[<0;5",
    "\u202e\u200b".encode(), b"\x1b[1;1;1;1;1;1;1;1;1;1;1;1;1",
)
ACTS = {
    "key": 30, "keys": 6, "sequence": 14, "click": 12, "paste": 5, "resize": 8, "hostile": 10, "signal": 4,
}
RESTED = (
    "s", "s", "n", "n", "e", "b", "plus", "minus", "less_than_sign", "greater_than_sign", "r", "R", "tab",
    "up", "down", "left", "right", "left_square_bracket", "right_square_bracket", "v", "z", "1", "2", "3",
    "space", "escape", "enter", "c", "g", "u", "U", "B",
)
# fmt: on


# Outside


def outside(seed: int) -> list[str]:
    """What went wrong in the sequence of this seed."""
    chance = random.Random(seed)
    preset = chance.choice(PRESETS)
    size = chance.choice(SIZES)
    with tempfile.TemporaryDirectory() as folder:
        settings = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"), folder)
        settings["PYTHONPATH"] = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), *sys.path[1:2])))
        settings["TERM"], settings["COLORTERM"] = chance.choice(
            (("xterm-256color", "truecolor"), ("xterm-256color", ""), ("xterm", ""), ("linux", ""))
        )
        answers, rate = chance.random() < 0.7, chance.choice((0, 0, 0, 300_000))
        command = [sys.executable, "-m", "bptui", preset]
        terminal = PseudoTerminal(command, size, rate, answers, settings, folder)
        try:
            return _judged(terminal, chance, size)
        except TimeoutError as error:
            return [str(error)]
        finally:
            terminal.close()


def _judged(terminal: PseudoTerminal, chance: random.Random, size: tuple[int, int]) -> list[str]:
    started = chance.random() < 0.9
    if started:  # else what is done comes before the first picture
        first = b"needs" if size < (40, 12) else b"paused"
        terminal.wait_for(first if chance.random() < 0.8 else b"\x1b[?1049h", limit=30)
    largest = 0.0
    for _ in range(chance.randrange(5, 30)):
        _act(terminal, chance)
        largest = max(largest, terminal.memory())
        time.sleep(chance.choice((0.0, 0.0, 0.01, 0.05)))
    found = _ended(terminal, chance, started)
    if largest > MEMORY:
        found.append(f"{largest:.0f} MB")
    for words in (b"Traceback", b"bptui failed", b"this panel failed"):
        if words in terminal.text() and (started or b"KeyboardInterrupt" not in terminal.text()):
            where = terminal.text().index(words)
            found.append(f"it said {terminal.text()[where : where + 300]!r}")
    return found


def _act(terminal: PseudoTerminal, chance: random.Random) -> None:
    kind = chance.choices(list(ACTS), list(ACTS.values()))[0]
    if kind == "key":
        terminal.send(chance.choice(KEYS).encode())
    elif kind == "keys":
        terminal.send((chance.choice(KEYS) * chance.randrange(2, 60)).encode())
    elif kind == "sequence":
        terminal.send(chance.choice(SEQUENCES).encode())
    elif kind == "click":
        button, x, y = (
            chance.choice((0, 0, 0, 2, 35, 64, 65)),
            chance.randrange(1, 170),
            chance.randrange(1, 50),
        )
        terminal.send(f"\x1b[<{button};{x};{y}M\x1b[<{button};{x};{y}m".encode())
    elif kind == "paste":
        text = chance.choice((b"0.5", b"spiral\n", b"q" * 1000, bytes(range(256)) * 40, b"[/x]\n" * 20_000))
        terminal.send(
            b"\x1b[200~" + text + b"\x1b[201~" if chance.random() < 0.5 else text.replace(b"q", b"w")
        )
    elif kind == "resize":
        for _ in range(chance.choice((1, 1, 20))):
            terminal.resize(*chance.choice(SIZES if chance.random() < 0.7 else WILD_SIZES))
    elif kind == "hostile":
        terminal.send(chance.choice(HOSTILE))
    else:
        terminal.signal(chance.choice((signal.SIGWINCH, signal.SIGCONT, signal.SIGTSTP)))


def _ended(terminal: PseudoTerminal, chance: random.Random, started: bool) -> list[str]:
    """End it in one of the ways there are; what was wrong with its end."""
    early = terminal.process.poll()
    if (
        early is not None
    ):  # a click on `quit` is one; before it has started, the terminal makes signals of keys
        cooked = not started or b"\x1b[?1049l" in terminal.text()
        usual = (0, 130, 131, -2, -3) if cooked else (0, 130)
        return ([] if early in usual else [f"ended by itself with {early}"]) + terminal.faults_left()
    way = chance.choice(("key", "key", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "closed", "interrupt"))
    began, expected = time.perf_counter(), (0,)
    if way == "key":
        _let_go(terminal)
        for key in (b"\x1b", b"\x1b", b"\x1b", b"\x1b", b"q"):
            began = terminal.send(key)
            time.sleep(ESCAPE)
    elif way == "interrupt":
        _let_go(terminal)
        # One that comes when the app has just given the terminal back is a signal to the interpreter.
        began, expected = terminal.send(b"\x03"), (130, -2)
        time.sleep(0.15)
        terminal.send(b"\x03")
    elif way == "closed":
        terminal.hang_up()
        expected = (129, -1)
    else:
        number = getattr(signal, way)
        terminal.signal(number)
        # Before its handlers stand, the system ends it; `quit` or Ctrl+C may still be on their way.
        expected = (128 + number, -number, 0)
    status = terminal.ended(ENDS_WITHIN)
    if status is None and _works(terminal):  # 60 new networks of 20 layers take their time
        status = terminal.ended(WORKS_OFF)
        began = time.perf_counter()
    if status is None:
        return [f"{way}: still there after {ENDS_WITHIN:g} s, {terminal.state()}"]
    # Before the terminal is raw, and while it is lent to a shell, Ctrl+C and Ctrl+\\ are signals.
    usual = (0, 130, 131) if started else (0, 130, 131, 1)  # 1: the interpreter itself was interrupted
    found = [] if status in (*expected, *usual) else [f"{way}: ended with {status}, expected {expected}"]
    if way == "closed" or (status < 0 and way != "interrupt"):
        return found
    if time.perf_counter() - began > ENDS_WITHIN:
        found.append(f"{way}: it took {time.perf_counter() - began:.1f} s")
    return found + [f"{way}: {fault}" for fault in terminal.faults_left()]


def _works(terminal: PseudoTerminal) -> bool:
    """It has the processor for a good part of a second."""
    before = terminal.processor_seconds()
    time.sleep(1.0)
    return terminal.processor_seconds() - before > 0.2


def _let_go(terminal: PseudoTerminal) -> None:
    """End a paste and a sequence that hostile bytes have begun."""
    time.sleep(0.3)
    terminal.send(b"\x1b[201~")
    time.sleep(0.3)


# Inside


async def inside(seed: int, most: int = 25) -> list[str]:
    """The same without a terminal: after each key at rest, every panel against itself drawn anew."""
    from bptui.session.session import Session
    from bptui.tui.app import App

    chance = random.Random(seed)
    session = Session.open(chance.choice(PRESETS))
    app = App(session)
    found: list[str] = []
    done: list[str] = []
    async with app.run_test(size=chance.choice(SIZES[:6])) as pilot:
        await pilot.pause()
        for _ in range(chance.randrange(5, most)):
            done.append(chance.choice(RESTED))
            await pilot.press(done[-1])
            if chance.random() < 0.1:
                done.append("resize")
                await pilot.resize_terminal(*chance.choice(SIZES[:6]))
            if session.wants_time and chance.random() < 0.7:
                await asyncio.sleep(0.02)
                await pilot.press("space")
                done.append("space")
            if not session.wants_time:
                await asyncio.sleep(0.05)  # the panels follow the header
                await pilot.pause()
                if session.wants_check:  # at rest it is soon done, and shown when it is
                    session.check_slice(lambda: False)
                    app.main.checked()
                if not session.wants_time:
                    found += [f"after {' '.join(done)}: {fault}" for fault in contradictions(app)]
            if found or app.return_code is not None:
                break
    return found


def contradictions(app: object) -> list[str]:
    """Panels that do not show this moment, and failures that were told."""
    from bptui.tui.app import App
    from bptui.tui.panels.base import Panel

    assert isinstance(app, App)
    found = []
    view = app.main.fresh_view()
    for panel in app.main.query(Panel):
        if not panel.display or not panel.size or panel.id == "messageline":
            continue
        drawn = panel._picture(view, panel.size).lines()
        shown = [panel.render_line(y).text.rstrip() for y in range(panel.size.height)]
        for number, (now, then) in enumerate(zip(drawn, shown, strict=False)):
            if now != then:
                found.append(f"{panel.id}, row {number}: shows {then!r}, should show {now!r}")
                break
        if any("panel failed" in row for row in shown):
            found.append(f"{panel.id}: {next(row for row in shown if 'panel failed' in row)}")
    words = "".join(text for text, _ in app.main._message.parts)
    if "bptui failed" in words:
        found.append(words)
    return found


def run(kind: str, seed: int) -> list[str]:
    return outside(seed) if kind == "outside" else asyncio.run(inside(seed))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outside", type=int, default=100, metavar="N", help="sequences in a terminal")
    parser.add_argument("--inside", type=int, default=100, metavar="N", help="sequences without one")
    parser.add_argument("--seed", type=int, default=0, help="of the first; the next have the next")
    options = parser.parse_args()
    failed: list[tuple[str, int]] = []
    rounds: tuple[tuple[str, int], ...] = (("inside", options.inside), ("outside", options.outside))
    report: Callable[[str], None] = lambda words: print(words, flush=True)  # noqa: E731
    for kind, count in rounds:
        began = time.perf_counter()
        for seed in range(options.seed, options.seed + count):
            if faults := run(kind, seed):
                failed.append((kind, seed))
                report(f"{kind} {seed}: " + "; ".join(faults))
        report(f"{kind}: {count} sequences in {time.perf_counter() - began:.0f} s")
    report(f"{len(failed)} failed: {failed}" if failed else "none failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
