"""The shapes in which Recruitee shows its candidates, placements and offers."""

from collections import Counter
from typing import Any

from polyhire.simulators.tables import Row

from .calls import Call
from .state import COMPANY_ID

APP = "https://app.recruitee.com/#/dashboard"
# inferred: the values of the tenant's scale; the upper two are positive
RATINGS = ("thumbs_1", "thumbs_2", "thumbs_3", "thumbs_4", "thumbs_5")
POSITIVE = RATINGS[3:]


def signed(call: Call, key: str) -> str | None:
    """Sign a URL for a file, if there is one."""
    document = call.state.documents.get(key)
    return call.state.files.url(call.ask, key, document.name) if document else None


def ratings(results: list[Row]) -> Row:
    """Sum up evaluations: how many of each rating, and how many in a hundred are positive."""
    given = Counter(each["rating"] for each in results if each["rating"])
    positive = sum(given[each] for each in POSITIVE)
    return {
        "ratings": dict(given),
        "positive_ratings": round(100 * positive / given.total()) if given else None,
    }


def placement(call: Call, row: Row) -> Row:
    """Show an application. Only one that was disqualified has a `disqualify_reason` at all."""
    results = call.state.of("result", "candidate_id", row["candidate_id"])
    shown = {
        **{key: row[key] for key in ("id", "candidate_id", "offer_id", "stage_id", "created_at", "updated_at")},
        "hired_at": row["hired_at"],
        "job_starts_at": None,
        "language": "en",
        "overdue_at": None,
        "overdue_diff": None,
        "position": row["position"],
        **ratings([each for each in results if each["offer_id"] == row["offer_id"]]),
        "disqualified_at": row["disqualified_at"],
    }
    return {**shown, "disqualify_reason": row["disqualify_reason"]} if row["disqualified_at"] else shown


def placements(call: Call, candidate: Row) -> list[Row]:
    """Show the applications of a candidate."""
    return [placement(call, each) for each in call.state.of("placement", "candidate_id", candidate["id"])]


def candidate_row(call: Call, row: Row) -> Row:
    """Show a candidate as lists do: without tags, answers, links or CV."""
    state = call.state
    results = state.of("result", "candidate_id", row["id"])
    rated = [RATINGS.index(each["rating"]) + 1 for each in results if each["rating"]]
    mine = [each["rating"] for each in results if each["admin_id"] == call.actor]
    return {
        **{key: row[key] for key in ("id", "name", "emails", "phones")},
        "initials": "".join(part[0] for part in row["name"].split()[:2]).upper(),
        "admin_id": row["admin_id"],
        "adminapp_url": f"{APP}/overview?candidate={row['id']}&company={COMPANY_ID}",
        **{key: row[key] for key in ("created_at", "updated_at", "last_message_at", "source", "referrer")},
        "rating": round(sum(rated) / len(rated)) if rated else None,
        **ratings(results),
        "ratings_count": len(rated),
        "my_last_rating": mine[-1] if mine else None,
        "notes_count": len(state.of("note", "candidate_id", row["id"])),
        "tasks_count": 0,
        "photo_thumb_url": None,
        "has_avatar": False,
        "followed": row["admin_id"] == call.actor,
        "viewed": row["viewed"],
        "example": False,
        "upcoming_event": None,
        "pending_result_request": False,
        "unread_notifications": False,
        "placements": placements(call, row),
    }


def candidate(call: Call, row: Row) -> Row:
    """Show a candidate as it is read by id."""
    answers = [_answer(each) for each in row["answers"]]
    grouped = [
        {
            "offer_id": offer,
            "open_question_answers": [_answer(each) for each in row["answers"] if each["offer_id"] == offer],
        }
        for offer in dict.fromkeys(each["offer_id"] for each in row["answers"])
    ]
    return {
        **candidate_row(call, row),
        "cv_url": signed(call, f"cv-{row['id']}"),
        "cv_original_url": signed(call, f"cv-{row['id']}"),
        "cover_letter": row["cover_letter"],
        "cover_letter_file_url": signed(call, f"letter-{row['id']}"),
        **{key: row[key] for key in ("social_links", "links", "sources")},
        "tags": tag_names(call, row),
        "fields": row["fields"],
        "open_question_answers": answers,
        "grouped_open_question_answers": grouped,
    }


def tag_names(call: Call, row: Row) -> list[str]:
    """Give the names of a candidate's tags."""
    return [call.state.get("tag", each)["name"] for each in row["tag_ids"]]


def _answer(row: Row) -> Row:
    return {**{key: row[key] for key in ("id", "question", "content", "kind")}, "file_url": None}


def stage(call: Call, row: Row, count: int) -> Row:
    """Show a stage with how many are in it."""
    return {
        **{key: row[key] for key in ("id", "name", "category", "group", "position")},
        "locked": row["position"] == 1,
        "fair_evaluations_enabled": False,
        "placements_count": count,
        "time_limit": None,
        "action_templates": [],
    }


def template(call: Call, row: Row, placed: list[Row] | None = None) -> Row:
    """Show a pipeline with its stages, counting the given placements."""
    counts = Counter(each["stage_id"] for each in placed or ())
    stages = call.state.of("stage", "template_id", row["id"])
    return {**row_of(row), "stages": [stage(call, each, counts[each["id"]]) for each in stages]}


def row_of(row: Row) -> Row:
    """Show a pipeline as lists of what is available do: without stages."""
    return {key: row[key] for key in ("id", "title", "default", "custom", "category")}


def references(call: Call, **ids: Any) -> list[Row]:
    """Describe the records that are named beside the rows, each once. Users stay known after they left."""
    made: list[Row] = []
    for kind, shown in REFERENCES.items():
        for each in sorted({each for each in ids.get(kind, ()) if each is not None}):
            row = call.state.find(kind, each)
            if row is not None:
                made.append({"id": each, "type": kind.capitalize(), **{key: row[key] for key in shown}})
    return made


REFERENCES = {
    "admin": ("first_name", "last_name", "email"),
    "department": ("name",),
    "offer": ("title", "slug", "kind", "status"),
    "stage": ("name", "category"),
}


def placed_references(call: Call, rows: list[Row]) -> list[Row]:
    """Describe what candidates and their placements name."""
    placed = [each for row in rows for each in call.state.of("placement", "candidate_id", row["id"])]
    return references(
        call,
        admin=[row["admin_id"] for row in rows],
        offer=[each["offer_id"] for each in placed],
        stage=[each["stage_id"] for each in placed],
    )
