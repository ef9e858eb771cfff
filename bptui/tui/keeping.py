"""One line of a small TOML text changed."""

from __future__ import annotations

import json
import re

FIRST_LINE = "# What bptui remembers. Its README says what else can stand here, such as [keys].\n"

_KEY = r"(?P<before>\s*(?P<quote>[\"']?){key}(?P=quote)\s*=\s*)"
_VALUE = r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^#\n\"']*?)(?P<after>\s*(?:#[^\n]*)?\r?\n?)"


def with_value(text: str, key: str, value: bool | int | float | str) -> str:
    """The TOML text with `key = value` above its first table: the key's own line, its comment kept, else a
    new one after the last key there."""
    written = json.dumps(value, ensure_ascii=False)  # which TOML writes alike
    lines = text.splitlines(keepends=True)
    table = next((i for i, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    pattern = re.compile(_KEY.format(key=re.escape(key)) + _VALUE)
    for i, line in enumerate(lines[:table]):
        if found := pattern.fullmatch(line):
            lines[i] = found["before"] + written + found["after"]
            return "".join(lines)
    return _inserted(lines, table, f"{key} = {written}")


def _inserted(lines: list[str], table: int, line: str) -> str:
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    if not lines:
        return FIRST_LINE + line + "\n"
    keys = [i for i in range(table) if re.match(r"\s*[\w\"'-]+\s*=", lines[i])]
    if keys:
        at = keys[-1] + 1
    else:
        # The comments right above a table are about it.
        at = table
        while table < len(lines) and at and lines[at - 1].lstrip().startswith("#"):
            at -= 1
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += ending
    gap = [ending] if not keys and at < len(lines) else []
    return "".join([*lines[:at], line + ending, *gap, *lines[at:]])
