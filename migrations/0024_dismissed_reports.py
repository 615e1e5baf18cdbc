"""A report that was laid aside, its thing left standing, says so: it may be looked at once more."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(
        f"ALTER TABLE report ADD COLUMN is_dismissed BOOLEAN DEFAULT {no} NOT NULL"
        " CONSTRAINT ck_report_dismissed_is_settled"
        " CHECK (settled_at IS NOT NULL OR NOT is_dismissed)"
    )
    # Whoever hid something settled its reports at that very moment, and those before had waited.
    op.execute(
        "UPDATE report SET is_dismissed = (1 = 1) WHERE settled_at IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM moderation_act WHERE act = 'hide' AND at >= report.settled_at"
        " AND moderation_act.subject_kind = report.subject_kind"
        " AND moderation_act.subject_id = report.subject_id)"
    )
    op.create_index("ix_report_is_dismissed_settled_at", "report", ["is_dismissed", "settled_at"])


def downgrade():
    op.drop_index("ix_report_is_dismissed_settled_at", table_name="report")
    op.drop_column("report", "is_dismissed")
