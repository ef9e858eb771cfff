"""What the chooser offers: the built-in presets, the user's own, and the files of the current folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bptui.experiment import catalogue
from bptui.experiment.catalogue import Described
from bptui.experiment.schema import DATA_SUFFIXES

BUILT_IN, YOURS, HERE, TYPED = "built in", "yours", "here", "file"
GROUPS = (BUILT_IN, YOURS, HERE, TYPED)
CHEAP = 200_000  # bytes of a data file that is read for its line in the list


class Offer(NamedTuple):
    """A preset or a data file that can be opened.

    source: what to open it by; sizes: n_0 … n_L, () where they are not known; hidden: units of the layers
    between, None of a data file; trap: it is meant to fail; error: a line a mistake, empty where it is sound.
    """

    source: str
    title: str
    group: str
    summary: str = ""
    notes: str = ""
    hidden: tuple[int, ...] | None = None
    sizes: tuple[int, ...] = ()
    trap: bool = False
    error: str = ""

    @property
    def is_data(self) -> bool:
        """A data file, of which a column is learned."""
        return Path(self.source).suffix.lower() in DATA_SUFFIXES

    def is_called(self, typed: str) -> bool:
        """Whether its title or the name it is opened by has what was typed."""
        return typed.casefold() in f"{self.title}\n{self.source}".casefold()

    def matches(self, typed: str) -> bool:
        """Whether title, summary, notes or the name it is opened by have what was typed."""
        told = f"{self.summary}\n{self.notes}".casefold()
        return self.is_called(typed) or typed.casefold() in told


def built_in() -> tuple[Offer, ...]:
    """What ships with bptui, without a look at the data."""
    own = {entry.name for entry in catalogue.own()}
    found = catalogue.described_builtin()
    # One that the user's own hides is opened by its path.
    return tuple(_offer(d, BUILT_IN, d.entry.path if d.entry.name in own else d.entry.name) for d in found)


def yours() -> tuple[Offer, ...]:
    """The user's own, then the files of the current folder, without a look at the data."""
    own = (_offer(found, YOURS, found.entry.name) for found in catalogue.described_own())
    here = (_offer(found, HERE, found.entry.name) for found in catalogue.here())
    return (*own, *here)


def is_file(path: str, anywhere: bool) -> bool:
    """Whether that is the path of a file of a kind that can be opened; `anywhere`: it need not be there."""
    file = Path(os.path.expanduser(path))
    if file.suffix.lower() not in (".toml", *DATA_SUFFIXES):
        return False
    try:
        return anywhere or file.is_file()
    except (OSError, ValueError):
        return False


def typed(path: str) -> Offer:
    """The file of a path that was typed."""
    return Offer(os.path.expanduser(path), path, TYPED)


def with_sizes(offers: tuple[Offer, ...], is_over: Callable[[], bool] = lambda: False) -> tuple[Offer, ...]:
    """The same with the sizes of all that are cheap to build, and the error of those that cannot be.

    `is_over`: asked before each, whether nobody wants the rest any more.
    """
    return tuple(offer if is_over() else _with_size(offer) for offer in offers)


def _with_size(offer: Offer) -> Offer:
    if offer.error:
        return offer
    from bptui.session.preview import preview

    made = preview(offer.source, largest=CHEAP)
    if made.large:
        return offer
    return offer._replace(sizes=made.sizes, error=made.error)


def _offer(found: Described, group: str, source: str) -> Offer:
    entry, preset = found
    # A file of the current folder is called by the name to look for.
    title = entry.name if group == HERE else entry.title
    if preset is None:
        return Offer(source, title, group, error=entry.error or "")
    summary = entry.summary if group != HERE or entry.title == entry.name else _titled(entry)
    return Offer(source, title, group, summary, preset.notes, preset.network.hidden, (), preset.trap)


def _titled(entry: catalogue.Entry) -> str:
    return f"{entry.title}. {entry.summary}".rstrip()
