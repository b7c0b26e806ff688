"""Holds and held jobs get a cause; the last place that infers one from the wording of a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("hold_cause", sa.String(), nullable=True))
    op.add_column("holds", sa.Column("cause", sa.String(), nullable=False, server_default="person"))
    # As the releases before this one read the reasons, but for a person's own that begins like one of theirs.
    op.execute("""
        UPDATE holds SET cause = CASE
            WHEN kind = 'engine' AND reason = 'draining' THEN 'drain'
            WHEN kind <> 'engine' AND until IS NOT NULL THEN 'quota'
            WHEN kind IN ('tool', 'account') AND (
                reason GLOB '5 attempts in a row could not start*' OR reason GLOB '5 attempts in a row were refused*'
            ) THEN 'breaker'
            ELSE 'person' END
    """)
    op.execute("""
        UPDATE jobs SET hold_cause = CASE
            WHEN hold_reason GLOB 'needs trust: it came in through the inbox*' THEN 'inbox'
            WHEN hold_reason GLOB 'needs trust: *' THEN 'trust'
            WHEN hold_reason GLOB 'This release cannot read what its file said*' THEN 'unreadable'
            WHEN failure_class = 'interrupted' THEN 'interrupted'
            ELSE 'person' END
        WHERE status = 'held'
    """)
