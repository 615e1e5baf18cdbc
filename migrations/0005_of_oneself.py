"""Sentences that say who weighs, marked by a moderator."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "claim",
        sa.Column("is_of_oneself", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade():
    op.drop_column("claim", "is_of_oneself")
