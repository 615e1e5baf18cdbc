"""A counted ballot of an assembly keeps how many checked in there or voted, each once."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("ballot", sa.Column("took_part", sa.Integer(), nullable=True))


def downgrade():
    # The numbers go with the column; the earlier version counts for the quorum who voted alone.
    op.drop_column("ballot", "took_part")
