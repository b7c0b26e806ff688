"""Jobs and output for tests of the details, and what they show of it."""

from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.runners.capture import RECORD
from gui.panels.details.details_panel import DetailsPanel
from state.records import Attempt
from tests.gui.window_parts import WindowParts
from tests.helpers.patience import PATIENCE_MS

CART = ("0347", "cart")


def spec(job_id: str, **fields: Any) -> JobSpec:
    values = {"tool": "shell", "command": {"exe": "true"}, "job_id": job_id, "workstream_id": "cart"}
    return job_from_mapping(values | {"paths": {"repo_root": "/src/shop"}} | fields)


def folder_of(parts: WindowParts, attempt: Attempt) -> Path:
    folder = parts.home.attempts / f"{attempt.id}-{attempt.token}"
    folder.mkdir()
    return folder


def write_output(folder: Path, *pieces: tuple[str, bytes]) -> None:
    """The files of an attempt as its shim writes them: both streams and the index with their order."""
    ends = {"stdout": 0, "stderr": 0}
    with (folder / "index").open("ab") as index:
        for name, text in pieces:
            with (folder / name).open("ab") as stream:
                stream.write(text)
            index.write(RECORD.pack(1, ends[name], len(text), ("stdout", "stderr").index(name)))
            ends[name] += len(text)


def printed(qtbot: QtBot, details: DetailsPanel) -> list[str]:
    """The lines of the output, once they are read."""
    qtbot.waitUntil(lambda: details.is_settled, timeout=PATIENCE_MS)
    return details.tabs.output.text.toPlainText().split("\n")
