"""The database knows the home it belongs to, so that a copy in another home is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "owner",
        sa.Column("home_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("home_id", name=op.f("pk_owner")),
    )
    op.execute("INSERT INTO owner SELECT home_id FROM engines ORDER BY started_at DESC, rowid DESC LIMIT 1")
