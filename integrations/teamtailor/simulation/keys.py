"""The API keys of the account, the versions of the API, and who may see what."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.limits import RateWindow
from polyhire.simulators.tables import Row

from .kinds import KINDS, SLIM_USER
from .refusals import MEDIA_TYPE
from .shown import human_status

LIMIT, WINDOW = 50, 10
FIRST_VERSION = "20161108"
# inferred: when newer versions began to page by cursor, and to show less of users
CURSORS_SINCE, SLIM_USERS_SINCE = "20240404", "20250101"


@dataclass(frozen=True)
class Key:
    """What an API key may do: its scope says what it sees."""

    scope: str
    reads: bool = True
    writes: bool = True


ADMIN_KEY = "teamtailor-sandbox-admin-meridian-workshop"
KEYS = {
    ADMIN_KEY: Key("Admin"),
    "teamtailor-sandbox-admin-read": Key("Admin", writes=False),
    "teamtailor-sandbox-admin-write": Key("Admin", reads=False),
    "teamtailor-sandbox-internal": Key("Internal", writes=False),
    "teamtailor-sandbox-public": Key("Public", writes=False),
}


def _given(ask: Ask) -> str:
    found = re.fullmatch(r"Token token=(\S+)", ask.headers.get("authorization", ""))
    return found[1] if found else ""


def key_of(ask: Ask) -> Key:
    """Give the key of a request; refuses with 401."""
    found = KEYS.get(_given(ask))
    if found is None:
        raise Refusal(401, "Unauthorized")
    return found


def version(ask: Ask) -> str:
    """Give the version of the API that a request wants."""
    return ask.headers.get("x-api-version", "")


def attributes_of(ask: Ask, kind: str) -> tuple[str, ...]:
    """Give the attributes that records of a kind have in the version that a request wants."""
    slim = kind == "users" and version(ask) >= SLIM_USERS_SINCE
    return SLIM_USER if slim else KINDS[kind].attributes


def guard(window: RateWindow, ask: Ask) -> None:
    """Refuse an unknown key, then who asks too often, then a version or a media type that there is not."""
    key_of(ask)
    if ask.rate_limits:
        left = window.take(_given(ask))
        ask.answer_headers["X-Rate-Limit-Limit"] = str(left.limit)
        ask.answer_headers["X-Rate-Limit-Remaining"] = str(left.remaining)
        ask.answer_headers["X-Rate-Limit-Reset"] = str(left.retry_after)
        if left.refused:
            raise Refusal(429, "Too many requests")
    # Any date is taken for a version, up to today's.
    wanted = version(ask)
    if not (_is_day(wanted) and FIRST_VERSION <= wanted <= f"{datetime.now(UTC):%Y%m%d}"):
        raise Refusal(406, "The header X-Api-Version must be a version of this API, such as 20240904")
    # inferred: what else is asked for is not to be had, as JSON:API wants
    accepted = [each.partition(";")[0].strip() for each in ask.headers.get("accept", "*/*").split(",")]
    if MEDIA_TYPE not in accepted and "*/*" not in accepted:
        raise Refusal(406, f"All requests must use the '{MEDIA_TYPE}' Accept header")


def _is_day(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y%m%d")
    except ValueError:
        return False
    return len(text) == 8


def permit_reading(ask: Ask, kinds: Iterable[str]) -> None:
    """Refuse with 401 a key that may not see records of these kinds."""
    key = key_of(ask)
    if not key.reads or (key.scope != "Admin" and not all(KINDS[kind].public for kind in kinds)):
        raise Refusal(401, "Unauthorized")


def permit_writing(ask: Ask) -> None:
    """Refuse with 401 a key that may not write. inferred: only Admin keys may."""
    key = key_of(ask)
    if not key.writes or key.scope != "Admin":
        raise Refusal(401, "Unauthorized")


def visible(ask: Ask, kind: str, row: Row) -> bool:
    """Say whether the key of a request may see a record: only jobs are hidden one by one."""
    scope = key_of(ask).scope
    if kind != "jobs" or scope == "Admin":
        return True
    status = human_status(row)
    if scope == "Internal":
        return status in ("published", "unlisted")
    return status == "published" and not row["internal"]
