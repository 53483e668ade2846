"""One integration as tests see it: its account at the API, and the controls of its simulator."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from polyhire.conformance.client import Http, Reply


@dataclass(frozen=True)
class Provider:
    """One integration: its account at the API, and the controls of its simulator."""

    slug: str
    account: str
    secrets: tuple[str, ...]
    api: Http
    sandbox: Http
    capabilities: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    _seeds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def ask(
        self, verb: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, **query: Any
    ) -> Reply:
        """A request on this account, to any address of the API."""
        chosen = {"integrated_account_id": self.account, **query}
        return self.api.ask(verb, path, body, query=chosen, headers=headers)

    def call(self, verb: str, path: str, body: Any = None, *, answers: int = 200, **query: Any) -> Any:
        """What a unified call answers, which must have this status."""
        reply = self.ask(verb, f"/unified/ats/{path}", body, **query)
        assert reply.status == answers, f"{verb} {path} {query}: {reply.status} {reply.body[:1500]!r}"
        return reply.json

    def pages(self, resource: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every page of a list."""
        cursor: dict[str, Any] = {}
        while True:
            page = self.call("GET", resource, **query, **cursor)
            yield page
            if page["next_cursor"] is None:
                return
            cursor = {"next_cursor": page["next_cursor"]}

    def all(self, resource: str, **query: Any) -> list[dict[str, Any]]:
        """Every record of a list."""
        return [record for page in self.pages(resource, **{"limit": 1000, **query}) for record in page["result"]]

    def queries(self, resource: str, sample: int = 6) -> list[dict[str, Any]]:
        """What makes a list answer: nothing, or else each of its required filters with a few ids."""
        required = self.capabilities[resource]["methods"]["list"]["required"]
        assert len(required) <= 1, f"{self.slug} {resource}: teach this suite about several required filters"
        found: list[dict[str, Any]] = [{}]
        for alternatives in required:
            found = []
            for name in alternatives.split("|"):
                others = self.seeds(f"{name.removesuffix('_id')}s")
                found += [{name: each["id"]} for each in others[:: max(1, len(others) // sample)]]
        return found

    def seeds(self, resource: str) -> list[dict[str, Any]]:
        """The records that a fresh simulator has: all, or those of a few others where a list needs a filter."""
        if resource not in self._seeds:
            found: dict[tuple[str, ...], dict[str, Any]] = {}
            for query in self.queries(resource):
                found |= {self.key(resource, record): record for record in self.all(resource, complete="true", **query)}
            self._seeds[resource] = list(found.values())
        return self._seeds[resource]

    def where(self, resource: str, method: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """What a method needs in its query beside a record's id, as the record itself tells."""
        support = self.method(resource, method)
        names = [each for each in (support["required"] if support else ()) if each.endswith("_id")]
        return {name: record[name.removesuffix("_id")]["id"] for name in names}

    def key(self, resource: str, record: Mapping[str, Any]) -> tuple[str, ...]:
        """What tells a record from all others: its id, and whatever else reading it takes."""
        return record["id"], *self.where(resource, "get", record).values()

    def read(self, resource: str, record: Mapping[str, Any]) -> Any:
        """A record, read alone."""
        return self.call("GET", f"{resource}/{record['id']}", **self.where(resource, "get", record))

    def method(self, resource: str, name: str) -> Mapping[str, Any] | None:
        """What the integration says of a method; None when it does not offer it."""
        found: Mapping[str, Any] = self.capabilities[resource]
        if not found["offered"] or not found["methods"][name]["offered"]:
            return None
        method: Mapping[str, Any] = found["methods"][name]
        return method

    def fact(self, *path: str) -> Any:
        """What its conformance.yaml says of something; None when it says nothing."""
        found: Any = self.facts
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def control(self, verb: str, what: str, body: Any = None) -> Reply:
        """Operate the simulator."""
        reply = self.sandbox.ask(verb, f"/_sandbox/{self.slug}/{what}", body)
        assert reply.status in (200, 204), reply.body
        return reply

    def reset(self) -> None:
        """Make the simulator forget whatever happened to it."""
        self.control("POST", "reset")

    def forget(self) -> None:
        """Begin the journal anew."""
        self.control("DELETE", "requests")

    def journal(self) -> list[dict[str, Any]]:
        """The requests that the simulator had since its reset, or since `forget`."""
        found: list[dict[str, Any]] = self.control("GET", "requests").json
        return found
