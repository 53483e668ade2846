"""Every setting, typed, from the environment (`POLYHIRE_...`). Each has a line in docs/reference/settings.md."""

import os
import re
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from polyhire.errors import SettingsError
from polyhire.suggest import one_of

BASE_URL_PREFIX = "POLYHIRE_BASE_URL_"

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
"""What a logo may end in, and what it is then."""

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


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
    keys_command: str | None = Field(
        default=None,
        repr=False,
        description="A command that prints the key ring, used when `keys` is not set.",
    )
    valkey_url: str | None = Field(
        default=None,
        repr=False,
        description="A Valkey or Redis by which processes tell each other of changes at once.",
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
    retry_pause: float = Field(default=0.2, ge=0, description="Seconds before a read that failed is tried again.")
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
    connect_name: str = Field(
        default="polyhire",
        min_length=1,
        max_length=80,
        description="Your own name, on the page that connects accounts.",
    )
    connect_logo: Path | None = Field(
        default=None, description="An image for the top of that page, instead of the name."
    )
    connect_color: str | None = Field(
        default=None, pattern=r"^#[0-9a-fA-F]{6}$", description="The colour of that page's buttons."
    )
    connect_origins: str | None = Field(
        default=None, description="Where your product runs: who may frame that page, and is told how it ended."
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

    @field_validator("connect_origins")
    @classmethod
    def _are_origins(cls, given: str | None) -> str | None:
        for origin in _listed(given):
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"'{origin}' is not an origin like https://app.example.com")
        return given

    @field_validator("connect_logo")
    @classmethod
    def _is_an_image(cls, logo: Path | None) -> Path | None:
        if logo is not None and (logo.suffix.lower() not in LOGO_TYPES or not logo.is_file()):
            raise ValueError(f"{logo} is not a file that ends in {one_of(LOGO_TYPES)}")
        return logo

    def connect_origin_list(self) -> tuple[str, ...]:
        """The origins of `connect_origins`."""
        return tuple(_listed(self.connect_origins))

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


def _listed(given: str | None) -> list[str]:
    return [part.strip().rstrip("/") for part in (given or "").split(",") if part.strip()]
