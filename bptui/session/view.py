"""The step in hand as explain and the screen read it: views of the trainer's own arrays."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bptui.explain.update import LayerView, OptimizerState, UpdateView, WorkedUpdate
from bptui.nn.operation import Kind
from bptui.session.judging import problem
from bptui.session.trainer import Trainer

if TYPE_CHECKING:
    from bptui.nn.gradcheck import GradientCheck

Array = NDArray[Any]
View = TypeVar("View", UpdateView, LayerView)


def update_view(trainer: Trainer) -> UpdateView:
    """Read-only in spirit: the arrays are those that train, true until the next operation."""
    tape, experiment = trainer.tape, trainer.experiment
    done = {(op.kind, op.layer) for op in tape.operations[: trainer.computed]}
    loss_done = (Kind.LOSS, None) in done
    before = trainer.before(trainer.steps - 1)
    blocks = None if before is None else trainer.network.layers_of(before)
    return UpdateView(
        operations=tape.operations,
        position=trainer.position,
        inputs=tape.inputs,
        targets=tape.targets,
        layers=tuple(
            _layer_view(trainer, l, done, None if blocks is None else blocks[l - 1])
            for l in range(1, trainer.network.depth + 1)
        ),
        loss_name=experiment.loss,
        loss=tape.read_loss() if loss_done else None,
        example_losses=tape.example_losses() if loss_done else None,
        eta=trainer.eta,
        optimizer=experiment.optimizer,
        l1=experiment.l1,
        l2=experiment.l2,
        input_names=experiment.feature_names,
        output_names=experiment.task.output_names,
        classes=experiment.task.classes,
        weight_decay=trainer.optimizer.options["weight_decay"],
    )


def _layer_view(
    trainer: Trainer, l: int, done: set[tuple[Kind, int | None]], before: Array | None
) -> LayerView:
    """before: the layer's [W b] before the last update made."""
    tape, network = trainer.tape, trainer.network
    is_output = l == network.depth
    has_z, has_a = (Kind.PRE_ACTIVATION, l) in done, (Kind.ACTIVATION, l) in done
    has_delta, has_gradient = (Kind.DELTA, l) in done, (Kind.GRADIENT, l) in done
    old = before if (Kind.UPDATE, None) in done else None
    return LayerView(
        number=l,
        activation=network.activations[l - 1].name,
        units=network.sizes[l],
        weights=network.weights[l - 1],
        biases=network.biases[l - 1],
        z=tape.z[l - 1] if has_z else None,
        a=tape.a[l - 1] if has_a else None,
        slope=tape.slope[l - 1] if has_delta and (not is_output or tape.output_uses_slope) else None,
        delta=tape.delta[l - 1] if has_delta else None,
        grad_weights=network.grad_weights[l - 1] if has_gradient else None,
        grad_biases=network.grad_biases[l - 1] if has_gradient else None,
        old_weights=None if old is None else old[:, :-1],
        old_biases=None if old is None else old[:, -1],
        weights_before=None if before is None else before[:, :-1],
        biases_before=None if before is None else before[:, -1],
        off=network.off_in(l),
        held=l in network.held,
    )


def worked_update(trainer: Trainer) -> WorkedUpdate:
    """The update on the batch that comes next, or of the step begun; the trainer stands where it stood (right
    after an update: before the next step)."""
    start, stopped, position = trainer.checkpoint(), trainer.stopped, trainer.position
    inside = trainer.inside_step
    trainer.restore(start)
    with np.errstate(all="ignore"):  # the step at which it diverges is told like any other
        trainer.look_ahead()
        before = replace(copied(update_view(trainer)), state=_optimizer_state(trainer))
        penalty = trainer.penalty.of(trainer.network)
        trainer.tape.operations[-1].run()
        made = WorkedUpdate(
            before,
            [w.copy() for w in trainer.network.weights],
            [b.copy() for b in trainer.network.biases],
            penalty,
            trainer.evaluator.batch_loss(before.inputs, before.targets),
            trainer.penalty.of(trainer.network),
        )
    trainer.restore(start)
    trainer.stopped = stopped
    if inside:
        trainer.rerun(position)
    return made


def _optimizer_state(trainer: Trainer) -> OptimizerState:
    """Copies."""
    optimizer, network = trainer.optimizer, trainer.network
    named = zip(optimizer.moment_names, optimizer.moments, strict=True)
    moments = {name: network.layers_of(moment.copy()) for name, moment in named}
    return OptimizerState(optimizer.t, dict(optimizer.options), moments)


def check(trainer: Trainer, seed: int = 0) -> GradientCheck:
    """Backpropagation on the batch that comes next, against complex step and central differences; the
    trainer is to stand between steps."""
    from bptui.nn import gradcheck  # the judge: not needed to train

    with np.errstate(all="ignore"):  # what overflows is no agreement, and told as such
        return gradcheck.check(problem(trainer), seed)


def copied(view: UpdateView) -> UpdateView:
    """The same with arrays of its own."""
    whole: UpdateView = _with_copies(view)
    return replace(whole, layers=tuple(_with_copies(layer) for layer in view.layers))


def _with_copies(view: Any) -> Any:
    arrays: dict[str, Any] = {f.name: getattr(view, f.name) for f in fields(view)}
    return replace(view, **{name: a.copy() for name, a in arrays.items() if isinstance(a, np.ndarray)})
