"""Jobs have what a person writes on them: a note, and labels."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("labels_json", sa.Text(), nullable=False, server_default="[]"))
