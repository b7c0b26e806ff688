"""The page on tools of the user's own says what the models say, and its examples are valid."""

import re
from pathlib import Path

import pytest

from engine.jobfile.schemas import SPECS
from engine.jobfile.tool_description import Events, ToolDescription
from engine.jobfile.tool_registry import read_description
from tests.engine.jobfile.test_job_file_page import shown

PAGE = (SPECS / "tools-of-your-own.md").read_text(encoding="utf-8")
EXAMPLES = sorted((SPECS / "tools").glob("*.yaml"))
_PARTS = {
    "permissions": {"read": "-", "edit": "{}", "full": "-"},
    "login": {"files": "[]", "variables": "[]"},
}


def table(heading: str) -> dict[str, str]:
    part = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return dict(re.findall(r"^\| `([\w.]+)` \| (.+?) \|", part, re.MULTILINE))


def fields() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, field in ToolDescription.model_fields.items():
        if name in {"permissions", "login"}:
            found |= {f"{name}.{inner}": default for inner, default in _PARTS[name].items()}
        elif name in {"success", "version"}:
            inner_fields = type(field.get_default()).model_fields.items()
            found |= {f"{name}.{key}": shown(one.get_default(), required=False) for key, one in inner_fields}
        else:
            found[name] = shown(field.get_default(), required=field.is_required())
    return found | {
        "events": "-",
        "env": "{}",
        "success.exit_codes": "[0]",
        "version.args": "[--version]",
    }


def test_the_page_lists_every_field_with_its_default() -> None:
    assert table("The file") == fields()


def test_the_page_lists_every_kind_of_event_with_its_paths() -> None:
    listed = table("Events")
    assert list(listed) == list(Events.model_fields)
    for kind, (_, field) in zip(listed, Events.model_fields.items(), strict=True):
        rule = field.annotation.__args__[0] if field.annotation is not None else None
        own = set(rule.model_fields) - {"when", "each", "where"}
        assert own <= set(re.findall(r"`(\w+)`", listed[kind])), kind


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_describes_a_tool(path: Path) -> None:
    found = read_description(path)
    assert found.exe == path.stem
    assert f"(tools/{path.name})" in PAGE


def test_there_are_two_examples_besides_what_ships() -> None:
    assert len(EXAMPLES) >= 2


def test_the_example_on_the_page_describes_a_tool(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    assert read_description(file).needs_finished
