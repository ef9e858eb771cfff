"""The entry point: sets what must be set before NumPy and Textual are imported, then calls the command."""

from __future__ import annotations

import os
import sys

# One BLAS thread: small matrices gain nothing from two, and the bits of large ones depend on their number.
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> int:
    """Run the command line; returns the exit status. What the user has set stays as it is."""
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TEXTUAL_FPS", "120")
    try:
        from bptui.cli.main import main as command
    except KeyboardInterrupt:  # in the first tenths of a second
        return 130
    return command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
