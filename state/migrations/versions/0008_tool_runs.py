"""Jobs and attempts say how their tool runs: rung, account, model, permission, session, a person's words, tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Until now a job stood where its tool is on its ladder: the one of its file, else the user's for the tool of the file.
_SPEC = "CASE WHEN json_valid(spec_json) THEN spec_json ELSE '{}' END"
_LADDERS = "CASE WHEN json_valid(value_json) THEN value_json ELSE '{}' END"
_RUNGS = f"""
UPDATE jobs SET rung = coalesce(
    (SELECT min(rung.key) + 1 FROM json_each({_SPEC}, '$.metadata.escalate_to') AS rung WHERE rung.value = jobs.tool),
    (SELECT min(rung.key) + 1
     FROM settings, json_each({_LADDERS}, '$."' || replace(json_extract({_SPEC}, '$.tool'), '"', '') || '"') AS rung
     WHERE settings.key = 'ladders' AND rung.value = jobs.tool
         AND json_type({_SPEC}, '$.metadata.escalate_to') IS NULL),
    0
) WHERE tool <> json_extract({_SPEC}, '$.tool')
"""


def upgrade() -> None:
    rung = sa.Integer()
    op.add_column("jobs", sa.Column("rung", rung, nullable=False, server_default="0"))
    op.add_column("step_attempts", sa.Column("rung", rung, nullable=False, server_default="0"))
    op.add_column("step_attempts", sa.Column("account", sa.String(), nullable=True))
    op.add_column("step_attempts", sa.Column("model", sa.Text(), nullable=True))
    op.add_column("step_attempts", sa.Column("permission", sa.String(), nullable=True))
    op.add_column("step_attempts", sa.Column("session_id", sa.Text(), nullable=True))
    op.execute(_RUNGS)
    for table in ("jobs", "step_attempts"):
        op.add_column(table, sa.Column("follow_up", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("input_tokens", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("cached_tokens", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("output_tokens", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("cost_source", sa.String(), nullable=True))
    op.add_column("jobs", sa.Column("fresh_session", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("denied", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("step_attempts", sa.Column("resumes", sa.Integer(), nullable=True))
    op.add_column("step_attempts", sa.Column("new_session", sa.String(), nullable=True))
