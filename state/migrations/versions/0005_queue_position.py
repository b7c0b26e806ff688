"""The column `place` of jobs becomes `queue_position`, the name used in JSON."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite renames in place, also in the expression of the index of the queue.
    op.execute("ALTER TABLE jobs RENAME COLUMN place TO queue_position")
