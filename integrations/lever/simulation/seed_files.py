"""Papers, as Lever keeps them: résumés, other files, offers and what was signed."""

from datetime import UTC, datetime, time

from polyhire.simulators.company import Attachment, Company, Document, Offer, document, pdf
from polyhire.simulators.tables import Row

from .identifiers import identifier, milliseconds
from .seed_people import opportunity_number

STATUSES = {
    "created": ("draft", "approval-sent", "approved"),
    "sent": ("sent", "sent-manually", "opened"),
    "rejected": ("denied",),
    "accepted": ("signed",),
}
SENT = ("sent", "sent-manually", "opened", "denied", "signed")
HOUR = 3_600_000


def papers(company: Company, kind: str) -> list[Row]:
    """Give the résumés (`resume`), or all other files (`file`)."""
    chosen = [each for each in company.attachments if (each.kind == "resume") == (kind == "resume")]
    return [_paper(company, each, kind) for each in chosen]


def _paper(company: Company, attachment: Attachment, kind: str) -> Row:
    found = document(attachment)
    number = opportunity_number(company, attachment.candidate_id, attachment.application_id)
    return {
        "id": identifier(kind, attachment.id),
        "opportunityId": identifier("opportunity", number),
        **described(found, milliseconds(attachment.created_at)),
    }


def described(found: Document, moment: int) -> Row:
    """Describe a file as it was uploaded."""
    extension = found.name.rpartition(".")[2].lower() if "." in found.name else None
    return {
        "name": found.name,
        "ext": extension,
        "uploadedAt": moment,
        "status": "processed",
        "size": len(found.content),
    }


def documents(company: Company) -> dict[str, Document]:
    """Give the bytes of every file and offer, by the id of its row."""
    made = {
        identifier("resume" if each.kind == "resume" else "file", each.id): document(each)
        for each in company.attachments
    }
    for each in company.offers:
        made[identifier("offer", each.id)] = _letter(company, each)
    return made


def _letter(company: Company, offer: Offer) -> Document:
    person = company.candidates[company.applications[offer.application_id - 1].candidate_id - 1]
    text = f"Offer {offer.id}\n{person.name}\n{offer.salary.low} {offer.salary.currency}"
    return Document(f"offer {offer.id}.pdf", "application/pdf", pdf(text))


def offers(company: Company) -> list[Row]:
    return [_offer(company, each) for each in company.offers]


def _sent(offer: Offer) -> int:
    """When an offer went out: on the day the company says, or an hour after it was made."""
    if offer.sent_on is None:
        return milliseconds(offer.created_at) + HOUR
    return milliseconds(datetime.combine(offer.sent_on, time(), UTC))


def _offer(company: Company, offer: Offer) -> Row:
    application = company.applications[offer.application_id - 1]
    choices = STATUSES[offer.status]
    status = choices[offer.id // 2 % len(choices)]
    created = milliseconds(offer.created_at)
    sent = _sent(offer) if status in SENT else None
    approved = status not in ("draft", "approval-sent")
    signed = milliseconds(offer.resolved_at) if offer.resolved_at and status == "signed" else None
    return {
        "id": identifier("offer", offer.id),
        "opportunityId": identifier("opportunity", offer.application_id),
        "posting": identifier("posting", application.job_id or 0),
        "creator": identifier("user", offer.creator_id),
        "status": status,
        "createdAt": created,
        "approved": True if approved else None,
        "approvedAt": created + HOUR // 2 if approved else None,
        "sentAt": sent,
        "fields": _fields(offer),
        "signatures": None,
        "sent": sent,
        "signed": signed,
    }


def _fields(offer: Offer) -> list[Row]:
    starts = offer.starts_on
    return [
        {"text": "Salary amount", "identifier": "salary_amount", "value": offer.salary.low},
        {"text": "Currency", "identifier": "salary_currency", "value": offer.salary.currency},
        # inferred: written as all instants are
        {
            "text": "Anticipated start date",
            "identifier": "anticipated_start_date",
            "value": milliseconds(datetime(starts.year, starts.month, starts.day, tzinfo=UTC)) if starts else None,
        },
    ]
