"""Taking back the last change, and doing it again. What was trained since stays as a branch."""

from __future__ import annotations

from bptui.errors import ActionableError
from bptui.session.branches import Branch, End
from bptui.session.journal import Journal
from bptui.session.marks import Mark
from bptui.session.timeline import Place, TakenBack, Timeline


def take_back(timeline: Timeline) -> Mark:
    """To the step of the last change, as it was before it; what it was.

    ActionableError where nothing was changed.
    """
    branch, place = timeline.branch, timeline.place
    entry = branch.journal.last_until(place.step)
    if entry is None:
        return _take_back_beginning(timeline)
    label = next((m.label for m in branch.journal.marks if m.step == entry.step), "the first settings")
    journal = branch.journal.without(entry)
    timeline.leave()
    twin = _another_with(timeline, journal, entry.step)
    own = twin is None and branch.end.step == entry.step
    timeline.taken_back.append(TakenBack(place, branch.journal if own else None))
    if twin is not None:
        timeline.jump(Place(twin.number, entry.step))
        return Mark(entry.step, label)
    if own:
        branch.journal = journal
    else:
        timeline.branch_off(journal, entry.step)
    timeline.branch.end = End(entry.step)
    timeline.samples.cut(entry.step - 1)
    timeline.stand_at(entry.step, 0)
    return Mark(entry.step, label)


def _take_back_beginning(timeline: Timeline) -> Mark:
    begun = timeline.branch
    while begun.parent is not None and not begun.anew:
        begun = begun.parent
    if begun.parent is None:
        raise ActionableError("u", "nothing was changed yet")
    timeline.taken_back.append(TakenBack(timeline.place))
    if begun.parent.end.step == begun.left_at:
        timeline.jump_to_end(begun.parent.number)
    else:
        timeline.jump(Place(begun.parent.number, begun.left_at))
    return Mark(timeline.trainer.steps, "the new beginning")


def do_again(timeline: Timeline) -> Place:
    """What was taken back last: to where the run stood then. ActionableError where nothing was."""
    if not timeline.taken_back:
        raise ActionableError("U", "nothing was taken back")
    place, journal = timeline.taken_back.pop()
    timeline.jump(place)
    if journal is not None:
        if timeline.branch.end.step > place.step:
            timeline.branch_off(journal, place.step)
        timeline.branch.journal = journal
        timeline.samples.cut(place.step - 1)
        timeline.stand_at(place.step, place.position)
    return place


def _another_with(timeline: Timeline, journal: Journal, step: int) -> Branch | None:
    """A branch that has made just these changes up to that step, and reaches it."""
    here = timeline.branch
    for branch in timeline.branches:
        same = branch.root is here.root and branch.journal.until(step).entries == journal.entries
        if same and branch.end.step >= step and branch is not here:
            return branch
    return None
