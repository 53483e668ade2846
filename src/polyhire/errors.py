"""Every error polyhire raises on purpose.

PolyhireError
├── ManifestError              the integration's YAML is wrong: file, line, column
├── MappingError               an expression failed: field, expression, position
├── SettingsError              polyhire itself is set up wrongly
├── InternalError              a mistake of ours that nobody foresaw
├── DatabaseUnavailable        polyhire's own database does not answer
├── CallError                  the caller asked for something we can't serve
│   ├── InvalidRequest         a parameter is malformed or contradicts another
│   ├── InvalidBody            a write's body does not fit
│   │   └── MissingBodyFields  it lacks what the provider requires
│   ├── InvalidCursor          a cursor was tampered with, or belongs to another query
│   ├── UnsupportedFilter      the provider can't apply this filter
│   ├── MissingFilter          the provider requires this filter
│   ├── IdempotencyConflict    an Idempotency-Key was used before, for another request
│   ├── IdempotencyInProgress  the same request is still being worked on
│   ├── UnknownResource · UnknownIntegration · UnknownPath · UnsupportedMethod
│   ├── UnknownToken · UnknownEnvironment · UnknownApp · UnknownWebhook · AlreadyExists
│   ├── WrongVerb · BodyTooLarge · UnsupportedMediaType
│   ├── InvalidLink            a link to connect an account is unknown, expired or used
│   ├── TooManyRequests        more than this server allows a token or an account
│   └── Unauthorized · NotPermittedHere   the token of *this* API is wrong, or may not do this
├── AccountError
│   ├── UnknownAccount         no such account in this environment
│   ├── NeedsReauth            its credentials stopped working
│   ├── ConsentDenied          a person said no on the provider's page
│   ├── MissingApp             the environment has no OAuth app for the provider
│   └── AccountBlocked
└── ProviderError              the provider said no, or nothing
    ├── ProviderRefused        it found the request invalid (400, 405, 409-like: its own status is kept)
    ├── NotFound · Conflict · Unprocessable
    ├── CredentialsRejected    401: the provider refused the credentials
    ├── PermissionDenied       403: the credentials lack a permission
    ├── RateLimited            429, with retry_after
    ├── ProviderFailed         5xx, or an answer nobody can read
    │   └── BrokenOff          … which broke off before its end
    └── ProviderUnreachable    no answer in time, or no connection

Each class has a stable `code`, an HTTP status and a page `docs/errors/<code>.md`; a test walks the tree.
A message names the thing, the reason and the way out. It never holds a secret or personal data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Failure:
    """One thing wrong with a request: where (`query.created_at`, `body.emails[0]`), and what."""

    path: str
    message: str


class PolyhireError(Exception):
    """The root of the tree: `message` is for people, `code` for programs, `status` for HTTP."""

    code = "error"
    status = 500

    def __init__(self, message: str, *, failures: Sequence[Failure] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.failures = tuple(failures)


class ManifestError(PolyhireError):
    """One or more mistakes in an integration's files, each `file:line:column: message`."""

    code = "manifest_invalid"

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class MappingError(PolyhireError):
    """An expression could not be compiled or evaluated.

    `field` names where it stands, `position` is a character offset in `expression`;
    `over_limit` says that it was stopped for using too much time, depth or memory.
    """

    code = "mapping_failed"
    status = 502

    def __init__(self, reason: str, *, field: str, expression: str, position: int | None = None) -> None:
        at = "" if position is None else f" at character {position}"
        super().__init__(f"{field}: {reason}{at} in: {shorten(expression)}")
        self.reason = reason
        self.field = field
        self.expression = expression
        self.position = position
        self.over_limit = False


class SettingsError(PolyhireError):
    """polyhire is set up wrongly: a key is missing or malformed, a folder is not there."""

    code = "settings_invalid"


class InternalError(PolyhireError):
    """A mistake of this server's own, which nobody foresaw. Its log has the details under the request_id."""

    code = "internal_error"


class DatabaseUnavailable(PolyhireError):
    """polyhire's own database does not answer: nothing was done, and it may be asked again."""

    code = "database_unavailable"
    status = 503
    retry_after = 5.0


class CallError(PolyhireError):
    """The caller asked for something that can't be served."""

    code = "invalid_request"
    status = 400


class InvalidRequest(CallError):
    """A parameter is malformed, out of range, or contradicts another."""


class InvalidBody(CallError):
    """A write's body lacks something, or holds what can't be written."""

    code = "invalid_body"


class MissingBodyFields(InvalidBody):
    """A write's body lacks what the provider requires."""

    code = "missing_required_body_fields"


class InvalidCursor(CallError):
    """A cursor was tampered with, expired, or belongs to another account, resource or query."""

    code = "invalid_cursor"


class UnsupportedFilter(CallError):
    """A filter that the provider can't apply: refused, never ignored."""

    code = "unsupported_filter"


class MissingFilter(CallError):
    """A filter that the provider requires is missing."""

    code = "missing_required_query_parameters"


class IdempotencyConflict(CallError):
    """An `Idempotency-Key` was used before on this account, with another path or body."""

    code = "idempotency_conflict"
    status = 422


class IdempotencyInProgress(CallError):
    """The first request with this `Idempotency-Key` is still being worked on; its twin waited long enough."""

    code = "idempotency_in_progress"
    status = 409


class Unauthorized(CallError):
    """The bearer token of this API is missing, unknown, expired or revoked."""

    code = "unauthorized"
    status = 401


class InvalidLink(CallError):
    """The link token, or the page it led to, is unknown, expired or used."""

    code = "invalid_link"
    status = 401


class NotPermittedHere(CallError):
    """The token is good, but not for this; `missing_scopes` are those of ours that it would need."""

    code = "forbidden"
    status = 403

    def __init__(self, message: str, *, missing_scopes: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.missing_scopes = tuple(missing_scopes)


class TooManyRequests(CallError):
    """This token or account made more requests than this server allows it; `retry_after` is in seconds."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnknownPath(CallError):
    """No such address on this server."""

    code = "not_found"
    status = 404


class UnknownResource(CallError):
    """The unified model has no such resource, or the integration offers nothing of it."""

    code = "unknown_resource"
    status = 404


class UnknownToken(CallError):
    """This environment has no such API token."""

    code = "unknown_token"
    status = 404


class UnknownEnvironment(CallError):
    """The token is of another environment, or there is none of this id."""

    code = "unknown_environment"
    status = 404


class UnknownApp(CallError):
    """Nothing of this name was set up in this environment."""

    code = "unknown_environment_integration"
    status = 404


class UnknownWebhook(CallError):
    """This environment has no such webhook, or the webhook no such delivery."""

    code = "unknown_webhook"
    status = 404


class AlreadyExists(CallError):
    """What is to be made is there already."""

    code = "already_exists"
    status = 409


class UnknownIntegration(CallError):
    """No integration of this name is installed."""

    code = "unknown_integration"
    status = 404


class UnsupportedMethod(CallError):
    """The integration does not offer this method on this resource."""

    code = "unsupported_method"
    status = 405

    def __init__(self, message: str, *, offered: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.offered = tuple(offered)


class BodyTooLarge(CallError):
    """The body, or the file in it, is larger than this server takes."""

    code = "body_too_large"
    status = 413


class UnsupportedMediaType(CallError):
    """The body is of a kind that is not read here."""

    code = "unsupported_media_type"
    status = 415


class WrongVerb(CallError):
    """The address is there, but not for this HTTP method."""

    code = "method_not_allowed"
    status = 405


class AccountError(PolyhireError):
    """Something about the integrated account."""

    code = "account_error"
    status = 400


class UnknownAccount(AccountError):
    """No such integrated account in this environment."""

    code = "unknown_account"
    status = 404


class NeedsReauth(AccountError):
    """The provider refused this account's credentials; they have to be entered again."""

    code = "needs_reauth"
    status = 401


class ConsentDenied(AccountError):
    """Whoever was to consent on the provider's page did not, or could not."""

    code = "consent_denied"


class MissingApp(AccountError):
    """Connecting takes an OAuth app at the provider, and this environment has none."""

    code = "missing_app"


class AccountBlocked(AccountError):
    """The account was blocked by an administrator."""

    code = "account_blocked"
    status = 503


class ProviderError(PolyhireError):
    """The provider said no, or nothing.

    `provider_status` and `raw_response` are what it answered (None when nothing came);
    `retry_after` is in seconds; `headers` are the provider's rate headers, normalised.
    """

    code = "remote_error"
    status = 502

    def __init__(
        self,
        message: str,
        *,
        provider_status: int | None = None,
        raw_response: Any = None,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        missing_scopes: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.provider_status = provider_status
        self.raw_response = raw_response
        self.retry_after = retry_after
        self.headers = dict(headers or {})
        self.missing_scopes = tuple(missing_scopes)


class ProviderRefused(ProviderError):
    """The provider found the request invalid."""

    code = "provider_refused"
    status = 400


class NotFound(ProviderError):
    """The provider has no such record."""

    code = "record_not_found"
    status = 404


class Conflict(ProviderError):
    """The provider can't do this in the record's present state."""

    code = "conflict"
    status = 409


class Unprocessable(ProviderError):
    """The provider understood the request and refused its contents."""

    code = "unprocessable"
    status = 422


class CredentialsRejected(ProviderError):
    """The provider refused the account's credentials."""

    code = "credentials_rejected"
    status = 401


class PermissionDenied(ProviderError):
    """The credentials are good, but lack a permission."""

    code = "permission_denied"
    status = 403


class RateLimited(ProviderError):
    """The provider's budget is used up; `retry_after` says for how long."""

    code = "rate_limited"
    status = 429


class ProviderFailed(ProviderError):
    """The provider failed, or answered something nobody can read."""

    code = "provider_failed"
    status = 502


class BrokenOff(ProviderFailed):
    """The provider's answer broke off before its end; another try may get it whole."""


class ProviderUnreachable(ProviderError):
    """No connection to the provider, or no answer within the deadline."""

    code = "provider_unreachable"
    status = 504


def shorten(text: str, limit: int = 160) -> str:
    """One line of at most `limit` characters, for messages."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
