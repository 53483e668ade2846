"""The parts of the connect page: forms, words, the brand, the address, and what ties a consent to a browser."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from polyhire.accounts.apps import App
from polyhire.accounts.links import Attempt
from polyhire.connect import oauth
from polyhire.connect.brand import brand_of, contrast, readable_on
from polyhire.connect.catalogue import ways
from polyhire.connect.flow import result
from polyhire.connect.forms import Known, asked, fields_of, filled, missing, moves
from polyhire.connect.visit import Visit
from polyhire.connect.words import hidden, problem
from polyhire.engine.choices import Choice
from polyhire.errors import (
    BodyTooLarge,
    ConsentDenied,
    CredentialsRejected,
    InvalidBody,
    MissingApp,
    NotFound,
    PermissionDenied,
    PolyhireError,
    ProviderUnreachable,
    RateLimited,
)
from polyhire.manifest.integration import Connect, Integration, IntegrationFile
from polyhire.settings import Settings

ASK = {
    "company": {"label": "Company", "pattern": "[a-z]+", "placeholder": "acme"},
    "region": {"label": "Region", "options": ["eu", "us"], "default": "eu"},
    "note": {"label": "Note", "optional": True},
    "key": {"label": "Key", "secret": True},
}
GRANT = {"grant": "authorization_code", "authorize_url": "https://a.example/", "token_url": "https://t.example/"}


def way(**parts: Any) -> Connect:
    return Connect.model_validate({"label": "Key", "ask": ASK, "apply": {"bearer": "key"}, **parts})


def integration(base_url: str, **parts: Any) -> tuple[Integration, Connect]:
    connect = way(**parts)
    file = IntegrationFile.model_validate(
        {
            "name": "Acme", "docs": "https://acme.example", "base_url": base_url, "check": "GET /me",
            "connect": {"key": connect},
        }
    )  # fmt: skip
    return Integration("acme", Path(), file, {}), connect


def test_fields_show_what_is_known_but_no_secret() -> None:
    """What must be filled in comes first; a secret that is known is said to be, and is not there."""
    known = Known({"company": "globex", "note": "x"}, {"key": "canary"})
    fields = {one.name: one for one in fields_of(way().ask, known, failures={"company": "Company is missing"})}
    assert list(fields) == ["company", "region", "key", "note"]
    assert (fields["company"].value, fields["region"].value, fields["note"].value) == ("globex", "eu", "x")
    assert fields["company"].error == "Company is missing"
    assert (fields["key"].value, fields["key"].is_kept, fields["key"].required) == ("", True, False)
    assert fields["region"].options == (Choice("eu", "eu"), Choice("us", "us"))
    assert "canary" not in repr(fields)


def test_a_failure_has_no_regular_expression() -> None:
    """People are told what it looks like instead."""
    (field,) = fields_of(
        {"company": way().ask["company"]},
        Known(),
        failures={"company": "Company does not look right; it matches [a-z]+"},
    )
    assert field.error == "Company does not look right; it looks like acme"


def test_answers_are_trimmed_and_completed() -> None:
    """A pasted key loses its line break; an empty secret is the one that is known; nothing else is taken over."""
    known = Known({"company": "globex"}, {"key": "kept"})
    given = {"company": " acme ", "key": "", "evil": "x"}
    assert filled(way().ask, given, known) == {"company": "acme", "region": "", "note": "", "key": "kept"}
    assert filled(way().ask, {"key": "new\n"}, known)["key"] == "new"


def test_what_is_missing_is_named() -> None:
    """What is optional or has a default is not."""
    assert [failure.path for failure in missing(way().ask, {"note": ""})] == ["company", "key"]


def test_a_client_is_asked_for_where_there_is_none() -> None:
    """With an app of ours neither half is asked; without one both must be given."""
    client = {"client_id": {"label": "Id", "optional": True}, "client_secret": {"label": "S", "optional": True}}
    oauth2 = way(ask={**ASK, **client}, oauth2={**GRANT, "client_id": "client_id", "client_secret": "client_secret"})
    own = App("1", "e", "acme", client_id="ours", client_secret="x")
    assert asked(oauth2, own).keys() == ASK.keys()
    without = asked(oauth2, App(None, "e", "acme"))
    assert not without["client_id"].optional
    assert not without["client_secret"].optional
    credentials = {**GRANT, "grant": "client_credentials", "client_id": "client_id"}
    plain = way(ask={**ASK, **client})
    assert asked(plain, own) == plain.ask
    assert "client_id" not in asked(way(ask={**ASK, **client}, oauth2=credentials), own)


@pytest.mark.parametrize(
    ("base_url", "parts", "now", "expected"),
    [
        ("https://{account.company}.example", {}, {"company": "evil"}, True),
        ("https://{account.company}.example", {}, {"company": "acme", "note": "new"}, False),
        ("https://{account.company}.example", {}, {"company": "acme", "region": "us"}, False),
        ("https://api.example", {}, {"company": "evil"}, False),
        ("https://api.example", {"session": {"request": "POST https://{company}.x/login", "keep": {"t": "body"}}},
         {"company": "evil"}, True),
        ("https://api.example", {"oauth2": {**GRANT, "token_url": "https://{account.company}.x/t"}},
         {"company": "evil"}, True),
    ],
)  # fmt: skip
def test_a_change_of_address_is_noticed(base_url: str, parts: Any, now: dict[str, str], expected: bool) -> None:
    """Only free answers that an address is made of; an option can't be somebody's own host."""
    acme, connect = integration(base_url, **parts)
    assert moves(acme, connect, {"company": "acme", "region": "eu"}, {"region": "eu", **now}) is expected


@pytest.mark.parametrize(
    ("error", "title", "advice"),
    [
        (CredentialsRejected("key abcdefgh is unknown"), "Acme did not accept this.", "Check that"),
        (
            PermissionDenied("no", missing_scopes=["a", "b"]),
            "Acme knows you, but does not let us in.",
            "It lacks: a, b.",
        ),
        (PermissionDenied("no"), "Acme knows you, but does not let us in.", "the help below names."),
        (RateLimited("slow", retry_after=30), "Acme is busy.", "Wait for 30 seconds"),
        (RateLimited("slow"), "Acme is busy.", "Wait for a minute"),
        (ProviderUnreachable("no connection"), "Acme could not be reached.", "Check the address"),
        (NotFound("gone"), "Acme answered with an error.", "Check what you entered"),
        (ConsentDenied("no"), "Access was not allowed.", "Try again"),
        (MissingApp("set client_id"), "Acme is not set up here yet.", "whoever sent you"),
        (InvalidBody("x is missing"), "Something is missing or does not look right.", "marked"),
        (BodyTooLarge("too large"), "This did not work.", "Begin again"),
    ],
)
def test_every_failure_has_a_way_out(error: PolyhireError, title: str, advice: str) -> None:
    """In the provider's words, and with what to do."""
    said = problem(error, "Acme", ["abcdefgh"])
    assert (said.title, advice in said.advice) == (title, True)
    assert "abcdefgh" not in said.said
    assert (said.said == "") is isinstance(error, MissingApp | InvalidBody)


def test_secrets_are_taken_out_longest_first() -> None:
    """One that is a part of another leaves no rest; two letters that happen to be one are no secret."""
    assert hidden("key=abcdef abcd ab", ["abcd", "abcdef", "ab"]) == "key=••• ••• ab"


@pytest.mark.parametrize("color", ["#000000", "#ffffff", "#1f5fd6", "#ffcc00", "#777777", "#d61f5f"])
def test_what_stands_on_a_colour_can_be_read(color: str) -> None:
    """Any colour of one's own gets letters with the contrast of WCAG 2 AA."""
    assert contrast(readable_on(color), color) >= 4.5


def test_a_brand_is_what_the_settings_say(tmp_path: Path) -> None:
    """Name, logo, colour, origins; nothing of it is needed."""
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg/>")
    origins = "https://app.example, http://localhost:3000/"
    given = {"connect_name": "Acme", "connect_logo": logo, "connect_color": "#ffcc00", "connect_origins": origins}
    brand = brand_of(Settings.model_validate(given))
    assert (brand.name, brand.logo, brand.on_color) == ("Acme", logo, "#000000")
    assert brand.origins == ("https://app.example", "http://localhost:3000")
    assert brand_of(Settings()).origins == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("connect_color", "red"),
        ("connect_color", "#fff; }"),
        ("connect_origins", "app.example"),
        ("connect_origins", "https://app.example/path"),
        ("connect_origins", "https://*.example"),
        ("connect_origins", "https://a.example;script-src"),
        ("connect_logo", "/etc/passwd"),
        ("connect_logo", "/nowhere/logo.svg"),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start(name: str, value: str) -> None:
    """Nothing of it comes to stand in a page or a policy."""
    with pytest.raises(ValidationError):
        Settings.model_validate({name: value})


@pytest.mark.parametrize(
    ("auth_format", "expected"),
    [
        (None, ["key", "consent", "client"]),
        ("api_key", ["key"]),
        ("oauth2", ["consent"]),
        ("oauth2_client_credentials", ["client"]),
        ("client", ["client"]),
        ("keka_oauth", ["key", "consent", "client"]),
    ],
)
def test_a_product_may_ask_for_one_way(auth_format: str | None, expected: list[str]) -> None:
    """By its kind or its name; where there is none of that kind, by all there are."""
    acme, _ = integration("https://api.example")
    client = {"grant": "client_credentials", "token_url": "https://t.example/", "client_id": "key"}
    every = {"key": way(), "consent": way(oauth2=GRANT), "client": way(oauth2=client)}
    file = acme.file.model_copy(update={"connect": every})
    assert list(ways(replace(acme, file=file), Visit(auth_format=auth_format))) == expected


def test_a_visit_survives_its_own_address() -> None:
    """What is told from page to page is what was asked for; nonsense is nothing."""
    visit = Visit("ashby", ("a", "b"), "oauth2", fixed=True, embedded=True, skip_questions=True)
    assert Visit.of(visit.query) == visit
    assert Visit.of({"integrations": " , ", "iframe": "maybe", "no_back": "0"}) == Visit()


def test_a_consent_is_known_by_its_cookie() -> None:
    """Every one is new; no other secret passes, and none passes where none was set."""
    one, other = oauth.start(), oauth.start()
    assert len({one.state, one.verifier, one.browser, other.state, other.verifier, other.browser}) == 6
    assert oauth.is_same(one.browser, oauth.digest_of(one.browser))
    for cookie, digest in ((other.browser, oauth.digest_of(one.browser)), (None, oauth.digest_of("")), ("", None)):
        assert not oauth.is_same(cookie, digest)
    assert one.state not in repr(one)


def test_a_product_is_told_no_more_than_it_needs() -> None:
    """Of an attempt's answers and secrets nothing; of one that nobody finished, that it was not."""
    kept = {"integration": "acme", "answers": {"key": "canary"}, "token": "lt_x"}
    told = result(Attempt("1", "2", "3", "open", None, kept))
    assert told == {
        "is_truto": True, "integration": "acme", "result": "error", "error": "The account was not connected.",
        "error_type": "connection_error",
    }  # fmt: skip
