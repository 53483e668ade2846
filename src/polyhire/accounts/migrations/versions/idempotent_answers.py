"""Answers of writes with an `Idempotency-Key`, and who is at work on one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "idempotent_answers",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("path_digest", sa.String(64), nullable=False),
        sa.Column("body_digest", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(36), nullable=False),
        sa.Column("answer", sa.LargeBinary()),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="idempotent_answers_pk"),
    )
    op.create_index("idempotent_answers_account_index", "idempotent_answers", ["account_id"])
    op.create_index("idempotent_answers_expiry_index", "idempotent_answers", ["expires_at"])
