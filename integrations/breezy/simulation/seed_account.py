"""What a Breezy account was set up with: templates, custom attributes, webhooks."""

from polyhire.simulators.tables import Row

from .identifiers import identifier

SET_UP = "2024-01-08T09:00:00.000Z"
ATTRIBUTES = (
    ("candidate", "Desired salary", False),
    ("candidate", "Time zone", False),
    ("position", "Cost centre", False),
    ("position", "Budget", True),
)
TEMPLATES = (("Invitation", "Time for a call?"), ("Rejection", "Your application"))
EVENTS = (
    *("candidateAdded", "candidateDeleted", "candidateStatusUpdated", "companyPositionAdded", "companyPositionUpdated"),
    *("companyPositionDeleted", "companyPositionStateUpdated"),
    *("companyNotePosted", "companyNoteUpdated", "companyNoteDeleted"),
)


def custom_attributes(company_id: str) -> list[Row]:
    """Give the custom attributes. inferred: their shape."""
    return [
        {
            "_id": identifier(f"custom attribute {company_id}", number),
            "company": company_id,
            "of": of,
            "name": name,
            "secure": secure,
        }
        for number, (of, name, secure) in enumerate(ATTRIBUTES)
    ]


def templates(company_id: str) -> list[Row]:
    """Give the templates of messages. inferred: their shape."""
    return [
        {
            "_id": identifier(f"template {company_id}", number),
            "company": company_id,
            "name": name,
            "subject": subject,
            "body": "<p>Hello {{candidate_name}}</p>",
        }
        for number, (name, subject) in enumerate(TEMPLATES)
    ]


def webhooks(company_id: str) -> list[Row]:
    """Give the webhooks that people set up by hand, one of them long ago."""
    return [
        webhook(f"https://hooks.example/{company_id}/new", ["candidateAdded"], "New people", SET_UP)
        | _kept(company_id, 1),
        webhook(f"https://hooks.example/{company_id}/old", list(EVENTS), None, SET_UP)
        | _kept(company_id, 2)
        | {"is_legacy": True, "status": "paused", "enabled": False},
    ]


def _kept(company_id: str, number: int) -> Row:
    secret = f"whsec_{identifier('webhook secret', number)}"
    return {"_id": identifier(f"webhook {company_id}", number), "company": company_id, "secret": secret}


def webhook(url: str, events: list[str], description: str | None, moment: str) -> Row:
    """Make a webhook, without its id and secret."""
    return {
        "url": url,
        "description": description,
        "events": events,
        "status": "active",
        "enabled": True,
        # inferred: what is counted
        "stats": {"delivered": 0, "failed": 0},
        "created_at": moment,
        "updated_at": moment,
        "is_legacy": False,
    }
