"""One integration as tests see it: its account at the API, and the controls of its simulator."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from polyhire.conformance.client import Http, Reply
from polyhire.conformance.offered import MADE

Record: TypeAlias = dict[str, Any]
Query: TypeAlias = dict[str, Any]

MAIN = ("candidates", "applications", "jobs")
SAMPLE = 6
"""Records of another resource by which a list is asked that needs a filter."""

NARROWING = ("application_id", "candidate_id", "job_id", "created_at", "updated_at", "email")
"""Filters by which one record is looked for, the narrowest first."""


@dataclass(frozen=True)
class Provider:
    """One integration: its account at the API, and the controls of its simulator."""

    slug: str
    account: str
    secrets: tuple[str, ...] = field(repr=False)
    api: Http
    sandbox: Http
    capabilities: Mapping[str, Any] = field(repr=False)
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _seeds: dict[str, list[Record]] = field(default_factory=dict, repr=False)

    @property
    def main(self) -> str:
        """The resource that is asked where any would do: one whose list needs no filter, candidates if possible."""
        for name in (*MAIN, *self.capabilities):
            support = self.method(name, "list")
            if support is not None and not support["required"]:
                return name
        raise AssertionError(f"{self.slug} lists nothing without a filter")

    @property
    def makes(self) -> str:
        """The resource of which one is made where any would do: one whose list is short, and needs no filter."""
        for name in MADE:
            support = self.method(name, "list")
            if self.method(name, "create") and support is not None and not support["required"]:
                return name
        raise AssertionError(f"{self.slug} makes nothing")

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

    def pages(self, resource: str, **query: Any) -> Iterator[Record]:
        """Every page of a list."""
        cursor: Query = {}
        while True:
            page = self.call("GET", resource, **query, **cursor)
            yield page
            if page["next_cursor"] is None:
                return
            cursor = {"next_cursor": page["next_cursor"]}

    def all(self, resource: str, **query: Any) -> list[Record]:
        """Every record of a list."""
        return [record for page in self.pages(resource, **{"limit": 1000, **query}) for record in page["result"]]

    def queries(self, resource: str) -> list[Query]:
        """What makes a list answer: nothing, or else its required filters with ids of a few records."""
        required = self.capabilities[resource]["methods"]["list"]["required"]
        if said := self.fact(resource, "list", "queries"):
            return list(said)
        if len(required) < 2:
            found = [{name: value} for group in required for name in group.split("|") for value in self.ids(name)]
            return found or [{}]
        # Filters that are needed together have to belong together: an application knows what does.
        together = []
        for record in self.seeds("applications")[:SAMPLE]:
            known = {"application_id": record["id"], **{f"{key}_id": reference(record, f"{key}_id") for key in OWNERS}}
            chosen = (next(name for name in group.split("|") if known.get(name)) for group in required)
            together.append({name: known[name] for name in chosen})
        return together

    def ids(self, name: str, sample: int = SAMPLE) -> list[str]:
        """A few ids that a filter such as `job_id` may have: those of a list, or else those that other records name."""
        resource = resource_of(name)
        found = [record["id"] for record in self.seeds(resource)] if self.method(resource, "list") else self.named(name)
        return found[:: max(1, len(found) // sample)][:sample]

    def named(self, name: str) -> list[str]:
        """The ids that applications and jobs name under a filter such as `stage_id`."""
        owners = [
            record for owner in ("applications", "jobs") if self.method(owner, "list") for record in self.seeds(owner)
        ]
        several = f"{name.removesuffix('_id')}s"
        found = [
            *(reference(record, name) for record in owners),
            *(each["id"] for record in owners for each in record.get(several) or ()),
        ]
        return [str(value) for value in dict.fromkeys(found) if value]

    def seeds(self, resource: str) -> list[Record]:
        """The records that a fresh simulator has: all, or those of a few others where a list needs a filter."""
        if resource not in self._seeds:
            support = self.method(resource, "list")
            assert support is not None, f"{self.slug} does not list {resource}: its conformance.yaml has to name some"
            found: dict[tuple[str, ...], Record] = {}
            for query in self.queries(resource):
                found |= {self.key(resource, record): record for record in self.all(resource, complete="true", **query)}
            assert found, f"the simulator of {self.slug} has no {resource}"
            self._seeds[resource] = list(found.values())
        return self._seeds[resource]

    def where(self, resource: str, method: str, record: Mapping[str, Any]) -> Query:
        """What a method needs in its query beside a record's id, as the record itself tells."""
        support = self.method(resource, method)
        query: Query = {}
        for group in support["required"] if support else ():
            names = [name for name in group.split("|") if name.endswith("_id") and reference(record, name)]
            query |= {name: reference(record, name) for name in names[:1]}
        return query

    def key(self, resource: str, record: Mapping[str, Any]) -> tuple[str, ...]:
        """What tells a record from all others: its id, and whatever else reading it takes."""
        return record["id"], *self.where(resource, "get", record).values()

    def key_fields(self, resource: str) -> str:
        """The fields that `key` looks at, for a list that tells no more."""
        support = self.method(resource, "get")
        groups = support["required"] if support else ()
        owners = [name.removesuffix("_id") for group in groups for name in group.split("|")]
        return ",".join(["id", *(name for name in owners if name in self.capabilities[resource]["fields"])])

    def read(self, resource: str, record: Mapping[str, Any]) -> Any:
        """A record, read alone."""
        return self.call("GET", f"{resource}/{record['id']}", **self.where(resource, "get", record))

    def rows(self, resource: str, record: Mapping[str, Any]) -> list[Record]:
        """A list that should hold a record, narrowed as far as the record tells."""
        support = self.method(resource, "list")
        assert support is not None
        query = self.where(resource, "list", record)
        for name in () if query else NARROWING:
            operators = support["filters"].get(name)
            value = record.get(name) if operators else reference(record, name)
            if value and operators is not None and (not operators or "gte" in operators):
                query = {f"{name}[gte]" if operators else name: value}
                break
        return self.all(resource, complete="true", **query)

    def row(self, resource: str, record: Mapping[str, Any]) -> Record:
        """A record's row in its list."""
        found = [row for row in self.rows(resource, record) if row["id"] == record["id"]]
        once = len(found) == 1 or (found and self.fact(resource, "list", "repeats"))
        assert once, f"{self.slug} {resource}: {record['id']} is listed {len(found)} times"
        return found[0]

    def method(self, resource: str, name: str) -> Mapping[str, Any] | None:
        """What the integration says of a method; None when it does not offer it."""
        found: Mapping[str, Any] = self.capabilities[resource]
        if not found["offered"] or name not in found["methods"] or not found["methods"][name]["offered"]:
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

    def journal(self) -> list[Record]:
        """The requests that the simulator had since its reset, or since `forget`."""
        found: list[Record] = self.control("GET", "requests").json
        return found


OWNERS = ("candidate", "job")


def resource_of(name: str) -> str:
    """The resource whose ids a filter such as `job_id` takes."""
    return "job_interview_stages" if name == "stage_id" else f"{name.removesuffix('_id')}s"


def reference(record: Mapping[str, Any], name: str) -> Any:
    """The id that a record has under the name of a filter such as `job_id`."""
    found = record.get("current_stage" if name == "stage_id" else name.removesuffix("_id"))
    return found.get("id") if isinstance(found, Mapping) else None
