"""Files come in by a URL that Teamtailor downloads, and are kept behind signed URLs."""

from dataclasses import replace
from mimetypes import guess_type
from urllib.parse import parse_qsl, unquote, urlsplit

from polyhire.simulators.company import Document, pdf
from polyhire.simulators.kit import Ask, Refusal

from .refusals import invalid_attribute
from .state import Teamtailor, file_key


def download(teamtailor: Teamtailor, ask: Ask, url: str, attribute: str, name: str | None = None) -> Document:
    """Fetch what a URL leads to; refuses one of our own that has expired.

    Only our own signed URLs are followed: a simulator must not reach out. The file of any other says where it is from.
    """
    parts = urlsplit(url)
    name = name or unquote(parts.path.rpartition("/")[2]) or "file"
    content_type = guess_type(name)[0] or "application/octet-stream"
    own = f"{ask.base}/_files/"
    if not url.startswith(own):
        return Document(name, content_type, f"from {url}".encode())
    query = tuple(parse_qsl(parts.query))
    identifier = url.removeprefix(own).partition("/")[0]
    try:
        found = teamtailor.files.serve(replace(ask, query=query, values={"id": identifier}))
    except Refusal:
        raise invalid_attribute(attribute, "could not be downloaded") from None
    return Document(name, found.headers["Content-Type"], bytes(found.body))


def keep_resume(teamtailor: Teamtailor, candidate: int, original: Document) -> None:
    """Keep a résumé as it came, and converted to PDF."""
    converted = original
    if original.content_type != "application/pdf":
        text = original.content.decode(errors="replace")
        converted = Document(f"{original.name.rpartition('.')[0] or original.name}.pdf", "application/pdf", pdf(text))
    teamtailor.documents[file_key(candidate, "original-resume")] = original
    teamtailor.documents[file_key(candidate, "resume")] = converted
