"""What the pages of /connect-account are told: their texts, their forms, and where each leads."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from polyhire.accounts.links import Attempt, LinkToken
from polyhire.api.caller import gateway_of
from polyhire.connect.brand import brand_of
from polyhire.connect.catalogue import Offer
from polyhire.connect.flow import Form, result
from polyhire.connect.render import page
from polyhire.connect.visit import Visit
from polyhire.connect.words import problem
from polyhire.errors import AccountError, CallError, InvalidLink, PolyhireError, ProviderError, UnknownIntegration
from polyhire.manifest.integration import Connect

PATH = "/connect-account"
POST_CONNECT = f"{PATH}/post-connect"
OF_AN_ACCOUNT = "integrated_account_session_token"
"""The parameter with an account's own token, as the npm package names it."""


def base(request: Request) -> str:
    """How browsers reach this server, without a slash at the end."""
    return (gateway_of(request).settings.public_url or str(request.base_url)).rstrip("/")


def at(request: Request, path: str, query: Mapping[str, str] | None = None) -> str:
    """An address on this server, as a browser sees it."""
    root = urlsplit(base(request)).path.rstrip("/")
    return root + path + (f"?{urlencode(query)}" if query else "")


def choose_page(
    request: Request, link: LinkToken, visit: Visit, token: str, search: str, offered: Sequence[Offer]
) -> Response:
    """The catalogue."""
    hidden = {"link_token": token, **visit.query}
    found = [offer for offer in offered if search.casefold() in offer.name.casefold()]
    listed = [
        {
            "name": offer.name,
            "initial": offer.initial,
            "href": at(request, PATH, {**hidden, "integration": offer.slug}),
        }
        for offer in found
    ]
    values = {"offers": listed, "search": search, "hidden": hidden}
    return _page(request, "choose.html", {**values, **_round(link, visit)})


def ways_page(
    request: Request, link: LinkToken, visit: Visit, token: str, name: str, ways: Mapping[str, Connect]
) -> Response:
    """The choice between several ways to connect."""
    query = {"link_token": token, **visit.query}
    listed = [
        {"label": way.label, "help": way.help, "href": at(request, PATH, {**query, "connect": key})}
        for key, way in ways.items()
    ]
    back = _back(request, link, visit, token)
    return _page(request, "ways.html", {"name": name, "ways": listed, "back": back, **_round(link, visit)})


def form_page(
    request: Request, form: Form, link: LinkToken, visit: Visit, token: str, before: Attempt | None
) -> Response:
    """The form of a way to connect."""
    name = form.integration.name
    again = "again" if link.account_id else ""
    hidden = {"link_token": token, **visit.query, "integration": form.integration.slug, "connect": form.way_name}
    values = {
        "heading": f"Connect {name} {again}".strip(),
        "name": name,
        "intro": form.help,
        "said": form.problem,
        "fields": form.fields,
        "action": at(request, PATH),
        "hidden": {**hidden, **({"attempt": before.kept["handle"]} if before else {})},
        "submit": f"Continue to {name}" if form.leads_away else "Connect",
        "busy": f"Checking this with {name} …",
        "docs": form.integration.file.docs,
        "back": _back(request, link, visit, token),
    }
    return _page(request, "form.html", {**values, **_round(link, visit)})


def questions_page(request: Request, form: Form, attempt: Attempt, link: LinkToken, visit: Visit) -> Response:
    """What is asked once connected."""
    action = at(request, f"{PATH}/attempt/{attempt.kept['handle']}")
    said = f"{form.integration.name} is connected. This is needed to work with it:"
    return _page(request, "form.html", {**_asking(form, "One more thing", said, action, {}), **_round(link, visit)})


def settings_page(request: Request, form: Form, token: str, *, embedded: bool) -> Response:
    """What is asked of an account that was connected before; `token` is the account's own."""
    hidden = {OF_AN_ACCOUNT: token, **({"iframe": "true"} if embedded else {})}
    asking = _asking(form, f"Settings of {form.integration.name}", None, at(request, POST_CONNECT), hidden)
    return _page(request, "form.html", {**asking, "embedded": embedded})


def settled_page(request: Request, name: str, told: Mapping[str, Any], *, embedded: bool) -> Response:
    """The settings are saved; the product is told."""
    values = {"heading": f"{name} is set up", "text": "You can close this window.", "said": None, "again": None}
    return _end(request, values, told, None, embedded, at_once=True)


def away_page(request: Request, name: str, attempt: Attempt, link: LinkToken, visit: Visit) -> Response:
    """On the way to the provider's consent page; in a frame, which providers refuse, with a window of its own."""
    handle = attempt.kept["handle"]
    values = {
        "name": name,
        "consent": at(request, f"{PATH}/consent/{handle}"),
        "wait": at(request, f"{PATH}/attempt/{handle}/status"),
    }
    return _page(request, "away.html", {**values, **_round(link, visit)})


def end_page(request: Request, name: str, attempt: Attempt, link: LinkToken, visit: Visit) -> Response:
    """The end of an attempt: the product is told of a success at once, of a failure when the person gives up."""
    told = result(attempt)
    values: dict[str, Any]
    if attempt.status == "connected":
        values = {"heading": f"{name} is connected", "text": "You can close this window.", "said": None, "again": None}
    else:
        query = {"link_token": attempt.kept["token"], **visit.query, "connect": attempt.kept["way"]}
        again = at(request, PATH, {**query, "attempt": attempt.kept["handle"]})
        values = {"heading": f"{name} is not connected", "said": attempt.kept["problem"], "again": again, "text": ""}
    return _end(request, values, told, link.redirect_uri, visit.embedded, at_once=attempt.status == "connected")


def unfinished_page(
    request: Request, error: PolyhireError, name: str, attempt: Attempt, link: LinkToken, visit: Visit
) -> Response:
    """What is asked once connected can't be asked now."""
    said = problem(error, name)
    again = at(request, f"{PATH}/attempt/{attempt.kept['handle']}")
    told = {**result(attempt), "error": f"{said.title} {said.said}", "error_type": "post_install_error"}
    values = {"heading": f"{name} is not ready yet", "said": said, "again": again, "text": ""}
    return _end(request, values, told, link.redirect_uri, visit.embedded)


def elsewhere_page(request: Request, name: str, *, is_good: bool) -> Response:
    """The window of a consent, whose attempt goes on in the frame that opened it."""
    values = {
        "heading": f"{name} allowed it" if is_good else f"{name} was not connected",
        "text": "Go on in the window that you came from. You can close this one.",
        "said": None,
        "again": None,
        "closes": True,
    }
    return _end(request, values, None, None, embedded=False)


def failed_page(request: Request, error: PolyhireError, *, error_type: str | None = None) -> Response:
    """A page that can't be shown: why, told to the product at once where there is nothing that the person can do."""
    kinds: dict[type[PolyhireError], str] = {InvalidLink: "invalid_token", UnknownIntegration: "invalid_integration"}
    kind = error_type or kinds.get(type(error), "connection_error")
    # What is wrong with this server is for its log, and for whoever runs it.
    is_told = isinstance(error, CallError | AccountError | ProviderError)
    message = error.message if is_told else "This server has a problem; please try again later."
    told = {"is_truto": True, "result": "error", "error": message, "error_type": kind}
    told |= {"integration": request.query_params.get("integration")}
    said = {"title": "This page can't be shown.", "said": message, "advice": ""}
    values = {"heading": "Connect an account", "said": said, "again": None, "text": ""}
    embedded = Visit.of(request.query_params).embedded
    response = _end(request, values, told, None, embedded, at_once=kind != "connection_error")
    response.status_code = error.status
    return response


def _end(
    request: Request,
    values: Mapping[str, Any],
    told: Mapping[str, Any] | None,
    redirect_uri: str | None,
    embedded: bool,
    *,
    at_once: bool = False,
) -> Response:
    onward = _onward(redirect_uri, told) if redirect_uri and told else None
    message = "" if told is None else orjson.dumps(told).decode()
    about = {"message": message, "onward": onward, "embedded": embedded, "at_once": at_once, "closes": False}
    return _page(request, "end.html", {**about, **values})


def _asking(form: Form, heading: str, intro: str | None, action: str, hidden: Mapping[str, str]) -> dict[str, Any]:
    return {
        "heading": heading,
        "name": form.integration.name,
        "intro": intro,
        "said": form.problem,
        "fields": form.fields,
        "action": action,
        "hidden": hidden,
        "submit": "Finish",
        "busy": "Saving …",
        "docs": None,
    }


def _round(link: LinkToken, visit: Visit) -> dict[str, Any]:
    """What stands on every page before the end."""
    closed = {"result": "closed"}
    return {
        "embedded": visit.embedded,
        "cancel": _onward(link.redirect_uri, closed) if link.redirect_uri else None,
    }


def _back(request: Request, link: LinkToken, visit: Visit, token: str) -> str | None:
    if visit.fixed or link.account_id is not None:
        return None
    query = {name: value for name, value in visit.query.items() if name != "integration"}
    return at(request, PATH, {"link_token": token, **query})


def _onward(redirect_uri: str, told: Mapping[str, Any]) -> str:
    """The product's own address, with what came of it."""
    query = {name: value for name, value in told.items() if name != "is_truto" and value is not None}
    bare, hash_, fragment = redirect_uri.partition("#")
    return bare + ("&" if "?" in bare else "?") + urlencode(query) + hash_ + fragment


def _page(request: Request, template: str, values: Mapping[str, Any]) -> Response:
    brand = brand_of(gateway_of(request).settings)
    text, headers = page(template, brand, urlsplit(base(request)).path.rstrip("/"), values)
    return HTMLResponse(text, headers=headers)
