from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bptui.session.commands import Change, HoldLayer, SetEta, SetKeys, SetWeight, SwitchUnit
from bptui.session.journal import Journal

L2 = SetKeys((("training.l2", 0.01),))
ADAM = SetKeys((("training.optimizer", "adam"), ("training.momentum", None)))


def journal(*changes: tuple[int, Change | float]) -> Journal:
    made = Journal.of(0.5)
    for step, change in changes:
        made = made.recorded(step, SetEta(change) if isinstance(change, float) else change)
    return made


def steps(made: Journal) -> list[int]:
    return [entry.step for entry in made.entries]


def test_a_change_counts_from_the_update_after_its_step() -> None:
    made = journal((10, 0.1))
    assert [made.at(step).eta for step in (0, 9, 10, 11)] == [0.5, 0.5, 0.1, 0.1]
    assert [made.before(step).eta for step in (0, 9, 10, 11)] == [0.5, 0.5, 0.5, 0.1]


def test_of_several_before_one_update_the_last_counts() -> None:
    assert journal((10, 0.1), (10, 0.2)).entries == ((10, SetEta(0.2)),)


def test_back_to_the_old_value_is_no_change() -> None:
    assert journal((10, 0.1), (10, 0.5)).entries == ()
    assert journal((10, L2), (10, SetKeys((("training.l2", 0.0),)))).entries == ()
    assert journal((10, SwitchUnit(1, 0, True)), (10, SwitchUnit(1, 0, False))).entries == ()
    assert journal((10, HoldLayer(1, True)), (10, HoldLayer(1, False))).entries == ()


def test_keys_that_together_change_nothing_are_none_in_whatever_order_they_came() -> None:
    back = SetKeys((("training.optimizer", "sgd"), ("training.l2", 0.0)))
    assert journal((10, ADAM), (10, L2), (10, back)).entries == ()


def test_two_weights_are_two_changes_and_one_weight_twice_is_one() -> None:
    first, again, bias = (
        SetWeight(1, 0, source, value) for source, value in ((1, 2.0), (1, 3.0), (None, 3.0))
    )
    assert [e.command for e in journal((4, first), (4, bias), (4, again)).entries] == [bias, again]
    assert journal((4, first), (4, bias)).weights_at(4) == [first, bias]


def test_what_was_changed_after_a_new_change_does_not_count_any_more() -> None:
    assert steps(journal((5, 0.1), (20, 0.3), (10, 0.2))) == [5, 10]


def test_until_and_without_give_the_past() -> None:
    made = journal((5, 0.1), (10, 0.2), (10, L2), (20, 0.3))
    assert steps(made.until(10)) == [5, 10, 10]
    assert steps(made.without(made.entries[2])) == [5, 10]
    assert made.last_until(15) == (10, L2)
    assert journal().last_until(15) is None
    assert (made.first_after(5), made.first_after(20)) == (10, None)


def test_between_counts_both_ends() -> None:
    made = journal((5, 0.1), (10, 0.2), (20, 0.3))
    assert [entry.step for entry in made.between(5, 10)] == [5, 10]


def test_it_knows_which_units_are_off_and_which_layers_are_held() -> None:
    made = journal((2, SwitchUnit(1, 3, True)), (4, HoldLayer(2, True)), (6, SwitchUnit(1, 3, False)))
    assert [made.at(step).off for step in (1, 2, 5, 6)] == [set(), {(1, 3)}, {(1, 3)}, set()]
    assert (made.at(3).held, made.at(9).held) == (set(), {2})


def test_marks_tell_what_was_changed_after_the_start() -> None:
    marks = journal((0, 0.1), (5, 0.003), (9, 20.0), (9, L2)).marks
    assert [(mark.step, mark.label) for mark in marks] == [(5, "η 0.003"), (9, "l2 0.01, η 20")]
    assert journal((5, 3e-5)).marks[0].label == "η 3e−5"
    by_hand = (
        SetWeight(1, 2, 0, 0.5),
        SetWeight(2, 0, None, -1.0),
        SwitchUnit(1, 3, True),
        HoldLayer(2, True),
    )
    mark = journal(*((7, command) for command in by_hand)).marks[0]
    assert mark.label == "w₃₁⁽¹⁾ = 0.5, b₁⁽²⁾ = −1, unit 1.4 off, layer 2 held"


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from([0.1, 0.2, 0.5])), max_size=20))
def test_it_says_what_a_plain_table_says(changes: list[tuple[int, float]]) -> None:
    changes.sort(key=lambda change: change[0])
    table = dict(changes)
    made = journal(*changes)
    for step in range(22):
        earlier = [at for at in table if at <= step]
        assert made.at(step).eta == (table[max(earlier)] if earlier else 0.5)
    assert steps(made) == sorted(set(steps(made)))
