"""The branches of a run as they are shown."""

from __future__ import annotations

import pytest
from experiments import at_step, done, session, xor

from bptui.errors import ActionableError
from bptui.session import commands as c
from bptui.session.session import Session
from bptui.session.tree import BranchView


def two_ways() -> Session:
    made = at_step(30, session(xor()))
    done(made, c.GoTo(10), c.SetEta(2.0))
    return at_step(5, made)


def of(made: Session, number: int) -> BranchView:
    return next(view for view in made.branches() if view.number == number)


def test_where_it_left_and_why() -> None:
    made = two_ways()
    first, second = made.branches()
    assert (first.parent, first.why, first.step, first.own, first.current) == (
        None,
        "the beginning",
        30,
        30,
        False,
    )
    assert (second.parent, second.left_at, second.why, second.anew) == (1, 10, "η 2", False)
    assert (second.step, second.own, second.changes, second.current) == (15, 5, 0, True)


def test_what_was_changed_at_the_very_beginning_belongs_to_it() -> None:
    made = session(xor())
    done(made, c.SetEta(0.2))
    at_step(3, made)
    assert (of(made, 1).why, of(made, 1).changes) == ("the beginning, η 0.2", 0)
    done(made, c.Reset(), c.SetEta(1.0))
    at_step(3, made)
    done(made, c.SetEta(0.1))
    assert (of(made, 2).why, of(made, 2).changes) == ("η 0.2 → 1", 1)


def test_a_reset_alone_and_one_with_a_unit_off() -> None:
    made = two_ways()
    done(made, c.Reset())
    at_step(2, made)
    assert of(made, 3).why == "reset"
    done(made, c.GoTo(0), c.SwitchUnit(1, 0, True), c.Reset(), c.HoldLayer(2, True))
    assert of(made, made.frame().branch).why.endswith("layer 2 held")


def test_a_branch_on_which_something_was_not_changed() -> None:
    made = at_step(10, session(xor()))
    done(made, c.SetEta(0.1))
    at_step(5, made)
    done(made, c.GoTo(8))
    at_step(4, made)
    assert of(made, 2).why == "without η 0.1"
    assert (of(made, 2).left_at, of(made, 2).own) == (10, 2)


def test_a_beginning_of_its_own_is_told_by_what_differs() -> None:
    made = two_ways()
    done(made, c.SetKeys((("network.hidden", [3]),)))
    assert of(made, 3).why == "hidden 4 → 3"
    assert (of(made, 3).anew, of(made, 3).parent) == (True, 2)


def test_without_the_branch_that_it_left_all_its_updates_are_its_own() -> None:
    made = two_ways()
    done(made, c.DropBranch(1))
    assert (of(made, 2).parent, of(made, 2).why, of(made, 2).own) == (None, "the beginning", 15)


def test_curves_reach_to_the_ends() -> None:
    made = two_ways()
    assert [made.losses(n, 8)[-1].last for n in (1, 2)] == [30, 15]
    done(made, c.GoTo(12))
    assert made.losses(2, 8)[-1].last == 15  # those that come after it too
    assert len(made.losses(1, 8)) == 8
    with pytest.raises(ActionableError, match="none of that number"):
        made.losses(5, 8)
