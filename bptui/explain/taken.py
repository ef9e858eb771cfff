"""What the update takes off one parameter: its formula and, where they are known, its numbers."""

from __future__ import annotations

from bptui.explain.numbers import plain, s7
from bptui.explain.update import UpdateView
from bptui.explain.weight import WeightChain, is_bias
from bptui.nn.optimizers import OPTIMIZERS


def update_line(view: UpdateView, chain: WeightChain) -> str:
    """w ← w − η ∂L/∂w = −2.5139 − 0.5 × (+0.0116) = −2.5197

    Of plain sgd the step follows from the gradient; of another optimizer it is known once it was made. In a
    layer that is held there is none.
    """
    w = "b" if is_bias(view, chain.place) else "w"
    if view.layers[chain.place.layer - 1].held:
        return f"{w} ← {w} = {s7(chain.value).strip()}: its layer is held"
    made = view.layers[chain.place.layer - 1].old_weights is not None
    was = s7(chain.before).strip()
    if view.optimizer != "sgd":
        step = OPTIMIZERS[view.optimizer].step.replace("∂w", f"∂{w}")
        step = step.replace("λ w", f"λ {w}")
        formula = f"{w} ← {w} − {f'({step})' if ' + η' in step else step}"
        if not made:
            return formula
        return f"{formula} = {was} − ({_signed(chain.before - chain.value)}) = {s7(chain.value).strip()}"
    formula = f"{w} ← {w} − η ∂L/∂{w}"
    if view.weight_decay:
        formula = f"{w} ← {w} − η (∂L/∂{w} + {plain(view.weight_decay)} {w})"
    if chain.gradient is None:
        return formula
    gradient = chain.gradient if chain.whole else chain.gradient + (chain.penalty or 0.0)
    inner, step_size = _signed(gradient), gradient
    if view.weight_decay:
        inner += f" + {plain(view.weight_decay)} × {was}"
        step_size += view.weight_decay * chain.before
    new = chain.value if made else chain.before - view.eta * step_size
    return f"{formula} = {was} − {plain(view.eta)} × ({inner}) = {s7(new).strip()}"


def _signed(x: float) -> str:
    return s7(x).strip()
