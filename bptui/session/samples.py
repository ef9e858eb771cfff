"""What was told of whole parts of the data along a run, for a curve beside that of the loss."""

from __future__ import annotations

from bisect import bisect_left

from bptui.session.frame import Sample

MOST = 1024  # samples


class Samples:
    """One a step that was looked at, in the order of the steps. Where they become too many, half of them at
    least go, the ones that stand closest; never the first or the last."""

    def __init__(self, samples: tuple[Sample, ...] = ()) -> None:
        self._samples = samples

    def add(self, sample: Sample) -> None:
        """Measured with the weights of its step."""
        kept, at = self._samples, self._place(sample.step)
        if at < len(kept) and kept[at].step == sample.step:
            return
        if len(kept) == MOST:
            kept = self._samples = tuple(_spread(kept))
            at = self._place(sample.step)
        self._samples = (*kept[:at], sample, *kept[at:])

    def _place(self, step: int) -> int:
        """Among those there are."""
        return bisect_left(self._samples, step, key=lambda sample: sample.step)

    def cut(self, step: int) -> None:
        """Forget those after `step`."""
        if self._samples and self._samples[-1].step > step:
            self._samples = tuple(sample for sample in self._samples if sample.step <= step)

    def told(self) -> tuple[Sample, ...]:
        """All there are; the same tuple until one comes or goes."""
        return self._samples


def _spread(samples: tuple[Sample, ...]) -> list[Sample]:
    """The first, and of the others those that come far enough after the one before: half of MOST at most. By
    steps, for a run that is looked at evenly; to drop every second one each time would leave of a long run's
    first part almost nothing."""
    gap = 2 * (samples[-1].step - samples[0].step) / MOST
    kept = [samples[0]]
    for sample in samples[1:]:
        if sample.step - kept[-1].step >= gap:
            kept.append(sample)
    return kept
