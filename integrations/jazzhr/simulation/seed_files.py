"""The files of applicants; a résumé is no row, but a part of its applicant."""

from polyhire.simulators.company import Company, Document, document
from polyhire.simulators.tables import Row

from .identifiers import Ids, clock, day, identifier


def files(company: Company, ids: Ids) -> tuple[list[Row], dict[str, Document]]:
    """Give the rows of files, and the documents by the id of the file, or of the applicant for a résumé.

    inferred: a résumé is not among the files.
    """
    rows, documents = [], {}
    recruiters = {each.id: each.recruiter_id for each in company.applications}
    for each in company.attachments:
        applicant, kept = ids.applicants[each.candidate_id], document(each)
        if each.kind == "resume":
            documents[applicant] = kept
            continue
        identity = identifier("file", each.id, each.created_at)
        documents[identity] = kept
        loader = recruiters.get(each.application_id or 0) if each.kind == "other" else None
        rows.append(
            {
                "id": identity,
                "applicant_id": applicant,
                **described(kept),
                "user_id": ids.users[loader] if loader else None,
                "file_privacy": "1" if each.kind == "other" else "0",
                "date_loaded": day(each.created_at),
                "time_loaded": clock(each.created_at),
            }
        )
    return rows, documents


def described(kept: Document) -> Row:
    """Say what a file is."""
    return {"filename": kept.name, "mime_type": kept.content_type, "file_size": str(len(kept.content))}


def with_resumes(company: Company, ids: Ids, applicants: list[Row]) -> list[Row]:
    """Give applicants with the text of their résumés."""
    texts = {ids.applicants[each.candidate_id]: each.text for each in company.attachments if each.kind == "resume"}
    return [{**row, "resume_body": texts.get(row["id"], "")} for row in applicants]
