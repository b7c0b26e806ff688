"""The tables for SQLAlchemy Core. What panels filter on is a real column, the rest is JSON text.

Times are seconds since the epoch (UTC). The migrations create the schema of a file on disk; a test keeps
the two equal.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    desc,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)

runs = Table(
    "runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("title", Text, nullable=False, default=""),
    Column("status", String, nullable=False),
    Column("repo", Text),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("completed_at", Float),
    Column("metadata_json", Text, nullable=False, default="{}"),
    Index("ix_runs_created_at", "created_at"),
)

workstreams = Table(
    "workstreams",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("ws_id", String, primary_key=True),
    Column("title", Text, nullable=False, default=""),
    Column("status", String, nullable=False),
    Column("position", Integer, nullable=False, default=0),
    Column("repo", Text),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("completed_at", Float),
    ForeignKeyConstraint(["run_id"], ["runs.run_id"]),
    Index("ix_workstreams_ws_id", "ws_id"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("job_id", String, nullable=False),
    Column("run_id", String, nullable=False),
    Column("ws_id", String, nullable=False),
    Column("step_name", Text, nullable=False, default=""),
    Column("position", Integer, nullable=False, default=0),
    Column("tool", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("status", String, nullable=False),
    Column("priority", Integer, nullable=False, default=0),
    Column("group_name", String, nullable=False, default="default"),
    Column("account", String),
    Column("tree", Text),
    Column("files_scope_json", Text, nullable=False, default="[]"),
    Column("origin", String, nullable=False),
    Column("source_path", Text),
    Column("digest", String, nullable=False, default=""),
    Column("hold_reason", Text),
    Column("quarantined", Boolean, nullable=False, default=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("max_attempts", Integer, nullable=False, default=1),
    Column("interruptions", Integer, nullable=False, default=0),
    Column("not_before", Float),
    Column("waits_for", String),
    Column("cancel_requested_at", Float),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("completed_at", Float),
    Column("exit_code", Integer),
    Column("summary", Text, nullable=False, default=""),
    Column("failure_class", String),
    Column("cost_usd", Float),
    Column("spec_json", Text, nullable=False),
    Column("queue_position", Float),
    Column("scope_root", Text),
    Column("hold_cause", String),
    Column("rung", Integer, nullable=False, server_default="0"),
    Column("follow_up", Text),
    Column("input_tokens", Integer),
    Column("cached_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cost_source", String),
    Column("fresh_session", Boolean, nullable=False, server_default="0"),
    UniqueConstraint("job_id"),
    ForeignKeyConstraint(["run_id", "ws_id"], ["workstreams.run_id", "workstreams.ws_id"]),
    Index("ix_jobs_queue", "status", desc("priority"), text("coalesce(queue_position, seq)")),
    Index("ix_jobs_group", "run_id", "ws_id", "status", "quarantined"),
    Index("ix_jobs_run_status", "run_id", "status", "quarantined"),
    Index("ix_jobs_digest", "digest"),
    Index("ix_jobs_source_path", "source_path"),
    Index("ix_jobs_completed_at", "completed_at"),
    sqlite_autoincrement=True,
)

job_dependencies = Table(
    "job_dependencies",
    metadata,
    Column("job_id", String, primary_key=True),
    Column("depends_on", String, primary_key=True),
    Column("position", Integer, nullable=False, default=0),
    ForeignKeyConstraint(["job_id"], ["jobs.job_id"]),
    Index("ix_job_dependencies_depends_on", "depends_on"),
)

step_attempts = Table(
    "step_attempts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", String, nullable=False),
    Column("ws_id", String, nullable=False),
    Column("job_id", String, nullable=False),
    Column("step_name", Text, nullable=False, default=""),
    Column("number", Integer, nullable=False),
    Column("tool", String, nullable=False),
    Column("status", String, nullable=False),
    Column("runner", String, nullable=False),
    Column("engine_id", String),
    Column("home_id", String),
    Column("token", String, nullable=False, default=""),
    Column("started_at", Float, nullable=False),
    Column("completed_at", Float),
    Column("exit_code", Integer),
    Column("duration_s", Float),
    Column("failure_class", String),
    Column("summary", Text, nullable=False, default=""),
    Column("cost_usd", Float),
    Column("result_json", Text),
    Column("rung", Integer, nullable=False, server_default="0"),
    Column("account", String),
    Column("model", Text),
    Column("permission", String),
    Column("session_id", Text),
    Column("follow_up", Text),
    Column("input_tokens", Integer),
    Column("cached_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cost_source", String),
    Column("resumes", Integer),
    Column("new_session", String),
    UniqueConstraint("job_id", "number"),
    ForeignKeyConstraint(["job_id"], ["jobs.job_id"]),
    Index("ix_step_attempts_running", "status", "home_id", "engine_id"),
    Index("ix_step_attempts_completed_at", "completed_at"),
    sqlite_autoincrement=True,
)

events = Table(
    "events",
    metadata,
    # AUTOINCREMENT: else ids of deleted rows come back under a cursor.
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("event_type", String, nullable=False),
    Column("level", String, nullable=False, default="info"),
    Column("run_id", String),
    Column("ws_id", String),
    Column("job_id", String),
    Column("attempt_id", Integer),
    Column("tool", String),
    Column("message", Text, nullable=False, default=""),
    Column("payload_json", Text, nullable=False, default="{}"),
    Index("ix_events_job_id", "job_id", "id"),
    Index("ix_events_run_id", "run_id", "id"),
    sqlite_autoincrement=True,
)

workstream_files = Table(
    "workstream_files",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("ws_id", String, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("declared", Boolean, nullable=False, default=False),
    Column("touched", Boolean, nullable=False, default=False),
    Column("added", Integer),
    Column("removed", Integer),
    Column("job_id", String),
    Column("tool", String),
    Column("updated_at", Float, nullable=False),
    ForeignKeyConstraint(["run_id", "ws_id"], ["workstreams.run_id", "workstreams.ws_id"]),
)

errors = Table(
    "errors",
    metadata,
    Column("signature", String, primary_key=True),
    Column("tool", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("first_at", Float, nullable=False),
    Column("last_at", Float, nullable=False),
    Column("last_job_id", String, nullable=False),
    Column("text", Text, nullable=False),
)

engines = Table(
    "engines",
    metadata,
    Column("engine_id", String, primary_key=True),
    Column("home_id", String, nullable=False),
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("stopped_at", Float),
)

owner = Table(
    "owner",
    metadata,
    # The home this database belongs to, in one row; a copy belongs to another home until that takes it over.
    Column("home_id", String, primary_key=True),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("job_id", String, nullable=False),
    Column("run_id", String, nullable=False),
    Column("tool", String, nullable=False),
    Column("job_status", String, nullable=False),
    Column("attempt", Integer),
    Column("status", String, nullable=False),
    Column("engine_id", String),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("ended_at", Float),
    Column("exit_code", Integer),
    Column("reason", Text, nullable=False, server_default=""),
    Column("output", Text, nullable=False, server_default=""),
    Index("ix_callbacks_status", "status", "id"),
    Index("ix_callbacks_job_id", "job_id", "id"),
    sqlite_autoincrement=True,
)

settings = Table(
    "settings",
    metadata,
    Column("key", String, primary_key=True),
    Column("value_json", Text, nullable=False),
)

holds = Table(
    "holds",
    metadata,
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("reason", Text, nullable=False, default=""),
    Column("since", Float, nullable=False),
    Column("until", Float),
    Column("cause", String, nullable=False, server_default="person"),
)

limits = Table(
    "limits",
    metadata,
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("value", Integer, nullable=False),
)
