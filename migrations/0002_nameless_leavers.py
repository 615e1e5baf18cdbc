"""Whoever left has no name, masked or not; what they are called is a matter of words."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("UPDATE person SET masked_name = '' WHERE withdrawn_at IS NOT NULL")


def downgrade():
    op.execute("UPDATE person SET masked_name = '탈퇴한 주민' WHERE withdrawn_at IS NOT NULL")
