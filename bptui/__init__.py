"""A playground for backpropagation in the terminal.

From Python: `load(preset)` makes an Experiment, `Trainer(experiment)` trains it with `step()`,
`epoch()` and `run()`. Both are loaded when first asked for, so that importing bptui stays cheap
and the number of BLAS threads can still be chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bptui.experiment.build import build as load
    from bptui.session.trainer import Trainer

__all__ = ["Trainer", "__version__", "load"]


def __getattr__(name: str) -> Any:
    if name == "load":
        from bptui.experiment.build import build

        return build
    if name == "Trainer":
        from bptui.session.trainer import Trainer

        return Trainer
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("bptui")
        except PackageNotFoundError:
            return "of a source tree"
    raise AttributeError(f"module 'bptui' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
