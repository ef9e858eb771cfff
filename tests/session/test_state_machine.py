"""Whatever a person does, all numbers are those of one straight run with the same changes."""

from __future__ import annotations

from hypothesis import settings
from playing import PlayingAdam, PlayingXor

SETTINGS = settings(max_examples=10, stateful_step_count=30, deadline=None, database=None)
TestXor = PlayingXor.TestCase
TestXor.settings = SETTINGS
TestAdam = PlayingAdam.TestCase
TestAdam.settings = SETTINGS
