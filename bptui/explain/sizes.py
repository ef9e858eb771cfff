"""How large what an operation writes is: one number for a table of operations."""

from __future__ import annotations

from collections.abc import Sequence

from bptui.explain.names import layer, split_name
from bptui.explain.update import Array, UpdateView
from bptui.nn.sizes import rms


def size_of(view: UpdateView, name: str) -> float | None:
    """The root mean square of the array `name`, as the tape calls it (z¹); None where it is not computed.
    Of L the loss itself, of the update how far all parameters go."""
    letter, l = split_name(name)
    if letter == "L":
        return view.loss
    if l is None:
        return _rms_of_all([d.grad_weights for d in view.layers]) if letter == "∂W" else _update_size(view)
    its = layer(view, l)
    return _rms_of_all([{"z": its.z, "a": its.a, "δ": its.delta, "∂W": its.grad_weights}[letter]])


def _update_size(view: UpdateView) -> float | None:
    """Of an update that was made: new less old; of plain sgd's next one: η times the gradient."""
    if all(d.old_weights is not None and d.old_biases is not None for d in view.layers):
        pairs = [(d.weights, d.old_weights) for d in view.layers] + [
            (d.biases, d.old_biases) for d in view.layers
        ]
        return _rms_of_all([new - old for new, old in pairs if old is not None])
    if view.optimizer != "sgd":
        return None
    size = _rms_of_all([d.grad_weights for d in view.layers] + [d.grad_biases for d in view.layers])
    return None if size is None else view.eta * size


def _rms_of_all(arrays: Sequence[Array | None]) -> float | None:
    """None where one of them is not computed."""
    known = [a for a in arrays if a is not None and a.size]
    return rms(*known) if known and len(known) == len(arrays) else None
