"""A ballot may count ages on another day than the one on which residents are verified."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("ballot", sa.Column("ages_on", sa.Date(), nullable=True))


def downgrade():
    op.drop_column("ballot", "ages_on")
