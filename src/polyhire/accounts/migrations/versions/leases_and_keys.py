"""Leases, by which processes take turns, and proofs of the keys that have sealed anything."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "keys",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="keys_pk"),
    )
    op.create_table(
        "leases",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("holder", sa.String(36)),
        sa.Column("begun_at", moment),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="leases_pk"),
    )
