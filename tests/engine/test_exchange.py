"""What comes back from a provider."""

import pytest
from multidict import CIMultiDict

from polyhire.engine.exchange import Answer, Upload


def answer(body: bytes, *, is_json: bool = True, link: str | None = None) -> Answer:
    headers = CIMultiDict({"Link": link} if link is not None else {})
    return Answer(200, headers, body, "application/json", "https://x.example/", is_json)


@pytest.mark.parametrize(
    ("header", "links"),
    [
        (None, {}),
        ("", {}),
        ('<https://x.example/?page=2>; rel="next"', {"next": "https://x.example/?page=2"}),
        (
            '<https://x.example/?a=1>; rel="prev", <https://x.example/?a=3>; title="x"; rel=NEXT',
            {"prev": "https://x.example/?a=1", "next": "https://x.example/?a=3"},
        ),
        ('<https://x.example/?ids=1,2,3>; rel="next"', {"next": "https://x.example/?ids=1,2,3"}),
        ('<https://x.example/>; title="one, two"; rel="next"', {"next": "https://x.example/"}),
        ("nonsense; rel=next", {}),
        ("<https://x.example/>; title=x", {}),
    ],
)
def test_links_are_read(header: str | None, links: dict[str, str]) -> None:
    """The Link header gives addresses by their relation."""
    assert answer(b"{}", link=header).links == links


def test_data_is_json_text_or_nothing() -> None:
    """A body is read as JSON when it is JSON, as text when not, and is None when empty."""
    assert answer(b'{"a":1}').data == {"a": 1}
    assert answer(b"caf\xe9", is_json=False).data == "caf�"
    assert answer(b"").data is None
    assert answer(b"").json is None
    assert answer(b"text", is_json=False).json == "text"


def test_files_are_not_shown() -> None:
    """Neither a file's content nor an answer's body shows up where objects are printed."""
    assert "hush" not in repr(Upload("cv.pdf", "application/pdf", b"hush"))
    assert "hush" not in repr(answer(b'"hush"'))
