"""What a session tells its user: how an update went, why a run stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bptui.experiment import catalogue
from bptui.experiment.build import Experiment
from bptui.experiment.changes import Changed, changed_names, changed_paths, in_force, value_at
from bptui.experiment.schema import Effect, Preset, declared
from bptui.explain.numbers import plain, u7
from bptui.session.divergence import Divergence
from bptui.session.trainer import Trainer

MOST_KEYS = 3  # that are told by name
LONGEST_VALUE = 24  # letters


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
    return f"{trainer.epochs:,} epochs done at step {trainer.steps:,}"


def of_keys(before: Experiment, now: Preset, found: Changed) -> str:
    """What the keys were (`now`: the preset as it stood, of the experiment before) and are."""
    after = found.experiment
    old, new = vars(now.training), vars(after.preset.training)
    changed = {f"training.{name}" for name in changed_names(old, new)}
    paths = [path for path in found.paths if not path.startswith("training.") or path in changed]
    if in_force(old, "eta") != in_force(new, "eta") and "training.eta" not in paths:
        paths.append("training.eta")
    if not paths:
        return "nothing changes"
    told = [_of_key(path, (before, now), (after, after.preset)) for path in paths[:MOST_KEYS]]
    told += [f"{len(paths) - MOST_KEYS} more"] if len(paths) > MOST_KEYS else []
    return "; ".join(told) + (": starts anew" if found.anew else "")


def of_beginning(before: tuple[Experiment, Preset], after: tuple[Experiment, Preset]) -> str:
    """What another beginning of a run differs in from the one before it."""
    paths = changed_paths(before[1], after[1])
    told = [_of_key(path, before, after) for path in paths[:MOST_KEYS]]
    told += [f"{len(paths) - MOST_KEYS} more"] if len(paths) > MOST_KEYS else []
    return "; ".join(told) or "reset"


def taken_up(experiment: Experiment, steps: int) -> str:
    """After a saved, kept or shared run was opened."""
    return f"{experiment.title}: taken up at step {steps:,}"


def opened(experiment: Experiment) -> str:
    """Its title, and what was chosen and left out."""
    return "; ".join((experiment.title, *experiment.notices))


def opened_own_data(experiment: Experiment) -> str:
    """The same of data of the user's own, where cells may be missing; "" of all else."""
    data = experiment.preset.data
    own = data.source == "file" and not (data.path or "").startswith(catalogue.BUILTIN_DATA)
    return opened(experiment) if own else ""


def new_notices(before: Experiment, now: Experiment) -> tuple[str, ...]:
    """What the changed experiment has to say that the one before it had not."""
    return tuple(notice for notice in now.notices if notice not in before.notices)


def from_step(told: str, paths: Sequence[str], step: int) -> str:
    """Of keys with which the run goes on: where updates depend on one, since when."""
    counts = any((key := declared(path)) and key.effect is Effect.UPDATES for path in paths)
    return f"{told} from step {step:,}" if counts else told


def _of_key(path: str, *sides: tuple[Experiment, Preset]) -> str:
    name = "η" if path == "training.eta" else path.rpartition(".")[2]
    old, new = (_short(path, _settled(path, *side)) for side in sides)
    return f"{name} changed" if old is None or new is None else f"{name} {old} → {new}"


def _settled(path: str, experiment: Experiment, preset: Preset) -> Any:
    """The value, or what stands for it where it was left out, as far as that is known."""
    value = value_at(preset, path)
    if value is not None:
        return value
    if path == "training.loss":
        return experiment.loss
    if path == "network.output":
        return experiment.activations[-1]
    section, _, name = path.rpartition(".")
    return in_force(vars(preset.training), name) if section == "training" else None


def _short(path: str, value: Any) -> str | None:
    """In a few letters; None where it needs more."""
    key = declared(path)
    if value is None:
        return "off" if key is not None and key.default_words == "off" else "default"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return str(value) if path.endswith("seed") else f"{value:,}"
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, tuple) and all(isinstance(item, str | int) for item in value):
        value = ", ".join(map(str, value)) or "none"
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_VALUE else None


def of_divergence(found: Divergence) -> str:
    """The first number that was not finite."""
    where = "" if found.layer is None else f" of layer {found.layer}"
    place = f"step {found.step:,}, operation {found.operation}"
    return f"diverged: {found.quantity}{where} is not finite at {place}"


def true_minus(text: str) -> str:
    """Exponents with a true minus."""
    return text.replace("e-", "e−")
