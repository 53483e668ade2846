"""The `candidate.*` and `candidateTag.*` calls, but for uploads."""

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import UNSET, UnsetType, to_builtins

from polyhire.simulators.tables import Row

from . import shapes
from .bodies import Body, CreatedAfter, Email, Id, Moment, Paged, Text, Url, given
from .calls import Call, archivable, listing, made_after
from .records import Records, invalid, missing
from .seed_people import place


class _Info(Body):
    id: Id | UnsetType = UNSET
    external_mapping_id: Text | UnsetType = UNSET


class _Search(Body):
    email: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET


class _Place(Body):
    city: Text | UnsetType = UNSET
    region: Text | UnsetType = UNSET
    country: Text | UnsetType = UNSET


class _SocialLink(Body):
    type: Literal["LinkedIn", "GitHub", "Twitter", "Medium", "StackOverflow", "YouTube", "CodePen", "Website"]
    url: Url


class _Create(Body):
    name: Text
    email: Email | UnsetType = UNSET
    phone_number: Text | UnsetType = UNSET
    linked_in_url: Url | UnsetType = UNSET
    github_url: Url | UnsetType = UNSET
    website: Url | UnsetType = UNSET
    alternate_email_addresses: list[Email] | UnsetType = UNSET
    source_id: Id | UnsetType = UNSET
    credited_to_user_id: Id | UnsetType = UNSET
    location: _Place | UnsetType = UNSET
    created_at: Moment | UnsetType = UNSET


class _Update(Body):
    candidate_id: Id
    name: Text | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    phone_number: Text | UnsetType = UNSET
    linked_in_url: Url | UnsetType = UNSET
    github_url: Url | UnsetType = UNSET
    website_url: Url | UnsetType = UNSET
    alternate_email: Email | UnsetType = UNSET
    social_links: list[_SocialLink] | UnsetType = UNSET
    source_id: Id | UnsetType = UNSET
    credited_to_user_id: Id | UnsetType = UNSET
    location: _Place | UnsetType = UNSET


class _OfCandidate(Body):
    candidate_id: Id


class _Notes(Paged, kw_only=True):
    candidate_id: Id


class _RichText(Body):
    type: Literal["text/html"]
    value: Text


class _NoteCreate(Body):
    candidate_id: Id
    note: Text | _RichText
    send_notifications: bool = False
    is_private: bool = False
    created_at: Moment | UnsetType = UNSET


class _EmailMessage(Body):
    candidate_id: Id
    email_provider_email_id: Text
    subject: str
    # inferred: one sender, a list of receivers, each of them an address
    from_: Email
    to: list[Email]
    body: str
    cc: list[Email] | UnsetType = UNSET
    sent_at: Moment | UnsetType = UNSET
    user_id: Id | UnsetType = UNSET
    is_private: bool = False


class _Tagging(Body):
    candidate_id: Id
    tag_id: Id


class _TagCreate(Body):
    title: Text


class _TagArchive(Body):
    # inferred: the key is named after the resource, as departmentId is
    candidate_tag_id: Id


def _listed(records: Records, body: CreatedAfter) -> Iterable[Row]:
    return made_after(records.rows("candidate"), body)


def _info(records: Records, body: _Info) -> Any:
    if (body.id is UNSET) == (body.external_mapping_id is UNSET):
        raise invalid("Give either id or externalMappingId")
    if isinstance(body.id, str):
        return shapes.candidate(records, records.get("candidate", body.id))
    found = records.find("candidate", externalMappingId=body.external_mapping_id)
    if not found:
        raise missing("candidate")
    return shapes.candidate(records, found[0])


def _search(records: Records, body: _Search) -> Any:
    if body.email is UNSET and body.name is UNSET:
        raise invalid("Give an email or a name")
    # inferred: with both, both must fit; an address fits as a whole, a name in part
    found = [row for row in records.rows("candidate") if _fits(row, body)]
    return [shapes.candidate(records, row) for row in found[:100]]


def _fits(row: Row, body: _Search) -> bool:
    if isinstance(body.name, str) and body.name.lower() not in row["name"].lower():
        return False
    addresses = [each["value"].lower() for each in row["emailAddresses"]]
    return not isinstance(body.email, str) or body.email.lower() in addresses


def _contact(value: str, *, primary: bool) -> Row:
    return {"value": value, "type": "Personal", "isPrimary": primary}


def _links(body: _Create | _Update, website: str | UnsetType) -> list[Row]:
    named = {"LinkedIn": body.linked_in_url, "GitHub": body.github_url, "Website": website}
    return [{"type": kind, "url": url} for kind, url in given(**named).items()]


def _lives(candidate_id: str, where: _Place) -> Row:
    named = to_builtins(where)
    return place(candidate_id, named.get("city"), named.get("region"), named.get("country"))


def _create(records: Records, body: _Create) -> Any:
    records.check("source", body.source_id)
    records.check("user", body.credited_to_user_id)
    emails = [] if body.email is UNSET else [_contact(body.email, primary=True)]
    if body.alternate_email_addresses is not UNSET:
        emails += [_contact(each, primary=False) for each in body.alternate_email_addresses]
    row = {
        "createdAt": records.moment(body.created_at),
        "updatedAt": records.moment(),
        "name": body.name,
        "emailAddresses": emails,
        "phoneNumbers": [] if body.phone_number is UNSET else [_contact(body.phone_number, primary=True)],
        "socialLinks": _links(body, body.website),
        "tagIds": [],
        "applicationIds": [],
        "fileIds": [],
        "customFields": [],
        "sourceId": body.source_id or None,
        "creditedToUserId": body.credited_to_user_id or None,
        "timezone": None,
    }
    made = records.add("candidate", row)
    if body.location is not UNSET:
        made["location"] = _lives(made["id"], body.location)
    return shapes.candidate(records, made)


def _update(records: Records, body: _Update) -> Any:
    row = records.get("candidate", body.candidate_id)
    records.check("source", body.source_id)
    records.check("user", body.credited_to_user_id)
    changes = given(name=body.name, sourceId=body.source_id, creditedToUserId=body.credited_to_user_id)
    changes["emailAddresses"] = _emails(row["emailAddresses"], body)
    if body.phone_number is not UNSET:
        others = [each for each in row["phoneNumbers"] if not each["isPrimary"]]
        changes["phoneNumbers"] = [_contact(body.phone_number, primary=True), *others]
    # inferred: socialLinks replaces them all, a single url the one of its kind
    kept = row["socialLinks"] if body.social_links is UNSET else to_builtins(body.social_links)
    single = _links(body, body.website_url)
    kinds = {each["type"] for each in single}
    changes["socialLinks"] = [each for each in kept if each["type"] not in kinds] + single
    if body.location is not UNSET:
        changes["location"] = _lives(row["id"], body.location)
    return shapes.candidate(records, records.change("candidate", row["id"], **changes))


def _emails(known: list[Row], body: _Update) -> list[Row]:
    if body.email is not UNSET:
        others = [each for each in known if not each["isPrimary"] and each["value"] != body.email]
        known = [_contact(body.email, primary=True), *others]
    if body.alternate_email is not UNSET and body.alternate_email not in [each["value"] for each in known]:
        known = [*known, _contact(body.alternate_email, primary=False)]
    return known


def _anonymize(records: Records, body: _OfCandidate) -> Any:
    row = records.get("candidate", body.candidate_id)
    statuses = {records.get("application", each)["status"] for each in row["applicationIds"]}
    # inferred: nobody who is still being considered can be made anonymous
    if statuses & {"Lead", "Active"}:
        raise invalid("Every application of the candidate must be archived or hired")
    emptied = ("emailAddresses", "phoneNumbers", "socialLinks", "tagIds", "fileIds", "customFields")
    unknown = ("position", "company", "school", "location", "timezone", "resumeFileId", "externalMappingId")
    changes: Row = {**{key: [] for key in emptied}, **dict.fromkeys(unknown), "name": "Anonymized Candidate"}
    return shapes.candidate(records, records.change("candidate", row["id"], **changes))


def _notes(records: Records, body: _Notes) -> Iterable[Row]:
    records.check("candidate", body.candidate_id)
    return records.of("note", body.candidate_id)


def _create_note(records: Records, body: _NoteCreate) -> Any:
    records.check("candidate", body.candidate_id)
    row = {
        "candidateId": body.candidate_id,
        "createdAt": records.moment(body.created_at),
        "content": body.note if isinstance(body.note, str) else body.note.value,
        "isPrivate": body.is_private,
        "authorId": None,
    }
    return shapes.note(records, records.add("note", row))


def _add_email(records: Records, body: _EmailMessage) -> Any:
    records.check("candidate", body.candidate_id)
    records.check("user", body.user_id)
    if not body.to:
        raise invalid("An email has at least one receiver")
    # inferred: the answer is the id of the message; nothing lists these messages
    return {"id": records.add("email", to_builtins(body))["id"]}


def _add_tag(records: Records, body: _Tagging) -> Any:
    row = records.get("candidate", body.candidate_id)
    # inferred: an archived tag can no longer be given to anybody
    if records.get("tag", body.tag_id)["isArchived"]:
        raise invalid("The tag is archived")
    tags = row["tagIds"] if body.tag_id in row["tagIds"] else [*row["tagIds"], body.tag_id]
    return shapes.candidate(records, records.change("candidate", row["id"], tagIds=tags))


def _remove_tag(records: Records, body: _Tagging) -> Any:
    row = records.get("candidate", body.candidate_id)
    records.check("tag", body.tag_id)
    tags = [each for each in row["tagIds"] if each != body.tag_id]
    return shapes.candidate(records, records.change("candidate", row["id"], tagIds=tags))


def _create_tag(records: Records, body: _TagCreate) -> Any:
    # inferred: a title is unique; asking for it again gives back the tag that has it
    same = [row for row in records.rows("tag") if row["title"].lower() == body.title.lower()]
    if same:
        return shapes.tag(records, records.change("tag", same[0]["id"], isArchived=False))
    return shapes.tag(records, records.add("tag", {"title": body.title, "isArchived": False}))


def _archive_tag(records: Records, body: _TagArchive) -> Any:
    return shapes.tag(records, records.change("tag", body.candidate_tag_id, isArchived=True))


READ, WRITE = "candidatesRead", "candidatesWrite"
CALLS = (
    listing("candidate.list", READ, CreatedAfter, _listed, shapes.candidate),
    Call("candidate.info", READ, _Info, _info),
    Call("candidate.search", READ, _Search, _search),
    Call("candidate.create", WRITE, _Create, _create),
    Call("candidate.update", WRITE, _Update, _update),
    Call("candidate.anonymize", WRITE, _OfCandidate, _anonymize),
    listing("candidate.listNotes", READ, _Notes, _notes, shapes.note),
    Call("candidate.createNote", WRITE, _NoteCreate, _create_note),
    Call("candidate.addEmailMessage", WRITE, _EmailMessage, _add_email),
    Call("candidate.addTag", WRITE, _Tagging, _add_tag),
    Call("candidate.removeTag", WRITE, _Tagging, _remove_tag),
    archivable("candidateTag.list", "hiringProcessMetadataRead", "tag", shapes.tag),
    Call("candidateTag.create", "hiringProcessMetadataWrite", _TagCreate, _create_tag),
    Call("candidateTag.archive", "hiringProcessMetadataWrite", _TagArchive, _archive_tag),
)
