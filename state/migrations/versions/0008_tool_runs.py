"""Jobs and attempts say how their tool runs: rung, account, model, permission, session, a person's words, tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rung = sa.Integer()
    op.add_column("jobs", sa.Column("rung", rung, nullable=False, server_default="0"))
    op.add_column("step_attempts", sa.Column("rung", rung, nullable=False, server_default="0"))
    op.add_column("step_attempts", sa.Column("account", sa.String(), nullable=True))
    op.add_column("step_attempts", sa.Column("model", sa.Text(), nullable=True))
    op.add_column("step_attempts", sa.Column("permission", sa.String(), nullable=True))
    op.add_column("step_attempts", sa.Column("session_id", sa.Text(), nullable=True))
    for table in ("jobs", "step_attempts"):
        op.add_column(table, sa.Column("follow_up", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("input_tokens", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("cached_tokens", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("output_tokens", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("cost_source", sa.String(), nullable=True))
