"""What typing finds in the chooser, what is in question then, and which column is learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from bptui.session.offers import BUILT_IN, HERE, TYPED, Offer
from bptui.tui.screens.selection import Selection

XOR = Offer("xor", "XOR", BUILT_IN, summary="The smallest problem.")
SPIRAL = Offer("spiral", "Spiral", BUILT_IN, notes="Beside it xor is nothing.")
DEEP = Offer("deep-xor", "Deep", BUILT_IN)
WINE = Offer("wine.csv", "wine.csv", HERE)


def selected(typed: str = "", *offers: Offer, current: str = "spiral") -> Selection:
    selection = Selection(offers or (SPIRAL, XOR, DEEP, WINE), (current, None))
    selection.typed = typed
    selection.filter()
    return selection


def test_with_nothing_typed_all_are_there_and_what_is_played_is_in_question() -> None:
    selection = selected(current="deep-xor")
    assert selection.shown == (SPIRAL, XOR, DEEP, WINE)
    assert (selection.number, selection.offer) == (2, DEEP)


def test_what_is_called_so_comes_before_what_only_tells_of_it() -> None:
    selection = selected("XOR")
    assert selection.shown == (SPIRAL, XOR, DEEP)
    assert selection.offer == XOR


def test_of_those_called_so_the_one_chosen_before_stays() -> None:
    selection = selected("xor")
    selection.choose(2)
    selection.typed = "xo"
    selection.filter()
    assert selection.offer == DEEP


def test_where_nothing_matches_nothing_is_in_question() -> None:
    selection = selected("[/spq]")
    assert selection.shown == ()
    assert (selection.number, selection.offer) == (None, None)


def test_the_file_of_a_typed_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.csv").write_text("a,b\n1,2\n")
    selection = selected("e.csv")
    assert selection.shown == (Offer("e.csv", "e.csv", TYPED), WINE)
    selection.typed = "wine.csv"
    selection.filter()
    assert selection.shown == (WINE,)  # it is in the list


def test_a_path_that_is_not_there_is_offered_where_nothing_else_is() -> None:
    assert selected("gone/iris.csv").offer == Offer("gone/iris.csv", "gone/iris.csv", TYPED)


def test_of_a_data_file_another_column_is_learned_and_the_last_needs_no_name() -> None:
    selection, columns = selected(), ("name", "acid", "sugar")
    assert selection.address(WINE) == ("wine.csv", None)
    selection.learn(WINE, "sugar", columns, 1)
    assert selection.address(WINE) == ("wine.csv", "name")
    selection.learn(WINE, "name", columns, -1)
    assert selection.address(WINE) == ("wine.csv", None)
    selection.learn(WINE, "", columns, -1)  # none is known: from the last on
    assert selection.address(WINE) == ("wine.csv", "acid")
    selection.learn(XOR, "name", columns, 1)
    assert selection.address(XOR) == ("xor", None)
