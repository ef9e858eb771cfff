"""A multilayer perceptron's parameters: one flat vector, and views of it for each layer.

A bias is one more weight, from a neuron that always says 1: [W b] is one block (n_l, n_{l-1} + 1), and
the arrays that enter a layer have a last row of ones. That is the only place it shows: `weights` and
`biases` are views in the notation's shapes. Nothing here is ever rebound: what was prepared keeps its
views, so new values are written into them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.nn.activations import OUTPUTS

Array = NDArray[Any]


class Network:
    """sizes n_0 … n_L, one activation a layer (the last is the output's), all parameters 0.

    parameters, gradient: flat vectors (P,). blocks, grad_blocks: [W b] a layer.
    weights[l-1] (n_l, n_{l-1}), biases[l-1] (n_l,), and grad_weights, grad_biases alike.

    To be set: off[l-1] (n_l,) of each hidden layer, the units that are switched off (they say 0 and pass
    nothing back), and held, the layers from 1 that an update leaves as they are. Both are read when a pass,
    a tape or an optimizer is prepared: what was prepared before goes on without the change.
    """

    def __init__(self, sizes: Sequence[int], activations: Sequence[str], dtype: str = "float64") -> None:
        if len(sizes) != len(activations) + 1 or len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"{len(activations)} activations do not fit the sizes {tuple(sizes)}")
        self.sizes = tuple(sizes)
        self.activations = tuple(OUTPUTS[name] for name in activations)
        self.dtype = np.dtype(dtype)
        shapes = [(n, m + 1) for m, n in pairwise(sizes)]
        count = sum(n * m for n, m in shapes)
        self.parameters: Array = np.zeros(count, self.dtype)
        self.gradient: Array = np.zeros(count, self.dtype)
        self.blocks = _blocks(self.parameters, shapes)
        self.grad_blocks = _blocks(self.gradient, shapes)
        self.weights = [block[:, :-1] for block in self.blocks]
        self.biases = [block[:, -1] for block in self.blocks]
        self.grad_weights = [block[:, :-1] for block in self.grad_blocks]
        self.grad_biases = [block[:, -1] for block in self.grad_blocks]
        self.off: tuple[NDArray[np.bool_], ...] = tuple(np.zeros(n, bool) for n in sizes[1:-1])
        self.held: frozenset[int] = frozenset()

    @property
    def depth(self) -> int:
        """L, the number of layers with weights."""
        return len(self.blocks)

    def off_in(self, layer: int) -> NDArray[np.bool_] | None:
        """(n_l,) which units of the layer (from 1) are switched off; None where none is, as in the output.
        ValueError where `off` has not the layer's shape."""
        if layer == self.depth:
            return None
        off = self.off[layer - 1]
        if off.shape != (self.sizes[layer],):
            raise ValueError(f"switches {off.shape} where ({self.sizes[layer]},) belong")
        return off if off.any() else None

    @property
    def switches(self) -> bytes:
        """`off` as one value: equal where the same units are off."""
        return b"".join(np.asarray(off, bool).tobytes() for off in self.off)

    @property
    def moving(self) -> tuple[slice, ...]:
        """Where the layers that are not held stand in a vector like `parameters`, neighbours together."""
        parts: list[slice] = []
        start = 0
        for layer, block in enumerate(self.blocks, start=1):
            part = slice(start, start + block.size)
            start = part.stop
            if layer in self.held:
                continue
            if parts and parts[-1].stop == part.start:
                part = slice(parts.pop().start, part.stop)
            parts.append(part)
        return tuple(parts)

    def is_weight(self) -> Array:
        """(P,) 1 at a weight, 0 at a bias, in the network's dtype: what a penalty applies to."""
        mask = np.ones_like(self.parameters)
        for block in _blocks(mask, [block.shape for block in self.blocks]):
            block[:, -1] = 0.0
        return mask

    def layers_of(self, flat: Array) -> list[Array]:
        """Views of a vector like `parameters` (moments, a change) as [W b] blocks."""
        return _blocks(flat, [block.shape for block in self.blocks])

    def locate(self, index: int) -> tuple[int, int, int]:
        """(layer from 1, row, column of [W b]) of the parameter `index` of the flat vector."""
        for layer, block in enumerate(self.blocks, start=1):
            if index < block.size:
                row, column = divmod(index, block.shape[1])
                return layer, row, column
            index -= block.size
        raise IndexError("no such parameter")

    def load(self, weights: Sequence[Array], biases: Sequence[Array]) -> None:
        """Write exact values, in the notation's shapes."""
        for mine, given in zip([*self.weights, *self.biases], [*weights, *biases], strict=True):
            if mine.shape != np.shape(given):
                raise ValueError(f"shape {np.shape(given)} where {mine.shape} belongs")
            mine[...] = given


def _blocks(flat: Array, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    blocks, start = [], 0
    for rows, columns in shapes:
        block = flat[start : start + rows * columns].reshape(rows, columns)
        assert np.shares_memory(block, flat)
        blocks.append(block)
        start += rows * columns
    return blocks
