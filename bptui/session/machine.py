"""By what a run is made: only the same NumPy, processor and number of threads give the same bits."""

from __future__ import annotations

import os
import platform
import sys
from functools import cache
from typing import Any

import numpy as np

from bptui import __version__

# What decides of the bits, with the words for it.
DECIDING = {"numpy": "NumPy", "processor": "the processor", "threads": "the number of BLAS threads"}
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@cache
def made_by() -> dict[str, Any]:
    """bptui, python, numpy, processor, threads."""
    return {
        "bptui": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "processor": f"{platform.machine()} {_model()}".strip(),
        "threads": next(
            (os.environ[name] for name in _THREADS if name in os.environ), "as many as there are"
        ),
    }


def differences(then: dict[str, Any]) -> list[str]:
    """What is another than it was, of what decides of the bits, in words."""
    now = made_by()
    return [
        f"{words} is {now[key]}, and was {str(then.get(key))[:100]}"
        for key, words in DECIDING.items()
        if now[key] != then.get(key)
    ]


def _model() -> str:
    """The processor's, as its system names it."""
    if sys.platform == "linux":
        try:
            with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
                for line in file:
                    if line.startswith(("model name", "Model")):
                        return line.partition(":")[2].strip()
        except OSError:
            pass
    return platform.processor()
