"""Connecting an account, page by page: every scheme, every way to fail, and what the product is told."""

import re
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from polyhire.accounts import Store
from polyhire.api.app import create_app
from tests.connect.conftest import Page, Person, Servers, serving
from tests.connect.integrations.sesame.simulator import KEY, PASSWORD

LOGIN = {"company": "acme", "username": "ada", "password": PASSWORD}


async def go(person: Person, token: str, slug: str, **more: str) -> Page:
    """The form of an integration."""
    page = await person.open("/connect-account", link_token=token, integration=slug, **more)
    assert page.status == 200, page.text
    return page


async def consented(person: Person, page: Page, decision: str = "allow") -> Page:
    """From the page that leads to the provider, over a decision there, to what comes then."""
    there = await person.open(page.links[next(text for text in page.links if text.startswith("Continue"))])
    return await person.decide(there, decision)


async def test_an_api_key_connects_an_account(person: Person, servers: Servers) -> None:
    """The catalogue leads to the form, the form to an active account of the tenant, of which the product is told."""
    token = await person.link(context={"crm_id": 7})
    catalogue = await person.open("/connect-account", link_token=token)
    assert [text for text in catalogue.links if text != "Cancel"] == sorted(catalogue.links.keys() - {"Cancel"})
    assert {"Ashby", "Baobab", "Greenhouse", "Sesame Hiring", "Zoho Recruit"} <= set(catalogue.links)
    form = await person.open(catalogue.links["Ashby"])
    done = await person.fill(form, **servers.account("ashby"))
    assert done.message == {
        "result": "success",
        "integration": "ashby",
        "is_truto": True,
        "integrated_account_id": done.message["integrated_account_id"],
    }
    assert "at-once" in done.data
    account = await person.account(done.message["integrated_account_id"])
    assert (account["status"], account["tenant_id"], account["context"]) == ("active", "acme", {"crm_id": "7"})
    status, served = await person.api("GET", f"/unified/ats/candidates?integrated_account_id={account['id']}&limit=1")
    assert (status, served["result_count"]) == (200, 1)


async def test_a_wrong_key_is_said_and_nothing_is_stored(person: Person) -> None:
    """The form is there again with the provider's reason; the link goes on being good."""
    token = await person.link(tenant_id="wrong-key")
    page = await person.fill(await go(person, token, "ashby"), api_key="not-the-key")
    assert page.status == 200
    assert "Ashby did not accept this." in page.text
    assert "HTTP 401" in page.text
    assert page.kinds["answer.api_key"]["value"] == ""
    assert "not-the-key" not in page.html
    assert (await person.api("GET", "/integrated-account?tenant_id=wrong-key"))[1]["result"] == []
    done = await person.fill(page, **person.servers.account("ashby"))
    assert done.message["result"] == "success"


async def test_client_credentials_connect_an_account(person: Person, servers: Servers) -> None:
    """The client's id and secret are asked for, and the token they give is tried before anything is stored."""
    form = await go(person, await person.link(), "greenhouse", no_back="true")
    assert "Back" not in form.links
    assert form.kinds["answer.client_secret"]["type"] == "password"
    assert "required" not in form.kinds["answer.user_id"]
    wrong = await person.fill(form, **{**servers.account("greenhouse"), "client_secret": "wrong"})
    assert "Greenhouse did not accept this." in wrong.text
    assert wrong.fields["answer.client_id"] == servers.account("greenhouse")["client_id"]
    done = await person.fill(wrong, **servers.account("greenhouse"))
    assert done.message["result"] == "success"


async def test_what_does_not_fit_is_marked(person: Person) -> None:
    """Everything wrong at once, beside its field; what fitted is still there, secrets on the server only."""
    form = await go(person, await person.link(), "sesame", connect="login")
    page = await person.fill(form, company="Not A Name!", username="", password="hunter2hunter2")
    assert "User name is missing" in page.text
    page = await person.fill(page, company="Not A Name!", username="ada")
    assert "Company does not look right" in page.text
    assert page.kinds["answer.company"]["aria-invalid"] == "true"
    assert page.fields["answer.username"] == "ada"
    assert "Leave this empty to keep" in page.text
    assert "hunter2hunter2" not in page.html
    page = await person.fill(page, company="acme")
    assert "Sesame Hiring did not accept this." in page.text


async def test_a_provider_that_repeats_a_secret_is_not_repeated(person: Person) -> None:
    """Its message is shown without the password that stands in it."""
    form = await go(person, await person.link(), "sesame", connect="login")
    page = await person.fill(form, company="acme", username="ada", password="canary-password")
    assert "User ada can't sign in with the password •••" in page.text
    assert "canary-password" not in page.html


async def test_a_session_connects_and_then_asks(person: Person) -> None:
    """What can only be asked once connected is filled from the provider, over all its pages; then it is active."""
    form = await go(person, await person.link(), "sesame", connect="login")
    assert form.fields["answer.language"] == "en"
    more = await person.fill(form, **LOGIN)
    assert "Sesame Hiring is connected." in more.text
    assert all(f"Branch {number} (" in more.text for number in (1, 2, 3))
    assert all(f"User {number}" in more.text for number in range(1, 8))
    assert ("required" in more.kinds["answer.organization"], "required" in more.kinds["answer.acting_user"]) == (
        True,
        False,
    )
    wrong = await person.fill(more, organization="99")
    assert "Organization is not one of those that the provider has" in wrong.text
    missing = await person.fill(wrong, organization="", acting_user="u3")
    assert "Organization is missing" in missing.text
    assert missing.fields["answer.acting_user"] == "u3"
    done = await person.fill(missing, organization="2", acting_user="u3")
    account = await person.account(done.message["integrated_account_id"])
    assert account["status"] == "active"
    assert account["context"] == {
        "company": "acme", "username": "ada", "language": "en", "organization": "2", "acting_user": "u3",
    }  # fmt: skip
    again = await person.fill(missing, organization="3")
    assert (again.status, "filled in already" in again.text) == (401, True)


async def test_an_account_is_connecting_while_something_is_asked(person: Person) -> None:
    """Until what is required is answered, nobody takes it for active; a product may ask later."""
    form = await go(person, await person.link(tenant_id="later"), "sesame", connect="login")
    await person.fill(form, **LOGIN)
    listed = (await person.api("GET", "/integrated-account?tenant_id=later"))[1]["result"]
    assert [account["status"] for account in listed] == ["connecting"]
    form = await go(person, await person.link(), "sesame", connect="login", skip_rapid_form="true")
    done = await person.fill(form, **LOGIN)
    assert done.message["result"] == "success"
    assert (await person.account(done.message["integrated_account_id"]))["status"] == "connecting"


async def test_a_list_that_fails_leaves_a_way_on(person: Person, servers: Servers) -> None:
    """The account is `post_install_error` with the reason, the product is told, and trying again helps."""
    panel = f"{servers.sandbox_url}/_sandbox/sesame/faults"
    fault = {"kind": "server_error", "path": "/api/organizations"}
    form = await go(person, await person.link(), "sesame", connect="login")
    async with person.session.put(panel, json=[fault]) as response:
        assert response.status == 204, await response.text()
    failed = await person.fill(form, **LOGIN)
    assert "Sesame Hiring is not ready yet" in failed.text
    told = failed.message
    assert (told["result"], told["error_type"]) == ("error", "post_install_error")
    account = await person.account(told["integrated_account_id"])
    assert account["status"] == "post_install_error"
    assert "500" in account["last_error"]
    async with person.session.delete(panel):
        pass
    done = await person.fill(await person.open(failed.links["Try again"]), organization="1")
    assert done.message["result"] == "success"
    assert (await person.account(told["integrated_account_id"]))["status"] == "active"


async def test_several_ways_are_chosen_from(person: Person) -> None:
    """Each way has its own form; a product may ask for one kind."""
    page = await go(person, await person.link(), "sesame")
    assert {"User name and password", "API key"} <= set(page.links)
    form = await person.open(page.links["API key"])
    done = await person.fill(form, company="acme", api_key=KEY)
    assert (await person.account(done.message["integrated_account_id"]))["authentication_method"] == "api_key"
    assert "answer.password" in (await go(person, await person.link(), "sesame", auth_format="login")).fields


async def test_a_consent_connects_an_account(person: Person) -> None:
    """Over the provider's page with PKCE and our own app to an account whose tokens work, and are refreshed."""
    form = await go(person, await person.link(), "baobab")
    away = await person.fill(form)
    assert "Continue at Baobab" in away.text
    there = await person.open(away.links["Continue to Baobab"])
    assert "jobs.read users.read" in there.text
    assert there.fields["code_challenge_method"] == "S256"
    assert there.fields["redirect_uri"] == f"{person.servers.url}/connect-account/callback"
    done = await person.decide(there, "allow")
    assert done.message["result"] == "success"
    account = await person.account(done.message["integrated_account_id"])
    assert (account["status"], account["context"]) == ("active", {})
    status, fresh = await person.api("POST", "/integrated-account/refresh-credentials", json={"id": account["id"]})
    assert (status, fresh["status"]) == (200, "active")


async def test_a_customers_own_app_is_asked_for_where_we_have_none(person: Person, servers: Servers) -> None:
    """Zoho's form asks for the client; a refresh token needs no consent, without one there is a consent."""
    own = servers.account("zohorecruit")
    form = await go(person, await person.link(), "zohorecruit")
    assert "Make a client" in form.text
    assert ("required" in form.kinds["answer.client_id"], "required" in form.kinds["answer.refresh_token"]) == (
        True,
        False,
    )
    missing = await person.fill(form, client_id="", client_secret="")
    assert "Client ID is missing" in missing.text
    done = await person.fill(missing, **own)
    assert done.message["result"] == "success"
    form = await go(person, await person.link(), "zohorecruit")
    away = await person.fill(form, client_id=own["client_id"], client_secret=own["client_secret"])
    done = await consented(person, away)
    assert done.message["result"] == "success"
    account = await person.account(done.message["integrated_account_id"])
    status, served = await person.api("GET", f"/unified/ats/users?integrated_account_id={account['id']}&limit=1")
    assert (status, served["result_count"]) == (200, 1)


async def test_an_environments_own_app_is_not_asked_for(person: Person, servers: Servers) -> None:
    """With an app of ours at Zoho, nobody is asked for a client; without one at Baobab, they are told."""
    own = servers.account("zohorecruit")
    app = {"integration": "zohorecruit", "client_id": own["client_id"], "client_secret": own["client_secret"]}
    status, made = await person.api("POST", "/environment-integration", token=servers.other_token, json=app)
    assert (status, made["redirect_uri"]) == (200, f"{servers.url}/connect-account/callback")
    link = {"tenant_id": "acme"}
    _, body = await person.api("POST", "/link-token", token=servers.other_token, json=link)
    form = await go(person, body["link_token"], "zohorecruit")
    assert "answer.client_id" not in form.fields
    assert "Make a client" not in form.text
    done = await consented(person, await person.fill(form))
    assert done.message["result"] == "success"
    _, body = await person.api("POST", "/link-token", token=servers.other_token, json=link)
    away = await person.fill(await go(person, body["link_token"], "baobab"))
    page = await person.open(away.links["Continue to Baobab"])
    assert "Baobab is not set up here yet." in page.text
    assert (page.message["error_type"], page.message["integration"]) == ("connection_error", "baobab")


async def test_a_denied_consent_can_be_given_after_all(person: Person) -> None:
    """The person is told, the product when they give up; trying again leads to the same form."""
    token = await person.link()
    denied = await consented(person, await person.fill(await go(person, token, "baobab")), "deny")
    assert "Baobab was not allowed to give access" in denied.text
    assert "at-once" not in denied.data
    assert denied.message == {
        "is_truto": True,
        "result": "error",
        "integration": "baobab",
        "error": denied.message["error"],
        "error_type": "connection_error",
    }
    form = await person.open(denied.links["Try again"])
    done = await consented(person, await person.fill(form))
    assert done.message["result"] == "success"


async def test_a_consent_that_is_too_narrow_leaves_an_account_to_mend(person: Person) -> None:
    """It is `validation_error` with the provider's reason; the next try mends that account and makes no other."""
    token = await person.link(scopes=["jobs.read"], tenant_id="narrow")
    away = await person.fill(await go(person, token, "baobab"))
    there = await person.open(away.links["Continue to Baobab"])
    assert "users.read" not in there.text
    failed = await person.decide(there, "allow")
    told = failed.message
    assert (told["error_type"], "The token may not read users" in told["error"]) == ("validation_error", True)
    assert "It lacks: users.read." in failed.text
    account = await person.account(told["integrated_account_id"])
    assert account["status"] == "validation_error"
    assert "The token may not read users" in account["last_error"]
    again = await person.fill(await person.open(failed.links["Try again"]))
    there = await person.open(again.links["Continue to Baobab"])
    there.fields["scope"] = "jobs.read users.read"  # an administrator ticks more than was asked for
    done = await person.decide(there, "allow")
    assert done.message["integrated_account_id"] == account["id"]
    listed = (await person.api("GET", "/integrated-account?tenant_id=narrow"))[1]["result"]
    assert [(each["id"], each["status"]) for each in listed] == [(account["id"], "active")]


async def test_a_replayed_callback_does_nothing(person: Person) -> None:
    """The same answer of the provider a second time is refused, whoever sends it."""
    away = await person.fill(await go(person, await person.link(), "baobab"))
    there = await person.open(away.links["Continue to Baobab"])
    form = {name: value for name, value in there.fields.items() if name} | {"decision": "allow"}
    async with person.session.post(there.url, data=form, allow_redirects=False) as response:
        back = response.headers["location"]
    assert (await person.open(back)).message["result"] == "success"
    replayed = await person.open(back)
    assert (replayed.status, replayed.message["error_type"]) == (401, "invalid_token")
    forged = await person.open(str(URL(back).update_query(state="made-up")))
    assert forged.status == 401


async def test_a_consent_is_for_the_browser_that_asked(person: Person) -> None:
    """Somebody sent to a consent that another began connects nothing for that other."""
    away = await person.fill(await go(person, await person.link(tenant_id="victim"), "baobab"))
    there = await person.open(away.links["Continue to Baobab"])
    person.session.cookie_jar.clear()
    page = await person.decide(there, "allow")
    assert (page.status, "another browser" in page.text) == (401, True)
    assert (await person.api("GET", "/integrated-account?tenant_id=victim"))[1]["result"] == []


async def test_two_tabs_do_not_get_in_each_others_way(person: Person) -> None:
    """Each consent is its own; the link connects one of them, the other is told."""
    token = await person.link()
    first = await person.fill(await go(person, token, "baobab"))
    second = await person.fill(await go(person, token, "baobab"))
    there = [await person.open(page.links["Continue to Baobab"]) for page in (first, second)]
    assert (await person.decide(there[1], "allow")).message["result"] == "success"
    late = await person.decide(there[0], "allow")
    assert (late.status, late.message["error_type"]) == (401, "invalid_token")


async def test_a_link_is_good_once(person: Person, servers: Servers) -> None:
    """After it connected an account it opens no form, and takes none that is open."""
    token = await person.link()
    form = await go(person, token, "ashby")
    await person.fill(form, **servers.account("ashby"))
    for page in (await person.fill(form, **servers.account("ashby")), await person.open(
        "/connect-account", link_token=token, integration="ashby"
    )):  # fmt: skip
        assert page.status == 401
        assert page.message["error_type"] == "invalid_token"
        assert "at-once" in page.data


@pytest.mark.parametrize("token", ["", "lt_nothing", "ph_an_api_token", "\x00"])
async def test_an_unknown_link_is_told_at_once(person: Person, token: str) -> None:
    """There is nothing that the person could do."""
    page = await person.open("/connect-account", link_token=token, integration="ashby")
    assert page.status == 401
    assert page.message["error_type"] == "invalid_token"
    assert page.message["integration"] == "ashby"


@pytest.mark.parametrize("query", [{"integration": "nowhere"}, {"integration": "ashby", "integrations": "greenhouse"}])
async def test_an_unknown_integration_is_told_at_once(person: Person, query: dict[str, str]) -> None:
    """So is one that the product did not offer."""
    page = await person.open("/connect-account", link_token=await person.link(), **query)
    assert (page.status, page.message["error_type"]) == (404, "invalid_integration")


async def test_a_product_may_offer_a_few(person: Person, servers: Servers) -> None:
    """Only those are listed; a search finds by name; one that is switched off is not there for anybody."""
    token = await person.link()
    few = await person.open("/connect-account", link_token=token, integrations="ashby,greenhouse,nowhere")
    assert [text for text in few.links if text != "Cancel"] == ["Ashby", "Greenhouse"]
    found = await person.open("/connect-account", link_token=token, q="zoho")
    assert [text for text in found.links if text != "Cancel"] == ["Zoho Recruit"]
    nothing = await person.open("/connect-account", link_token=token, q="<script>")
    assert "Nothing is called that here." in nothing.text
    assert "<script>&" not in nothing.html
    off = {"integration": "ashby", "is_enabled": False}
    await person.api("POST", "/environment-integration", token=servers.other_token, json=off)
    _, body = await person.api("POST", "/link-token", token=servers.other_token, json={"tenant_id": "x"})
    assert "Ashby" not in (await person.open("/connect-account", link_token=body["link_token"])).links
    page = await person.open("/connect-account", link_token=body["link_token"], integration="ashby")
    assert page.message["error_type"] == "invalid_integration"


async def test_connecting_again_keeps_what_was_entered(person: Person) -> None:
    """Settings are shown, secrets are known and not shown, and the account stays the same one."""
    form = await go(person, await person.link(context={"crm": "1"}), "sesame", connect="login")
    done = await person.fill(await person.fill(form, **LOGIN), organization="2")
    account_id = done.message["integrated_account_id"]
    token = await person.link(integrated_account_id=account_id, context={"plan": "b"}, persist_previous_context=True)
    form = await person.open("/connect-account", link_token=token)
    assert "Connect Sesame Hiring again" in form.text
    assert (form.fields["answer.company"], form.fields["answer.username"]) == ("acme", "ada")
    assert PASSWORD not in form.html
    assert "required" not in form.kinds["answer.password"]
    more = await person.fill(form, language="de")
    assert more.fields["answer.organization"] == "2"
    done = await person.fill(more)
    assert done.message == {
        "is_truto": True, "result": "success", "integration": "sesame", "integrated_account_id": account_id,
    }  # fmt: skip
    account = await person.account(account_id)
    assert account["status"] == "active"
    assert account["context"] == {
        "company": "acme", "username": "ada", "language": "de", "organization": "2", "crm": "1", "plan": "b",
    }  # fmt: skip


async def test_a_kept_secret_does_not_follow_a_changed_address(person: Person) -> None:
    """Whoever connects an account again can't have its password sent to a host of their own."""
    form = await go(person, await person.link(), "sesame", connect="login")
    done = await person.fill(await person.fill(form, **LOGIN), organization="2")
    token = await person.link(integrated_account_id=done.message["integrated_account_id"])
    page = await person.fill(await person.open("/connect-account", link_token=token), company="evil.example")
    assert "Password has to be entered again, because the address changed" in page.text
    page = await person.fill(page, company="evil.example")
    assert "Password has to be entered again, because the address changed" in page.text
    more = await person.fill(page, company="globex", password=PASSWORD)
    assert "One more thing" in more.text


async def test_a_link_for_an_account_is_for_no_other(person: Person, servers: Servers) -> None:
    """Neither another integration nor another environment's account, nor one that is gone."""
    done = await person.fill(await go(person, await person.link(), "ashby"), **servers.account("ashby"))
    account_id = done.message["integrated_account_id"]
    body = {"tenant_id": "acme", "integrated_account_id": account_id}
    assert (await person.api("POST", "/link-token", token=servers.other_token, json=body))[0] == 404
    assert (await person.api("POST", "/link-token", json={"integrated_account_id": account_id}))[0] == 200
    status, refused = await person.api("POST", "/link-token", json={})
    assert (status, refused["details"]["failures"][0]["path"]) == (400, "body.tenant_id")
    token = await person.link(integrated_account_id=account_id)
    page = await person.open("/connect-account", link_token=token, integration="greenhouse")
    assert page.message["error_type"] == "invalid_integration"
    await person.api("DELETE", f"/integrated-account/{account_id}")
    page = await person.open("/connect-account", link_token=token)
    assert page.message["error_type"] == "invalid_token"


async def test_a_redirect_uri_is_told_too(person: Person, servers: Servers) -> None:
    """Where no page waits for a message, the address that the product gave says what came of it."""
    token = await person.link(redirect_uri="https://app.product.example/done?tab=1#top")
    form = await go(person, token, "ashby")
    assert URL(form.links["Cancel"]).query == {"tab": "1", "result": "closed"}
    done = await person.fill(form, **servers.account("ashby"))
    onward = URL(done.links["Continue"])
    assert (onward.host, onward.fragment) == ("app.product.example", "top")
    assert onward.query == {
        "tab": "1", "result": "success", "integration": "ashby",
        "integrated_account_id": done.message["integrated_account_id"],
    }  # fmt: skip


async def test_a_frame_waits_for_the_consents_window(person: Person) -> None:
    """Providers refuse to be framed: the frame asks where the attempt is until it is over."""
    form = await go(person, await person.link(), "baobab", iframe="true")
    away = await person.fill(form)
    assert ("embedded" in away.data, "go" in away.data) == (True, False)
    assert await (await person.session.get(person.servers.url + str(away.data["wait"]))).json() == {"status": "consent"}
    window = await consented(person, away)
    assert "Go on in the window that you came from." in window.text
    assert "closes" in window.data
    wait = await (await person.session.get(person.servers.url + str(away.data["wait"]))).json()
    assert wait == {"status": "connected"}
    assert (await person.open(str(away.url))).message["result"] == "success"


async def test_pages_do_nothing_but_what_they_are_for(person: Person) -> None:
    """Nothing from elsewhere, nothing inline, framed by configured origins alone, the address told to nobody."""
    pages = [
        await person.open("/connect-account", link_token=await person.link()),
        await go(person, await person.link(), "ashby"),
        await person.open("/connect-account"),
    ]
    for page in pages:
        policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
        nonce = re.fullmatch(r"'(nonce-[\w-]{16,})'", policy["script-src"])
        assert nonce is not None
        assert policy["style-src"] == f"'{nonce[1]}'"
        assert (policy["default-src"], policy["form-action"], policy["base-uri"]) == ("'none'", "'self'", "'none'")
        assert policy["frame-ancestors"] == f"'self' {person.servers.product} https://app.product.example"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"\son\w+=|javascript:|style=", page.html)
        assert not re.search(r'(?:src|rel="stylesheet"[^>]*href)="(?!/connect-account/)', page.html)
        assert page.data["targets"] == f'["{person.servers.product}","https://app.product.example"]'
    nonces = {re.search(r"nonce-([\w-]+)", page.headers["content-security-policy"])[1] for page in pages}  # type: ignore[index]
    assert len(nonces) == 3


async def test_a_brand_of_ones_own(person: Person, servers: Servers, tmp_path: Path) -> None:
    """Name, logo and colour are on the page; an SVG that is opened by itself can't do anything."""
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    own = {"connect_name": "Globex & Co", "connect_color": "#ffcc00", "connect_origins": None}
    with serving(create_app(servers.settings.model_copy(update=own))) as url:
        page = await person.open(f"{url}/connect-account", link_token=await person.link())
        assert page.texts[0].endswith("Globex & Co")
        assert "--accent: #ffcc00; --on-accent: #000000;" in page.html
        assert page.data["targets"] == '["*"]'
        assert page.headers["content-security-policy"].endswith("frame-ancestors 'self'")
        assert (await person.open(f"{url}/connect-account/logo")).status == 404
    with serving(create_app(servers.settings.model_copy(update={"connect_logo": logo}))) as url:
        page = await person.open(f"{url}/connect-account", link_token=await person.link())
        assert '<img src="/connect-account/logo" alt="polyhire">' in page.html
        image = await person.open(f"{url}/connect-account/logo")
        assert image.headers["content-type"] == "image/svg+xml"
        assert "sandbox" in image.headers["content-security-policy"]


async def test_below_a_path_of_a_public_address(person: Person, servers: Servers) -> None:
    """Behind a proxy that adds a path, every address has it, and cookies over https stay on https."""
    public = servers.settings.model_copy(update={"public_url": "https://ats.example.com/hire/"})
    with serving(create_app(public)) as url:
        page = await person.open(f"{url}/connect-account", link_token=await person.link(), integration="baobab")
        assert page.action == "/hire/connect-account"
        assert 'href="/hire/connect-account/page.css"' in page.html
        page.action = "/connect-account"
        form = {name: value for name, value in page.fields.items() if name}
        async with person.session.post(f"{url}/connect-account", data=form, allow_redirects=False) as response:
            onward = response.headers["location"]
        assert onward.startswith("/hire/connect-account/attempt/")
        handle = onward.rpartition("/")[2]
        consent = f"{url}/connect-account/consent/{handle}"
        async with person.session.get(consent, allow_redirects=False) as response:
            asked = URL(response.headers["location"]).query
            cookie = response.headers["set-cookie"]
        assert asked["redirect_uri"] == "https://ats.example.com/hire/connect-account/callback"
        for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/hire/connect-account/callback"):
            assert word in cookie


async def test_guessing_is_slowed_down(person: Person) -> None:
    """A link takes so many filled forms a minute, and no more."""
    form = await go(person, await person.link(), "ashby")
    pages = [await person.fill(form, api_key=f"guess-{number}") for number in range(25)]
    assert pages[0].status == 200
    assert pages[-1].status == 429


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "body.tenant_id"),
        ({"tenant_id": ""}, "body.tenant_id"),
        ({"tenant_id": "a", "redirect_uri": "javascript:alert(1)"}, "body.redirect_uri"),
        ({"tenant_id": "a", "redirect_uri": "https://user:pass@x.example/"}, "body.redirect_uri"),
        ({"tenant_id": "a", "redirect_uri": "https://[::1"}, "body.redirect_uri"),
        ({"tenant_id": "a", "scopes": ["a b"]}, "body.scopes.0"),
        ({"tenant_id": "a", "colour": "red"}, "body.colour"),
    ],
)
async def test_a_link_token_is_made_of_what_makes_sense(person: Person, body: dict[str, Any], path: str) -> None:
    """What does not is named."""
    status, answer = await person.api("POST", "/link-token", json=body)
    assert (status, answer["code"]) == (400, "invalid_body")
    assert [failure["path"] for failure in answer["details"]["failures"]] == [path]


async def test_acts_are_the_links(person: Person, servers: Servers) -> None:
    """The audit trail tells that a link connected the account, and which; no answer stands in it."""
    done = await person.fill(await go(person, await person.link(), "ashby"), **servers.account("ashby"))
    account_id = done.message["integrated_account_id"]
    _, log = await person.api("GET", f"/log?subject_id={account_id}")
    assert [entry["actor"] for entry in log["result"]] == ["link_token"] * len(log["result"])
    assert log["result"]
    assert servers.account("ashby")["api_key"] not in str(log)


async def test_what_is_asked_can_be_changed_later(person: Person) -> None:
    """A token of the account opens the same questions, filled in as they were; it may not be one for reading alone."""
    form = await go(person, await person.link(), "sesame", connect="login", skip_rapid_form="true")
    done = await person.fill(form, **LOGIN)
    account_id = done.message["integrated_account_id"]
    _, made = await person.api("POST", "/integrated-account/token", json={"integrated_account_id": account_id})
    token = {"integrated_account_session_token": made["token"]}
    form = await person.open("/connect-account/post-connect", **token)
    assert "Settings of Sesame Hiring" in form.text
    wrong = await person.fill(form, organization="")
    assert "Organization is missing" in wrong.text
    saved = await person.fill(wrong, organization="3")
    assert saved.message == {
        "is_truto": True, "result": "success", "integration": "sesame", "integrated_account_id": account_id,
    }  # fmt: skip
    account = await person.account(account_id)
    assert (account["status"], account["context"]["organization"]) == ("active", "3")
    assert (await person.open("/connect-account/post-connect", **token)).fields["answer.organization"] == "3"


async def test_settings_need_a_token_and_something_to_set(person: Person, servers: Servers) -> None:
    """A made-up token, and an account of which nothing is asked, are told to the product."""
    for token, status in (("pha_nothing", 401), ("", 401)):
        page = await person.open("/connect-account/post-connect", integrated_account_session_token=token)
        assert (page.status, page.message["error_type"]) == (status, "rapid_form_error")
    done = await person.fill(await go(person, await person.link(), "ashby"), **servers.account("ashby"))
    asked = {"integrated_account_id": done.message["integrated_account_id"]}
    _, made = await person.api("POST", "/integrated-account/token", json=asked)
    page = await person.open("/connect-account/post-connect", integrated_account_session_token=made["token"])
    assert "There is nothing to set for Ashby." in page.text


async def test_an_integration_with_mistakes_is_not_offered(person: Person, servers: Servers, tmp_path: Path) -> None:
    """It is not in the catalogue, and who comes straight to it is told."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "integration.yaml").write_text("name: Broken\n")
    with serving(create_app(servers.settings.model_copy(update={"integrations": tmp_path}))) as url:
        catalogue = await person.open(f"{url}/connect-account", link_token=await person.link())
        assert "Ashby" in catalogue.links
        assert "Broken" not in catalogue.links
        page = await person.open(f"{url}/connect-account", link_token=await person.link(), integration="broken")
        assert (page.status, page.message["error_type"]) == (404, "invalid_integration")


async def test_a_form_has_its_limits(person: Person) -> None:
    """Nobody fills in megabytes, and nobody goes on with a page that is long over."""
    form = await go(person, await person.link(), "ashby")
    huge = await person.fill(form, api_key="x" * 300_000)
    assert (huge.status, "at most 200000 bytes" in huge.text) == (413, True)
    for address in ("/connect-account/attempt/nothing", "/connect-account/consent/nothing"):
        page = await person.open(address)
        assert (page.status, "open for too long" in page.text) == (401, True)
    form.fields["attempt"] = "nothing"
    done = await person.fill(form, **person.servers.account("ashby"))
    assert done.message["result"] == "success"


async def test_a_consent_is_asked_for_once_it_is_over_no_more(person: Person) -> None:
    """The way to the provider leads nowhere after the end."""
    away = await person.fill(await go(person, await person.link(), "baobab"))
    await consented(person, away)
    page = await person.open(away.links["Continue to Baobab"])
    assert (page.status, "already" in page.text) == (401, True)


async def test_a_token_for_reading_changes_nothing(person: Person, servers: Servers) -> None:
    """Settings are writes."""
    store = await Store.open(servers.settings)
    environment = await store.environment()
    reading, _ = await store.create_token(environment.id, "reads", scopes=("read", "admin"))
    await store.close()
    form = await go(person, await person.link(), "sesame", connect="login", skip_rapid_form="true")
    account_id = (await person.fill(form, **LOGIN)).message["integrated_account_id"]
    body = {"integrated_account_id": account_id}
    status, made = await person.api("POST", "/integrated-account/token", token=reading, json=body)
    assert status == 200
    page = await person.open("/connect-account/post-connect", integrated_account_session_token=made["token"])
    assert (page.status, page.message["error_type"]) == (403, "rapid_form_error")
