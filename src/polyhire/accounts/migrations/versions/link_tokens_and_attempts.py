"""Invitations to connect an account, and who is at it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "link_tokens",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("environment_id", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("account_id", sa.String(36)),
        sa.Column("redirect_uri", sa.Text()),
        sa.Column("scopes", sa.JSON()),
        sa.Column("keeps_context", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("context", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment),
        sa.PrimaryKeyConstraint("id", name="link_tokens_pk"),
        sa.UniqueConstraint("digest", name="link_tokens_digest_unique"),
        sa.ForeignKeyConstraint(["environment_id"], ["environments.id"], name="link_tokens_environment_id_fk"),
    )
    op.create_index("link_tokens_key_index", "link_tokens", ["key_id", "id"])
    op.create_index("link_tokens_expiry_index", "link_tokens", ["expires_at"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("link_token_id", sa.String(36), nullable=False),
        sa.Column("environment_id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(36)),
        sa.Column("state_digest", sa.String(64)),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="attempts_pk"),
        sa.UniqueConstraint("state_digest", name="attempts_state_digest_unique"),
    )
    op.create_index("attempts_key_index", "attempts", ["key_id", "id"])
    op.create_index("attempts_expiry_index", "attempts", ["expires_at"])
