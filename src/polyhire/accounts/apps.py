"""What an environment sets for an integration: its own OAuth app, other scopes, or that it is not offered."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from polyhire.accounts.account import new_id
from polyhire.accounts.audit import note
from polyhire.accounts.cache import Cache
from polyhire.accounts.database import Database
from polyhire.accounts.listing import Condition, narrowed
from polyhire.accounts.tables import apps
from polyhire.accounts.vault import KeyRing
from polyhire.errors import AlreadyExists, UnknownApp, shorten

Writing = Callable[[Callable[[], None] | None], AbstractAsyncContextManager[AsyncConnection]]


@dataclass(frozen=True)
class App:
    """An integration as one environment has it; `id` is None where nothing was set.

    `scopes` take the place of those of the integration's file, where they are not None.
    """

    id: str | None
    environment_id: str
    integration: str
    enabled: bool = True
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class AppChanges(TypedDict, total=False):
    """What may be set."""

    enabled: bool
    client_id: str | None
    client_secret: str | None
    scopes: Sequence[str] | None


class Apps:
    """The apps of every environment. `of` is asked on hot paths, and answers from memory."""

    def __init__(
        self, database: Database, keys: KeyRing, writing: Writing, check: Callable[[], Awaitable[None]]
    ) -> None:
        self._database = database
        self._keys = keys
        self._writing = writing
        self._check = check
        self._apps: Cache[App] = Cache(self._read)

    async def of(self, environment_id: str, slug: str) -> App:
        """What this environment set for the integration; an enabled App without a client where it set nothing."""
        await self._check()
        app = await self._apps.get(f"{environment_id} {slug}")
        assert app is not None
        return app

    async def list(
        self,
        environment_id: str,
        where: Iterable[Condition] = (),
        *,
        limit: int = 1000,
        after: str | None = None,
    ) -> tuple[App, ...]:
        """Up to `limit` apps that were set, oldest first, that come after the app id `after`."""
        query = narrowed(select(apps).where(apps.c.environment_id == environment_id), apps, where)
        if after is not None:
            query = query.where(apps.c.id > after)
        rows = await self._database.rows(query.order_by(apps.c.id).limit(limit))
        return tuple(self._app_of(row) for row in rows)

    async def get(self, environment_id: str, name: str) -> App:
        """The app of this id, or of the integration of this name; UnknownApp where nothing is set."""
        rows = await self._database.rows(select(apps).where(*_named(environment_id, name)))
        if not rows:
            raise _unknown(name)
        return self._app_of(rows[0])

    async def add(self, environment_id: str, integration: str, **values: Unpack[AppChanges]) -> App:
        """Set an integration up; AlreadyExists where that was done before."""
        return await self._database.finish(self._add(environment_id, integration, values))

    async def change(self, environment_id: str, name: str, **values: Unpack[AppChanges]) -> App:
        """Change some of an app, by its id or its integration's name; UnknownApp where nothing is set."""
        return await self._database.finish(self._change(environment_id, name, values))

    async def remove(self, environment_id: str, name: str) -> None:
        """Go back to what the integration's file says; UnknownApp where nothing is set."""
        await self._database.finish(self._remove(environment_id, name))

    async def _add(self, environment_id: str, integration: str, values: AppChanges) -> App:
        now = datetime.now(UTC)
        app = _with(App(new_id(), environment_id, integration, created_at=now, updated_at=now), values)
        try:
            async with self._writing(self._apps.forget_all) as connection:
                await connection.execute(insert(apps).values(self._row_of(app)))
                await note(connection, environment_id, "environment_integration.created", app.id, values)
        except IntegrityError:
            raise AlreadyExists(
                f"{integration} is set up in this environment already; change that with "
                f"PATCH /environment-integration/{integration}."
            ) from None
        return app

    async def _change(self, environment_id: str, name: str, values: AppChanges) -> App:
        async with self._writing(self._apps.forget_all) as connection:
            row = (await connection.execute(select(apps).where(*_named(environment_id, name)))).first()
            if row is None:
                raise _unknown(name)
            app = replace(_with(self._app_of(row), values), updated_at=datetime.now(UTC))
            await connection.execute(update(apps).where(apps.c.id == row.id).values(self._row_of(app)))
            await note(connection, environment_id, "environment_integration.updated", row.id, values)
        return app

    async def _remove(self, environment_id: str, name: str) -> None:
        async with self._writing(self._apps.forget_all) as connection:
            gone = delete(apps).where(*_named(environment_id, name)).returning(apps.c.id)
            app_id = (await connection.execute(gone)).scalar_one_or_none()
            if app_id is None:
                raise _unknown(name)
            await note(connection, environment_id, "environment_integration.deleted", app_id)

    async def _read(self, key: str) -> App:
        environment_id, _, slug = key.partition(" ")
        query = select(apps).where(apps.c.environment_id == environment_id, apps.c.integration == slug)
        rows = await self._database.rows(query)
        # Nothing set is something to remember, too: most integrations have no row.
        return self._app_of(rows[0]) if rows else App(None, environment_id, slug)

    def _app_of(self, row: Row[*tuple[Any, ...]]) -> App:
        sealed = row.client_secret
        return App(
            id=row.id,
            environment_id=row.environment_id,
            integration=row.integration,
            enabled=row.enabled,
            client_id=row.client_id,
            client_secret=None if sealed is None else self._keys.decrypt(sealed, place(row.id)).decode(),
            scopes=None if row.scopes is None else tuple(row.scopes.split("\n")) if row.scopes else (),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    def _row_of(self, app: App) -> dict[str, Any]:
        assert app.id is not None
        secret = app.client_secret
        return {
            **vars(app),
            "scopes": None if app.scopes is None else "\n".join(app.scopes),
            "key_id": self._keys.newest_id,
            "client_secret": None if secret is None else self._keys.encrypt(secret.encode(), place(app.id)),
        }

    def forget_all(self) -> None:
        """Read every app again when it is next asked for."""
        self._apps.forget_all()


def place(app_id: str) -> str:
    """What the client secret of this app is sealed for."""
    return f"apps:{app_id}:client_secret"


def _with(app: App, values: AppChanges) -> App:
    changed: dict[str, Any] = dict(values)
    if changed.get("scopes") is not None:
        changed["scopes"] = tuple(changed["scopes"])
    return replace(app, **changed)


def _named(environment_id: str, name: str) -> tuple[Any, ...]:
    return (apps.c.environment_id == environment_id, or_(apps.c.id == name, apps.c.integration == name))


def _unknown(name: str) -> UnknownApp:
    return UnknownApp(
        f"Nothing is set in this environment under '{shorten(name, 40)}': name an integration that was set up, "
        "or its id; GET /environment-integration lists them."
    )
