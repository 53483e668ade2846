"""Keys that never change: every place where the providers' documents want them, against servers as strict as they."""

import base64
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.responses import Response

from polyhire.engine.exchange import Outgoing
from polyhire.engine.serving import Call
from polyhire.errors import CredentialsRejected
from tests.engine.conftest import Build
from tests.engine.pretend import Pretend, Seen, by, json

PEOPLE = """
get: {request: 'GET /people/{id}', item: body}
create: {request: POST /people, json: {name: body.first_name}, item: body}
fields: {id: id}
"""
KEY = "key: {label: Key, secret: true}"


@dataclass(frozen=True)
class Scheme:
    """What an integration says, and what its provider insists on: `on_write` is of a POST alone."""

    name: str
    ask: str
    apply: str
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    on_write: dict[str, Any] = field(default_factory=dict)
    base_url: str = "https://api.example.com/v1"
    asked: dict[str, str] = field(default_factory=lambda: {"key": "hush/key+1=é"})

    @property
    def host(self) -> str:
        """The host that is asked when everything is filled in."""
        return self.base_url.removeprefix("https://").partition("/")[0].replace("{account.company}", "acme")


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


SCHEMES = [
    Scheme("key as the user", KEY, "{basic: {username: key}}", {"authorization": basic("hush/key+1=é:")}),
    Scheme(
        "key as the user, anything as the password",
        KEY,
        "{basic: {username: key, password: '\"x\"'}}",
        {"authorization": basic("hush/key+1=é:x")},
    ),
    Scheme("key as the password", KEY, "{basic: {password: key}}", {"authorization": basic(":hush/key+1=é")}),
    Scheme(
        "user and password",
        f"user: {{label: User}}, {KEY}",
        "{basic: {username: user, password: key}}",
        {"authorization": basic("ada:hush")},
        asked={"user": "ada", "key": "hush"},
    ),
    Scheme("bearer", KEY, "{bearer: key}", {"authorization": "Bearer k-1"}, asked={"key": "k-1"}),
    Scheme(
        "raw",
        KEY,
        "{headers: {Authorization: key}}",
        {"authorization": "breezy_pat_1"},
        asked={"key": "breezy_pat_1"},
    ),
    Scheme(
        "token",
        KEY,
        "{headers: {Authorization: '\"Token \" & key'}}",
        {"authorization": "Token k-1"},
        asked={"key": "k-1"},
    ),
    Scheme(
        "token=, on behalf of someone",
        f"{KEY}, user: {{label: User, optional: true}}",
        "{headers: {Authorization: '\"Token token=\" & key', X-On-Behalf-Of: account.user}}",
        {"authorization": "Token token=k-1", "x-on-behalf-of": "u-7"},
        asked={"key": "k-1", "user": "u-7"},
    ),
    Scheme(
        "two headers with underscores",
        f"id: {{label: Id}}, {KEY}",
        "{headers: {customer_key: account.id, customer_secret: key}}",
        {"customer_key": "c-1", "customer_secret": "hush"},
        asked={"id": "c-1", "key": "hush"},
    ),
    Scheme(
        "several headers and a host of one's own",
        f"company: {{label: Company}}, {KEY}, publisher: {{label: Publisher, default: polyhire}}",
        "{headers: {Token: key, Publisher: account.publisher}}",
        {"token": "hush", "publisher": "polyhire"},
        base_url="https://{account.company}.example.com/api",
        asked={"company": "acme", "key": "hush", "publisher": "polyhire"},
    ),
    Scheme(
        "key in the query, and in the body of what is written",
        KEY,
        "{query: {apikey: key}, body: {apikey: key}}",
        query={"apikey": "hush/key+1=é"},
        on_write={"apikey": "hush/key+1=é"},
    ),
    Scheme("nobody at all", "company: {label: Company}", "{}", asked={"company": "acme"}),
]


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
async def test_a_key_goes_where_the_provider_wants_it(build: Build, provider: Pretend, scheme: Scheme) -> None:
    """A read and a write carry the credential as the provider insists, at its host, and nothing else of it."""

    def answer(seen: Seen) -> Any:
        has = all(seen.headers.get(name) == value for name, value in expected.items())
        extra = {"authorization"} & seen.headers.keys() - expected.keys()
        body = {"name": "Ada", **scheme.on_write} == seen.json if seen.verb == "POST" else seen.body == b""
        return {"id": 1} if has and not extra and body and seen.query == scheme.query else json({}, 401)

    # As a header's bytes come in: latin-1.
    expected = {name: value.encode().decode("latin-1") for name, value in scheme.headers.items()}
    path = f"/{scheme.host}/{scheme.base_url.rpartition('/')[2]}/people"
    provider.on(f"GET {path}/1", by(answer))
    provider.on(f"POST {path}", by(answer))
    connect = f"connect: {{way: {{label: Way, ask: {{{scheme.ask}}}, apply: {scheme.apply}}}}}"
    tiny = build(connect=connect, asked=scheme.asked, base_url=scheme.base_url, candidates=PEOPLE, by_host=True)
    await tiny.get("1")
    await tiny.run(Call("candidates", "create", body={"first_name": "Ada"}))
    assert len(provider.seen) == 2


async def test_what_was_not_answered_is_not_sent(build: Build, provider: Pretend) -> None:
    """An optional header or parameter without an answer is left out, and so is one that is null."""
    ask = f"{KEY}, user: {{label: User, optional: true}}"
    apply = "{headers: {X-Key: key, X-User: account.user, X-Null: null}, query: {user: account.user, none: null}}"
    connect = f"connect: {{way: {{label: Way, ask: {{{ask}}}, apply: {apply}}}}}"
    provider.on("GET /v1/people/1", {"id": 1})
    await build(connect=connect, asked={"key": "k"}, candidates=PEOPLE).get("1")
    assert provider.seen[0].headers["x-key"] == "k"
    assert provider.seen[0].headers.keys().isdisjoint({"x-user", "x-null"})
    assert provider.seen[0].raw_query == ""


LANES = """
connect:
  way:
    label: Way
    ask:
      key: {label: Key, secret: true}
      jobs_key: {label: Jobs key, secret: true, optional: true}
    apply:
      headers:
        X-Key: '$contains(request.path, "/jobs") and jobs_key ? jobs_key : key'
"""


@pytest.mark.parametrize(("asked", "expected"), [({}, ["k", "k"]), ({"jobs_key": "j"}, ["k", "j"])])
async def test_a_key_for_some_requests(
    build: Build, provider: Pretend, asked: dict[str, str], expected: list[str]
) -> None:
    """Where some requests take other credentials than the rest, what is applied reads which request it is."""
    provider.on("GET /v1/people/1", {"id": 1})
    provider.on("GET /v1/jobs/1", {"id": 1})
    jobs = "get: {request: 'GET /jobs/{id}', item: body}\nfields: {id: id}\n"
    tiny = build(connect=LANES, asked={"key": "k", **asked}, candidates=PEOPLE, jobs=jobs)
    await tiny.get("1")
    await tiny.get("1", "jobs")
    assert [seen.headers["x-key"] for seen in provider.seen] == expected


SOAP = """
connect:
  way:
    label: Way
    ask: {tenant: {label: Tenant}, user: {label: User}, key: {label: Password, secret: true}}
    apply:
      body:
        env:Envelope:
          "@xmlns:env": '"http://schemas.xmlsoap.org/soap/envelope/"'
          env:Header:
            wsse:Security:
              wsse:UsernameToken: {wsse:Username: 'user & "@" & account.tenant', wsse:Password: key}
"""
SOAP_PEOPLE = """
get:
  request: POST /service
  headers: {SOAPAction: '""'}
  xml: {env:Envelope: {env:Body: {Get: {Id: id}}}}
  item: body.Envelope.Body.Person
fields: {id: Id}
"""


async def test_a_password_in_the_envelope(build: Build, provider: Pretend) -> None:
    """A SOAP request carries its user in the header of the envelope, before the body that the resource writes."""
    answer = b"<e:Envelope xmlns:e='x'><e:Body><Person><Id>7</Id></Person></e:Body></e:Envelope>"
    provider.on("POST /v1/service", Response(answer, media_type="text/xml"))
    asked = {"tenant": "acme", "user": "isu", "key": "hush<&>"}
    outcome = await build("format: xml", connect=SOAP, asked=asked, candidates=SOAP_PEOPLE).get("7")
    sent = provider.seen[0].body.decode().partition("?>")[2].strip()
    assert sent == (
        '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header><wsse:Security>'
        "<wsse:UsernameToken><wsse:Username>isu@acme</wsse:Username><wsse:Password>hush&lt;&amp;&gt;</wsse:Password>"
        "</wsse:UsernameToken></wsse:Security></env:Header><env:Body><Get><Id>7</Id></Get></env:Body></env:Envelope>"
    )
    assert outcome.record is not None
    assert outcome.record["id"] == "7"


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json; charset=utf-8", b'{"name":"Ada"}', b'{"apikey":"k&1","name":"Ada"}'),
        ("application/vnd.api+json", b'{"apikey":"mine"}', b'{"apikey":"mine"}'),
        ("application/x-www-form-urlencoded", b"a=1&a=2&b=", b"apikey=k%261&a=1&a=2&b="),
        ("application/json", b"[1]", b"[1]"),
        ("application/json", b"{", b"{"),
        ("text/plain", b"Ada", b"Ada"),
    ],
)
async def test_a_callers_own_body(
    build: Build, provider: Pretend, content_type: str, body: bytes, expected: bytes
) -> None:
    """A key that belongs in bodies goes into what a caller sends past the model, where that is an object or a form."""
    apply = "{body: {apikey: key}}"
    connect = f"connect: {{way: {{label: Way, ask: {{{KEY}}}, apply: {apply}}}}}"
    provider.on("POST /v1/own", {})
    tiny = build(connect=connect, asked={"key": "k&1"}, candidates=PEOPLE)
    await tiny.connection().pass_through(Outgoing("POST", "/own", {"content-type": content_type}, body))
    await tiny.connection().pass_through(Outgoing("POST", "/own", {}, None))
    assert [seen.body for seen in provider.seen] == [expected, b""]


async def test_a_key_that_was_refused(build: Build, provider: Pretend) -> None:
    """There is nothing to renew in a key: one request, and the caller hears of it."""
    provider.on("GET /v1/people/1", json({}, 401))
    with pytest.raises(CredentialsRejected):
        await build(candidates=PEOPLE).get("1")
    assert len(provider.seen) == 1
