"""What happened to candidates, as Breezy keeps it: streams, conversations, scorecards and files."""

from datetime import timedelta

from polyhire.simulators.company import Activity, Application, Attachment, Company, Document, Scorecard, document
from polyhire.simulators.tables import Row, iso

from .identifiers import identifier
from .seed_people import candidate_id, score_of

ADDED, CHANGED, NOTE = "candidateAdded", "candidateStatusUpdated", "companyNotePosted"
TO, FROM = "messageToCandidatePosted", "messageFromCandidatePosted"
TALKATIVE, MESSAGES = 150, 60


def first_applications(company: Company) -> dict[int, Application]:
    """Give the first record of each person, on which hangs what is about none in particular."""
    return {each.candidate_id: each for each in reversed(company.applications)}


def events(company: Company) -> list[Row]:
    """Give what the streams show: who was added, notes, and changes of stage."""
    first = first_applications(company)
    added = [
        _event(identifier("added", each.id), candidate_id(each.id), ADDED, None, None, iso(each.created_at))
        for each in company.applications
    ]
    told = [
        _event(
            identifier("event", each.id),
            candidate_id(each.application_id or first[each.candidate_id].id),
            NOTE if each.kind == "note" else CHANGED,
            each.body,
            each.author_id,
            iso(each.created_at),
        )
        for each in company.activities
        if each.kind != "email"
    ]
    return [*added, *told]


def _event(event_id: str, candidate: str, kind: str, body: str | None, author: int | None, moment: str | None) -> Row:
    user = identifier("user", author) if author else None
    return {"_id": event_id, "candidate": candidate, "type": kind, "body": body, "user": user, "timestamp": moment}


def messages(company: Company) -> list[Row]:
    """Give the emails, the replies to some, and the chatter of the few who write a lot."""
    first = first_applications(company)
    made: list[Row] = []
    for each in company.activities:
        if each.kind == "email":
            made += _letters(each, candidate_id(each.application_id or first[each.candidate_id].id))
    for person in company.candidates:
        if person.id % TALKATIVE == 7:
            made += _chatter(first[person.id], company.users[0].id)
    return made


def _letters(activity: Activity, candidate: str) -> list[Row]:
    sent = {
        "_id": identifier("message", activity.id),
        "candidate": candidate,
        "type": TO,
        "body": activity.body,
        "subject": activity.subject,
        "user": identifier("user", activity.author_id or 0),
        "attachments": ["handbook"] if activity.id % 10 == 1 else [],
        "delayed": activity.id % 7 == 0,
        "timestamp": iso(activity.created_at),
    }
    if activity.id % 3 or sent["delayed"]:
        return [sent]
    reply: Row = {"type": FROM, "body": "Thank you!\nI will.", "user": None, "attachments": []}
    moment = iso(activity.created_at + timedelta(days=1))
    return [sent, {**sent, **reply, "_id": identifier("reply", activity.id), "timestamp": moment}]


def _chatter(application: Application, author: int) -> list[Row]:
    return [
        {
            "_id": identifier(f"chatter {application.id}", number),
            "candidate": candidate_id(application.id),
            "type": FROM if number % 2 else TO,
            "body": f"Message {number}",
            "subject": None,
            "user": None if number % 2 else identifier("user", author),
            "attachments": [],
            "delayed": False,
            "timestamp": iso(application.created_at + timedelta(minutes=number)),
        }
        for number in range(1, MESSAGES + 1)
    ]


def scorecards(company: Company) -> list[Row]:
    """Give one scorecard for each application that has verdicts. inferred: its shape, but for the scores."""
    found: dict[int, list[Scorecard]] = {}
    for each in company.scorecards:
        if score_of(each):
            found.setdefault(each.application_id, []).append(each)
    return [_scorecard(application, verdicts) for application, verdicts in found.items()]


def _scorecard(application: int, verdicts: list[Scorecard]) -> Row:
    names = ["Overall", *sorted({name for each in verdicts for name, _ in each.attributes})]
    sections = []
    for name in names:
        scores = [
            {"user_id": identifier("user", each.interviewer_id), "score": score, "note": _note(each, name)}
            for each in verdicts
            if (score := _score(each, name))
        ]
        sections.append({"name": name, "scores": scores})
    return {
        "_id": identifier("scorecard", application),
        "candidate": candidate_id(application),
        "scorecard_id": identifier("scorecard template", 1),
        "sections": sections,
        "creation_date": iso(min(each.created_at for each in verdicts)),
        "updated_date": iso(max(each.updated_at for each in verdicts)),
    }


def _score(scorecard: Scorecard, section: str) -> str | None:
    if section == "Overall":
        return score_of(scorecard)
    words = {"no": "poor", "mixed": "neutral", "yes": "good"}
    return next((words[verdict] for name, verdict in scorecard.attributes if name == section), None)


def _note(scorecard: Scorecard, section: str) -> str | None:
    return scorecard.takeaways if section == "Overall" else None


def resumes(company: Company) -> dict[int, Row]:
    """Give the résumés by application; of some the id is not known, and some could not be read by Breezy."""
    made: dict[int, Row] = {}
    for each, application in _papers(company, "resume"):
        row: Row = {"file_name": each.file_name, "place": attachment_place(each)}
        if each.id % 4:
            row = {"_id": identifier("resume", each.id), **row}
        if each.id % 50 == 9:
            row["error"] = "The résumé could not be parsed"
        made[application] = row
    return made


def _papers(company: Company, *kinds: str) -> list[tuple[Attachment, int]]:
    first = first_applications(company)
    return [
        (each, each.application_id or first[each.candidate_id].id) for each in company.attachments if each.kind in kinds
    ]


def attachment_place(attachment: Attachment) -> str:
    """Say where in the store the bytes of an attachment are."""
    return identifier("file", attachment.id)


def documents(company: Company) -> list[Row]:
    """Give the files that are no résumé."""
    return [
        {
            "_id": identifier("document", each.id),
            "candidate": candidate_id(application),
            "file_name": each.file_name,
            "place": attachment_place(each),
            "creation_date": iso(each.created_at),
        }
        for each, application in _papers(company, "cover_letter", "other")
    ]


def stored(company: Company) -> dict[str, Document]:
    """Give the bytes of all files by their place in the store."""
    handbook = Document("handbook é.txt", "text/plain", b"Be kind.\n")
    return {"handbook": handbook, **{attachment_place(each): document(each) for each in company.attachments}}
