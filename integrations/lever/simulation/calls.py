"""How a call is read and answered: its scope, its query, on whose behalf, and one page of `{data, hasNext, next}`."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby, islice
from typing import Any, TypeAlias

from starlette.responses import JSONResponse, Response

from polyhire.simulators import guards
from polyhire.simulators.guards import Reading, read_query
from polyhire.simulators.kit import Ask, Problem, Refusal, Route
from polyhire.simulators.pages import Cursors
from polyhire.simulators.tables import Row

from .state import Lever, missing, unfit
from .tokens import CONFIDENTIAL, Credential, Tokens

CURSORS = Cursors(lifetime=3600)
PAGED: Mapping[str, Reading] = {"limit": guards.integer(1, 100), "offset": guards.text}
MOST = 100
REPEATED = ("expand", "include")
HIDDEN, OPEN, ALL = "confidential", "non-confidential", "all"


@dataclass(frozen=True)
class Call:
    """One call that may be made: what it asks, who asks, its query as read, and the user on whose behalf it writes."""

    lever: Lever
    ask: Ask
    credential: Credential
    query: Mapping[str, Any]
    actor: Row | None

    @property
    def user(self) -> str:
        """The id of the user on whose behalf the call writes."""
        assert self.actor is not None
        identifier: str = self.actor["id"]
        return identifier

    def value(self, name: str) -> str:
        """Give a value of the path."""
        return str(self.ask.values[name])

    def sees(self, row: Row) -> bool:
        """Tell whether the credential may see an opportunity or a posting."""
        return row["confidentiality"] == OPEN or self.credential.may(CONFIDENTIAL)

    def opportunity(self) -> Row:
        """Give the opportunity that the path names; refuses with 404."""
        return self._seen("opportunity", "oid")

    def posting(self) -> Row:
        """Give the posting that the path names; refuses with 404."""
        return self._seen("posting", "pid")

    def child(self, kind: str) -> Row:
        """Give what the path names below its opportunity; refuses with 404."""
        found = self.lever.get(kind, self.value("id"))
        if found["opportunityId"] != self.opportunity()["id"]:
            raise missing(kind)
        return found

    def _seen(self, kind: str, name: str) -> Row:
        found = self.lever.get(kind, self.value(name))
        # inferred: what is confidential does not exist for a key without access to it
        if not self.sees(found):
            raise missing(kind)
        return found


Answer: TypeAlias = Callable[[Call], Response]


@dataclass(frozen=True)
class Endpoint:
    """A method and a path below /v1, the scope it needs, its query, who answers, and whether it needs `perform_as`."""

    method: str
    path: str
    scope: str
    answer: Answer
    query: Mapping[str, Reading] = field(default_factory=dict)
    acts: bool = False

    def route(self, lever: Lever, tokens: Tokens) -> Route:
        """Bind it to an account."""
        return Route(self.method, f"/v1{self.path}", lambda ask: self.answer(self._read(lever, tokens, ask)))

    def _read(self, lever: Lever, tokens: Tokens, ask: Ask) -> Call:
        credential = tokens.credential(ask)
        right = f"{self.scope}:{'read' if self.method == 'GET' else 'write'}:admin"
        if not credential.may(right):
            raise Refusal(403, f"The scope {right} is missing")
        known = {**self.query, **({"perform_as": guards.text} if self.acts else {})}
        required = ["perform_as"] if self.acts else []
        query = read_query(replace(ask, query=_joined(ask.query)), known, required=required)
        return Call(lever, ask, credential, query, _actor(lever, query))


def _joined(query: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Make one comma-separated parameter of each that may be repeated."""
    lists = [pair for pair in query if pair[0] in REPEATED]
    names = groupby(sorted(lists, key=lambda pair: pair[0]), key=lambda pair: pair[0])
    joined = [(name, ",".join(value for _, value in pairs)) for name, pairs in names]
    return (*(pair for pair in query if pair[0] not in REPEATED), *joined)


def _actor(lever: Lever, query: Mapping[str, Any]) -> Row | None:
    if "perform_as" not in query:
        return None
    actor = lever.refer("user", query["perform_as"], "perform_as")
    # inferred: nobody acts for who has left
    if actor["deactivatedAt"] is not None:
        raise unfit("perform_as", "is a deactivated user")
    return actor


def words(*allowed: str) -> Reading:
    """Take some of these words, with commas between them."""
    return guards.listed(guards.one_of(*allowed))


def one(data: Any, status: int = 200) -> Response:
    """Answer a single record. inferred: 201 for what was made."""
    return JSONResponse({"data": data}, status)


def gone() -> Response:
    """Answer a deletion. inferred: 204."""
    return Response(status_code=204)


def rows(call: Call, found: Iterable[Row], show: Callable[[Row], Any]) -> Response:
    """Answer one page of rows, in the order of their making."""
    return page(call, sorted(found, key=call.lever.place), call.lever.place, show)


def page(call: Call, found: Iterable[Row], key: Callable[[Row], Any], show: Callable[[Row], Any]) -> Response:
    """Answer one page of rows that are in order of `key`."""
    size = call.query.get("limit", MOST)
    # inferred: an offset belongs to the list and the filters it came from; only the limit may change on the way
    query = sorted(pair for pair in call.ask.query if pair[0] not in ("limit", "offset"))
    digest = sha256(json.dumps([call.ask.path, query]).encode()).hexdigest()[:16]
    after = _resumed(call.query["offset"], digest) if "offset" in call.query else None
    left = (row for row in found if after is None or key(row) > after)
    cut = list(islice(left, size + 1))
    shown = cut[:size]
    answer: dict[str, Any] = {"data": [show(row) for row in shown], "hasNext": len(cut) > size}
    if answer["hasNext"]:
        answer["next"] = CURSORS.seal({"query": digest, "after": key(shown[-1])})
    return JSONResponse(answer)


def _resumed(offset: str, digest: str) -> Any:
    try:
        state = CURSORS.open(offset)
    except ValueError as error:
        raise unfit("offset", str(error)) from None
    if state["query"] != digest:
        raise unfit("offset", "belongs to another query")
    return state["after"]


def within(query: Mapping[str, Any], name: str, moment: int | None) -> bool:
    """Tell whether an instant is within `<name>_start` and `<name>_end`, both included."""
    start, end = query.get(f"{name}_start"), query.get(f"{name}_end")
    if start is None and end is None:
        return True
    return moment is not None and (start is None or moment >= start) and (end is None or moment <= end)


def confidential(query: Mapping[str, Any], row: Row) -> bool:
    """Tell whether a row is of the confidentiality that was asked for; by default, what is confidential is hidden."""
    wanted = query.get("confidentiality", OPEN)
    return wanted in (ALL, row["confidentiality"])


def period(name: str) -> dict[str, Reading]:
    """Take `<name>_start` and `<name>_end`, in epoch milliseconds."""
    return dict.fromkeys((f"{name}_start", f"{name}_end"), guards.integer(0))


def refused(problems: Sequence[Problem]) -> str:
    """Word problems as one message."""
    return "; ".join(f"{each.where} {each.message}".strip() for each in problems)
