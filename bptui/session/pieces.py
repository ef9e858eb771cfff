"""One update in pieces: where it takes longer than a slice, it is left between two calls and taken up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bptui.nn.operation import Call, Operation


class Piece:
    """calls: how many of the update in hand were made; 0 between two updates."""

    def __init__(self) -> None:
        self.calls = 0

    def run(self, program: Sequence[Call], whole: int, deadline: Callable[[], bool]) -> bool:
        """On from where it was left, to a deadline (False) or the end (True). From its call `whole` on, the
        program is not left: the weights are never half new."""
        while self.calls < whole:
            program[self.calls]()
            self.calls += 1
            if deadline():
                return False
        for run in program[whole:]:
            run()
        self.calls = 0
        return True

    def operations(self, operations: Sequence[Operation], before: int) -> int:
        """How many operations are whole; before: the calls that come before the first."""
        calls, done = self.calls - before, 0
        for operation in operations:
            calls -= len(operation.calls)
            done += calls >= 0
        return done
