"""Published minutes can be corrected, with the day and the reason; what stood there is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "minutes_correction",
        sa.Column("assembly_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("minutes_before", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_minutes_correction_numbered")),
        sa.ForeignKeyConstraint(
            ["assembly_id"],
            ["assembly.id"],
            name=op.f("fk_minutes_correction_assembly_id_assembly"),
        ),
        sa.ForeignKeyConstraint(
            ["by"], ["person.id"], name=op.f("fk_minutes_correction_by_person")
        ),
        sa.PrimaryKeyConstraint("assembly_id", "number", name=op.f("pk_minutes_correction")),
    )


def downgrade():
    op.drop_table("minutes_correction")
