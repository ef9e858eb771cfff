"""What is loaded when: the screen by no headless verb, NumPy only after the threads are set."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCREEN = ("textual", "rich", "plotext")
VERBS = (
    ("train", "xor", "--epochs", "2", "--json"),
    ("train", "xor", "--epochs", "2"),
    ("explain", "xor"),
    ("check", "xor", "--json"),
    ("presets",),
    ("train", "xor", "--epochs", "2", "--save", "run.bptui"),
    ("replay", "run.bptui"),
    ("share", "run.bptui"),
)

COMMAND = """
import sys
from bptui.__main__ import main
sys.argv = ["bptui", *sys.argv[1:]]
status = main()
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(status)
"""

THREADS = """
import os, sys
class Look:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print(os.environ["OPENBLAS_NUM_THREADS"], os.environ["TEXTUAL_FPS"], file=sys.stderr)
sys.meta_path.insert(0, Look())
sys.argv = ["bptui", "train", "xor", "--epochs", "1"]
from bptui.__main__ import main
main()
"""


def python(code: str, *arguments: str, line: int = -1, **environment: str) -> list[str]:
    """The words on a line of what `code` wrote to stderr, the last one's unless told."""
    inherited = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS") and k != "TEXTUAL_FPS"}
    found = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return found.stderr.splitlines()[line].split()


@pytest.mark.parametrize("arguments", VERBS, ids=" ".join)
def test_no_headless_verb_loads_the_screen(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if arguments[-1] == "run.bptui" and "--save" not in arguments:
        python(COMMAND, "train", "xor", "--epochs", "2", "--save", "run.bptui")
    loaded = python(COMMAND, *arguments)
    assert not set(SCREEN) & set(loaded)


def test_importing_bptui_loads_nearly_nothing():
    loaded = python("import bptui, sys; print(*sys.modules, file=sys.stderr)")
    assert not {"numpy", *SCREEN} & set(loaded)


def test_help_does_not_wait_for_numpy():
    assert "numpy" not in python(COMMAND, "train", "--help")


@pytest.mark.parametrize(
    ("environment", "seen"),
    [({}, ["1", "120"]), ({"OPENBLAS_NUM_THREADS": "2", "TEXTUAL_FPS": "30"}, ["2", "30"])],
)
def test_threads_are_set_before_numpy_is_imported(environment, seen):
    assert python(THREADS, line=0, **environment) == seen


# What only an overlay, a copy or the judge needs.
LATER = {
    "bptui.explain.paths",
    "bptui.explain.tsv",
    "bptui.explain.weight",
    "bptui.session.store",
    "bptui.session.stored",
    "bptui.nn.gradcheck",
    "bptui.tui.drawing.copied",
    "bptui.tui.drawing.table",
    "bptui.tui.screens.experiment",
    "bptui.tui.screens.help",
    "bptui.tui.screens.inspector",
    "bptui.tui.screens.presets",
    "bptui.tui.screens.saving",
    "plotext",
}


def test_the_first_picture_waits_for_nothing_that_comes_later():
    loaded = python("import bptui.tui.app, sys; print(*sys.modules, file=sys.stderr)")
    assert "bptui.tui.screens.main" in loaded
    assert not LATER & set(loaded)


# What tui may import, by room; of None all.
SEEN_BY_TUI = {
    "experiment": {"catalogue", "checks", "schema"},
    "session": None,
    "explain": None,
    "tui": None,
    "errors": None,
    "escape": None,
    "files": None,
}


def imported(folder: str) -> Iterator[tuple[str, str]]:
    """(file, what is imported) of every import in a room, those inside functions too."""
    import bptui

    # Of the package that is tested, which may be the installed one.
    for file in sorted((Path(bptui.__file__).parents[1] / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((str(file), alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((str(file), f"{node.module}.{alias.name}") for alias in node.names)


def test_of_other_rooms_the_screen_imports_what_is_allowed_and_no_more():
    """import-linter forbids modules by name; this one also forbids those that are new."""
    seen = [(file, name) for file, name in imported("bptui/tui") if name.startswith("bptui.")]
    assert len(seen) > 500
    for file, name in seen:
        _, room, module, *_ = f"{name}.".split(".")
        allowed = SEEN_BY_TUI.get(room, set())
        assert allowed is None or module in allowed, (file, name)


def test_python_finds_load_and_trainer():
    import bptui

    trainer = bptui.Trainer(bptui.load("xor"))
    trainer.step()
    trainer.epoch()
    assert trainer.run(epochs=5) == "epochs"
    assert len(trainer.history) == 5
    assert {"load", "Trainer", "__version__"} <= set(dir(bptui))


def test_an_unknown_name_is_no_attribute():
    import bptui

    with pytest.raises(AttributeError, match="no_such_name"):
        _ = bptui.no_such_name
