"""Generates the JSON Schemas of every kind of file; ``python -m engine.jobfile.schemas`` writes them.

For editors and other programs. Only the models check what a schema cannot express, such as which fields fit which tool.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.jobfile.filter_set import FilterSet
from engine.jobfile.level_rule_file import LevelRuleFile
from engine.jobfile.pipeline import Pipeline
from engine.jobfile.project_file import ProjectFile
from engine.jobfile.spec import JobSpec
from engine.jobfile.template_head import TemplateFile
from engine.jobfile.tool_description import ToolDescription

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
SPECS = Path(__file__).resolve().parents[2] / "specs"


def schemas() -> Mapping[str, dict[str, Any]]:
    """The schemas by the names of their files."""
    return {
        "filter.schema.json": _filter(),
        "job.schema.json": _job(),
        "levels.schema.json": _levels(),
        "pipeline.schema.json": _pipeline(),
        "project.schema.json": _project(),
        "template.schema.json": _template(),
        "tool.schema.json": _tool(),
    }


def schema_text(schema: Mapping[str, Any]) -> str:
    """The text of a schema file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _job() -> dict[str, Any]:
    return {"$schema": _DIALECT, **JobSpec.model_json_schema(), "title": "Signalbox job file"}


def _filter() -> dict[str, Any]:
    return {"$schema": _DIALECT, **FilterSet.model_json_schema(), "title": "Signalbox filter set"}


def _levels() -> dict[str, Any]:
    return {"$schema": _DIALECT, **LevelRuleFile.model_json_schema(), "title": "Signalbox level rules"}


def _tool() -> dict[str, Any]:
    return {"$schema": _DIALECT, **ToolDescription.model_json_schema(), "title": "Signalbox tool file"}


def _project() -> dict[str, Any]:
    return {"$schema": _DIALECT, **ProjectFile.model_json_schema(), "title": "Signalbox project file"}


def _template() -> dict[str, Any]:
    return {"$schema": _DIALECT, **TemplateFile.model_json_schema(), "title": "Signalbox template"}


def _pipeline() -> dict[str, Any]:
    schema = {"$schema": _DIALECT, **Pipeline.model_json_schema(), "title": "Signalbox pipeline file"}
    schema["properties"]["workstreams"] = _list_or_mapping(schema)
    return schema


def _list_or_mapping(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of workstreams, which may also be a mapping of ids; the reader turns that into the list."""
    listed = schema["properties"]["workstreams"]
    named = schema["$defs"]["WorkstreamPart"]
    body = {
        **named,
        "properties": {key: value for key, value in named["properties"].items() if key != "id"},
        "required": [key for key in named["required"] if key != "id"],
    }
    schema["$defs"]["WorkstreamBody"] = body
    mapping = {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/WorkstreamBody"},
        "propertyNames": named["properties"]["id"],
        "minProperties": 1,
    }
    return {"anyOf": [listed, mapping], "title": "Workstreams"}


def main(folder: Path = SPECS) -> None:
    """Write the schema files."""
    for name, schema in schemas().items():
        (folder / name).write_text(schema_text(schema), encoding="utf-8")
        sys.stdout.write(f"{folder / name}\n")


if __name__ == "__main__":
    main()
