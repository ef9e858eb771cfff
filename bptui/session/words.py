"""What a session tells its user: how an update went, why a run stopped."""

from __future__ import annotations

from bptui.explain.numbers import u7
from bptui.session.divergence import Divergence
from bptui.session.trainer import Trainer


def of_update(step: int, before: float | None, loss: float | None) -> str:
    """The update just made; before and loss: as the header told it then and tells it now, each of the batch
    that comes next."""
    if loss is None or not before:
        return f"step {step:,}"
    change = f"{(loss / before - 1) * 100:+.1f} %".replace("-", "−")
    return f"step {step:,}: loss {u7(loss).strip()}, {change}"


def of_epoch(trainer: Trainer) -> str:
    """The epoch just ended: how good the network is now, its loss over the whole training part."""
    test = trainer.experiment.test
    metrics, part = trainer.metrics(test), "test" if test else "training"
    if metrics.accuracy is not None:
        quality = f"{part} accuracy {metrics.accuracy * 100:.1f} %"
    else:
        quality = f"{part} rmse {metrics.rmse:.4g}"
    loss = metrics.loss if test is None else trainer.metrics().loss
    return true_minus(f"epoch {trainer.epochs:,}: loss {u7(loss).strip()}, {quality}")


def of_rule(trainer: Trainer) -> str:
    """The stop rule that held at the update just made."""
    experiment, step = trainer.experiment, f"at step {trainer.steps:,}"
    if trainer.stopped == "loss":
        return true_minus(f"loss ≤ {experiment.stop_loss:g} {step}")
    return f"{experiment.patience:,} epochs without a lower loss {step}"


def of_epochs_done(trainer: Trainer) -> str:
    """The preset's epochs are over."""
    return f"{trainer.experiment.epochs:,} epochs done at step {trainer.steps:,}"


def of_divergence(found: Divergence) -> str:
    """The first number that was not finite."""
    where = "" if found.layer is None else f" of layer {found.layer}"
    place = f"step {found.step:,}, operation {found.operation}"
    return f"diverged: {found.quantity}{where} is not finite at {place}"


def true_minus(text: str) -> str:
    """Exponents with a true minus."""
    return text.replace("e-", "e−")
