"""Jobs get a queue position, the folder their scopes start at, and an index for the status of large runs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("place", sa.Float(), nullable=True))
    op.add_column("jobs", sa.Column("scope_root", sa.Text(), nullable=True))
    op.drop_index("ix_jobs_queue", "jobs")
    in_line = sa.text("coalesce(place, seq)")
    op.create_index("ix_jobs_queue", "jobs", ["status", sa.text("priority DESC"), in_line], unique=False)
    op.create_index("ix_jobs_run_status", "jobs", ["run_id", "status", "quarantined"], unique=False)
