"""What verbs do with saved runs: which file is meant, and writing one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bptui.cli import output
from bptui.errors import ActionableError

if TYPE_CHECKING:
    from bptui.session.session import Session

SUFFIX = ".bptui"
FILE = "a run that `w` or `bptui train --save` has written: FILE.bptui"


def checked(target: str) -> Path:
    """The file that --save names, before there is anything to write. Raises ActionableError."""
    path = Path(target)
    if path.suffix.lower() != SUFFIX:
        raise ActionableError("--save", f"{target!r} is no {SUFFIX} file", f"End it in {SUFFIX}")
    if not path.parent.is_dir():
        raise ActionableError("--save", f"there is no folder {str(path.parent)!r}", "Make it first")
    return path


def save(session: Session, path: Path) -> None:
    """Raises Unwritable: what was trained has been told by then."""
    from bptui.session import store

    try:
        store.write(session.snapshot(), path, overwrite=True)
    except ActionableError as error:
        raise output.Unwritable(str(error)) from None
