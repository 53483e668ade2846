"""The provider's answers that every server is measured with: one page of 100 candidates and what hangs on it."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

RECORDS = 100
SEED = 20260901
TAGS = ("Remote", "Referral", "Senior", "Relocation", "Größe L / 日本語", "Boomerang", "Graduate", "Contract")

_FIRST = ("Ada", "Zoë", "Grace", "Renée", "李", "Mohammed", "Olga", "José", "Ngozi", "Søren", "Priya", "Tomasz")
_LAST = ("Lovelace", "Ångström", "Hopper", "O'Brien", "王", "Al-Sayed", "Ivanova", "García Márquez", "Okafor", "Rao")
_COMPANIES = ("Analytical Engines Ltd", "Vereinigte Räderwerke GmbH", "Northwind Traders", "Umbrella & Sons", None)
_TITLES = ("Software Engineer", "Head of People Operations", "Account Executive, EMEA", "Data Scientist", None)
_STREETS = ("12 St James's Square, London SW1Y 4JH, GB", "Storgatan 1, 753 31 Uppsala, SE", "北京市朝阳区建国路 88 号")
_BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)


def candidates() -> list[dict[str, Any]]:
    """A page of candidates, as rich as real ones: about 175 KB as JSON."""
    dice = random.Random(SEED)
    return [_candidate(dice, 4400 + number) for number in range(RECORDS)]


def applications() -> list[dict[str, Any]]:
    """One or two applications of every candidate."""
    dice = random.Random(SEED + 1)
    return [_application(dice, number, person) for number, person in enumerate(_some(dice, 1, 2))]


def attachments() -> list[dict[str, Any]]:
    """The files of candidates: none, one or two each."""
    dice = random.Random(SEED + 2)
    return [_attachment(dice, number, person) for number, person in enumerate(_some(dice, 0, 2))]


def tags() -> list[dict[str, Any]]:
    """The organisation's tags."""
    return [{"id": 30 + number, "name": name, **_times(_BEGIN)} for number, name in enumerate(TAGS)]


def answers() -> dict[str, bytes]:
    """Every answer by its path. `first=` before it stands for the rows of one record, `rest=` for the second half's."""
    people, applied, files = candidates(), applications(), attachments()
    first = people[0]["id"]
    half = {person["id"] for person in people[: RECORDS // 2]}
    return {
        "/token": orjson.dumps({"access_token": "benchmark", "token_type": "Bearer", "expires_in": 86_400}),
        "/v3/users": b"[]",
        "/v3/candidate_tags": orjson.dumps(tags()),
        "/v3/candidates": orjson.dumps(people),
        "/v3/applications": orjson.dumps(applied),
        # They are asked for in two requests of 50 candidates each.
        "/v3/attachments": orjson.dumps([row for row in files if row["candidate_id"] in half]),
        "rest=/v3/attachments": orjson.dumps([row for row in files if row["candidate_id"] not in half]),
        "first=/v3/candidates": orjson.dumps(people[:1]),
        "first=/v3/applications": orjson.dumps([row for row in applied if row["candidate_id"] == first]),
        "first=/v3/attachments": orjson.dumps([row for row in files if row["candidate_id"] == first]),
    }


def _some(dice: random.Random, least: int, most: int) -> Iterator[int]:
    for number in range(RECORDS):
        yield from [4400 + number] * dice.randint(least, most)


def _times(at: datetime, dice: random.Random | None = None) -> dict[str, str]:
    changed = at + timedelta(minutes=dice.randint(0, 90_000) if dice else 0)
    return {"created_at": _text(at), "updated_at": _text(changed)}


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _candidate(dice: random.Random, number: int) -> dict[str, Any]:
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    at = _BEGIN + timedelta(hours=number % 977)
    handle = f"person.{number}"
    return {
        "id": number,
        "first_name": first,
        "last_name": last,
        "preferred_name": None,
        "company": dice.choice(_COMPANIES),
        "title": dice.choice(_TITLES),
        "last_activity_at": _text(at + timedelta(days=3)),
        "private": dice.random() < 0.1,
        "can_email": dice.random() < 0.9,
        "time_zone": "Europe/Stockholm",
        "tags": dice.sample(TAGS, dice.randint(0, 3)),
        "linked_user_ids": [],
        "phone_numbers": [
            {"value": f"+46 70 {number} {dice.randint(10, 99)}", "type": kind}
            for kind in ("mobile", "home")[: dice.randint(1, 2)]
        ],
        "addresses": [{"value": dice.choice(_STREETS), "type": "home"}],
        "email_addresses": [
            {"value": f"{handle}@{host}.example", "type": kind}
            for host, kind in (("mail", "personal"), ("work", "work"))[: dice.randint(1, 2)]
        ],
        "website_addresses": [{"value": f"https://{handle}.example/portfolio", "type": "portfolio"}],
        "social_media_addresses": [
            {"value": f"https://www.linkedin.com/in/{handle}"},
            {"value": f"https://github.com/{handle}"},
        ][: dice.randint(1, 2)],
        "custom_fields": _custom_fields(dice),
        **_times(at, dice),
    }


def _custom_fields(dice: random.Random) -> dict[str, Any]:
    amount = {"amount": f"{dice.randint(40, 120)}000.0", "unit": "SEK"}
    summary = "Led teams of up to twelve people; wants a role with more responsibility and less travelling. " * 6
    return {
        "salary_wish": {"name": "Salary wish", "type": "currency", "value": amount},
        "skills": {"name": "Skills", "type": "multi_select", "value": dice.sample(("Go", "Rust", "SQL", "CAD"), 2)},
        "notice_period": {"name": "Notice period", "type": "single_select", "value": "Three months"},
        "summary": {"name": "Summary", "type": "long_text", "value": summary.strip()},
        "work_permit": {"name": "Work permit", "type": "yes_no", "value": dice.random() < 0.5},
    }


def _application(dice: random.Random, number: int, candidate: int) -> dict[str, Any]:
    at = _BEGIN + timedelta(hours=number % 733)
    rejected = dice.random() < 0.3
    prospect = dice.random() < 0.1
    return {
        "id": 9000 + number,
        "candidate_id": candidate,
        "job_id": None if prospect else 110 + number % 20,
        "job_post_id": None if prospect else 900 + number % 20,
        "stage_id": None if prospect else 300 + number % 6,
        "stage_name": None if prospect else ("Application review", "Phone", "Onsite", "Offer")[number % 4],
        "status": "rejected" if rejected else "in_process",
        "source_id": dice.choice((1, 2, None)),
        "referrer_id": None,
        "recruiter_id": 17,
        "coordinator_id": None,
        "prospect": prospect,
        "prospective_job_ids": [119] if prospect else [],
        "rejected_at": _text(at + timedelta(days=9)) if rejected else None,
        "last_activity_at": _text(at + timedelta(days=4)),
        "needs_decision": dice.random() < 0.5,
        "location_address": "Uppsala, Sweden",
        "answers": [{"question": "How did you hear of us?", "answer": "A friend who works with you told me."}],
        "custom_fields": {},
        "agency_note_id": None,
        **_times(at, dice),
    }


def _attachment(dice: random.Random, number: int, candidate: int) -> dict[str, Any]:
    at = _BEGIN + timedelta(hours=number % 733)
    signature = "".join(dice.choices("0123456789abcdef", k=64))
    return {
        "id": 5500 + number,
        "application_id": None,
        "candidate_id": candidate,
        "type": dice.choice(("resume", "cover_letter", "signed_offer_letter")),
        "filename": f"resume-{number}.pdf",
        "url": f"https://grnhse-prod.s3.amazonaws.com/{5500 + number}?X-Amz-Expires=604800&X-Amz-Signature={signature}",
        **_times(at),
    }
