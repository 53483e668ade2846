"""Rows that clients create, change and delete, in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Row = dict[str, Any]


class Table:
    """Rows by their id, in the order of their making. Rows are plain dicts: copy one before changing its answer."""

    def __init__(self, rows: Iterable[Row] = (), *, key: str = "id", new_id: Callable[[], Any] | None = None):
        self._key = key
        self._rows = {row[key]: row for row in rows}
        self._new_id = new_id or numbers(max((each for each in self._rows if isinstance(each, int)), default=0))

    def __iter__(self) -> Iterator[Row]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def insert(self, row: Mapping[str, Any]) -> Row:
        """Keep a new row under a new id, which it gets as its first key."""
        made = {self._key: self._new_id(), **row}
        self._rows[made[self._key]] = made
        return made

    def get(self, identifier: Any) -> Row | None:
        """Give the row with this id."""
        return self._rows.get(identifier)

    def update(self, identifier: Any, changes: Mapping[str, Any]) -> Row:
        """Change some values of a row; raises KeyError when there is none."""
        self._rows[identifier].update(changes)
        return self._rows[identifier]

    def delete(self, identifier: Any) -> bool:
        """Forget a row; False when there was none."""
        return self._rows.pop(identifier, None) is not None

    def find(self, **values: Any) -> list[Row]:
        """Give the rows that have all these values."""
        return [row for row in self if all(row.get(key) == value for key, value in values.items())]


def numbers(last: int = 0) -> Callable[[], int]:
    """Make ids that count on from `last`."""
    following = count(last + 1)
    return lambda: next(following)


def uuids(kind: str) -> Callable[[], str]:
    """Make the same UUIDs in the same order for the same kind; they don't collide with `uuid` of that kind."""
    following = count(1)
    return lambda: uuid(f"new {kind}", next(following))


def uuid(kind: str, number: int) -> str:
    """Give the UUID that always stands for this number of this kind."""
    return str(uuid5(NAMESPACE_URL, f"{kind}/{number}"))


def now() -> datetime:
    """Tell the time to the millisecond, for what clients create."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def iso(moment: datetime | None) -> str | None:
    """Write an instant as most providers do: UTC, milliseconds, `Z`."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
