"""Isolated work: worktrees with their snapshots, reviews with their comments, the merge queue."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workstreams", sa.Column("review", sa.String(), nullable=False, server_default="none"))
    op.add_column("workstreams", sa.Column("needs_review", sa.Boolean(), nullable=False, server_default="1"))
    op.add_column("workstreams", sa.Column("waits_since", sa.Float(), nullable=True))
    op.add_column("workstreams", sa.Column("reviewed_commit", sa.String(), nullable=True))
    op.add_column("workstreams", sa.Column("reviewed_at", sa.Float(), nullable=True))
    _create_worktrees()
    _create_tree_snapshots()
    _create_merges()
    _create_predicted_conflicts()
    _create_review_comments()
    _create_viewed_files()


def _create_worktrees() -> None:
    op.create_table(
        "worktrees",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("ws_id", sa.String(), nullable=False),
        sa.Column("repo", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("base_commit", sa.String(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=True),
        sa.Column("port_base", sa.Integer(), nullable=True),
        sa.Column("setup_digest", sa.String(), nullable=True),
        sa.Column("archive_ref", sa.Text(), nullable=True),
        sa.Column("kept_reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("removed_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id", "ws_id"],
            ["workstreams.run_id", "workstreams.ws_id"],
            name=op.f("fk_worktrees_run_id_workstreams"),
        ),
        sa.PrimaryKeyConstraint("run_id", "ws_id", name=op.f("pk_worktrees")),
        sa.UniqueConstraint("path", name=op.f("uq_worktrees_path")),
    )
    op.create_index("ix_worktrees_state", "worktrees", ["state"])


def _create_tree_snapshots() -> None:
    op.create_table(
        "tree_snapshots",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("ws_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("commit", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("left_out_json", sa.Text(), nullable=False, server_default="[]"),
        sa.ForeignKeyConstraint(
            ["run_id", "ws_id"],
            ["worktrees.run_id", "worktrees.ws_id"],
            name=op.f("fk_tree_snapshots_run_id_worktrees"),
        ),
        sa.PrimaryKeyConstraint("run_id", "ws_id", "number", name=op.f("pk_tree_snapshots")),
    )


def _create_merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("ws_id", sa.String(), nullable=False),
        sa.Column("repo", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("position", sa.Float(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("head", sa.String(), nullable=False, server_default=""),
        sa.Column("target_before", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("files_json", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("engine_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=True),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id", "ws_id"],
            ["workstreams.run_id", "workstreams.ws_id"],
            name=op.f("fk_merges_run_id_workstreams"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_merges_run_id", "merges", ["run_id", "ws_id", "id"])
    op.create_index("ix_merges_state", "merges", ["state", "id"])


def _create_predicted_conflicts() -> None:
    op.create_table(
        "predicted_conflicts",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("ws_id", sa.String(), nullable=False),
        sa.Column("other_run_id", sa.String(), nullable=False),
        sa.Column("other_ws_id", sa.String(), nullable=False),
        sa.Column("other_branch", sa.Text(), nullable=False),
        sa.Column("commit", sa.String(), nullable=False),
        sa.Column("other_commit", sa.String(), nullable=False),
        sa.Column("files_json", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("places", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("checked_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "ws_id"],
            ["workstreams.run_id", "workstreams.ws_id"],
            name=op.f("fk_predicted_conflicts_run_id_workstreams"),
        ),
        sa.PrimaryKeyConstraint(
            "run_id", "ws_id", "other_run_id", "other_ws_id", name=op.f("pk_predicted_conflicts")
        ),
    )
    op.create_index(
        "ix_predicted_conflicts_other_run_id", "predicted_conflicts", ["other_run_id", "other_ws_id"]
    )


def _create_review_comments() -> None:
    op.create_table(
        "review_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("ws_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("side", sa.String(), nullable=False, server_default="new"),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.Column("commit", sa.String(), nullable=True),
        sa.Column("quoted", sa.Text(), nullable=False, server_default=""),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id", "ws_id"],
            ["workstreams.run_id", "workstreams.ws_id"],
            name=op.f("fk_review_comments_run_id_workstreams"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comments")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_review_comments_run_id", "review_comments", ["run_id", "ws_id", "id"])


def _create_viewed_files() -> None:
    op.create_table(
        "viewed_files",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("ws_id", sa.String(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "ws_id"],
            ["workstreams.run_id", "workstreams.ws_id"],
            name=op.f("fk_viewed_files_run_id_workstreams"),
        ),
        sa.PrimaryKeyConstraint("run_id", "ws_id", "path", name=op.f("pk_viewed_files")),
    )
