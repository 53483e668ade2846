"""What a person reads when connecting failed: what the provider said, and the way out. Never a secret."""

from collections.abc import Iterable
from dataclasses import dataclass

from polyhire.errors import (
    ConsentDenied,
    CredentialsRejected,
    InvalidBody,
    MissingApp,
    NeedsReauth,
    PermissionDenied,
    PolyhireError,
    ProviderError,
    ProviderUnreachable,
    RateLimited,
    shorten,
)

HIDDEN = "•••"


@dataclass(frozen=True)
class Problem:
    """Why it did not work: in a sentence, in the provider's words where it said any, and what to do about it."""

    title: str
    said: str
    advice: str


def problem(error: PolyhireError, name: str, secrets: Iterable[str] = ()) -> Problem:
    """An error of connecting to the provider of this name, without these secrets."""
    title, advice = _told(error, name)
    # What is wrong with a field stands beside it; that an app is missing is for whoever runs this server.
    is_said = not isinstance(error, MissingApp | InvalidBody)
    return Problem(title, hidden(error.message, secrets) if is_said else "", advice)


def hidden(text: str, secrets: Iterable[str]) -> str:
    """A text of a provider's in one line, with any of the secrets it repeats taken out."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) > 3:
            text = text.replace(secret, HIDDEN)
    return shorten(text, 400)


def _told(error: PolyhireError, name: str) -> tuple[str, str]:
    match error:
        case ConsentDenied():
            return "Access was not allowed.", f"Try again, and allow access on {name}'s page."
        case MissingApp():
            return f"{name} is not set up here yet.", "Please tell whoever sent you this page."
        case CredentialsRejected() | NeedsReauth():
            return (
                f"{name} did not accept this.",
                "Check that everything was copied as a whole, is still valid, and belongs to this account.",
            )
        case PermissionDenied():
            scopes = ", ".join(error.missing_scopes)
            lacking = f" It lacks: {scopes}." if scopes else ""
            return (
                f"{name} knows you, but does not let us in.",
                f"Give what you entered the permissions that the help below names.{lacking}",
            )
        case RateLimited():
            wait = f"{error.retry_after:.0f} seconds" if error.retry_after else "a minute"
            return f"{name} is busy.", f"Wait for {wait}, then try again."
        case ProviderUnreachable():
            return (
                f"{name} could not be reached.",
                "Check the address if you entered one, or try again in a few minutes.",
            )
        case InvalidBody():
            return "Something is missing or does not look right.", "See the fields that are marked."
        case ProviderError():
            return f"{name} answered with an error.", "Check what you entered, or try again in a few minutes."
    return "This did not work.", "Begin again from the link that you were given."
