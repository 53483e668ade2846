"""Environments, API tokens, accounts, and the revision row that tells processes of each other's changes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "environments",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="environments_pk"),
        sa.UniqueConstraint("name", name="environments_name_unique"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("environment_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment),
        sa.Column("last_used_at", moment),
        sa.Column("revoked_at", moment),
        sa.PrimaryKeyConstraint("id", name="api_tokens_pk"),
        sa.UniqueConstraint("digest", name="api_tokens_digest_unique"),
        sa.ForeignKeyConstraint(["environment_id"], ["environments.id"], name="api_tokens_environment_id_fk"),
    )
    op.create_index("api_tokens_environment_index", "api_tokens", ["environment_id", "id"])
    create_accounts(moment)
    revisions = op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="revision_pk"),
    )
    op.bulk_insert(revisions, [{"id": 1, "number": 0}])


def create_accounts(moment: sa.DateTime) -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("environment_id", sa.String(36), nullable=False),
        sa.Column("integration", sa.String(100), nullable=False),
        sa.Column("connect", sa.String(100)),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="accounts_pk"),
        sa.ForeignKeyConstraint(["environment_id"], ["environments.id"], name="accounts_environment_id_fk"),
    )
    op.create_index("accounts_environment_index", "accounts", ["environment_id", "id"])
    op.create_index("accounts_tenant_index", "accounts", ["environment_id", "tenant_id", "id"])
    op.create_index("accounts_key_index", "accounts", ["key_id", "id"])
