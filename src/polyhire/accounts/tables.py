"""The tables, in types that SQLite and PostgreSQL share; `migrations` builds the same ones."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_name)s_unique",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
    }
)


class Moment(TypeDecorator[datetime]):
    """A point in time, aware and in UTC on both sides: SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Sealed(TypeDecorator[bytes]):
    """What `KeyRing.encrypt` made for the place `table:id:column`: `polyhire keys rotate` finds every such column."""

    impl = LargeBinary
    cache_ok = True


environments = Table(
    "environments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", ForeignKey("environments.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
    # Words with spaces between them.
    Column("scopes", String(100), nullable=False, server_default=""),
    Index("api_tokens_environment_index", "environment_id", "id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", ForeignKey("environments.id"), nullable=False),
    Column("integration", String(100), nullable=False),
    Column("connect", String(100)),
    Column("tenant_id", String(255), nullable=False),
    Column("name", Text),
    Column("status", String(32), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("secrets", Sealed, nullable=False),
    Column("state", Sealed, nullable=False),
    Column("last_error", Text),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Index("accounts_environment_index", "environment_id", "id"),
    Index("accounts_tenant_index", "environment_id", "tenant_id", "id"),
    Index("accounts_key_index", "key_id", "id"),
)

# What an environment sets for an integration.
apps = Table(
    "apps",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", ForeignKey("environments.id"), nullable=False),
    Column("integration", String(100), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("client_id", Text),
    Column("key_id", String(32), nullable=False),
    Column("client_secret", Sealed),
    # One to a line; null leaves the integration's own.
    Column("scopes", Text),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("environment_id", "integration"),
    Index("apps_key_index", "key_id", "id"),
)

# Who did what. The names of what was set stand in `fields`, never the values.
audit = Table(
    "audit",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", ForeignKey("environments.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("actor_id", String(36)),
    Column("action", String(64), nullable=False),
    Column("subject_id", String(36)),
    Column("fields", JSON, nullable=False),
    Index("audit_environment_index", "environment_id", "id"),
)

# One row, whose number grows with every change that other processes may have read before.
revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)

# What a write with an `Idempotency-Key` answered, or, while `answer` is null, who is at work on it.
idempotent_answers = Table(
    "idempotent_answers",
    metadata,
    Column("id", String(64), primary_key=True),
    # No foreign key: a write need not be on an account.
    Column("account_id", String(36), nullable=False),
    Column("path_digest", String(64), nullable=False),
    Column("body_digest", String(64), nullable=False),
    Column("holder", String(36), nullable=False),
    Column("answer", Sealed),
    Column("expires_at", Moment, nullable=False),
    Index("idempotent_answers_account_index", "account_id"),
    Index("idempotent_answers_expiry_index", "expires_at"),
)

# An invitation to connect one account, found by its digest.
link_tokens = Table(
    "link_tokens",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", ForeignKey("environments.id"), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("tenant_id", String(255), nullable=False),
    # The account to connect again. No foreign key: one that is removed meanwhile ends the token, not the removal.
    Column("account_id", String(36)),
    Column("redirect_uri", Text),
    Column("scopes", JSON),
    Column("keeps_context", Boolean, nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("context", Sealed, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("link_tokens_key_index", "key_id", "id"),
    Index("link_tokens_expiry_index", "expires_at"),
)

# One person on the connect page, from the filled form to the end; its id is the digest of its address.
attempts = Table(
    "attempts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("link_token_id", String(36), nullable=False),
    Column("environment_id", String(36), nullable=False),
    Column("status", String(16), nullable=False),
    Column("account_id", String(36)),
    Column("state_digest", String(64), unique=True),
    Column("key_id", String(32), nullable=False),
    Column("kept", Sealed, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("attempts_key_index", "key_id", "id"),
    Index("attempts_expiry_index", "expires_at"),
)

# Addresses that are told of events; an empty list of types is every event.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", ForeignKey("environments.id"), nullable=False),
    Column("target_url", Text, nullable=False),
    Column("event_types", JSON, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("key_id", String(32), nullable=False),
    # A JSON list: the newest, and the one before, which signs as well until `previous_until`.
    Column("secret", Sealed, nullable=False),
    Column("previous_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("webhooks_environment_index", "environment_id", "id"),
    Index("webhooks_key_index", "key_id", "id"),
)

# What happened to accounts, told without secrets and personal data.
events = Table(
    "events",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("environment_id", ForeignKey("environments.id"), nullable=False),
    Column("type", String(64), nullable=False),
    # No foreign key: an event outlives its account.
    Column("account_id", String(36)),
    Column("payload", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("events_environment_index", "environment_id", "created_at"),
    Index("events_age_index", "created_at"),
)

# An event on its way to a webhook. While someone is at work on it, `next_attempt_at` is when he loses it.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("webhook_id", ForeignKey("webhooks.id"), nullable=False),
    Column("event_id", ForeignKey("events.id"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("log", JSON, nullable=False),
    Column("next_attempt_at", Moment),
    Column("holder", String(36)),
    Column("created_at", Moment, nullable=False),
    Index("deliveries_webhook_index", "webhook_id", "id"),
    Index("deliveries_due_index", "status", "next_attempt_at"),
    Index("deliveries_event_index", "event_id"),
    Index("deliveries_holder_index", "holder"),
)

# Every key that has sealed anything here; `proof` opens with the right one alone.
keys = Table(
    "keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("proof", LargeBinary, nullable=False),
)

# Who is at work on what, one process at a time. `begun_at` stays until the work's result is stored.
leases = Table(
    "leases",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("holder", String(36)),
    Column("begun_at", Moment),
    Column("expires_at", Moment, nullable=False),
)
