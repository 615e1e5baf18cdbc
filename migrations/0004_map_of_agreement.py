"""The map of agreement: sentences to weigh, how they are weighed, the map drawn of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "agreement_map",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("weighings", sa.Integer(), nullable=False),
        sa.Column("picture", sa.JSON(), nullable=False),
        sa.Column("memory", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "people >= 0 AND weighings >= 0", name=op.f("ck_agreement_map_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_agreement_map_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_agreement_map")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "shown",
                "refused",
                name="claim_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("agree_count", sa.Integer(), nullable=False),
        sa.Column("disagree_count", sa.Integer(), nullable=False),
        sa.Column("unsure_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "agree_count >= 0 AND disagree_count >= 0 AND unsure_count >= 0",
            name=op.f("ck_claim_counts_not_negative"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_claim_decided_or_waiting")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_claim_decided_by_someone")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_claim_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_claim_decided_by_person")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_claim_topic_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(
            "ix_claim_topic_id_state_id", ["topic_id", "state", "id"], unique=False
        )
        batch_op.create_index(
            "ix_claim_author_id_created_at", ["author_id", "created_at"], unique=False
        )
    op.create_table(
        "weighing",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value IN (-1, 0, 1)", name=op.f("ck_weighing_value")),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_weighing_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_weighing_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_weighing_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("claim_id", "person_id", name=op.f("pk_weighing")),
    )
    with op.batch_alter_table("weighing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weighing_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_weighing_topic_id_at", ["topic_id", "at"], unique=False)
        batch_op.create_index(
            "ix_weighing_topic_id_person_id", ["topic_id", "person_id"], unique=False
        )


def downgrade():
    op.drop_table("weighing")
    op.drop_table("claim")
    op.drop_table("agreement_map")
