"""The ceiling: what an engineer writes who has one provider and one resource, on polyhire's own stack.

The same requests to the provider and the same records as polyhire's, with none of its checks: no filters,
no other fields, no retries, no throttle, no error meanings. `python -m benchmarks.handwritten PORT UPSTREAM`
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Row = dict[str, Any]

TOKEN = "Bearer benchmark"
JOINED = frozenset({"applications", "attachments", "tags"})
_PAGE = msgspec.json.Decoder(list[msgspec.Raw])
_LINK = re.compile(
    r"https?://(?:[\w-]+\.)*(?:(linkedin)\.com|(github)\.com|(twitter)\.com|(facebook)\.com)(?=[/?#:]|$)"
)


def candidate(raw: Row, applied: list[Row], files: list[Row], tag_ids: dict[str, str], joined: bool) -> Row:
    """A unified candidate; without its applications, attachments and tags unless they are `joined`."""
    record = {
        "id": str(raw["id"]),
        "first_name": raw["first_name"] or None,
        "last_name": raw["last_name"] or None,
        "name": " ".join(part for part in (raw["first_name"], raw["last_name"]) if part) or None,
        "company": raw["company"] or None,
        "title": raw["title"] or None,
        "last_interaction_at": raw["last_activity_at"],
        "is_private": None if raw["private"] is None else "true" if raw["private"] else "false",
        "can_email": raw["can_email"],
        "locations": [_location(entry) for entry in raw["addresses"] if entry["value"]],
        "phones": [
            {"number": entry["value"].strip(), "extension": None, "type": entry["type"]}
            for entry in raw["phone_numbers"]
            if entry["value"]
        ],
        "emails": [
            {"email": entry["value"].strip(), "type": entry["type"], "is_primary": None}
            for entry in raw["email_addresses"]
            if entry["value"]
        ],
        "urls": [
            *({"url": entry["value"], "type": entry["type"]} for entry in raw["website_addresses"]),
            *({"url": entry["value"], "type": _link(entry["value"])} for entry in raw["social_media_addresses"]),
        ],
    }
    if joined:
        record["tags"] = [{"id": tag_ids.get(name), "name": name} for name in raw["tags"]]
        record["applications"] = [_application(row) for row in applied]
        record["attachments"] = [_attachment(row) for row in files]
    record["created_at"] = raw["created_at"]
    record["updated_at"] = raw["updated_at"]
    record["custom_fields"] = {
        key: entry["value"] if isinstance(entry, dict) else entry for key, entry in raw["custom_fields"].items()
    }
    return record


def _link(url: str) -> str | None:
    found = _LINK.match(url)
    return found and next(group for group in found.groups() if group)


def _location(entry: Row) -> Row:
    return {
        "name": entry["value"],
        "street_1": None,
        "street_2": None,
        "city": None,
        "state": None,
        "postal_code": None,
        "country": None,
        "type": entry["type"],
    }


def _reference(identity: Any, name: str | None = None) -> Row | None:
    return None if identity is None else {"id": str(identity), "name": name}


def _application(row: Row) -> Row:
    return {
        "id": str(row["id"]),
        "candidate": _reference(row["candidate_id"]),
        "job": _reference(row["job_id"] or next(iter(row["prospective_job_ids"]), None)),
        "applied_at": row["created_at"],
        "rejected_at": row["rejected_at"],
        "source": _reference(row["source_id"]),
        "credited_to": None,
        "current_stage": _reference(row["stage_id"], row["stage_name"]) if row["stage_id"] else None,
        "reject_reason": None,
        "attachments": [],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "custom_fields": {},
    }


def _attachment(row: Row) -> Row:
    return {
        "id": str(row["id"]),
        "file_name": row["filename"],
        "file_url": row["url"],
        "candidate": {"id": str(row["candidate_id"])},
        "application": {"id": str(row["application_id"])} if row["application_id"] else None,
        "job": None,
        "attachment_type": "offer_letter" if row["type"] == "signed_offer_letter" else row["type"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "custom_fields": {},
    }


def grouped(rows: list[Row]) -> dict[int, list[Row]]:
    """Rows by the candidate they belong to."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["candidate_id"], []).append(row)
    return found


class Provider:
    """The requests, over one kept-alive session; tags are kept as polyhire keeps them."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._session = aiohttp.ClientSession(headers={"Authorization": "Bearer benchmark"})
        self._tag_ids: dict[str, str] = {}

    async def close(self) -> None:
        """Close the session."""
        await self._session.close()

    async def fetch(self, path: str, **query: str) -> bytes:
        """An answer's body."""
        async with self._session.get(f"{self._base_url}{path}", params=query) as response:
            response.raise_for_status()
            return await response.read()

    async def records(self, query: dict[str, str], joined: bool, remote: bool) -> list[Row]:
        """Unified candidates; `remote` puts the provider's own beside them."""
        body = await self.fetch("/v3/candidates", **query)
        page = orjson.loads(body)
        applied: dict[int, list[Row]] = {}
        files: dict[int, list[Row]] = {}
        if joined:
            applied, files = await self._joins([str(raw["id"]) for raw in page])
        records = [
            candidate(raw, applied.get(raw["id"], []), files.get(raw["id"], []), self._tag_ids, joined) for raw in page
        ]
        if remote:
            for record, raw_text in zip(records, _PAGE.decode(body), strict=True):
                record["remote_data"] = orjson.Fragment(bytes(raw_text))
        return records

    async def _joins(self, ids: list[str]) -> tuple[dict[int, list[Row]], dict[int, list[Row]]]:
        if not self._tag_ids:
            tags = orjson.loads(await self.fetch("/v3/candidate_tags", per_page="500"))
            self._tag_ids = {tag["name"]: str(tag["id"]) for tag in tags}
        batches = [",".join(ids[start : start + 50]) for start in range(0, len(ids), 50)]
        applied, *files = await asyncio.gather(
            self.fetch("/v3/applications", per_page="500", candidate_ids=",".join(ids)),
            *(self.fetch("/v3/attachments", per_page="500", candidate_ids=batch) for batch in batches),
        )
        return grouped(orjson.loads(applied)), grouped([row for text in files for row in orjson.loads(text)])


def _answer(value: Any) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")


def _asked(request: Request) -> tuple[bool, bool]:
    """Whether the joined fields and the provider's own records are wanted. Checks the caller's token."""
    if request.headers.get("authorization") != TOKEN:
        raise PermissionError
    fields = request.query_params.get("fields")
    remote = request.query_params.get("ignore_remote_data") != "true" and fields is None
    return fields is None or not JOINED.isdisjoint(fields.split(",")), remote


async def list_candidates(request: Request) -> Response:
    """`GET /unified/ats/candidates`."""
    joined, remote = _asked(request)
    records = await request.app.state.provider.records({"per_page": "100"}, joined, remote)
    envelope = {"result": records, "next_cursor": None, "prev_cursor": None, "result_count": len(records)}
    return _answer({**envelope, "is_partial_response": False})


async def get_candidate(request: Request) -> Response:
    """`GET /unified/ats/candidates/{id}`."""
    joined, remote = _asked(request)
    records = await request.app.state.provider.records({"ids": request.path_params["id"]}, joined, remote)
    return _answer(records[0])


def application(upstream: str) -> Starlette:
    """The server."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.provider = Provider(upstream)
        yield
        await app.state.provider.close()

    routes = [
        Route("/unified/ats/candidates", list_candidates),
        Route("/unified/ats/candidates/{id}", get_candidate),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[2]), port=int(sys.argv[1]), access_log=False, log_level="warning")
