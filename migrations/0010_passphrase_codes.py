"""Codes with which whoever forgot their passphrase sets a new one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "passphrase_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tries BETWEEN 0 AND 50", name=op.f("ck_passphrase_code_few_tries")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passphrase_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_passphrase_code")),
    )


def downgrade():
    op.drop_table("passphrase_code")
