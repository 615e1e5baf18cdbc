"""A record whose place an account took is told apart from somebody who left."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(
        f"ALTER TABLE person ADD COLUMN is_replaced BOOLEAN DEFAULT {no} NOT NULL"
        " CONSTRAINT ck_person_replaced_has_ended"
        " CHECK (withdrawn_at IS NOT NULL OR NOT is_replaced)"
    )
    op.execute(
        "UPDATE person SET is_replaced = (1 = 1) WHERE withdrawn_at IS NOT NULL AND id IN"
        " (SELECT subject_id FROM audit_row WHERE chain = 'person' AND act = 'PersonWithdrew'"
        """ AND details LIKE '%"reason":"replaced"%')"""
    )


def downgrade():
    op.drop_column("person", "is_replaced")
