"""Assemblies can be called off, and notices corrected; a proposal's timeline tells of it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CODES = (
    "published",
    "precheck_passed",
    "precheck_failed",
    "threshold_reached",
    "window_missed",
    "department_assigned",
    "replied",
    "forum_opened",
    "forum_concluded",
    "forum_answered",
    "on_agenda",
    "on_ballot",
    "selected",
    "not_selected",
    "tied",
    "commitment_made",
    "progress_reported",
    "commitment_delayed",
    "commitment_kept",
    "hidden",
    "restored",
)


def _allow(codes):
    name = op.f("ck_timeline_entry_timeline_code")
    listed = ", ".join(f"'{code}'" for code in codes)
    with op.batch_alter_table("timeline_entry") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"code IN ({listed})")


def upgrade():
    # Columns with their checks: other tables point to this one, so that it cannot be made anew.
    op.execute(
        f"ALTER TABLE assembly ADD COLUMN called_off_at {_moment()}"
        " CONSTRAINT ck_assembly_called_off_unopened"
        " CHECK (called_off_at IS NULL OR state IN ('draft', 'noticed'))"
    )
    op.execute(
        "ALTER TABLE assembly ADD COLUMN called_off_because TEXT"
        " CONSTRAINT ck_assembly_called_off_with_reason"
        " CHECK ((called_off_at IS NULL) = (called_off_because IS NULL))"
    )
    _allow((*CODES, "called_off"))
    op.create_table(
        "notice_correction",
        sa.Column("assembly_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_before", sa.Text(), nullable=False),
        sa.Column("text_before", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_notice_correction_numbered")),
        sa.CheckConstraint(
            "ends_before > held_before", name=op.f("ck_notice_correction_ended_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["assembly_id"],
            ["assembly.id"],
            name=op.f("fk_notice_correction_assembly_id_assembly"),
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_notice_correction_by_person")),
        sa.PrimaryKeyConstraint("assembly_id", "number", name=op.f("pk_notice_correction")),
    )


def _moment():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    return "DATETIME" if is_sqlite else "TIMESTAMP WITH TIME ZONE"


def downgrade():
    """Say in the title that an assembly is called off: the earlier version knows no such state."""
    op.drop_table("notice_correction")
    op.execute("DELETE FROM timeline_entry WHERE code = 'called_off'")
    _allow(CODES)
    op.execute("UPDATE assembly SET title = '(취소) ' || title WHERE called_off_at IS NOT NULL")
    op.drop_column("assembly", "called_off_because")
    op.drop_column("assembly", "called_off_at")
