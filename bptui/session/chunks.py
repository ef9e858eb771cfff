"""How many updates full speed makes between two checkpoints: what a rewind replays at most."""

from __future__ import annotations

SECONDS = 0.01  # of training
LONGEST = 1024  # updates


def longer(chunk: int, count: int, seconds: float) -> int:
    """Updates of the next chunk: twice as many where they fit into SECONDS, as `count` took `seconds`."""
    fits = SECONDS * count / max(seconds, 1e-9)
    return chunk * 2 if chunk < LONGEST and chunk * 2 <= fits else chunk
