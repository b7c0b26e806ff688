"""Indexes have no more than what is looked for, and free pages can be given back to the disk.

`auto_vacuum` takes effect with the VACUUM that follows the migration (`state.compaction`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_GONE = (
    "ix_jobs_digest",
    "ix_jobs_group",
    "ix_jobs_run_status",
    "ix_jobs_source_path",
    "ix_step_attempts_running",
    "ix_events_job_id",
    "ix_events_run_id",
)


def upgrade() -> None:
    for name in _GONE:
        op.execute(f"DROP INDEX {name}")
    op.create_index("ix_jobs_digest", "jobs", [sa.text("substr(digest, 1, 8)")])
    op.create_index("ix_jobs_run_id", "jobs", ["run_id", "status", "quarantined", "ws_id"])
    has_source = sa.text("source_path IS NOT NULL")
    op.create_index("ix_jobs_source_path", "jobs", ["source_path"], sqlite_where=has_source)
    runs = sa.text("status = 'running'")
    op.create_index("ix_step_attempts_running", "step_attempts", ["id"], sqlite_where=runs)
    op.create_index("ix_events_job_id", "events", ["job_id"])
    of_no_job = sa.text("job_id IS NULL")
    op.create_index("ix_events_run_id", "events", ["run_id"], sqlite_where=of_no_job)
