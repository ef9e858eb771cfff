"""What the README lists is what there is."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from bptui.cli import play
from bptui.cli.main import VERBS, parser_of, verb_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

GLYPHS = {
    "plus": "+", "minus": "-", "equals_sign": "=", "less_than_sign": "<", "greater_than_sign": ">",
    "left_square_bracket": "[", "right_square_bracket": "]", "comma": ",", "full_stop": ".",
    "slash": "/", "question_mark": "?", "pageup": "PageUp", "pagedown": "PageDown", "tab": "Tab",
    "shift+tab": "Shift+Tab", "up": "↑", "down": "↓", "left": "←", "right": "→", "escape": "Esc",
    "left_parenthesis": "(", "right_parenthesis": ")",
    "left_curly_bracket": "{", "right_curly_bracket": "}",
    "enter": "Enter", "ctrl+p": "Ctrl+P", "f1": "F1", "f2": "F2", "f3": "F3",
}  # fmt: skip


def key_table() -> str:
    from bptui.tui.actions import ACTIONS

    rows = ["| key | does |", "|---|---|"]
    for action in ACTIONS:
        keys = " ".join(f"`{GLYPHS.get(key, key)}`" for key in action.keys)
        rows.append(f"| {keys} | {action.words} |")
    return "\n".join(rows)


def test_the_keys_are_those_of_the_table_of_actions():
    section = README.split("<!-- keys", 1)[1].split("-->", 1)[1].split("<!-- end of keys", 1)[0]
    assert section.strip() == key_table()


def test_the_actions_that_can_be_given_keys_are_those_of_the_table():
    from bptui.tui.actions import ACTIONS

    section = README.split("<!-- actions -->", 1)[1].split("<!-- end of actions -->", 1)[0]
    assert section.split() == [f"`{action.id}`" for action in ACTIONS]


def test_its_config_has_no_mistake_and_every_setting(tmp_path):
    from bptui.tui.config import Config, Settings

    text = re.search(r"```toml\n(theme.*?)```", README, re.DOTALL)[1]
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    config = Config(tmp_path / "config.toml")
    assert config.mistakes == []
    assert {*tomllib.loads(text)} == {*Settings._fields} - {"actions"} | {"keys"}
    assert config.settings.actions != Settings().actions


def test_every_option_of_the_bare_command_stands_there():
    row = next(line for line in README.splitlines() if line.startswith("| `bptui [PRESET]`"))
    options = {option for action in play.parser(tuple)._actions for option in action.option_strings}
    for option in options - {"-h", "--help", "--version"}:
        assert f"`{option} " in row or f"`{option}`" in row


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_stands_there_with_its_options(verb):
    row = next(line for line in README.splitlines() if line.startswith(f"| `bptui {verb} "))
    options = {option for action in parser_of(verb_of(verb))._actions for option in action.option_strings}
    for option in options - {"-h", "--help", "--json", "--target"}:
        assert f"`{option} " in row or f"`{option}`" in row


def test_every_key_of_a_preset_stands_there():
    from bptui.experiment import schema

    for section in (schema.Preset, schema.DataSpec, schema.NetworkSpec, schema.TrainingSpec):
        for field in dataclasses.fields(section):
            assert re.search(rf"\b{field.name}\b", README), field.name


def test_its_first_preset_can_be_opened(tmp_path):
    import bptui

    text = re.search(r"```toml\n(format.*?)```", README, re.DOTALL)[1]
    preset = tmp_path / "readme.toml"
    preset.write_text(text, encoding="utf-8")
    assert bptui.load(str(preset)).sizes == (2, 4, 1)


def test_its_python_runs():
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    exec(code, {})


def test_each_command_is_one_line_that_does_its_own_set_up():
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv .venv && ")]
    assert len(commands) == 2
    assert commands[0].endswith(".venv/bin/bptui")
    assert "pytest" in commands[1]


def test_the_changelog_names_the_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
