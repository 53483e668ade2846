"""Instants as Zoho writes them: to the second, with the offset of the organization."""

from datetime import UTC, datetime, timedelta, timezone

# Not UTC, so that a client that drops the offset is found out.
OFFSET = timezone(timedelta(hours=5, minutes=30))


def stamp(moment: datetime) -> str:
    """Write an instant."""
    return moment.astimezone(OFFSET).isoformat(timespec="seconds")


def optional_stamp(moment: datetime | None) -> str | None:
    """Write an instant, or null where there is none."""
    return None if moment is None else stamp(moment)


def present() -> str:
    """Write the present."""
    return stamp(datetime.now(UTC))
