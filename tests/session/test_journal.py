from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bptui.session.commands import SetEta
from bptui.session.journal import Journal


def journal(*changes: tuple[int, float]) -> Journal:
    made = Journal(0.5)
    for step, eta in changes:
        made.record(step, SetEta(eta))
    return made


def test_a_change_counts_from_the_update_after_its_step() -> None:
    made = journal((10, 0.1))
    assert [made.eta_at(step) for step in (0, 9, 10, 11)] == [0.5, 0.5, 0.1, 0.1]


def test_of_several_before_one_update_the_last_counts() -> None:
    made = journal((10, 0.1), (10, 0.2))
    assert [(e.step, e.command.value) for e in made.between(0, 99)] == [(10, 0.2)]


def test_back_to_the_old_value_is_no_change() -> None:
    assert journal((10, 0.1), (10, 0.5)).between(0, 99) == []
    assert journal((10, 0.5)).between(0, 99) == []


def test_a_cut_forgets_what_came_after() -> None:
    made = journal((5, 0.1), (10, 0.2), (20, 0.3))
    made.cut(10)
    assert made.eta_at(99) == 0.2
    assert [entry.step for entry in made.between(0, 99)] == [5, 10]


def test_between_counts_both_ends() -> None:
    made = journal((5, 0.1), (10, 0.2), (20, 0.3))
    assert [entry.step for entry in made.between(5, 10)] == [5, 10]


def test_marks_tell_what_was_changed_after_the_start() -> None:
    marks = journal((0, 0.1), (5, 0.003), (9, 20.0)).marks()
    assert [(mark.step, mark.label) for mark in marks] == [(5, "η 0.003"), (9, "η 20")]
    assert journal((5, 3e-5)).marks()[0].label == "η 3e−5"


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from([0.1, 0.2, 0.5])), max_size=20))
def test_it_says_what_a_plain_table_says(changes: list[tuple[int, float]]) -> None:
    changes.sort(key=lambda change: change[0])
    table = dict(changes)
    made = journal(*changes)
    for step in range(22):
        earlier = [at for at in table if at <= step]
        assert made.eta_at(step) == (table[max(earlier)] if earlier else 0.5)
    steps = [entry.step for entry in made.between(0, 99)]
    assert steps == sorted(set(steps))
