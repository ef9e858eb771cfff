"""One small file a mistake: the folder tests/bad is the list of errors.

The first lines of a file, after `#! `, are the message as it is printed; … stands for any words.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bptui.errors import ActionableError
from bptui.experiment.build import build

FOLDER = Path(__file__).parents[1] / "bad"


def expected(path: Path) -> str:
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    return "\n".join(line.removeprefix("#! ") for line in lines if line.startswith("#! "))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_mistake_is_told_with_place_and_remedy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(ActionableError) as caught:
        build(path.name)
    pattern = re.escape(expected(path)).replace("…", ".*?")
    assert re.fullmatch(pattern, str(caught.value)), str(caught.value)


def test_every_bad_file_says_what_it_expects() -> None:
    paths = list(FOLDER.glob("*.toml"))
    assert len(paths) > 80
    assert all(expected(path).startswith(path.name) for path in paths)
