"""Whoever voted took part: the database checks that no count says otherwise."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CHECK = "took_part IS NULL OR took_part >= cast_count"
NAME = "ck_ballot_voters_took_part"


def upgrade():
    if op.get_bind().dialect.name != "sqlite":
        op.create_check_constraint(op.f(NAME), "ballot", CHECK)
        return
    # Many tables point to ballots, so that it is not made anew; a column brings its check along.
    _replace_column(f"CONSTRAINT {NAME} CHECK ({CHECK})")


def downgrade():
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(NAME), "ballot", type_="check")
        return
    _replace_column("")


def _replace_column(checked):
    op.execute("ALTER TABLE ballot RENAME COLUMN took_part TO took_part_before")
    op.execute(f"ALTER TABLE ballot ADD COLUMN took_part INTEGER {checked}")
    op.execute("UPDATE ballot SET took_part = took_part_before")
    op.execute("ALTER TABLE ballot DROP COLUMN took_part_before")
