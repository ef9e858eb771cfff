"""Of a worked example: the update, with the optimizer's own rule worked out for a weight of each layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from bptui.explain import names
from bptui.explain.document import Grid, Paragraph, Part, Working
from bptui.explain.followed import Followed
from bptui.explain.numbers import compact, layer_sup, plain
from bptui.explain.point import Matrix
from bptui.explain.update import LayerView, OptimizerState
from bptui.explain.workings import of_chain, working
from bptui.nn.operation import Kind


def update(f: Followed) -> Iterator[Part]:
    """W and b of each layer, and the rule for one weight of it."""
    for layer in f.after.layers:
        l = layer.number
        made = f.worked(Kind.UPDATE, l, of_all=True)
        if l == 1:
            yield from f.begin(Kind.UPDATE, None, made)
        pieces = tuple(
            f.axes.matrix(p.name, p.values, l, l - 1) if isinstance(p, Matrix) else p for p in made.pieces
        )
        yield from f.axes.equation(pieces, l, l - 1)
        yield from f.axes.equation(_biases(f, layer, len(pieces) > 3 and "·" in str(pieces[3])), l)
        weight = names.weight(f.before, l, f.units[l], f.units[l - 1])
        yield Paragraph(f"The weight {weight} of layer {l}:")
        rule = _rule(f, layer)
        yield from rule if rule else (of_chain(made.chain, f.number),)


def _biases(f: Followed, layer: LayerView, is_plain: bool) -> tuple[Grid | str, ...]:
    l, here, column = layer.number, layer_sup(layer.number), f.axes.column
    old = layer.biases if layer.old_biases is None else layer.old_biases
    start = (column(f"b{here} new", layer.biases, l), "=", column(f"b{here} old", old, l))
    if not is_plain or layer.grad_biases is None:
        return (*start, "−", column("step", old - layer.biases, l))
    return (*start, f"− {plain(f.before.eta)} ·", column(f"∂L/∂b{here}", layer.grad_biases, l))


class Step(NamedTuple):
    """One parameter's update: w before, g its gradient, new what it became."""

    f: Followed
    state: OptimizerState
    name: str  # w₁₂
    w: float
    g: float
    new: float
    moments: dict[str, float]  # before

    @property
    def eta(self) -> float:
        return self.f.before.eta

    def option(self, key: str) -> float:
        return float(self.state.options[key])

    def n(self, x: float) -> str:
        """A number, as all are written."""
        return self.f.number(x)

    def last(self, step: str, numbers: str, step_size: float, was: float | None = None) -> Working:
        """w new = w − step"""
        w = self.n(self.w if was is None else was)
        lines = (f"{self.name} − {step}", f"{w} − {numbers}", f"{w} − {self.n(step_size)}", self.n(self.new))
        return working(f"{self.name} new", *((line,) for line in lines))


def _rule(f: Followed, layer: LayerView) -> list[Working] | None:
    """The lines of the optimizer's rule; None where its state is not known."""
    state, rule = f.before.state, _RULES.get(f.before.optimizer)
    if state is None or rule is None or layer.grad_weights is None or layer.old_weights is None:
        return None
    l, j, i = layer.number, f.units[layer.number], f.units[layer.number - 1]
    step = Step(
        f,
        state,
        names.weight(f.before, l, j, i),
        float(layer.old_weights[j, i]),
        float(layer.grad_weights[j, i]),
        float(layer.weights[j, i]),
        {name: float(blocks[l - 1][j, i]) for name, blocks in state.moments.items()},
    )
    with np.errstate(all="ignore"):
        return list(rule(*_with_decay(step)))


def _with_decay(s: Step) -> tuple[Step, list[Working]]:
    """g, the gradient and the weight's decay, where that is added inside the optimizer."""
    decay = s.option("weight_decay")
    if not decay or s.f.before.optimizer == "adamw":
        g = [working("g", (f"∂L/∂{s.name}",), (s.n(s.g),))]
        return s, [] if s.f.before.optimizer == "sgd" else g
    total = s.g + decay * s.w
    line = working(
        "g", (f"∂L/∂{s.name} + λ · {s.name}",), (f"{s.n(s.g)} + {plain(decay)} × {s.n(s.w)}",), (s.n(total),)
    )
    return s._replace(g=total), [line]


def _sgd(s: Step, g: list[Working]) -> Iterator[Working]:
    yield from g
    gradient = "g" if g else f"∂L/∂{s.name}"
    yield s.last(f"η · {gradient}", f"{plain(s.eta)} × {s.n(s.g)}", s.eta * s.g)


def _velocity(s: Step, pushed: str, numbers: str, push: float) -> tuple[float, Working]:
    """v new = μ v + what pushes."""
    mu, v = s.option("momentum"), s.moments["v"]
    new = mu * v + push
    lines = ((f"μ · v old + {pushed}",), (f"{plain(mu)} × {s.n(v)} + {numbers}",), (s.n(new),))
    return new, working("v", *lines)


def _momentum(s: Step, g: list[Working]) -> Iterator[Working]:
    v, line = _velocity(s, "g", s.n(s.g), s.g)
    yield from (*g, line)
    yield s.last("η · v", f"{plain(s.eta)} × {s.n(v)}", s.eta * v)


def _nesterov(s: Step, g: list[Working]) -> Iterator[Working]:
    mu = s.option("momentum")
    v, line = _velocity(s, "g", s.n(s.g), s.g)
    yield from (*g, line)
    numbers = f"{plain(s.eta)} × ({s.n(s.g)} + {plain(mu)} × {s.n(v)})"
    yield s.last("η · (g + μ · v)", numbers, s.eta * (s.g + mu * v))


def _running(s: Step, name: str, keep: str, share: float, squared: bool) -> tuple[float, Working]:
    """A running mean of g or of g²: keep · old + (1 − keep) · g."""
    old = s.moments[name]
    pushed, numbers = ("g²", f"({s.n(s.g)})²") if squared else ("g", s.n(s.g))
    new = share * old + (1 - share) * (s.g * s.g if squared else s.g)
    symbols = f"{keep} · {name} old + (1 − {keep}) · {pushed}"
    written = f"{plain(share)} × {s.n(old)} + (1 − {plain(share)}) × {numbers}"
    return new, working(name, (symbols,), (written,), (s.n(new),))


def _scaled(s: Step, mean: float) -> float:
    """g / (√s + ε)"""
    return float(np.float64(s.g) / (np.sqrt(mean) + s.option("eps")))


def _rmsprop(s: Step, g: list[Working]) -> Iterator[Working]:
    mean, line = _running(s, "s", "α", s.option("alpha"), squared=True)
    yield from (*g, line)
    below = f"(√{s.n(mean)} + {plain(s.option('eps'))})"
    scaled = _scaled(s, mean)
    if s.option("momentum"):
        v, velocity = _velocity(s, "g / (√s + ε)", f"{s.n(s.g)} / {below}", scaled)
        yield velocity
        yield s.last("η · v", f"{plain(s.eta)} × {s.n(v)}", s.eta * v)
        return
    yield s.last("η · g / (√s + ε)", f"{plain(s.eta)} × {s.n(s.g)} / {below}", s.eta * scaled)


def _adam(s: Step, g: list[Working], was: float | None = None) -> Iterator[Working]:
    yield from g
    t, hats = s.state.updates + 1, []
    for name, keep, key, squared in (("m", "β₁", "beta1", False), ("v", "β₂", "beta2", True)):
        share = s.option(key)
        new, line = _running(s, name, keep, share, squared)
        hats.append(new / (1 - share**t))
        yield line
        numbers = f"{s.n(new)} / (1 − {plain(share)}{compact(t)})"
        yield working(f"{name}̂", (f"{name} / (1 − {keep}ᵗ)",), (numbers,), (s.n(hats[-1]),))
    mean, size = hats
    numbers = f"{plain(s.eta)} × {s.n(mean)} / (√{s.n(size)} + {plain(s.option('eps'))})"
    step = float(s.eta * np.float64(mean) / (np.sqrt(size) + s.option("eps")))
    yield s.last("η · m̂ / (√v̂ + ε)", numbers, step, was)


def _adamw(s: Step, g: list[Working]) -> Iterator[Working]:
    decay = s.option("weight_decay")
    shrunk = s.w * (1 - s.eta * decay)
    symbols, numbers = f"{s.name} old · (1 − η λ)", f"{s.n(s.w)} × (1 − {plain(s.eta)} × {plain(decay)})"
    yield working(s.name, (symbols,), (numbers,), (s.n(shrunk),))
    yield from _adam(s, g, shrunk)


def _adagrad(s: Step, g: list[Working]) -> Iterator[Working]:
    old, t = s.moments["s"], s.state.updates + 1
    mean = old + s.g * s.g
    yield from g
    yield working("s", ("s old + g²",), (f"{s.n(old)} + ({s.n(s.g)})²",), (s.n(mean),))
    decay, rate, symbol = s.option("lr_decay"), s.eta, "η"
    if decay:
        rate, symbol = s.eta / (1 + (t - 1) * decay), "ηₜ"
        numbers = f"{plain(s.eta)} / (1 + ({t} − 1) × {plain(decay)})"
        yield working("ηₜ", ("η / (1 + (t − 1) · decay)",), (numbers,), (s.n(rate),))
    below = f"(√{s.n(mean)} + {plain(s.option('eps'))})"
    numbers = f"{s.n(rate) if decay else plain(rate)} × {s.n(s.g)} / {below}"
    yield s.last(f"{symbol} · g / (√s + ε)", numbers, rate * _scaled(s, mean))


_RULES: dict[str, Callable[[Step, list[Working]], Iterator[Working]]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
    "adagrad": _adagrad,
}
