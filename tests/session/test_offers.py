"""What the chooser lists, and what typing finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from bptui.session import offers
from bptui.session.offers import BUILT_IN, HERE, YOURS, Offer

XOR = 'format = 1\ntitle = "Mine"\nsummary = "Own."\n[data]\nsource = "xor"\n[network]\nhidden = [3]\n'


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The user's own folder and the current one."""
    own, here = tmp_path / "own", tmp_path / "here"
    own.mkdir()
    here.mkdir()
    monkeypatch.setenv("BPTUI_PRESETS", str(own))
    monkeypatch.chdir(here)
    return own, here


def test_the_built_in_come_with_words_and_traps(folders: tuple[Path, Path]) -> None:
    found = {offer.source: offer for offer in offers.built_in()}
    assert found["xor"].group == BUILT_IN
    assert found["xor"].hidden == (4,)
    assert not found["xor"].trap
    assert found["symmetry"].trap


def test_one_that_the_own_hides_is_opened_by_its_path(folders: tuple[Path, Path]) -> None:
    (folders[0] / "xor.toml").write_text(XOR)
    hidden = next(offer for offer in offers.built_in() if offer.title == "XOR")
    assert Path(hidden.source).is_file()
    assert offers.yours()[0].source == "xor"


def test_yours_and_the_files_of_the_folder(folders: tuple[Path, Path]) -> None:
    own, here = folders
    (own / "mine.toml").write_text(XOR)
    (here / "three.toml").write_text(XOR)
    (here / "wine.csv").write_text("a,b\n1,2\n2,3\n")
    mine, three, wine = offers.yours()
    assert (mine.group, mine.source, mine.title, mine.summary) == (YOURS, "mine", "Mine", "Own.")
    assert (three.group, three.source, three.title, three.summary) == (
        HERE,
        "three.toml",
        "three.toml",
        "Mine. Own.",
    )
    assert (wine.group, wine.source, wine.is_data, wine.hidden) == (HERE, "wine.csv", True, None)


def test_sizes_and_mistakes_come_with_a_look_at_the_data(folders: tuple[Path, Path]) -> None:
    _, here = folders
    (here / "three.toml").write_text(XOR)
    (here / "wine.csv").write_text("a,b,c\n1,2,0.5\n2,3,1.5\n")
    (here / "broken.csv").write_text("a,b\nx\n")
    (here / "gone.toml").write_text('format = 1\n[data]\nsource = "file"\npath = "gone.csv"\n')
    (here / "large.csv").write_text("a,b\n" + "1,2.5\n" * 40_000)
    found = {offer.source: offer for offer in offers.with_sizes(offers.yours())}
    assert found["three.toml"].sizes == (2, 3, 1)
    assert found["wine.csv"].sizes == (2, 8, 1)
    assert "broken.csv" in found["broken.csv"].error
    assert "gone.csv" in found["gone.toml"].error
    assert (found["large.csv"].sizes, found["large.csv"].error) == ((), "")


def test_nothing_is_read_that_nobody_waits_for() -> None:
    plain = (Offer("xor", "XOR", BUILT_IN),)
    assert offers.with_sizes(plain, lambda: True) == plain
    assert offers.with_sizes(plain)[0].sizes == (2, 4, 1)


@pytest.mark.parametrize("typed", ["SPI", "two arms", "try deeper", "spiral-2"])
def test_typing_finds_titles_summaries_notes_and_names(typed: str) -> None:
    offer = Offer("spiral-2", "Spirale", BUILT_IN, "Two arms.", "Try deeper.")
    assert offer.matches(typed)
    assert not offer.matches("moons")
    assert offer.is_called(typed) == (typed in ("SPI", "spiral-2"))


def test_a_path_is_a_file_that_can_be_opened(folders: tuple[Path, Path]) -> None:
    (folders[1] / "wine.csv").write_text("a,b\n1,2\n")
    assert offers.is_file("wine.csv", anywhere=False)
    assert not offers.is_file("beer.csv", anywhere=False)
    assert offers.is_file("beer.csv", anywhere=True)
    assert not offers.is_file("wine", anywhere=True)
    assert not offers.is_file("a\0.csv", anywhere=False)
    assert offers.typed("~/wine.csv").source == str(Path.home() / "wine.csv")
