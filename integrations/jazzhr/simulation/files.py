"""The files of an applicant; their URLs need no key, and soon stop working."""

from mimetypes import guess_type

from polyhire.simulators import bodies
from polyhire.simulators.company import Document
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row, now

from .applicants import decoded
from .identifiers import clock, day
from .resources import Resource, Values, equal, keep, read_body, readings, refer
from .seed_files import described
from .state import Jazz

FILTERS = {"applicant_id": equal("applicant_id")}
NEW = {
    **dict.fromkeys(("applicant_id", "filename", "file_data"), bodies.text),
    # inferred: 0 or 1, as text or not
    "file_privacy": bodies.choice("0", "1", 0, 1),
}


def listing(jazz: Jazz, values: Values) -> list[Row]:
    """Give the files of an applicant."""
    return keep(FILTERS, jazz.rows("file"), values)


def show(jazz: Jazz, ask: Ask, row: Row) -> Row:
    """Give a file with a URL that works for a while."""
    return {**row, "file_url": jazz.files.url(ask, row["id"], row["filename"])}


def upload(jazz: Jazz, ask: Ask) -> Row:
    """Keep a file; inferred: its type is that of its name."""
    body = read_body(ask, NEW, ["applicant_id", "filename", "file_data"])
    applicant, moment = refer(jazz, "applicant", body, "applicant_id"), now()
    kind = guess_type(body["filename"])[0] or "application/octet-stream"
    document = Document(body["filename"], kind, decoded(body["file_data"], "file_data"))
    privacy = {"user_id": None, "file_privacy": str(body.get("file_privacy", "0"))}
    loaded = {"date_loaded": day(moment), "time_loaded": clock(moment)}
    row = {"applicant_id": applicant["id"], **described(document), **privacy, **loaded}
    made = jazz.add("file", row)
    jazz.documents[made["id"]] = document
    # inferred: the name of the id
    return {"file_id": made["id"]}


# inferred: only the files of one applicant can be listed
FILES = Resource("files", listing, readings(FILTERS), required=["applicant_id"], show=show, create=upload)
