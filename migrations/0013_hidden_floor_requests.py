"""The topic of a floor request may be hidden, as what was said and asked in a room may be."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = ("proposal", "opinion", "opinion_reply", "message", "question")
REASONS = ("advertising", "insult", "personal_data", "off_topic", "unlawful", "repeated")
TABLES = ("moderation_act", "report")


def _one_of(column, codes):
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"{column} IN ({listed})"


def _allow(kinds):
    for table in TABLES:
        name = op.f(f"ck_{table}_subject_kind")
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, _one_of("subject_kind", kinds))


def upgrade():
    op.add_column("floor_request", sa.Column("hidden_at", sa.DateTime(timezone=True)))
    op.execute(
        "ALTER TABLE floor_request ADD COLUMN hidden_reason VARCHAR(24)"
        " CONSTRAINT ck_floor_request_hide_reason"
        f" CHECK ({_one_of('hidden_reason', REASONS)})"
    )
    _allow((*KINDS, "floor_request"))


def downgrade():
    # The earlier version shows no topic of what was withdrawn, and nothing else keeps one unsaid.
    op.execute(
        "UPDATE floor_request SET state = 'withdrawn', ended_at = coalesce(ended_at, hidden_at)"
        " WHERE hidden_at IS NOT NULL"
    )
    for table in TABLES:
        op.execute(f"DELETE FROM {table} WHERE subject_kind = 'floor_request'")  # noqa: S608
    _allow(KINDS)
    op.drop_column("floor_request", "hidden_reason")
    op.drop_column("floor_request", "hidden_at")
