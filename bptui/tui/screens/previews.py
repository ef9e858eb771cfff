"""The previews of the chooser: built in a thread, one at a time, and kept while it is open."""

from __future__ import annotations

from functools import partial

from textual.screen import Screen
from textual.worker import Worker, WorkerState

from bptui.session.preview import Preview, preview

GROUP = "preview"

Address = tuple[str, str | None]  # what to open, and the column of a data file that is learned


class Previews:
    """`screen`: whose workers build them, and which hands their changes of state to `took`."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._made: dict[Address, Preview] = {}
        self._building: Address | None = None

    def get(self, address: Address) -> Preview | None:
        """None where it is not built yet."""
        return self._made.get(address)

    def tell(self, address: Address, mistake: str) -> None:
        """Opening it brought this to light."""
        self._made[address] = Preview(error=mistake)

    def build(self, address: Address) -> None:
        """Begin, unless it is there or another is being built."""
        if self._building is None and address not in self._made:
            self._building = address
            work = partial(preview, *address)
            self._screen.run_worker(work, thread=True, group=GROUP, exit_on_error=False)

    def took(self, worker: Worker[object], state: WorkerState) -> bool:
        """Keep what a worker brought; True where it has ended, and the next can begin."""
        if self._building is None or worker.group != GROUP:
            return False
        if state not in (WorkerState.SUCCESS, WorkerState.ERROR):
            return False
        address, self._building = self._building, None
        made = worker.result if state is WorkerState.SUCCESS else None
        self._made[address] = (
            made if isinstance(made, Preview) else Preview(error=f"{address[0]}: {worker.error}")
        )
        return True
