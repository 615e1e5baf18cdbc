"""Amounts in won are as wide as the forms allow: 32 bits end at 2.1 billion."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AMOUNTS = (
    ("agenda_item", "budget_won"),
    ("ballot_option", "budget_won"),
    ("commitment", "budget_won"),
    ("commitment", "spent_won"),
    ("progress_report", "spent_won"),
)


def upgrade():
    _turn_into(sa.BigInteger())


def downgrade():
    """Fails, and changes nothing, where an amount would not fit any more."""
    _turn_into(sa.Integer())


def _turn_into(kind):
    if op.get_bind().dialect.name == "sqlite":
        return  # its integers are wide anyway
    for table, column in AMOUNTS:
        op.alter_column(table, column, type_=kind, existing_nullable=False)
