"""Requests that are signed one by one."""

import hashlib
import hmac
import time
from base64 import urlsafe_b64decode
from typing import Any

import orjson
import pytest

from polyhire.engine.debug import render
from polyhire.engine.exchange import Outgoing
from polyhire.engine.serving import Call
from polyhire.errors import InvalidRequest, MappingError
from tests.engine.conftest import Build
from tests.engine.pretend import Pretend, Seen, by, json

PEOPLE = """
get: {request: 'GET /people/{id}', item: body}
list: {request: GET /people, query: {email: query.email}, items: body}
create: {request: POST /people, json: {name: body.first_name}, item: body}
fields: {id: id}
"""
SIGNED = """
connect:
  way:
    label: Way
    ask: {key_id: {label: Key id}, secret: {label: Secret, secret: true}}
    apply:
      headers:
        X-Signature: |
          key_id & ":" & request.seconds & ":" & request.nonce & ":" & $hmac("sha256", secret,
            $join([request.verb, request.host, request.path, request.query, $string(request.seconds), request.nonce,
              $digest("sha256", request.body ? request.body : "")], "\\n"), "base64url")
"""
ASKED = {"key_id": "k-1", "secret": "hush hush"}


class Verifier:
    """Checks signatures as a provider would: over what came over the wire, fresh, and each nonce once."""

    def __init__(self) -> None:
        self.nonces: set[str] = set()

    def __call__(self, seen: Seen) -> Any:
        """A record, for a good signature."""
        key_id, seconds, nonce, signature = seen.headers["x-signature"].split(":")
        host = seen.headers["host"].partition(":")[0]
        digest = hashlib.sha256(seen.body).hexdigest()
        text = "\n".join((seen.verb, host, seen.path, seen.raw_query, seconds, nonce, digest))
        expected = hmac.digest(b"hush hush", text.encode(), "sha256")
        is_good = hmac.compare_digest(expected, urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))
        is_fresh = abs(time.time() - int(seconds)) < 5 and nonce not in self.nonces and len(nonce) == 32
        self.nonces.add(nonce)
        return {"id": 1} if key_id == "k-1" and is_good and is_fresh else json({}, 401)


async def test_each_request_is_signed(build: Build, provider: Pretend) -> None:
    """A signature covers verb, host, path, query, time, nonce and body of the request that goes out."""
    verify = Verifier()
    for line in ("GET /v1/people/a%2Fb", "GET /v1/people", "POST /v1/people", "PUT /v1/own"):
        provider.on(line, by(verify))
    tiny = build(connect=SIGNED, asked=ASKED, candidates=PEOPLE)
    await tiny.get("a/b")
    await tiny.get("a/b")
    await tiny.list(query={"email": {"eq": "é+x@a.example"}})
    await tiny.run(Call("candidates", "create", body={"first_name": "Adé"}))
    await tiny.connection().pass_through(Outgoing("PUT", "/own?b=2&a=%20", {}, b'{"a": 1}'))
    assert len(provider.seen) == len(verify.nonces) == 5


async def test_a_body_that_is_no_text(build: Build, provider: Pretend) -> None:
    """What can't be read as text is not there for a signature, and goes out untouched."""
    provider.on("POST /v1/own", {})
    connect = SIGNED.replace("X-Signature: |", "X-Body: '$exists(request.body)'\n        X-Signature: |")
    tiny = build(connect=connect, asked=ASKED, candidates=PEOPLE)
    await tiny.connection().pass_through(Outgoing("POST", "/own", {}, b"\xff\x00"))
    assert provider.seen[0].body == b"\xff\x00"
    assert provider.seen[0].headers["x-body"] == "false"


async def test_a_body_in_parts(build: Build, provider: Pretend) -> None:
    """A multipart body is written as it is sent: a signature covers all but it."""
    verify = Verifier()
    provider.on("PATCH /v1/people/1", by(lambda seen: verify(Seen(**{**vars(seen), "body": b""}))))
    people = f"{PEOPLE}update: {{request: 'PATCH /people/{{id}}', multipart: {{name: body.first_name}}, item: body}}\n"
    tiny = build(connect=SIGNED, asked=ASKED, candidates=people)
    await tiny.run(Call("candidates", "update", id="1", body={"first_name": "Ada"}))
    assert b"Ada" in provider.seen[0].body


MINTED = """
connect:
  way:
    label: Way
    ask: {issuer: {label: Issuer}, secret: {label: Secret, secret: true}}
    apply:
      bearer: |
        ( $text := $base64url('{"alg":"HS256","typ":"JWT"}') & "." & $base64url($string(
            {"iss": account.issuer, "exp": request.seconds + 60, "jti": request.nonce, "aud": request.path}));
          $text & "." & $hmac("sha256", secret, $text, "base64url") )
"""


async def test_a_token_is_minted_for_each_request(build: Build, provider: Pretend) -> None:
    """A JWT signed with the account's secret is another one on each request, and names what it is for."""
    seen_ids: list[str] = []

    def verify(seen: Seen) -> Any:
        text, _, signature = seen.headers["authorization"].removeprefix("Bearer ").rpartition(".")
        expected = hmac.digest(b"hush", text.encode(), "sha256")
        head, claims = (orjson.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in text.split("."))
        assert urlsafe_b64decode(signature + "=" * (-len(signature) % 4)) == expected
        assert head["alg"] == "HS256"
        assert (claims["iss"], claims["aud"]) == ("älice?>", seen.path)
        assert 50 < claims["exp"] - time.time() <= 60
        seen_ids.append(claims["jti"])
        return {"id": 1}

    provider.on("GET /v1/people/1", by(verify))
    tiny = build(connect=MINTED, asked={"issuer": "älice?>", "secret": "hush"}, candidates=PEOPLE)
    await tiny.get("1")
    await tiny.get("1")
    assert len(set(seen_ids)) == 2


async def test_a_signature_is_not_shown(build: Build, provider: Pretend) -> None:
    """The exchanges of a call hide what was put on each of its requests."""
    provider.on("GET /v1/people/1", {"id": 1})
    connect = SIGNED.replace("headers:\n        X-Signature", "query:\n        sign").replace('"base64url"', '"hex"')
    tiny = build(connect=connect, asked=ASKED, candidates=PEOPLE)
    tiny.trace = []
    await tiny.get("1")
    await tiny.get("1")
    shown = orjson.dumps(render(tiny.trace, tiny.credential)).decode()
    for seen in provider.seen:
        assert seen.query["sign"].rpartition(":")[2] not in shown
    assert shown.count("sign=[redacted]") == 2


@pytest.mark.parametrize("part", ["headers: {X-Key: secret}", "bearer: secret", "query: {key: secret}"])
async def test_what_does_not_change_is_found_once(build: Build, provider: Pretend, part: str) -> None:
    """What reads nothing of the request is kept with the credential."""
    provider.on("GET /v1/people/1", {"id": 1})
    connect = f"connect: {{way: {{label: W, ask: {{secret: {{label: S, secret: true}}}}, apply: {{{part}}}}}}}"
    tiny = build(connect=connect, asked={"secret": "hush"}, candidates=PEOPLE)
    await tiny.get("1")
    applied = tiny.credential.applied
    await tiny.get("1")
    assert tiny.credential.applied is applied
    assert "hush" not in repr(applied)


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ("apply: {bearer: $number(secret)}", MappingError),
        ("apply: {headers: {X-Sign: '$hmac(secret, request.nonce, \"t\")'}}", MappingError),
        ("session: {request: 'GET /{$number(secret)}', keep: {a: body}}, apply: {bearer: session.a}", InvalidRequest),
        ("session: {request: GET /me, keep: {a: $number(secret)}}, apply: {bearer: session.a}", MappingError),
        (
            "oauth2: {grant: client_credentials, token_url: 'https://a.example/t', client_id: $number(secret)},"
            " apply: {bearer: oauth2.access_token}",
            MappingError,
        ),
    ],
)
async def test_a_failed_expression_tells_no_secret(build: Build, provider: Pretend, part: str, error: Any) -> None:
    """What goes wrong with a secret is told without it."""
    provider.on("GET /v1/me", {})
    connect = f"connect: {{way: {{label: W, ask: {{secret: {{label: S, secret: true}}}}, {part}}}}}"
    with pytest.raises(error) as caught:
        await build(connect=connect, asked={"secret": "hush hush"}, candidates=PEOPLE).get("1")
    assert "it fails on the credentials that were entered" in str(caught.value)
    assert "secret" in str(caught.value)
    assert "hush" not in str(caught.value)
