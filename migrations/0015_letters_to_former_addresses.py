"""A letter may go to an address that its person has given up: the outbox keeps it until then."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("notice_outbox", sa.Column("address", sa.LargeBinary(), nullable=True))


def downgrade():
    # A letter without its address would be somebody's notice.
    op.execute("DELETE FROM notice_outbox WHERE address IS NOT NULL")
    op.drop_column("notice_outbox", "address")
