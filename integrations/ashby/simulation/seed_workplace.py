"""The company's places, staff and lists of choices as Ashby keeps them; each list has something archived."""

from polyhire.simulators.company import Company, Office
from polyhire.simulators.tables import Row

from .records import identifier, stamp

OLD_ID = 9000
FOUNDED = "2024-01-08T09:00:00.000Z"
ROLES = {
    "admin": "Organization Admin",
    "recruiter": "Elevated Access",
    "hiring_manager": "Limited Access",
    "interviewer": "Limited Access",
}
SOURCE_TYPES = {
    "job_board": "Job Boards",
    "referral": "Referrals",
    "agency": "Agencies",
    "career_site": "Inbound",
    "prospecting": "Sourced",
}
REASON_TYPES = {"company": "RejectedByOrg", "candidate": "RejectedByCandidate", "nobody": "Other"}


def users(company: Company) -> list[Row]:
    return [
        {
            "id": identifier("user", each.id),
            "firstName": each.first_name,
            "lastName": each.last_name,
            "email": each.email,
            "globalRole": ROLES[each.role],
            "isEnabled": each.active,
            "updatedAt": stamp(each.created_at),
            "managerId": identifier("user", 1) if each.id % 3 == 2 else None,
        }
        for each in company.users
    ]


def sources(company: Company) -> list[Row]:
    kinds = {kind: number for number, kind in enumerate(SOURCE_TYPES, start=1)}
    shown = [(each.id, each.name, each.kind, False) for each in company.sources]
    return [
        {
            "id": identifier("source", number),
            "title": title,
            "isArchived": archived,
            "sourceType": {
                "id": identifier("source type", kinds[kind]),
                "title": SOURCE_TYPES[kind],
                "isArchived": False,
            },
        }
        for number, title, kind, archived in [*shown, (OLD_ID, "Newspaper", "job_board", True)]
    ]


def tags(company: Company) -> list[Row]:
    shown = [(each.id, each.name, False) for each in company.tags]
    return [
        {"id": identifier("tag", number), "title": title, "isArchived": archived}
        for number, title, archived in [*shown, (OLD_ID, "fax", True)]
    ]


def archive_reasons(company: Company) -> list[Row]:
    shown = [(each.id, each.name, each.by, False) for each in company.reject_reasons]
    return [
        {
            "id": identifier("archive reason", number),
            "text": text,
            "reasonType": REASON_TYPES[by],
            "isArchived": archived,
            "customFields": [],
        }
        for number, text, by, archived in [*shown, (OLD_ID, "Hiring freeze of 2020", "company", True)]
    ]


def departments(company: Company) -> list[Row]:
    shown = [(each.id, each.name, each.parent_id, False) for each in company.departments]
    return [
        {
            "id": identifier("department", number),
            "name": name,
            "externalName": f"{name} team" if number % 4 == 0 else None,
            "isArchived": archived,
            "parentId": identifier("department", parent) if parent else None,
            "createdAt": FOUNDED,
            "updatedAt": FOUNDED,
        }
        for number, name, parent, archived in [*shown, (OLD_ID, "Typing Pool", None, True)]
    ]


def locations(company: Company) -> list[Row]:
    old = Office(OLD_ID, "Porto office", None, "Porto", None, None, "Portugal", "PT", False, None)
    return [
        {
            "id": identifier("location", each.id),
            "name": each.name,
            "externalName": f"{each.name}, {each.country}" if each.id % 2 else None,
            "isArchived": each is old,
            "isRemote": each.is_remote,
            "workplaceType": "Remote" if each.is_remote else "OnSite",
            "parentLocationId": identifier("location", each.parent_id) if each.parent_id else None,
            "type": "Location",
            "address": {"postalAddress": _postal_address(each)},
        }
        for each in (*company.offices, old)
    ]


def _postal_address(office: Office) -> Row:
    parts = {
        "addressCountry": office.country,
        "addressRegion": office.region,
        "addressLocality": office.city,
        "postalCode": office.postal_code,
        "streetAddress": office.street,
    }
    return {key: value for key, value in parts.items() if value}
