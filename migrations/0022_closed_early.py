"""A ballot that was closed before its time says why."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "ALTER TABLE ballot ADD COLUMN closed_because TEXT"
        " CONSTRAINT ck_ballot_reason_of_closing_early"
        " CHECK (closed_because IS NULL OR (closed_at IS NOT NULL AND closed_at < closes_at))"
    )


def downgrade():
    # The reasons go with the column: the earlier version tells that it was closed early, not why.
    op.drop_column("ballot", "closed_because")
