"""What the user changed at which step: with the experiment and the seed it determines every weight."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, reduce
from itertools import groupby
from typing import Any, NamedTuple

from bptui.experiment.changes import update_keys
from bptui.experiment.schema import TrainingSpec
from bptui.session.commands import Change, HoldLayer, SetEta, SetKeys, SetWeight, SwitchUnit
from bptui.session.marks import Mark, eta_label, key_labels, layer_label, unit_label, weight_label

SECTION = "training."  # all keys that a journal knows stand there


class Entry(NamedTuple):
    """A change and the updates that had been made when it was given, between two of them or inside one: it
    counts from the next one on."""

    step: int
    command: Change


class InForce(NamedTuple):
    """What decides of the update to come, beside weights and batches. keys: those that updates depend on
    (experiment.changes.UPDATE_KEYS), by name; off: hidden units switched off, (layer, unit); held: layers
    held still. Layers from 1, units from 0."""

    eta: float
    keys: Mapping[str, Any]
    off: frozenset[tuple[int, int]] = frozenset()
    held: frozenset[int] = frozenset()

    def after(self, command: Change) -> InForce:
        """With that change; a weight set by hand is none of what it knows."""
        match command:
            case SetEta(value):
                return self._replace(eta=value)
            case SetKeys(changes):
                new = {path.removeprefix(SECTION): value for path, value in changes}
                return self._replace(keys={**self.keys, **new})
            case SwitchUnit(layer, unit, off):
                one = {(layer, unit)}
                return self._replace(off=self.off | one if off else self.off - one)
            case HoldLayer(layer, held):
                return self._replace(held=self.held | {layer} if held else self.held - {layer})
        return self


class Journal:
    """Entries in the order of their steps, at each in the order they were given. It never changes: `recorded`
    and `until` give another one."""

    def __init__(self, first: InForce, entries: Iterable[Entry] = ()) -> None:
        self.first = first
        self.entries = tuple(entries)

    @classmethod
    def of(cls, eta: float, spec: TrainingSpec | None = None) -> Journal:
        """An empty one, of a run that begins with that η and those keys."""
        return cls(InForce(eta, update_keys(spec or TrainingSpec())))

    @cached_property
    def _steps(self) -> list[int]:
        return [entry.step for entry in self.entries]

    # ------------------------------------------------------------ reading

    def before(self, step: int) -> InForce:
        """What made the update that led to `step`: entries at `step` itself do not count yet."""
        return self._fold(bisect_left(self._steps, step))

    def at(self, step: int) -> InForce:
        """What is in force for the update after `step`."""
        return self._fold(bisect_right(self._steps, step))

    def _fold(self, count: int) -> InForce:
        if count == len(self.entries):
            return self._latest
        return reduce(InForce.after, (e.command for e in self.entries[:count]), self.first)

    @cached_property
    def _latest(self) -> InForce:
        return reduce(InForce.after, (e.command for e in self.entries), self.first)

    def between(self, first: int, last: int) -> tuple[Entry, ...]:
        """Entries at steps first … last."""
        return self.entries[bisect_left(self._steps, first) : bisect_right(self._steps, last)]

    def weights_at(self, step: int) -> list[SetWeight]:
        """The weights that were set by hand there."""
        return [e.command for e in self.between(step, step) if isinstance(e.command, SetWeight)]

    def last_until(self, step: int) -> Entry | None:
        """The last change that counts for the update after `step`."""
        count = bisect_right(self._steps, step)
        return self.entries[count - 1] if count else None

    def first_after(self, step: int) -> int | None:
        """The step of the next change."""
        count = bisect_right(self._steps, step)
        return self._steps[count] if count < len(self._steps) else None

    def groups(self) -> Iterator[tuple[int, tuple[Entry, ...]]]:
        """Each step at which something was changed, with its entries."""
        for step, entries in groupby(self.entries, key=lambda entry: entry.step):
            yield step, tuple(entries)

    # ------------------------------------------------------------ another one

    def until(self, step: int) -> Journal:
        """Without what was changed after `step`."""
        return Journal(self.first, self.entries[: bisect_right(self._steps, step)])

    def without(self, entry: Entry) -> Journal:
        """The past of that entry: neither it nor what came after it."""
        return Journal(self.first, self.entries[: self.entries.index(entry)])

    def recorded(self, step: int, command: Change) -> Journal:
        """With a change at `step`, its last: what was changed after it does not count any more. Of several of
        one thing before one update the last counts; back to what was before, there is none."""
        past, here = self.entries[: bisect_left(self._steps, step)], self.between(step, step)
        here = (*(e for e in here if _subject(e.command) != _subject(command)), Entry(step, command))
        before = Journal(self.first, past)._latest
        return Journal(self.first, (*past, *_without_idle(here, before)))

    # ------------------------------------------------------------ telling

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """For the loss curve, one a step; what was set before the first update is no change."""
        return tuple(self._marks())

    def _marks(self) -> Iterator[Mark]:
        now = self.first
        for step, entries in self.groups():
            before, now = now, reduce(InForce.after, (e.command for e in entries), now)
            labels = change_labels(before, now, [e.command for e in entries])
            if step and labels:
                yield Mark(step, ", ".join(labels))


def change_labels(before: InForce, now: InForce, commands: Iterable[Change]) -> list[str]:
    """What those changes, all at one step, made another, each in a word or two."""
    labels = key_labels(before.keys, now.keys)
    if now.eta != before.eta:
        labels.append(eta_label(now.eta))
    labels += [weight_label(c) for c in commands if isinstance(c, SetWeight)]
    labels += [unit_label(place, place in now.off) for place in sorted(before.off ^ now.off)]
    labels += [layer_label(layer, layer in now.held) for layer in sorted(before.held ^ now.held)]
    return labels


def _subject(command: Change) -> tuple[object, ...]:
    """What it changes: a second change of the same takes the first one's place."""
    match command:
        case SetKeys(changes):
            return ("keys", *sorted(path for path, _ in changes))
        case SetWeight(layer, unit, source, _):
            return ("weight", layer, unit, source)
        case SwitchUnit(layer, unit, _):
            return ("unit", layer, unit)
        case HoldLayer(layer, _):
            return ("layer", layer)
    return ("η",)


def _without_idle(here: tuple[Entry, ...], before: InForce) -> tuple[Entry, ...]:
    """Entries at one step, without those that together change nothing."""
    after = reduce(InForce.after, (e.command for e in here), before)

    def counts(command: Change) -> bool:
        match command:
            case SetEta():
                return after.eta != before.eta
            case SetKeys():
                return after.keys != before.keys
            case SwitchUnit(layer, unit, _):
                return ((layer, unit) in after.off) != ((layer, unit) in before.off)
            case HoldLayer(layer, _):
                return (layer in after.held) != (layer in before.held)
        return True

    return tuple(entry for entry in here if counts(entry.command))
