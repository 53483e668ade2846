"""Strict readings of a request's credentials and query parameters; what does not fit is refused."""

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from .kit import Ask, Problem, Refusal

Reading: TypeAlias = Callable[[str], Any]


def basic_credentials(ask: Ask) -> tuple[str, str] | None:
    """Read `Authorization: Basic`; None when it is missing, of another scheme, or not base64 of `user:password`."""
    encoded = bearer_token(ask, "Basic")
    if encoded is None:
        return None
    try:
        username, colon, password = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (username, password) if colon else None


def bearer_token(ask: Ask, scheme: str = "Bearer") -> str | None:
    """Read `Authorization: <scheme> <token>`; None when it is missing, empty or of another scheme."""
    word, _, token = ask.headers.get("authorization", "").partition(" ")
    return token.strip() or None if word.lower() == scheme.lower() else None


def require_basic(ask: Ask, username: str, password: str = "") -> None:
    """Refuse with 401 unless the request has exactly these Basic credentials."""
    if basic_credentials(ask) != (username, password):
        raise Refusal(401, "Unauthorized")


def require_header(ask: Ask, name: str, value: str) -> None:
    """Refuse with 401 unless the header has exactly this value."""
    if ask.headers.get(name) != value:
        raise Refusal(401, "Unauthorized")


def read_query(ask: Ask, known: Mapping[str, Reading], *, required: Sequence[str] = ()) -> dict[str, Any]:
    """Read every query parameter by its reading; unknown, repeated, missing and malformed ones are a 422."""
    values: dict[str, Any] = {}
    problems = [Problem(name, "is required") for name in required if name not in dict(ask.query)]
    for name, text in ask.query:
        if name not in known:
            problems.append(Problem(name, "is not a known parameter"))
        elif name in values:
            problems.append(Problem(name, "is given twice"))
        else:
            try:
                values[name] = known[name](text)
            except ValueError as error:
                problems.append(Problem(name, str(error)))
    if problems:
        raise Refusal(422, "Invalid parameters", problems=problems)
    return values


def text(value: str) -> str:
    """Take any text but the empty one."""
    if not value:
        raise ValueError("must not be empty")
    return value


def integer(low: int | None = None, high: int | None = None) -> Reading:
    """Take a whole number in decimal digits, within the bounds (included)."""

    def reading(value: str) -> int:
        if not (value.isascii() and value.removeprefix("-").isdecimal()):
            raise ValueError("must be an integer")
        number = int(value)
        if (low is not None and number < low) or (high is not None and number > high):
            raise ValueError(f"must be between {low} and {high}")
        return number

    return reading


def listed(reading: Reading, most: int | None = None) -> Reading:
    """Take values with commas between them, at most so many."""

    def readings(value: str) -> list[Any]:
        values = [reading(each) for each in value.split(",")]
        if most is not None and len(values) > most:
            raise ValueError(f"must be at most {most} values")
        return values

    return readings


def flag(value: str) -> bool:
    """Take `true` or `false`."""
    if value not in ("true", "false"):
        raise ValueError("must be true or false")
    return value == "true"


def one_of(*allowed: str) -> Reading:
    """Take one of these words, spelt exactly so."""

    def reading(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return reading


def instant(value: str) -> datetime:
    """Take an ISO 8601 date and time with a zone."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("must be an ISO 8601 date and time") from None
    if moment.tzinfo is None or len(value) <= len("2024-01-01"):
        raise ValueError("must have a time zone")
    return moment


def day(value: str) -> date:
    """Take a date written `YYYY-MM-DD`."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise ValueError("must be a date, YYYY-MM-DD") from None
