"""The step on screen saved as a worked example, to be handed out."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.explain.lesson import SUFFIXES, worked_example
from bptui.files import replace_file
from bptui.tui.panels.question import Asked
from bptui.tui.screens.questions import refusing

if TYPE_CHECKING:
    from bptui.tui.screens.main import Main

FORMATS = {suffix: name for name, suffix in SUFFIXES.items()}
USUAL = SUFFIXES["markdown"]
LONGEST_STEM = 60  # characters of the experiment's name


def example(main: Main) -> Asked:
    """Under which name. ActionableError where there is no step to be worked out."""
    name, (_, step) = main.frame.name, main.session.worked_update()
    asked_again = ""

    def words() -> Sequence[str]:
        return "Enter saves it here", "Esc does not", "its ending tells how: .md .tex .txt"

    def save(text: str) -> str:
        nonlocal asked_again
        path = _path(text)
        if os.path.lexists(path) and asked_again != text:
            asked_again = text
            return f"{safe(path.name)} is there: Enter again replaces it"
        _put(path, _text(main, path.suffix))
        main.flash(f"saved {safe(str(path.absolute()))}")
        return ""

    usual = f"{_stem(name)}-step-{step}{USUAL}"
    return Asked("worked example", words, refusing(save), text=usual, field=40, longest=240)


def _stem(name: str) -> str:
    """Of an experiment's name or path what may stand in a file's."""
    return re.sub(r"[^\w.-]+", "-", Path(name).stem)[:LONGEST_STEM].strip(".-") or "run"


def _path(text: str) -> Path:
    typed = text.strip()
    path = Path(typed).expanduser()
    if not path.suffix and path.name:
        path = path.with_suffix(USUAL)
    if path.suffix not in FORMATS:
        raise ActionableError("name", "a name that ends in .md, .tex or .txt", f"such as step{USUAL}")
    return path


def _text(main: Main, suffix: str) -> str:
    """The example and the unit are those that are chosen."""
    choice, (update, step) = main.choice, main.session.worked_update()
    return worked_example(
        update,
        main.frame.name,
        step,
        FORMATS[suffix],
        example=choice.example,
        unit=(choice.layer, choice.unit),
    )


def _put(path: Path, text: str) -> None:
    """In the place of what is there, or as a new file; all of it or nothing. ActionableError where it cannot
    be written."""
    try:
        if os.path.lexists(path):
            replace_file(path, text.encode("utf-8"))
        else:
            _begin(path, text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ActionableError(str(path), f"it cannot be saved: {reason}", "Take another name") from None


def _begin(path: Path, text: str) -> None:
    with open(path, "x", encoding="utf-8", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
