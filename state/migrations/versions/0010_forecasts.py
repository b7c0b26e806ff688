"""The first forecast of each job and each run is kept, to be compared with what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forecasts",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("starts_at", sa.Float(), nullable=True),
        sa.Column("ends_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_forecasts_run_id_runs")),
        sa.PrimaryKeyConstraint("subject", "subject_id", name=op.f("pk_forecasts")),
    )
    op.create_index("ix_forecasts_run_id", "forecasts", ["run_id"])
    op.create_index("ix_forecasts_made_at", "forecasts", ["made_at"])
