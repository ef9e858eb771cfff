"""How the gradient of each layer went: its norms in the frames in which they were new."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from bptui.nn.health import LayerHealth
from bptui.session.frame import Array

MOST = 60  # frames


class Trends:
    """‖∂L/∂W‖, one number a layer and frame, in the order of the steps."""

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._kept: deque[tuple[int, list[float]]] = deque(maxlen=MOST)

    def add(self, step: int, layers: Sequence[LayerHealth]) -> None:
        """Those of the update after `step`; what is known from there on was of another way there."""
        while self._kept and self._kept[-1][0] >= step:
            self._kept.pop()
        self._kept.append((step, [layer.gradient_norm for layer in layers]))

    def until(self, step: int) -> tuple[Array, ...]:
        """Per layer, oldest first."""
        told = [norms for at, norms in self._kept if at <= step]
        return tuple(np.array(told).T) if told else (np.empty(0),) * self._depth
