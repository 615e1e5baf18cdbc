"""The number of a draft that was thrown away is kept, so that no other ballot ever has it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "discarded_ballot",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_discarded_ballot_place_id_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discarded_ballot")),
    )
    op.create_index(op.f("ix_discarded_ballot_place_id"), "discarded_ballot", ["place_id"])


def downgrade():
    op.drop_index(op.f("ix_discarded_ballot_place_id"), table_name="discarded_ballot")
    op.drop_table("discarded_ballot")
