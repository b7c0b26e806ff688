"""The session of a coding tool: found in the tool's own folder, copied beside the attempt, put back before it goes on.

A tool keeps its sessions where its log-in lies, in the user's configuration folder. What an attempt's session
consists of is copied into the attempt's folder when it has ended, closed to others, and lives as long as that. Knows no
tool.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path, PurePath
from typing import Any

from engine.adapters.findings import Finding
from engine.adapters.tool_files import read_tool_file
from engine.runners import output
from engine.streams import tool_json
from engine.streams.tool_json import ToolObject
from engine.system.private_files import write_private
from engine.types import AttemptContext, AttemptEnd, FailureClass, Invocation
from state.new_session import NewSession

NOTE = "session.json"
COPY = "session.jsonl"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,127}")
"""Ids become arguments and parts of file names."""
_HEAD = 1024 * 1024
"""Bytes at the beginning of a stream that are read for the id; it stands in the first event."""
_LOST = re.compile(
    r"no (conversation|session|rollout|saved session|previous sessions?)\b.*\bfound"
    r"|(session|conversation|thread)\b.*\bnot found|resum(e|ing)\b.*\b(failed|session)"
    r"|invalid session",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class SessionFiles:
    """Where a tool keeps its sessions: in the folder that `variable` names, else in `usual` below the home.

    `pattern` finds the file of a session there, by its `{id}` or the first block of it, `{short}`.
    """

    variable: str
    usual: str
    pattern: str

    def root(self, env: Mapping[str, str]) -> Path:
        """The folder in which a tool with this environment keeps its sessions."""
        named = env.get(self.variable)
        return Path(named) if named else Path(env.get("HOME") or Path.home(), self.usual)

    def find(self, root: Path, session_id: str) -> Path | None:
        """The newest file of this session."""
        whole, short = escape(session_id), escape(session_id.partition("-")[0])
        found = [file for file in root.glob(self.pattern.format(id=whole, short=short)) if file.is_file()]
        return max(found, key=lambda file: file.stat().st_mtime, default=None)


def opened(files: SessionFiles, context: AttemptContext, invocation: Invocation) -> AttemptContext:
    """The context of an attempt that is about to start, without the session it was to resume where that is not there.

    What is lost is put back first, as an attempt before kept it.
    """
    root = files.root(invocation.env)
    lost = None if context.run.session_id is None else _obstacle(files, root, context, invocation.cwd)
    if lost is not None:
        context = without_session(context, lost)
    elif context.run.session_id is not None and context.session_folder is not None:
        _hand_on(context.session_folder, context.folder)
    note(context, root=str(root), folder=str(invocation.cwd))
    return context


def opened_chat(context: AttemptContext, invocation: Invocation, name: str) -> AttemptContext:
    """The same for a tool that keeps a session in one file of the attempt's folder: it goes on in a copy of it."""
    if context.run.session_id is not None and (lost := _chat_obstacle(context, invocation.cwd, name)):
        context = without_session(context, lost)
    resumed = context.run.session_id
    note(context, id=resumed or context.ref.folder_name, folder=str(invocation.cwd))
    return context


def kept_chat(context: AttemptContext, name: str) -> dict[str, Any]:
    """The id of the session in such a file, for the metadata of the result; none before a word was written there."""
    noted = noted_in(context.folder)
    return _known(noted.text("id") if _size(context.folder / name) else None, noted)


def without_session(context: AttemptContext, reason: NewSession) -> AttemptContext:
    """The same context for a new session."""
    return replace(context, run=replace(context.run, session_id=None), new_session=reason)


def note(context: AttemptContext, **facts: str) -> None:
    """Note beside the attempt where its session is, and which one it resumes."""
    resumed = context.run.session_id
    before = noted_in(context.session_folder) if resumed and context.session_folder else ToolObject({})
    known = {"resumes": resumed, "id": resumed, "file": before.text("file")} if resumed else {}
    write_private(context.folder / NOTE, json.dumps({**facts, **known}))


def id_in(folder: Path, field: str, *kinds: str) -> str | None:
    """The id that the first event of one of these types gives to the session of an attempt."""
    for event in tool_json.objects(output.head_lines(folder, _HEAD, name="stdout")):
        if event.text("type") in kinds and (found := valid_id(event.text(field))):
            return found
    return None


def valid_id(text: str) -> str | None:
    """The id, unless it could be taken for a switch or a path."""
    return text if _ID.fullmatch(text) and ".." not in text else None


def kept(files: SessionFiles, context: AttemptContext, session_id: str | None) -> dict[str, Any]:
    """Copy the session of an ended attempt beside it, and return its id for the metadata of the result.

    Without an id of its own an attempt has done nothing in a session, and the one it was to resume is as it was.
    """
    noted = noted_in(context.folder)
    root = noted.text("root")
    if session_id is None or not root:
        return _known(session_id, noted)
    with suppress(OSError):  # without a copy the session can be resumed all the same while the tool keeps it
        found = files.find(Path(root), session_id)
        if found is not None:
            write_private(context.folder / COPY, read_tool_file(found))
            place = {"id": session_id, "file": str(found.relative_to(root)), "folder": noted.text("folder")}
            write_private(context.folder / NOTE, json.dumps({"root": root, **place}))
    return _known(session_id, noted)


def with_switch(argv: Sequence[str], switch: str, context: AttemptContext) -> tuple[str, ...]:
    """The command with the switch that resumes a session, before all others: a switch of the job may take the rest."""
    resumed = context.run.session_id
    return (argv[0], switch, resumed, *argv[1:]) if resumed else tuple(argv)


def refused(tool: str, session_id: str | None, end: AttemptEnd, context: AttemptContext) -> Finding | None:
    """The finding on a tool that ended because it did not take the session it was to resume; None for any other.

    The job goes on in a new session, and that costs no retry.
    """
    if session_id is not None or not end.exit_code or not noted_in(context.folder).text("resumes"):
        return None
    lines = output.tail_text(context.folder, name="stderr").splitlines()
    complaint = next(filter(_LOST.search, lines), None)
    if complaint is None:
        return None
    reason = " ".join(complaint.split())[:300].rstrip(".")
    return Finding(summary=f"{tool} did not take its session: {reason}.", failure=FailureClass.SESSION)


def noted_in(folder: Path) -> ToolObject:
    """What was noted of the session of an attempt; empty where nothing was."""
    try:
        return next(tool_json.objects([read_tool_file(folder / NOTE)]), ToolObject({}))
    except OSError:
        return ToolObject({})


def _known(session_id: str | None, noted: ToolObject) -> dict[str, Any]:
    """What the metadata of a result say of a session."""
    if not session_id:
        return {}
    return {"session_id": session_id, **({"resumed": True} if noted.text("resumes") else {})}


def _obstacle(files: SessionFiles, root: Path, context: AttemptContext, cwd: Path) -> NewSession | None:
    """Why the session cannot be resumed here; None once its file is where the tool looks for it."""
    before = context.session_folder
    noted = ToolObject({}) if before is None else noted_in(before)
    if valid_id(context.run.session_id or "") is None:  # imported, or recorded from outside
        return NewSession.GONE
    if noted.text("folder") not in {"", str(cwd)}:
        return NewSession.OTHER_FOLDER
    copy = context.folder if before is None else before / COPY
    try:
        file = files.find(root, context.run.session_id or "")
        if file is not None and _is_whole(file) and _size(file) >= _size(copy):
            return None
        place = PurePath(noted.text("file"))
        if not place.name or place.is_absolute() or ".." in place.parts or not _is_whole(copy):
            return NewSession.GONE
        _put_back(root, root / place, read_tool_file(copy))
    except OSError:
        return NewSession.GONE
    return None


def _chat_obstacle(context: AttemptContext, cwd: Path, name: str) -> NewSession | None:
    before = context.session_folder
    if before is None:
        return NewSession.GONE
    if noted_in(before).text("folder") != str(cwd):
        return NewSession.OTHER_FOLDER
    try:
        chat = read_tool_file(before / name)
        chat.decode()
    except (OSError, ValueError):
        return NewSession.GONE
    if not chat.strip() or b"\0" in chat:
        return NewSession.GONE
    write_private(context.folder / name, chat)
    return None


def _put_back(root: Path, file: Path, content: bytes) -> None:
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(file, content)


def _hand_on(before: Path, folder: Path) -> None:
    """Let the attempt have the copy of the session as well, in case it ends before it has added anything."""
    with suppress(
        OSError
    ):  # none was kept, or the file system knows no links: the attempt makes its own at its end
        os.link(before / COPY, folder / COPY)


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _is_whole(file: Path) -> bool:
    """Whether it begins as the record of a session does; all tools put up with a last line that is cut."""
    try:
        head = read_tool_file(file, at_most=_HEAD)
    except OSError:
        return False
    return head.lstrip().startswith(b"{") and b"\0" not in head
