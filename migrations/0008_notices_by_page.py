"""Notices are found by the page they lead to: whoever hides a proposal renames it in all of them."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_notice_outbox_href", "notice_outbox", ["href"])


def downgrade():
    op.drop_index("ix_notice_outbox_href", "notice_outbox")
