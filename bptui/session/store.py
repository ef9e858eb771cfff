"""A run as a file: its journal, its branches with their ends, some of its checkpoints, and its data.

`write` may take its time in a thread: nobody writes to what a snapshot holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bptui.data.files import read_regular
from bptui.errors import ActionableError, AlreadyThere
from bptui.experiment import catalogue, toml
from bptui.experiment.build import Experiment
from bptui.experiment.examples import LARGEST_DATA
from bptui.experiment.places import Places
from bptui.files import replacing
from bptui.session import archive, written
from bptui.session.checkpoints import Checkpoint
from bptui.session.journal import Journal
from bptui.session.kept import KeptBranch, KeptRoot, Snapshot
from bptui.session.past import Past
from bptui.session.pool import NAMES, Pool
from bptui.session.timeline import TakenBack
from bptui.session.trainer import KEPT_CHANGES

ROOM = 16 * 2**20  # bytes of checkpoints, beside the branches' ends
MOST = 1024  # checkpoints


def write(kept: Snapshot, path: Path, overwrite: bool = False, known: str = "") -> str:
    """Into a file, all of it or nothing; its seal.

    What is there already is replaced with `overwrite`, or where its seal is `known`. Raises AlreadyThere, and
    ActionableError where it cannot be written; then nothing was.
    """
    members = _members(kept)
    try:
        if not overwrite and path.exists() and not (known and archive.seal_of(path) == known):
            raise _already_there(path, known)
        with replacing(path) as file:
            return archive.write(file, kept.made_by, members)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "Make room, change its permissions or name another file; the run goes on"
        raise ActionableError(str(path), f"it cannot be saved: {reason}", remedy) from None


def _already_there(path: Path, known: str) -> AlreadyThere:
    found = "another bptui has saved into it since" if known else "there is a file of that name"
    return AlreadyThere(str(path), found, "Take another name")


def _members(kept: Snapshot) -> dict[str, bytes | archive.Writer]:
    pool, texts = Pool(), list(dict.fromkeys(toml.dump(r.experiment.preset) for r in kept.roots))
    told = {
        "title": kept.title,
        "roots": [_told_root(root, texts) for root in kept.roots],
        "branches": [_told_branch(branch, pool) for branch in kept.branches],
        "checkpoints": [
            {"branch": number, **written.checkpoint(checkpoint, pool)} for number, checkpoint in _chosen(kept)
        ],
        "next": kept.next_number,
        "place": list(kept.place),
        "came_from": None if kept.came_from is None else list(kept.came_from),
        "taken_back": [_told_taken_back(taken) for taken in kept.taken_back],
        "stands": written.stands(kept.stands),
        "speed": kept.speed.value,
    }
    members: dict[str, bytes | archive.Writer] = {"run.json": json.dumps(told).encode()}
    members |= {
        f"presets/{number}.toml": text.encode("utf-8", "replace") for number, text in enumerate(texts)
    }
    for content in (root.experiment.content for root in kept.roots):
        if content is not None:
            members[f"data/{hashlib.sha256(content).hexdigest()}"] = content
    return members | {name: _writer(pool, size) for size, name in NAMES.items()}


def _writer(pool: Pool, size: int) -> archive.Writer:
    return lambda file: pool.write(size, file)


def _told_root(root: KeptRoot, texts: list[str]) -> dict[str, Any]:
    experiment = root.experiment
    return {
        "preset": texts.index(toml.dump(experiment.preset)),
        "name": experiment.name,
        "stem": experiment.origin.stem,
        "is_data_file": experiment.origin.file is not None,
        "data": _digest_of_data(experiment),
        "seed": root.seed,
        "first": written.in_force(root.first),
    }


def _digest_of_data(experiment: Experiment) -> str | None:
    """Of the bytes of its data file, None where it has none. ActionableError where they are too many."""
    named = experiment.preset.data.path
    if experiment.content is not None:
        return hashlib.sha256(experiment.content).hexdigest()
    if experiment.preset.data.source != "file" or named is None:
        return None
    if named.startswith(catalogue.BUILTIN_DATA):
        return digest_of_builtin(named)
    found = f"the data file has more than {LARGEST_DATA:,} bytes, which are not saved with a run"
    raise ActionableError(named, found, "Keep a part of its rows")


def digest_of_builtin(named: str) -> str:
    """Of a data file that ships with bptui."""
    return hashlib.sha256(read_regular(catalogue.data_file(named, None, Places()), LARGEST_DATA)).hexdigest()


def _told_taken_back(taken: TakenBack) -> dict[str, Any]:
    journal = None if taken.journal is None else written.journal(taken.journal)
    return {"place": list(taken.place), "journal": journal}


def _told_branch(branch: KeptBranch, pool: Pool) -> dict[str, Any]:
    return {
        "number": branch.number,
        "root": branch.root,
        "parent": branch.parent,
        "left_at": branch.left_at,
        "anew": branch.anew,
        "name": branch.name,
        "end": written.end(branch.end),
        "journal": written.journal(branch.journal),
        "curve": written.curve(branch.curve, pool),
        "samples": written.samples(branch.samples, pool),
        "loss": written.figure(branch.loss),
        "final": None if branch.final is None else written.checkpoint(branch.final, pool),
    }


def _chosen(kept: Snapshot) -> list[tuple[int, Checkpoint]]:
    """(branch, checkpoint) of those that are written: what the place in hand is reached from, then what the
    branches' ends are, then others evenly, as many as there is room for."""
    ends = [(kept.branch, kept.place.step), *((branch, branch.end.step) for branch in kept.branches)]
    needed: dict[int, tuple[int, Checkpoint]] = {}
    room = ROOM
    for branch, step in ends:
        found = _start_of(kept.roots[branch.root].past, branch.journal, step)
        if found is not None and id(found) not in needed and (not needed or found.size <= room):
            needed[id(found)] = (branch.number, found)
            room -= found.size
    rest = {id(c): (number, c) for number, c in _all(kept) if id(c) not in needed}
    spare = list(rest.values())
    while spare and (sum(c.size for _, c in spare) > room or len(spare) > MOST):
        spare = spare[1::2]
    return sorted([*needed.values(), *spare], key=lambda told: (told[0], told[1].step))


def _start_of(past: Past, journal: Journal, step: int) -> Checkpoint | None:
    return past.nearest(journal, max(step - KEPT_CHANGES, 0))


def _all(kept: Snapshot) -> Iterator[tuple[int, Checkpoint]]:
    """Those that branches with the same changes share stand at each that reaches so far."""
    for branch in kept.branches:
        for checkpoint in kept.roots[branch.root].past.along(branch.journal):
            if checkpoint.step <= branch.end.step:
                yield branch.number, checkpoint
