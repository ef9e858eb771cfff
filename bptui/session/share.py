"""A run as one line of text: its experiment and what was changed on the way to where it stands.

Nothing of what it learned is in it: whoever opens the line trains it again. It is made of letters, digits,
- and _, so that it survives an address, a chat and a shell.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bptui.errors import ActionableError
from bptui.experiment import toml
from bptui.experiment.build import build_preset
from bptui.experiment.catalogue import BUILTIN_DATA
from bptui.experiment.kinds import Mismatch
from bptui.experiment.schema import Preset
from bptui.session import written
from bptui.session.branches import End, Stands
from bptui.session.kept import KeptBranch, KeptRoot, Snapshot
from bptui.session.machine import made_by
from bptui.session.memory import Memory
from bptui.session.pace import named
from bptui.session.past import Past
from bptui.session.timeline import Place
from bptui.session.written import Shape

BEGINNING = "bptui1-"  # with the number of the format
LONGEST = 2048  # characters
_LINE = re.compile(r"bptui([0-9]{1,4})-([A-Za-z0-9_-]+)")
_CHECK = 6  # bytes of the SHA-256 of the rest
_LARGEST = 2**20  # bytes that a line may become
_UNSOUND = (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError, zlib.error, Mismatch)


def line(kept: Snapshot) -> str:
    """The branch in hand up to where it stands. ActionableError where that is too much for a line."""
    told = _told(kept)
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(json.dumps(told, separators=(",", ":")).encode()) + packer.flush()
    content = base64.urlsafe_b64encode(_check(packed) + packed).decode().rstrip("=")
    if len(BEGINNING) + len(content) > LONGEST:
        found = (
            f"it would be a line of {len(BEGINNING) + len(content):,} characters, and {LONGEST:,} are sent"
        )
        raise ActionableError("share", found, "Save the run and send the file")
    return BEGINNING + content


def _told(kept: Snapshot) -> dict[str, Any]:
    branch, step = kept.branch, kept.place.step
    root = kept.roots[branch.root]
    preset = replace(root.experiment.preset, notes="", summary="")
    data = preset.data
    if data.source == "file" and data.path is not None and not data.path.startswith(BUILTIN_DATA):
        found = f"the run has data of its own, {data.path}, which no line has room for"
        raise ActionableError("share", found, "Save the run and send the file")
    # Steps count from the change before: small numbers that are often the same are packed well.
    entries = written.journal(branch.journal.until(step))
    steps = pairwise([0, *(entry[0] for entry in entries)])
    return {
        "p": toml.dump(preset).removeprefix(f"format = {preset.format}\n"),
        "n": root.experiment.name,
        "s": root.seed,
        "f": written.in_force(root.first),
        "j": [[at - before, *entry[1:]] for (before, at), entry in zip(steps, entries, strict=True)],
        "e": [step, kept.place.position, int(branch.end.diverged and step == branch.end.step)],
        "v": kept.speed.value,
    }


def _check(packed: bytes) -> bytes:
    return hashlib.sha256(packed).digest()[:_CHECK]


def is_line(source: str) -> bool:
    """It looks like a shared run, of this format or another, whole or not."""
    return _LINE.fullmatch(source.strip()) is not None


def read(source: str) -> Snapshot:
    """The run of a line. ActionableError where it is none, not whole, or of a newer format."""
    try:
        return _snapshot(_unpacked(source))
    except _UNSOUND as error:
        found = f"it does not tell a run: {str(error)[:200] or type(error).__name__}"
        raise ActionableError("the line", found, "Copy it again") from error
    except ActionableError as error:
        raise error if error.place == "the line" else error.within("the line") from None


def _unpacked(source: str) -> dict[str, Any]:
    found = _LINE.fullmatch(source.strip())
    if found is None:
        raise ActionableError("the line", "this is no shared run", "`bptui share FILE` writes one")
    if found[1] != "1":
        raise ActionableError(
            "the line", f"its format is {found[1]}; this bptui reads 1", "A newer one may read it"
        )
    content = base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4))
    check, packed = content[:_CHECK], content[_CHECK:]
    if check != _check(packed):
        raise ActionableError("the line", "it is not whole: its checksum does not hold", "Copy it again")
    unpacked = zlib.decompressobj(wbits=-15).decompress(packed, _LARGEST)
    told = json.loads(unpacked)
    if not isinstance(told, dict):
        raise ValueError("it is no table")
    return told


def _snapshot(told: dict[str, Any]) -> Snapshot:
    name = written.text(told["n"], 5000)
    preset: Preset = toml.read(f"format = 1\n{told['p']}", name, by_hand=False)
    experiment = build_preset(preset, name)
    shape, speed = Shape(experiment.sizes, experiment.dtype), named(told["v"])
    step, position, diverged = (written.whole(number) for number in told["e"])
    if speed is None:
        raise ValueError("its speed is none")
    first = written.read_in_force(told["f"], shape)
    entries, at = [], 0
    for after, *rest in told["j"]:
        at += written.whole(after)
        entries.append([at, *rest])
    journal = written.read_journal(entries, first, shape)
    stands = Stands(stepping=position > 0)
    end = End(step, position, bool(diverged), stands)
    return Snapshot(
        (KeptRoot(experiment, written.whole(told["s"], 2**63 - 1), first, Past(Memory())),),
        (KeptBranch(1, 0, journal, None, 0, True, "", end, None, (), None, None),),
        2,
        Place(1, step, position),
        None,
        (),
        stands,
        speed,
        made_by(),
    )
