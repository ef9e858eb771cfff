"""No test reads or writes what the person at this machine has chosen or left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _config_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BPTUI_CONFIG", str(tmp_path_factory.mktemp("config")))
        patch.setenv("BPTUI_RUNS", str(tmp_path_factory.mktemp("runs")))
        yield
