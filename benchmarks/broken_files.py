"""Runs that were cut, turned or forged: each is refused with one message, in a second and in 200 MB.

    python benchmarks/broken_files.py [--bits 1000] [--seed S]

One run with every kind of change is saved, then cut at each hundredth, given one turned bit at random places,
and forged in every way known, its checksums made right again. Each is opened in a process of its own, whose
time and memory are looked at. The exit status is 1 where one is not refused so. Linux and macOS.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import resource
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bptui.errors import ActionableError
from bptui.session import archive, commands, store
from bptui.session.session import Session

SECONDS, BYTES = 1.0, 200 * 2**20
RSS = 1 if sys.platform == "darwin" else 1024  # bytes of ru_maxrss's unit

Members = dict[str, bytes]


def run() -> bytes:
    """A file of a run."""
    session = Session.open("spiral")
    for turn in range(60):
        session.do(commands.StepUpdate())
        if turn % 20 == 0:
            session.do(commands.SetWeight(1, turn % 4, 0, 0.5))
            session.do(commands.SwitchUnit(1, 1, turn == 0))
            session.do(commands.SetKeys((("training.l2", 0.001 * turn),)))
    session.do(commands.GoTo(30))
    session.do(commands.SetEta(0.2))
    session.do(commands.StepUpdate())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.bptui"
        store.write(session.snapshot(), path)
        return path.read_bytes()


def cut(content: bytes) -> Iterator[tuple[str, bytes]]:
    for hundredth in range(100):
        yield f"cut at {hundredth} %", content[: len(content) * hundredth // 100]


def turned(content: bytes, count: int, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    for _ in range(count):
        bit = dice.randrange(8 * len(content))
        other = bytearray(content)
        other[bit // 8] ^= 1 << bit % 8
        yield f"bit {bit} turned", bytes(other)


def sealed(content: bytes) -> bytes:
    """With a checksum that holds."""
    out = io.BytesIO(content[: -archive.SEAL] + b"0" * archive.SEAL)
    seal = archive._digest(out, len(content) - archive.SEAL)
    return content[: -archive.SEAL] + seal.encode()


def zipped(members: Members, manifest: dict[str, Any], twice: str = "") -> bytes:
    """An archive of these, each told of in its manifest with its digest."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
        told = {**manifest, "members": digests}
        for name, content in (*members.items(), ("manifest.json", json.dumps(told).encode())):
            stored = name.endswith(".npy")
            made.writestr(name, content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
        if twice:
            made.writestr(twice, members[twice])
        made.comment = b"0" * archive.SEAL
    return sealed(out.getvalue())


def with_run(change: Callable[[dict[str, Any]], object]) -> Callable[[Members], object]:
    """run.json changed."""

    def changed(members: Members) -> None:
        told = json.loads(members["run.json"])
        change(told)
        members["run.json"] = json.dumps(told).encode()

    return changed


def parameters(told: dict[str, Any]) -> list[int]:
    """Where those of the first checkpoint lie."""
    place: list[int] = told["checkpoints"][0]["parameters"]
    return place


def header(shape: str, kind: str = "<f8") -> Callable[[Members], object]:
    """The header of the numbers changed."""

    def changed(members: Members) -> None:
        words = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
        numbers = members["float64.npy"][128:]
        members["float64.npy"] = b"\x93NUMPY\x01\x00\x76\x00" + words.encode() + numbers

    return changed


ENDLESS = b"\x93NUMPY\x02\x00\xff\xff\xff\x7f" + b" " * 4096
LARGE = b'format = 1\n[data]\nsource = "xor"\n[network]\nhidden = [100000, 100000]\n'

FORGERIES: dict[str, Callable[[Members], object]] = {
    "no run": lambda m: m.pop("run.json"),
    "no numbers": lambda m: m.pop("float64.npy"),
    "no preset": lambda m: m.pop("presets/0.toml"),
    "a name with ..": lambda m: m.update({"../run.json": b"{}"}),
    "an absolute name": lambda m: m.update({"/run.json": b"{}"}),
    "a name of Windows": lambda m: m.update({"C:\\run.json": b"{}"}),
    "thousands of members": lambda m: m.update({f"presets/{i}.toml": b"" for i in range(5000)}),
    "a terabyte of numbers": header("(137438953472,)"),
    "negative numbers": header("(-8,)"),
    "two axes": header("(4, 4)"),
    "objects": header("(4,)", "|O"),
    "a header without end": lambda m: m.update(
        {"float64.npy": b"\x93NUMPY\x02\x00\xff\xff\xff\x7f" + b" " * 4096}
    ),
    "a preset that swells": lambda m: m.update({"presets/0.toml": b" " * 2**22}),
    "data of nobody": lambda m: m.update({f"data/{hashlib.sha256(b'1').hexdigest()}": b"1"}),
    "data that swell": lambda m: m.update({f"data/{'0' * 64}": b"1,2\n" * 25 * 2**20}),
    "data that swell more": lambda m: m.update({f"data/{'0' * 64}": b"1,2\n" * 26 * 2**20}),
    "brackets without end": lambda m: m.update({"run.json": b"[" * 2**20}),
    "a number of a million digits": lambda m: m.update({"run.json": b"9" * 10**6}),
    "a run of a word": lambda m: m.update({"run.json": b'"run"'}),
    "a step of 10^30": with_run(lambda run: run.update(place=[1, 10**30, 0])),
    "parents in a ring": with_run(lambda run: run["branches"][0].update(parent=2)),
    "an end before its curve": with_run(lambda run: run["branches"][0]["curve"].update(length=-1)),
    "a curve of 10^15": with_run(lambda run: run["branches"][0]["curve"].update(length=10**15, stride=1)),
    "an array beyond the file": with_run(
        lambda run: run["checkpoints"][0]["parameters"].__setitem__(1, 2**50)
    ),
    "a huge array": with_run(lambda run: parameters(run).__setitem__(2, 2**50)),
    "a network of 10^10": lambda m: m.update(
        {"presets/0.toml": b'format = 1\n[data]\nsource = "xor"\n[network]\nhidden = [100000, 100000]\n'}
    ),
}


def forged(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    for name, change in FORGERIES.items():
        others = dict(members)
        change(others)
        broken = zipped(others, manifest)
        others.clear()  # the memory that a process begins with is that of this one
        yield name, broken
    with warnings.catch_warnings(action="ignore"):
        yield "a member twice", zipped(members, manifest, twice="run.json")
    yield "a newer format", zipped(members, {**manifest, "format": 2})
    yield "no format", zipped(members, {})


def opened(path: Path) -> tuple[bool, float, int]:
    """In a process of its own: refused with one message, seconds, bytes at most."""
    began = time.perf_counter()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
        try:
            Session.open(str(path))
        except ActionableError as error:
            os._exit(0 if str(error).startswith(str(path)) and "\n" not in str(error) else 3)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}")
            os._exit(4)
        os._exit(5)
    _, status, used = os.wait4(child, 0)
    return status == 0, time.perf_counter() - began, used.ru_maxrss * RSS


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    content, dice, failures = run(), random.Random(arguments.seed), 0
    kinds = {
        "cut": cut(content),
        "turned": turned(content, arguments.bits, dice),
        "forged": forged(content),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broken.bptui"
        for kind, files in kinds.items():
            count, slowest, largest = 0, 0.0, 0
            for name, broken in files:
                path.write_bytes(broken)
                refused, seconds, used = opened(path)
                if not refused or seconds > SECONDS or used > BYTES:
                    failures += 1
                    print(f"{name}: refused {refused}, {seconds:.2f} s, {used / 2**20:.0f} MB")
                count, slowest, largest = count + 1, max(slowest, seconds), max(largest, used)
            print(f"{count:,} files {kind}: at most {slowest:.2f} s and {largest / 2**20:.0f} MB")
    print(f"{failures} failures")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
