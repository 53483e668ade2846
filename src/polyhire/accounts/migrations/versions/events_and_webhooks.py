"""Webhooks, the events that they are told of, and the deliveries between them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("environment_id", sa.String(36), nullable=False),
        sa.Column("target_url", sa.Text(), nullable=False),
        sa.Column("event_types", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_until", moment),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="webhooks_pk"),
        sa.ForeignKeyConstraint(["environment_id"], ["environments.id"], name="webhooks_environment_id_fk"),
    )
    op.create_index("webhooks_environment_index", "webhooks", ["environment_id", "id"])
    op.create_index("webhooks_key_index", "webhooks", ["key_id", "id"])
    op.create_table(
        "events",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("environment_id", sa.String(36), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(36)),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="events_pk"),
        sa.ForeignKeyConstraint(["environment_id"], ["environments.id"], name="events_environment_id_fk"),
    )
    op.create_index("events_environment_index", "events", ["environment_id", "created_at"])
    op.create_index("events_age_index", "events", ["created_at"])
    create_deliveries(moment)


def create_deliveries(moment: sa.DateTime) -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("webhook_id", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("log", sa.JSON(), nullable=False),
        sa.Column("next_attempt_at", moment),
        sa.Column("holder", sa.String(36)),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="deliveries_pk"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name="deliveries_webhook_id_fk"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="deliveries_event_id_fk"),
    )
    op.create_index("deliveries_webhook_index", "deliveries", ["webhook_id", "id"])
    op.create_index("deliveries_due_index", "deliveries", ["status", "next_attempt_at"])
    op.create_index("deliveries_event_index", "deliveries", ["event_id"])
    op.create_index("deliveries_holder_index", "deliveries", ["holder"])
