"""Where a workstream works, and its newest place in a merge queue, as `signalbox show` has them. Changes nothing."""

from typing import Any

from engine.cli.home_session import HomeSession
from engine.cli.printing import record_json
from state import worktree_queries
from state.lifecycle import STATUS_OF_REVIEW
from state.records import Workstream
from state.status_words import status_in_words


def isolation_json(session: HomeSession, stream: Workstream) -> dict[str, Any]:
    """Where a workstream works, and its newest place in a merge queue, for programs."""
    tree = session.plain.read(worktree_queries.find_worktree, *stream.key)
    merge = session.plain.read(worktree_queries.newest_merge, *stream.key)
    return {
        "worktree": None if tree is None else record_json(tree),
        "merge": None if merge is None else record_json(merge),
    }


def isolation_facts(session: HomeSession, stream: Workstream) -> dict[str, str]:
    """The same for people; nothing where the workstream is not isolated."""
    tree = session.plain.read(worktree_queries.find_worktree, *stream.key)
    if tree is None:
        return {}
    merge = session.plain.read(worktree_queries.newest_merge, *stream.key)
    return {
        "review": status_in_words(STATUS_OF_REVIEW[stream.review])
        if stream.review in STATUS_OF_REVIEW
        else "",
        "merge": "" if merge is None else merge.reason,
        "worktree": f"{tree.path} ({tree.state})",
        "branch": tree.branch,
        "base": f"{tree.base}, {tree.base_commit[:12]}" if tree.base_commit else tree.base,
        "target": tree.target or "",
        "port": "" if tree.port_base is None else f"{tree.port_base}",
        "kept": tree.kept_reason,
    }
