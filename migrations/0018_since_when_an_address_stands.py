"""A contact says since when it stands, a notice to which address it may be mailed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("contact", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE contact SET since ="
        " (SELECT created_at FROM account WHERE account.id = contact.account_id)"
    )
    with op.batch_alter_table("contact") as batch_op:
        batch_op.alter_column("since", nullable=False)
    op.add_column("notice_outbox", sa.Column("mac", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_notice_outbox_mac",
        "notice_outbox",
        ["mac", "created_at"],
        sqlite_where=sa.text("mac IS NOT NULL"),
        postgresql_where=sa.text("mac IS NOT NULL"),
    )


def downgrade():
    op.drop_index("ix_notice_outbox_mac", table_name="notice_outbox")
    op.drop_column("notice_outbox", "mac")
    with op.batch_alter_table("contact") as batch_op:
        batch_op.drop_column("since")
