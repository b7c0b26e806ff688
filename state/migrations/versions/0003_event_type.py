"""The column `kind` of events becomes `event_type`, the name used in JSON."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite renames in place: rows, indexes, triggers and the ids already given stay as they are.
    op.execute("ALTER TABLE events RENAME COLUMN kind TO event_type")
