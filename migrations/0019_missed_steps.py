"""A report tells of a step that was moved or left out after its day, with the day it missed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("progress_report", sa.Column("step", sa.Text()))
    op.execute(
        "ALTER TABLE progress_report ADD COLUMN step_was_due DATE"
        " CONSTRAINT ck_progress_report_step_has_its_day"
        " CHECK ((step IS NULL) = (step_was_due IS NULL))"
    )


def downgrade():
    """Tell step and days in the text: to the earlier version a report's date is its promise's."""
    op.execute(
        "UPDATE progress_report SET due_on = NULL, text = step || ': '"
        " || CAST(step_was_due AS VARCHAR) || ' → ' || coalesce(CAST(due_on AS VARCHAR), '-')"
        " || '. ' || text WHERE step IS NOT NULL"
    )
    op.drop_column("progress_report", "step_was_due")
    op.drop_column("progress_report", "step")
