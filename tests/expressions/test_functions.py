"""The functions we add in Python: pure, quick, and quiet about what they can't read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyhire.errors import MappingError
from polyhire.expressions import ABSENT, Expression
from polyhire.expressions.functions import FUNCTIONS


def call(name: str, *arguments: Any) -> Any:
    """The function as expressions call it."""
    listed = ", ".join(f"a[{index}].v" for index in range(len(arguments)))
    return Expression(f"${name}({listed})").evaluate({"a": [{"v": argument} for argument in arguments]})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-01-31T10:05:09Z", "2024-01-31T10:05:09.000Z"),
        ("2024-01-31T10:05:09.5Z", "2024-01-31T10:05:09.500Z"),
        ("2024-01-31T10:05:09.123456Z", "2024-01-31T10:05:09.123Z"),
        ("2024-01-31T10:05:09.1234567Z", "2024-01-31T10:05:09.123Z"),
        ("2015-06-05T05:53:42.752-07:00", "2015-06-05T12:53:42.752Z"),
        ("2024-01-31T10:05:09+0000", "2024-01-31T10:05:09.000Z"),
        ("2024-01-31 10:05:09 +0100", "2024-01-31T09:05:09.000Z"),
        ("2024-01-31T10:05:09", "2024-01-31T10:05:09.000Z"),
        ("2024-01-31T10:05", "2024-01-31T10:05:00.000Z"),
        ("2024-01-31 10:05:09", "2024-01-31T10:05:09.000Z"),
        ("2024-01-31 10:05:09 UTC", "2024-01-31T10:05:09.000Z"),
        (" 2024-01-31 ", "2024-01-31T00:00:00.000Z"),
        ("20240131", "2024-01-31T00:00:00.000Z"),
        ("2024-01-31-07:00", "2024-01-31T00:00:00.000Z"),
        ("2024-01-31Z", "2024-01-31T00:00:00.000Z"),
        (1706695509, "2024-01-31T10:05:09.000Z"),
        (1706695509.25, "2024-01-31T10:05:09.250Z"),
        (1706695509250, "2024-01-31T10:05:09.250Z"),
        ("1706695509", "2024-01-31T10:05:09.000Z"),
        ("1706695509.25", "2024-01-31T10:05:09.250Z"),
        ("1706695509250", "2024-01-31T10:05:09.250Z"),
        (-1, "1969-12-31T23:59:59.000Z"),
        ("Wed, 31 Jan 2024 10:05:09 GMT", "2024-01-31T10:05:09.000Z"),
        ("Wed, 31 Jan 2024 10:05:09 +0200", "2024-01-31T08:05:09.000Z"),
        ("/Date(1706695509250)/", "2024-01-31T10:05:09.250Z"),
        ("/Date(1706695509250+0100)/", "2024-01-31T10:05:09.250Z"),
        ("/Date(-1000)/", "1969-12-31T23:59:59.000Z"),
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00.000Z"),
    ],
)
def test_every_way_to_write_a_moment(value: Any, expected: str) -> None:
    """What providers send as a moment becomes RFC 3339 in UTC with milliseconds; without a zone it is UTC."""
    assert call("dateTime", value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", "soon", "0000-00-00", "2024-13-01", "01/31/2024", "Jan 31, 2024", "Wed, 99 Foo 2024"),
        *("9" * 400, "/Date(9e9)/", "/Date(" + "9" * 30 + ")/", "²²²²²²²²²"),
        *(True, None, [], ["2024-01-31", 1], {}, 1e300),
    ],
)
def test_what_is_no_moment_is_nothing(value: Any) -> None:
    """A value that is no date finds nothing instead of failing."""
    assert call("dateTime", value) is ABSENT
    assert call("epochMillis", value) is ABSENT


@pytest.mark.parametrize(
    ("value", "pattern", "expected"),
    [
        ("01/31/2024", "%m/%d/%Y", "2024-01-31T00:00:00.000Z"),
        ("31/01/2024 02:05 PM", "%d/%m/%Y %I:%M %p", "2024-01-31T14:05:00.000Z"),
        ("20240131140500", "%Y%m%d%H%M%S", "2024-01-31T14:05:00.000Z"),
        ("2024-01-31 10:05 +0100", "%Y-%m-%d %H:%M %z", "2024-01-31T09:05:00.000Z"),
        ("31.01.2024", "%m/%d/%Y", ABSENT),
        ("31.01.2024", "%", ABSENT),
        ("31.01.2024", "%d." * 30, ABSENT),
    ],
)
def test_a_pattern_reads_what_only_the_provider_writes(value: str, pattern: str, expected: Any) -> None:
    """The second argument is a strptime pattern; one that does not fit finds nothing."""
    assert call("dateTime", value, pattern) == expected


def test_an_offset_places_local_times() -> None:
    """The third argument is the zone of a time that tells none; it changes nothing about one that does."""
    assert call("dateTime", "31.01.2024 10:00", "%d.%m.%Y %H:%M", "+02:00") == "2024-01-31T08:00:00.000Z"
    assert call("dateTime", "2024-01-31T10:00:00Z", None, "+02:00") == "2024-01-31T10:00:00.000Z"
    assert call("dateTime", "2024-01-31T10:00:00", None, "Mars") is ABSENT


def test_days_and_epochs() -> None:
    """A moment also comes as a day, in milliseconds or in whole seconds."""
    assert call("calendarDate", "2024-01-31T23:30:00-05:00") == "2024-02-01"
    assert call("calendarDate", "31.01.2024", "%d.%m.%Y") == "2024-01-31"
    assert call("calendarDate", "2024-01-31-07:00") == "2024-01-31"
    assert call("calendarDate", "soon") is ABSENT
    assert call("epochMillis", "2024-01-31T10:05:09.250Z") == 1706695509250
    assert call("epochSeconds", "2024-01-31T10:05:09.750Z") == 1706695509
    assert call("epochSeconds", "soon") is ABSENT


def test_today_is_the_day_in_utc() -> None:
    """Today is the date in UTC, wherever the server stands."""
    before = datetime.now(UTC).date().isoformat()
    assert before <= Expression("$today()").evaluate() <= datetime.now(UTC).date().isoformat()


def test_remove_empty_leaves_what_says_something() -> None:
    """Nulls, empty texts, lists and objects go, at every depth; 0 and false stay."""
    value: Any = {"a": None, "b": [{"c": ""}, 1, []], "d": {"e": {}}, "f": 0, "g": False, "h": "x"}
    assert call("removeEmpty", value) == {"b": [1], "f": 0, "g": False, "h": "x"}
    assert call("removeEmpty", "x") == "x"


def test_urls_come_apart() -> None:
    """Host, path and one query parameter of a URL; nothing for what is none."""
    url = "HTTPS://Jobs.Example.com:8443/a%20b/7?gh_jid=12&gh_jid=13&q=x%20y"
    assert call("host", url) == "jobs.example.com"
    assert call("urlPath", url) == "/a%20b/7"
    assert call("queryParameter", url, "gh_jid") == "12"
    assert call("queryParameter", url, "q") == "x y"
    assert call("queryParameter", url, "nope") is ABSENT
    for name in ("host", "urlPath", "queryParameter"):
        assert call(name, 5) is ABSENT
    assert call("host", "http://[broken") is ABSENT


@pytest.mark.parametrize(("value", "expected"), [("a b/é~", "a%20b%2F%C3%A9~"), (5, "5"), (True, "true")])
def test_url_encode_escapes_everything(value: Any, expected: str) -> None:
    """Text for any part of a URL: slashes are escaped too, and booleans are written as JSON writes them."""
    assert call("urlEncode", value) == expected
    assert Expression("$urlEncode(nothing)").evaluate({}) is ABSENT


@pytest.mark.parametrize(
    ("value", "expected"), [("", ""), ("f", "Zg"), ("subjects?", "c3ViamVjdHM_"), ("ÿþ", "w7_Dvg")]
)
def test_base64url_is_that_of_tokens(value: str, expected: str) -> None:
    """UTF-8 in the alphabet of RFC 4648's section 5, without padding."""
    assert call("base64url", value) == expected
    assert Expression("$base64url(nothing)").evaluate({}) is ABSENT


def test_digests_are_the_published_ones() -> None:
    """Test vectors of RFC 4231 and FIPS 180, in the three encodings."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert call("hmac", "sha256", "Jefe", "what do ya want for nothing?") == expected
    assert call("hmac", "sha1", "Jefe", "what do ya want for nothing?", "base64") == "7/zfauXrL6LSdBbV8YTfnCWafHk="
    assert call("digest", "sha1", "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d"
    assert call("digest", "md5", "", "base64") == "1B2M2Y8AsgTpgAmY7PhCfg=="
    assert call("digest", "md5", "", "base64url") == "1B2M2Y8AsgTpgAmY7PhCfg"
    assert Expression('$digest("md5", nothing)').evaluate({}) is ABSENT


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('$digest("crc32", "x")', "no digest 'crc32'"),
        ('$digest("md5", "x", "rot13")', "no encoding 'rot13'; there are: hex, base64, base64url"),
        ('$hmac("sha256", nothing, "x")', "needs a key"),
        ('$hmac("sha256", "", "x")', "needs a key"),
        ('$hmac("sha256", "key", nothing)', "needs a key and a text"),
    ],
)
def test_a_signature_is_never_made_of_nothing(source: str, reason: str) -> None:
    """A digest that can't be made as asked fails loudly: a guessable one would be worse."""
    with pytest.raises(MappingError, match=reason):
        Expression(source).evaluate({})


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hello <b>world</b></p><p>Again</p>", "Hello world\nAgain"),
        ("<ul><li>one</li><li>two &amp; three</li></ul>", "- one\n- two & three"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<head><title>t</title></head><script>x()</script><style>p{}</style>seen", "seen"),
        ("</script>a < b", "a < b"),
        ("plain  text", "plain text"),
        ("<![foo[ odd", "<![foo[ odd"),
        ("", ""),
    ],
)
def test_html_becomes_text(html: str, expected: str) -> None:
    """Paragraphs and list items get lines of their own, scripts and styles vanish, odd markup stays as it is."""
    assert call("htmlToText", html) == expected
    assert call("htmlToText", 5) is ABSENT


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
ODD_TEXT = st.sampled_from(
    ["<![x[", "<p", "&#0;", "/Date(-)/", "2024-", "%", "sha256", "http://[", "\x00", "Thu,", "--9"]
)


@settings(max_examples=30, deadline=None)
@given(st.lists(JSON | ODD_TEXT, max_size=4))
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_no_input_breaks_a_function(name: str, arguments: list[Any]) -> None:
    """Whatever JSON a function is given, it answers, or fails as a MappingError."""
    try:
        call(name, *arguments)
    except MappingError as error:
        assert error.reason
