"""A saved run read again, with a doubt about each value: what a file tells is a run, or it is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bptui.errors import ActionableError
from bptui.experiment import catalogue, toml
from bptui.experiment.build import Experiment, build_preset
from bptui.experiment.examples import Origin
from bptui.experiment.kinds import Mismatch
from bptui.experiment.places import Places
from bptui.session import archive, written
from bptui.session.checkpoints import Checkpoint
from bptui.session.kept import KeptBranch, KeptRoot, Snapshot
from bptui.session.memory import Memory
from bptui.session.pace import named
from bptui.session.past import Past
from bptui.session.pool import NAMES, Found
from bptui.session.store import digest_of_builtin
from bptui.session.timeline import Place, TakenBack
from bptui.session.written import Shape

_UNSOUND = (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError, Mismatch)


def read(path: Path) -> tuple[Snapshot, str]:
    """The run in a file, and the file's seal. ActionableError where it is none or cannot be trusted."""
    contents = archive.read(path)
    try:
        return _Reader(contents).snapshot(), contents.seal
    except _UNSOUND as error:
        found = f"it does not tell a run: {str(error)[:200] or type(error).__name__}"
        raise ActionableError(str(path), found, "Take another copy of it") from error
    except ActionableError as error:
        first, *_ = str(error).splitlines()
        raise ActionableError(str(path), f"it does not tell a run: {first}") from error


class _Reader:
    """One file's members, read with a doubt about each value."""

    def __init__(self, contents: archive.Contents) -> None:
        self.members, self.made_by = contents.members, contents.manifest
        self.told = json.loads(self.members["run.json"])
        self.found = Found(self.members)
        self._built: dict[str, Experiment] = {}
        self._used = {"run.json", *NAMES.values()}

    def snapshot(self) -> Snapshot:
        told = self.told
        roots = [self._root(root) for root in told["roots"]]
        if unused := self.members.keys() - self._used:
            raise ValueError(f"{min(unused)} belongs to none of its beginnings")
        branches: dict[int, KeptBranch] = {}
        for branch in told["branches"]:
            made = self._branch(branch, roots, branches)
            branches[made.number] = made
        for checkpoint in told["checkpoints"]:
            branch = branches[checkpoint["branch"]]
            root = roots[branch.root]
            root.past.add(branch.journal, self._checkpoint(checkpoint, branch, root, after=False))
        speed = named(told["speed"])
        if speed is None:
            raise ValueError("its speed is none")
        return Snapshot(
            tuple(roots),
            tuple(branches.values()),
            written.whole(told["next"]),
            self._place(told["place"], branches),
            None if told["came_from"] is None else self._place(told["came_from"], branches),
            tuple(self._taken_back(taken, roots, branches) for taken in told["taken_back"]),
            written.read_stands(told["stands"]),
            speed,
            self.made_by,
        )

    def _member(self, name: str) -> bytes:
        self._used.add(name)
        return self.members[name]

    def _root(self, told: dict[str, Any]) -> KeptRoot:
        experiment = self._experiment(told)
        first = written.read_in_force(told["first"], Shape(experiment.sizes, experiment.dtype))
        return KeptRoot(experiment, written.whole(told["seed"], 2**63 - 1), first, Past(Memory()))

    def _experiment(self, told: dict[str, Any]) -> Experiment:
        """Those that are alike are built once."""
        alike = json.dumps([told[key] for key in ("preset", "name", "stem", "is_data_file", "data")])
        if alike not in self._built:
            self._built[alike] = self._build(told)
        return self._built[alike]

    def _build(self, told: dict[str, Any]) -> Experiment:
        content = self._member(f"presets/{written.whole(told['preset'], 999)}.toml").decode()
        name, stem = written.text(told["name"], 5000), written.text(told["stem"], 5000)
        preset = toml.read(content, name, by_hand=False)
        path, data = preset.data.path, None
        if preset.data.source == "file" and path is not None:
            if not path.startswith(catalogue.BUILTIN_DATA):
                data = self._member(f"data/{told['data']}")
            elif digest_of_builtin(path) != told["data"]:
                raise ActionableError(path, "it is not as it was in the bptui that saved the run")
        file = Path(path) if path is not None and written.truth(told["is_data_file"]) else None
        return build_preset(preset, name, origin=Origin(None, Places(), file, stem, data))

    def _branch(
        self, told: dict[str, Any], roots: list[KeptRoot], before: dict[int, KeptBranch]
    ) -> KeptBranch:
        number, parent = written.whole(told["number"], least=1), told["parent"]
        if number in before or (parent is not None and parent not in before):
            raise ValueError("its branches are no tree")
        which = written.whole(told["root"], len(roots) - 1)
        root = roots[which]
        made = KeptBranch(
            number,
            which,
            written.read_journal(told["journal"], root.first, root.shape),
            parent,
            written.whole(told["left_at"]),
            written.truth(told["anew"]),
            written.text(told["name"], 40),
            written.read_end(told["end"]),
            written.read_curve(told["curve"], self.found),
            written.read_samples(told["samples"], self.found),
            written.read_figure(told["loss"]),
            None,
        )
        if told["final"] is None:
            return made
        return made._replace(final=self._checkpoint(told["final"], made, root, after=True))

    def _checkpoint(
        self, told: dict[str, Any], branch: KeptBranch, root: KeptRoot, after: bool
    ) -> Checkpoint:
        """after: of the moment after what was changed at its step."""
        made = written.read_checkpoint(told, self.found, branch.journal, root.shape)
        now = branch.journal.at(made.step) if after else branch.journal.before(made.step)
        if len(made.moments) != written.moments_of(now) or made.step > branch.end.step:
            raise ValueError(f"the checkpoint of step {made.step} is not of its branch")
        return made

    def _taken_back(
        self, told: dict[str, Any], roots: list[KeptRoot], branches: dict[int, KeptBranch]
    ) -> TakenBack:
        place = self._place(told["place"], branches)
        if told["journal"] is None:
            return TakenBack(place)
        root = roots[branches[place.branch].root]
        return TakenBack(place, written.read_journal(told["journal"], root.first, root.shape))

    def _place(self, told: list[Any], branches: dict[int, KeptBranch]) -> Place:
        number, step, position = told
        return Place(number, written.whole(step, branches[number].end.step), written.whole(position, 10_000))
