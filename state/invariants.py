"""The invariants of a database, whatever was killed and whenever, and the queries that find violations.

Only reads. Each check returns sentences; none means that all is well. Processes and files are checked in
`engine.maintenance.home_invariants`.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DatabaseError

from state.lifecycle import ATTEMPT_FINAL, JOB_MOVES, group_status, run_status, workstream_status
from state.migrations import REVISIONS
from state.records import GroupStatus, JobStatus, ReviewState
from state.row_check import damaged_rows
from state.schema_check import differences
from state.worktree_records import OPEN_MERGES

INVARIANTS: Mapping[str, str] = {
    "I2": "Every job is in a legal state and came there by legal moves; an ended attempt is final. What is approved "
    "has a place in a merge queue, and nothing else has.",
    "I3": "A job has at most one running attempt, and exactly one while it runs; no working tree has two writers.",
    "I5": "Every ended attempt has one outcome, and no other attempt has any.",
    "I6": "The ids of events have no gap, and the events replayed give the states the rows have.",
    "I7": "The database is whole: its pages, its references, its schema, and every value of every row.",
}

SHOWN = 20
"""How many violations of one kind are named; the first few are enough to find the cause."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One invariant that does not hold, and where."""

    code: str
    sentence: str


def breaches(connection: Connection) -> list[Breach]:
    """Every violation in this database, read in the open transaction of the connection."""
    found = damage(connection)
    if found:
        return found  # in a broken file, or one of another schema, the other checks would mean nothing
    try:
        for check in (_values, _rows, _groups, _moves, _replay):
            found += check(connection)
    except DatabaseError as error:  # of values that were found before, as a rule
        found += [] if found else [_unreadable(error)]
    return found


def ended_among(
    connection: Connection, attempts: Collection[tuple[int, str]], home_id: str | None = None
) -> set[tuple[int, str]]:
    """Those of these (attempt id, token) pairs whose attempt has ended; with `home_id`, only those of that home."""
    query = text(
        "SELECT id, token FROM step_attempts WHERE status <> 'running' AND id IN :ids "
        "AND home_id IS coalesce(:home_id, home_id)"
    )
    ids = sorted({number for number, _ in attempts})
    found = connection.execute(
        query.bindparams(bindparam("ids", ids, expanding=True), bindparam("home_id", home_id))
    )
    return {(number, token) for number, token in found} & set(attempts)


def known_folders(connection: Connection) -> set[str]:
    """The names of the folders of all attempts there are rows of."""
    return set(connection.execute(text("SELECT id || '-' || token FROM step_attempts")).scalars())


def waiting_sources(connection: Connection) -> list[tuple[str, str]]:
    """(job id, source file) of each job from the inbox that has not been started yet."""
    query = "SELECT job_id, source_path FROM jobs WHERE origin = 'inbox' AND status IN ('held', 'queued')"
    return [(job_id, source) for job_id, source in connection.execute(text(query)) if source]


def schema_version(connection: Connection) -> str | None:
    """The version of the schema the database has."""
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def damage(connection: Connection) -> list[Breach]:
    """Faults of the file itself; reads all of it."""
    try:
        return list(_file(connection))
    except DatabaseError as error:
        return [_unreadable(error)]


def damage_and_values(connection: Connection) -> list[Breach]:
    """Faults of the file, or else of the values in its rows; reads all of it."""
    if broken := damage(connection):
        return broken
    try:
        return list(_values(connection))
    except DatabaseError as error:
        return [_unreadable(error)]


def _unreadable(error: DatabaseError) -> Breach:
    return Breach("I7", f"The database cannot be read: {error.orig}.")


def _values(connection: Connection) -> Iterator[Breach]:
    yield from (Breach("I7", sentence) for sentence in damaged_rows(connection, SHOWN))


def _file(connection: Connection) -> Iterator[Breach]:
    version = schema_version(connection)
    versions = connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar()
    if versions != 1:
        yield Breach("I7", f"The table alembic_version names {versions} schema versions and not one.")
    if version != REVISIONS[-1]:
        yield Breach("I7", f"The schema version is {version}; this release knows {REVISIONS[-1]}.")
        return
    for (verdict,) in connection.exec_driver_sql(f"PRAGMA quick_check({SHOWN})"):
        if verdict != "ok":
            yield Breach("I7", f"A page is damaged: {verdict}.")
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(SHOWN):
        yield Breach("I7", f"Row {row} of {table} refers to a row of {parent} that is not there.")
    yield from (Breach("I7", sentence) for sentence in differences(connection.connection.driver_connection))


_ROWS: Sequence[tuple[str, str]] = (
    (
        "I2",
        """SELECT 'Job ' || job_id || ' is ' || status || ', which is no state.' FROM jobs
        WHERE status NOT IN (SELECT value FROM json_each(:statuses))""",
    ),
    (
        "I2",
        """SELECT 'Job ' || job_id || ' is ' || status || ' and still has a request to cancel.' FROM jobs
        WHERE cancel_requested_at IS NOT NULL AND status <> 'running'""",
    ),
    (
        "I2",
        """SELECT 'Job ' || job_id || ' is ' || status || CASE WHEN hold_cause IS NULL THEN ' without a cause.'
            ELSE ' and has the cause ' || hold_cause || ' of a hold.' END
        FROM jobs WHERE (status = 'held') <> (hold_cause IS NOT NULL)""",
    ),
    (
        "I2",
        """SELECT 'The review of workstream ' || streams.run_id || '/' || streams.ws_id || ' is ' || streams.review
            || ', and it has ' || count(merges.id) || ' places in merge queues.'
        FROM workstreams streams LEFT JOIN merges ON merges.run_id = streams.run_id AND merges.ws_id = streams.ws_id
            AND merges.state IN (SELECT value FROM json_each(:open_merges))
        GROUP BY streams.run_id, streams.ws_id HAVING count(merges.id) <> (streams.review = 'approved')""",
    ),
    (
        "I3",
        """SELECT 'Job ' || jobs.job_id || ' is ' || jobs.status || ' and has ' || count(a.id) || ' running attempts.'
        FROM jobs LEFT JOIN step_attempts a ON a.job_id = jobs.job_id AND a.status = 'running'
        GROUP BY jobs.job_id HAVING count(a.id) <> (jobs.status = 'running')""",
    ),
    (
        "I3",
        """SELECT 'Job ' || jobs.job_id || ' counts ' || jobs.attempts || ' attempts and has ' || count(a.id)
            || ', numbered up to ' || coalesce(max(a.number), 0) || '.'
        FROM jobs LEFT JOIN step_attempts a ON a.job_id = jobs.job_id
        GROUP BY jobs.job_id HAVING jobs.attempts <> count(a.id) OR coalesce(max(a.number), 0) <> count(a.id)""",
    ),
    (
        "I3",
        """SELECT count(*) || ' running jobs write ' || tree || ': ' || group_concat(job_id, ', ') || '.'
        FROM jobs WHERE status = 'running' AND tree IS NOT NULL GROUP BY tree HAVING count(*) > 1""",
    ),
    (
        "I5",
        """SELECT 'Attempt ' || id || ' of ' || job_id || ' is ' || status || ', which is no outcome.'
        FROM step_attempts WHERE status <> 'running' AND status NOT IN (SELECT value FROM json_each(:outcomes))""",
    ),
    (
        "I5",
        """SELECT 'Attempt ' || id || ' of ' || job_id || ' is ' || status || ' and has no end or no result.'
        FROM step_attempts WHERE status <> 'running' AND (completed_at IS NULL OR result_json IS NULL)""",
    ),
    (
        "I5",
        """SELECT 'Attempt ' || id || ' of ' || job_id || ' runs and has an end already.'
        FROM step_attempts WHERE status = 'running' AND (completed_at IS NOT NULL OR result_json IS NOT NULL)""",
    ),
)


def _rows(connection: Connection) -> Iterator[Breach]:
    known = {
        "statuses": json.dumps(list(JobStatus)),
        "outcomes": json.dumps(sorted(ATTEMPT_FINAL)),
        "open_merges": json.dumps(sorted(OPEN_MERGES)),
    }
    for code, query in _ROWS:
        statement = text(f"{query} LIMIT {SHOWN}")
        given = {name: value for name, value in known.items() if f":{name}" in query}
        for sentence in connection.execute(statement, given).scalars():
            yield Breach(code, sentence)


def _groups(connection: Connection) -> Iterator[Breach]:
    """Runs and workstreams follow from their jobs."""
    states: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    quarantined: set[tuple[str, ...]] = set()
    query = "SELECT run_id, ws_id, status, max(quarantined) FROM jobs GROUP BY run_id, ws_id, status"
    for run_id, ws_id, status, flag in connection.exec_driver_sql(query):
        for key in ((run_id,), (run_id, ws_id)):
            states[key].add(status)
            if flag:
                quarantined.add(key)
    reviews: defaultdict[tuple[str, ...], set[ReviewState]] = defaultdict(set)
    for run_id, ws_id, review in connection.exec_driver_sql("SELECT run_id, ws_id, review FROM workstreams"):
        for key in ((run_id,), (run_id, ws_id)):
            reviews[key] |= {ReviewState(review)} if review in set(ReviewState) else set()
    rows = connection.exec_driver_sql(
        "SELECT run_id, NULL, status FROM runs UNION ALL SELECT run_id, ws_id, status FROM workstreams"
    )
    for run_id, ws_id, status in rows:
        key = (run_id,) if ws_id is None else (run_id, ws_id)
        known = (JobStatus(status) for status in states[key] & set(JobStatus))
        follows = group_status(known, quarantined=key in quarantined)
        if follows is not None and ws_id is None:
            follows = run_status(follows, reviews[key])
        elif follows is not None:
            follows = workstream_status(follows, next(iter(reviews[key]), ReviewState.NONE))
        if follows is not None and follows != status and not _was_running(status, follows, states[key]):
            name = f"Run {run_id}" if ws_id is None else f"Workstream {run_id}/{ws_id}"
            yield Breach("I2", f"{name} is {status}, but from its jobs follows {follows}.")


def _was_running(status: str, follows: GroupStatus, jobs: set[str]) -> bool:
    """Whether an earlier release called this group running, though some of its jobs were held and none ran."""
    return (status, follows) == (GroupStatus.RUNNING, GroupStatus.QUEUED) and jobs >= _BETWEEN_STEPS


_BETWEEN_STEPS = frozenset({JobStatus.COMPLETED, JobStatus.QUEUED, JobStatus.HELD})

_JOB_EVENTS = (
    "SELECT id, event_type, job_id, attempt_id, "
    "coalesce(json_extract(payload_json, '$.status'), substr(event_type, 5)) AS status FROM events "  # as `status_in`
    "WHERE event_type GLOB 'job.*' AND json_type(payload_json, '$.job') = 'object'"
)
_MOVES = frozenset(f"job.{status}" for status in JobStatus)
"""Every other event of a job leaves it in its state."""


def _moves(connection: Connection) -> Iterator[Breach]:
    """The events of each job are a walk through its lifecycle."""
    query = (
        "SELECT before, status, event_type, count(*), min(job_id) FROM ("
        "SELECT job_id, event_type, status, lag(status) OVER (PARTITION BY job_id ORDER BY id) AS before "
        f"FROM ({_JOB_EVENTS})) GROUP BY before, status, event_type"
    )
    begun = connection.exec_driver_sql("SELECT min(id) FROM events").scalar() == 1
    for before, after, event_type, times, job_id in connection.exec_driver_sql(query).fetchall():
        if not _legal(before, after, event_type, begun=begun):
            came = f"became {after}" if before is None else f"went from {before} to {after}"
            more = f" ({times} times, also other jobs)" if times > 1 else ""
            yield Breach("I2", f"Job {job_id} {came}, which is no legal move{more}.")


def _legal(before: str | None, after: str | None, event_type: str, *, begun: bool) -> bool:
    if before is None:
        return not begun or after in {JobStatus.HELD, JobStatus.QUEUED}
    if before == after:
        return event_type not in _MOVES
    if after is None or not {before, after} <= set(JobStatus):
        return False
    return JobStatus(after) in JOB_MOVES[JobStatus(before)]


def _replay(connection: Connection) -> Iterator[Breach]:
    """Events are gap-free and give the states the rows have."""
    first, last, number = connection.exec_driver_sql("SELECT min(id), max(id), count(*) FROM events").one()
    if number and last - first + 1 != number:
        yield Breach("I6", f"Of the events {first} to {last}, {last - first + 1 - number} are missing.")
    given = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'events'").scalar()
    if given is not None and last is not None and given != last:
        yield Breach("I6", f"Events up to {given} were written, but {last} is the last one.")
    complete = first in {None, 1}  # where old events were pruned, the first states are not known
    last_states = f"SELECT job_id, status, max(id) FROM ({_JOB_EVENTS}) GROUP BY job_id"
    replayed = {job_id: status for job_id, status, _ in connection.exec_driver_sql(last_states)}
    for job_id, status in connection.exec_driver_sql("SELECT job_id, status FROM jobs").fetchall():
        if replayed.get(job_id, None if complete else status) != status:
            yield Breach("I6", f"Job {job_id} is {status}, but its events end with {replayed.get(job_id)}.")
    if complete:
        yield from _attempts_replay(connection)


def _attempts_replay(connection: Connection) -> Iterator[Breach]:
    query = (
        "SELECT a.id, a.job_id, a.status <> 'running', coalesce(begun, 0), coalesce(ended, 0) FROM step_attempts a "
        "LEFT JOIN (SELECT attempt_id, sum(event_type = 'job.running') AS begun, "
        "sum(event_type <> 'job.running') AS ended "
        f"FROM ({_JOB_EVENTS}) WHERE attempt_id IS NOT NULL GROUP BY attempt_id) ON attempt_id = a.id "
        f"WHERE begun IS NOT 1 OR ended IS NOT (a.status <> 'running') LIMIT {SHOWN}"
    )
    for number, job_id, over, begun, ended in connection.exec_driver_sql(query).fetchall():
        state = "ended" if over else "running"
        yield Breach(
            "I6", f"Attempt {number} of {job_id} is {state}; events report {begun} starts and {ended} ends."
        )
