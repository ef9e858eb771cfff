"""Saving the run to a file of its own, sharing it as a line, and taking up the one that was left."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from bptui.errors import ActionableError, AlreadyThere
from bptui.escape import safe
from bptui.session import commands, keeping
from bptui.session.session import SUFFIX
from bptui.tui.panels.question import Asked

if TYPE_CHECKING:
    from bptui.session.kept import Snapshot
    from bptui.tui.screens.main import Main

FIELD, LONGEST = 40, 240


def file_name(main: Main) -> Asked:
    """Of the file to be saved to; one that is there is replaced only where Enter says so twice."""
    twice: list[Path] = []

    def words() -> Sequence[str]:
        return "Enter saves the run there", "Esc does not"

    def answer(text: str) -> str:
        try:
            path = _path(text)
            known = _known(main, path)
            if path.exists() and not known and path not in twice:
                twice.append(path)
                return "there is a file of that name: Enter once more replaces it"
        except (ActionableError, OSError, ValueError) as error:
            return safe(str(error))
        kept = main.session.snapshot()
        main.run_worker(_save(main, kept, path, path in twice, known), name="saving")
        return ""

    return Asked("save as", words, answer, text=_proposed(main), field=FIELD, longest=LONGEST)


async def _save(main: Main, kept: Snapshot, path: Path, overwrite: bool, known: str) -> None:
    from bptui.session import store

    address = main.session.address
    try:
        seal = await asyncio.to_thread(store.write, kept, path, overwrite, known)
    except AlreadyThere as error:
        words = f"not saved: {error.found}. {main.keys['save']} again, and another name"
    except ActionableError as error:
        words = str(error)
    else:
        main.session.saved(address, path, seal)
        words = f"saved: {path}"
    main.flash(words)
    main.say()


def _path(text: str) -> Path:
    name = text.strip()
    if not name or not name.isprintable():
        raise ActionableError("", "a file needs a name, such as my-run")
    path = Path(name).expanduser()
    return path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX)


def _known(main: Main, path: Path) -> str:
    """The seal of that file where the run in hand was saved there last."""
    file = main.session.file
    return file[1] if file is not None and file[0] == path else ""


def _proposed(main: Main) -> str:
    """Where it was saved last, else the experiment's name in the current folder, with a number if need be."""
    file = main.session.file
    if file is not None and file[0].parent != keeping.folder():
        return str(file[0])
    stem = Path(main.session.experiment.name).stem.strip(".") or "run"
    names = (f"{stem}{'' if number == 1 else f'-{number}'}{SUFFIX}" for number in count(1))
    return next(name for name in names if not Path(name).exists())


def share(main: Main) -> None:
    """As a line, to the clipboard."""
    from bptui.session import share as shared

    try:
        line = shared.line(main.session.snapshot())
    except ActionableError as error:
        main.flash(str(error))
        return
    main.app.copy_to_clipboard(line)
    main.flash(f"copied a line of {len(line):,} characters: `bptui open LINE` plays this run")


def take_up(main: Main) -> None:
    """What a process left without warning, else the last run."""
    left = keeping.left_behind()
    try:
        path = left[0].path if left else keeping.last_run()
    except ActionableError:
        main.flash("no run was left")
        return
    if not main.do(commands.OpenPreset(str(path))) and left:
        main.playground.keeping.took_up(path)
