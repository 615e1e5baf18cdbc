"""Papers that make something new are remembered for a day, so that one sent twice makes it once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sending",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("led_to", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sending")),
    )
    op.create_index(op.f("ix_sending_at"), "sending", ["at"])


def downgrade():
    op.drop_index(op.f("ix_sending_at"), table_name="sending")
    op.drop_table("sending")
