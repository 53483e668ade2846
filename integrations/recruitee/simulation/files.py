"""Files of candidates: attachments, and one of them made the CV."""

import threading
from collections.abc import MutableMapping
from urllib.parse import urlsplit
from urllib.request import urlopen

from starlette.responses import Response

from polyhire.simulators.company import Document
from polyhire.simulators.consent import LOOPBACK
from polyhire.simulators.guards import text
from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row, iso, now

from . import shapes
from .calls import Call, Endpoint, answer
from .state import missing, unfit

FILE, OWNER = "attachment[file]", "attachment[candidate_id]"


def fetch_later(documents: MutableMapping[str, Document], key: str, url: str) -> None:
    """Fetch a file in the background, if this machine serves it: a simulator asks nobody else."""
    parts = urlsplit(url)
    if parts.hostname not in LOOPBACK:
        return

    def fetch() -> None:
        try:
            with urlopen(url, timeout=5) as response:  # noqa: S310 - the scheme was looked at
                name = parts.path.rpartition("/")[2] or "cv"
                documents[key] = Document(name, response.headers.get_content_type(), response.read())
        except OSError:
            # inferred: a CV that can't be fetched is just not there
            return

    threading.Thread(target=fetch, daemon=True).start()


def shown(call: Call, row: Row) -> Row:
    """Show an attachment with a URL that soon expires."""
    return {**row, "url": shapes.signed(call, f"attachment-{row['id']}")}


def find(call: Call) -> Response:
    """List the attachments of a candidate; the CV and the cover letter are not among them."""
    rows = call.state.of("attachment", "candidate_id", call.named("candidate")["id"])
    return answer({"attachments": [shown(call, each) for each in rows]})


def upload(call: Call) -> Response:
    """Keep a file. Whose it is only the part says: without it, an orphan is kept that nobody finds again."""
    ask, state = call.ask, call.state
    if ask.content_type != "multipart/form-data":
        raise Refusal(415, "Content-Type must be multipart/form-data")
    parts = dict(ask.parts)
    document = parts.get(FILE)
    if not isinstance(document, Document):
        raise Refusal(500, "Internal server error")
    if unknown := [name for name in parts if name not in (FILE, OWNER)]:
        raise unfit(unknown[0], "is not a known key")
    if not document.name or not document.content:
        raise unfit("file", "can't be blank")
    owner = parts.get(OWNER)
    if owner is not None:
        number = int(owner) if isinstance(owner, str) and owner.isdecimal() else None
        owner = state.refer("candidate", number, "candidate_id")["id"]
    row = state.add(
        "attachment",
        {
            "candidate_id": owner,
            "filename": document.name,
            "content_type": document.content_type,
            "file_size": len(document.content),
            "admin_id": call.actor,
        },
    )
    state.documents[f"attachment-{row['id']}"] = document
    return answer({"attachment": shown(call, row)}, 201)


def set_as_cv(call: Call) -> Response:
    """Make an attachment the CV, in place of the one there was. inferred: it then leaves the attachments."""
    state, row = call.state, call.named("candidate")
    attachment = call.named("attachment", "attachment_id")
    if attachment["candidate_id"] != row["id"]:
        raise missing("attachment")
    state.documents[f"cv-{row['id']}"] = state.documents[f"attachment-{attachment['id']}"]
    state.remove("attachment", attachment)
    state.change(row, last_activity_at=iso(now()))
    return answer({"candidate": shapes.candidate(call, row)})


ENDPOINTS = (
    Endpoint("GET", "/candidates/{id:int}/attachments", find),
    Endpoint("POST", "/attachments", upload, {OWNER: text, "candidate_id": text}),
    Endpoint("PATCH", "/candidates/{id:int}/set_as_cv/{attachment_id:int}", set_as_cv),
)
