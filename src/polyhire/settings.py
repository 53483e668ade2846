"""Every setting, typed, from the environment (`POLYHIRE_...`). Each has a line in docs/reference/settings.md."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from polyhire.errors import SettingsError

BASE_URL_PREFIX = "POLYHIRE_BASE_URL_"


class Settings(BaseSettings):
    """What an operator may set. Every field is the environment variable `POLYHIRE_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="POLYHIRE_", extra="ignore", frozen=True)

    database_url: str = Field(
        default="sqlite+aiosqlite:///.polyhire/polyhire.db",
        repr=False,
        description="Where accounts and tokens are stored.",
    )
    keys: str | None = Field(
        default=None,
        repr=False,
        description="The key ring: `id:base64key` pairs, comma separated, newest first (32 bytes each).",
    )
    keys_file: Path = Field(
        default=Path(".polyhire/keys"),
        description="The key ring's file, used when `keys` is not set; created on first start.",
    )
    integrations: Path | None = Field(
        default=None, description="A folder of your own integrations, beside the shipped ones."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, description="The port to listen on.")
    public_url: str | None = Field(default=None, description="How clients reach this server, for links in answers.")
    request_timeout: float = Field(default=30.0, gt=0, description="Seconds a provider has to answer one request.")
    call_timeout: float = Field(
        default=120.0, gt=0, description="Seconds one call may take, all its requests together."
    )
    max_upload_bytes: int = Field(default=50_000_000, gt=0, description="The largest file a caller may upload.")
    max_answer_bytes: int = Field(
        default=50_000_000, gt=0, description="The largest JSON or XML answer read from a provider."
    )
    token_rate_limit: int | None = Field(
        default=None, gt=0, description="Requests a minute that one token may make of this server."
    )
    account_rate_limit: int | None = Field(
        default=None, gt=0, description="Requests a minute that may be made on one account."
    )
    allow_private_hosts: bool = Field(
        default=False, description="Let integrations reach private and non-loopback overridden addresses."
    )
    webhook_hosts: str | None = Field(
        default=None, description="Private hosts that webhooks may be delivered to, comma separated."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What is worth a line.")
    log_format: Literal["json", "console"] = Field(default="json", description="`json`, or `console` for people.")

    @classmethod
    def load(cls) -> "Settings":
        """The settings of the environment. Raises SettingsError that names every variable that is wrong."""
        try:
            return cls()
        except ValidationError as error:
            wrong = [
                f"POLYHIRE_{str(detail['loc'][0]).upper()}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
                for detail in error.errors()
            ]
            raise SettingsError("; ".join(wrong)) from None

    def webhook_host_names(self) -> frozenset[str]:
        """The hosts of `webhook_hosts`, in lower case."""
        return frozenset(filter(None, (name.strip().lower() for name in (self.webhook_hosts or "").split(","))))

    def base_url_overrides(self) -> dict[str, str]:
        """Integrations pointed at another server: slug -> origin, from `POLYHIRE_BASE_URL_<SLUG>`."""
        return {
            name.removeprefix(BASE_URL_PREFIX).lower(): value.rstrip("/")
            for name, value in os.environ.items()
            if name.startswith(BASE_URL_PREFIX)
        }
