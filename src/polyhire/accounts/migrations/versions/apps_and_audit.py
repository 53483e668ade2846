"""Scopes of API tokens, what environments set for integrations, and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("api_tokens", sa.Column("scopes", sa.String(100), nullable=False, server_default=""))
    # Tokens made before there were scopes keep what they could do.
    op.execute("UPDATE api_tokens SET scopes = 'read write admin eeo'")
    op.create_table(
        "apps",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("environment_id", sa.String(36), nullable=False),
        sa.Column("integration", sa.String(100), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.Text()),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("client_secret", sa.LargeBinary()),
        sa.Column("scopes", sa.Text()),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="apps_pk"),
        sa.UniqueConstraint("environment_id", "integration", name="apps_environment_id_unique"),
        sa.ForeignKeyConstraint(["environment_id"], ["environments.id"], name="apps_environment_id_fk"),
    )
    op.create_index("apps_key_index", "apps", ["key_id", "id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("environment_id", sa.String(36), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(36)),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(36)),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_pk"),
        sa.ForeignKeyConstraint(["environment_id"], ["environments.id"], name="audit_environment_id_fk"),
    )
    op.create_index("audit_environment_index", "audit", ["environment_id", "id"])
