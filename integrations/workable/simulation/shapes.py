"""Candidates and members as Workable shows them: less in lists, all of it in details."""

from typing import Any

from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from .state import Workable

POOL = {"talent_pool_id": 88_231, "identifier": "3b1f0c2e"}
# Those that a record without them does not even name.
SELDOM = ("withdrew", "sample", "outlet", "originating_candidate_id", "image_url", "moved_to_offer_at", "hired_at")


def name(row: Row) -> str | None:
    """Join the names of a candidate; None for one who has been anonymised."""
    return " ".join(part for part in (row["firstname"], row["lastname"]) if part) or None


def url(workable: Workable, row: Row) -> str:
    """Give the address of a candidate's page."""
    return f"https://{workable.subdomain}.workable.com/backend/candidates/{row['id']}"


def candidate(workable: Workable, row: Row) -> Row:
    """Show a candidate as lists have it."""
    job = workable.find("job", row["job"]) if row["job"] else None
    stage = workable.stage(row["job"], row["stage"])
    shown: Row = {
        "id": row["id"],
        "name": name(row),
        "firstname": row["firstname"],
        "lastname": row["lastname"],
        "headline": row["headline"],
        "account": {"subdomain": workable.subdomain, "name": workable.name},
        "job": {"shortcode": job["shortcode"], "title": job["title"]} if job else None,
        "talent_pool": None if job else POOL,
        # The name, though moving asks for the slug.
        "stage": stage["name"],
        "stage_kind": stage["kind"],
        "profile_url": url(workable, row),
    }
    same = (
        *("disqualified", "withdrew", "anonymized", "disqualification_reason", "hired_at", "moved_to_offer_at"),
        *("sourced", "sample", "address", "phone", "email", "domain", "outlet", "common_source"),
        *("common_source_category", "created_at", "updated_at"),
    )
    shown |= {key: row[key] for key in same}
    resume = workable.find("file", row["resume"]) if row["resume"] else None
    if resume is not None:
        kind = resume["name"].rpartition(".")[2].lower() if "." in resume["name"] else None
        stamps = {key: resume[key] for key in ("created_at", "updated_at")}
        shown["resume_metadata"] = {"filename": resume["name"], "filetype": kind, **stamps}
    return _without(shown, (*SELDOM, "job", "talent_pool"))


def details(workable: Workable, ask: Ask, row: Row) -> Row:
    """Show all of a candidate."""
    resume = workable.find("file", row["resume"]) if row["resume"] else None
    same = (
        *("image_url", "disqualified_at", "uploader_id", "cover_letter", "summary", "education_entries"),
        *("experience_entries", "social_profiles", "tags", "location", "originating_candidate_id"),
    )
    mailbox = f"{workable.subdomain}+candidate+{row['id']}@outbound.workablemail.example"
    shown = {
        **candidate(workable, row),
        "outbound_mailbox": mailbox,
        **{key: row[key] for key in same},
        "skills": [{"name": each} for each in row["skills"]],
        "answers": [_answer(workable, ask, each) for each in row["answers"]],
    }
    if resume is not None:
        shown["resume_url"] = workable.files.url(ask, resume["document"], resume["name"])
    return _without(shown, SELDOM)


def _answer(workable: Workable, ask: Ask, given: Row) -> Row:
    # inferred: an answer that is a file shows its name and a signed URL
    answer = given["answer"]
    if "file" not in answer:
        return given
    document = workable.documents[answer["file"]]
    file = {"name": document.name, "url": workable.files.url(ask, answer["file"], document.name)}
    return {**given, "answer": {"file": file}}


def _without(shown: Row, seldom: tuple[str, ...]) -> Row:
    return {key: value for key, value in shown.items() if value is not None or key not in seldom}


def member(row: Row) -> Row:
    """Show a member."""
    return {key: value for key, value in row.items() if value is not None or key != "headline"}


def small(row: Row) -> dict[str, Any]:
    """Name a candidate."""
    return {"id": row["id"], "name": name(row)}
