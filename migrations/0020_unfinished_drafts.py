"""A draft is kept before its writer has chosen a field."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(
        f"ALTER TABLE proposal ADD COLUMN is_field_open BOOLEAN DEFAULT {no} NOT NULL"
        " CONSTRAINT ck_proposal_published_has_field"
        " CHECK (state = 'draft' OR NOT is_field_open)"
    )


def downgrade():
    # The earlier version takes no draft without its words, and would publish a field nobody chose.
    op.execute("DELETE FROM proposal WHERE is_field_open AND state = 'draft'")
    op.drop_column("proposal", "is_field_open")
