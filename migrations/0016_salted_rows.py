"""Rows of the record carry a salt, so that no reader finds who acted by trying every number."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("audit_row", sa.Column("salt", sa.LargeBinary(), nullable=True))


def downgrade():
    """Take the salts away: without them the digests of the rows that had one prove nothing."""
    op.drop_column("audit_row", "salt")
