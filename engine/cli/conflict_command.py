"""The command that lists which branches would conflict."""

from typing import Annotated

import typer

from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import JsonOption
from engine.cli.printing import print_json, print_line, print_table, record_json
from engine.errors import CommandRefusedError
from engine.host.conflict_watch import rehearse_once
from engine.system.formatting import plural
from state import conflict_queries, queries
from state.worktree_records import PredictedConflict

Run = Annotated[
    str | None, typer.Argument(metavar="[RUN]", help="Only those of this run.", show_default=False)
]


def conflicts(run: Run = None, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Carry out `signalbox conflicts`."""
    with opened(home) as session:
        rehearse_once(session.store)
        found = _found(session, run)
        if as_json:
            print_json([record_json(conflict) for conflict in found])
        elif found:
            print_table(
                ("WORKSTREAM", "CONFLICTS WITH", "PLACES", "FILES"), [_row(conflict) for conflict in found]
            )
        else:
            print_line("No conflict is predicted.")


def _found(session: HomeSession, run: str | None) -> list[PredictedConflict]:
    if run is not None and session.plain.read(queries.find_run, run) is None:
        raise CommandRefusedError(f"There is no run {run!r} here; `signalbox status` lists the newest.")
    return session.reader.read(conflict_queries.predicted_conflicts, run_id=run)


def _row(conflict: PredictedConflict) -> tuple[str, str, str, str]:
    other = conflict.other_branch if conflict.second is None else "/".join(conflict.second)
    places = plural(conflict.places, "place") if conflict.places else ""
    return ("/".join(conflict.first), other, places, ", ".join(conflict.files))
