"""Real bytes for the files of candidates: a small valid PDF, or plain text."""

from dataclasses import dataclass

from .people import Attachment


@dataclass(frozen=True)
class Document:
    """A file as it travels: its name, media type and bytes."""

    name: str
    content_type: str
    content: bytes


def document(attachment: Attachment) -> Document:
    """Give the same bytes for the same attachment, in the format its content type promises."""
    is_pdf = attachment.content_type == "application/pdf"
    content = pdf(attachment.text) if is_pdf else attachment.text.encode()
    return Document(attachment.file_name, attachment.content_type, content)


def pdf(text: str) -> bytes:
    """Print text on one page; characters outside Latin-1 become question marks."""
    lines = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in text.splitlines()]
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 760 Td {shown} ET".encode("latin-1", "replace")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        font,
    ]
    return _assemble(objects)


def _assemble(objects: list[bytes]) -> bytes:
    out = b"%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
