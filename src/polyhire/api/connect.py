"""/connect-account: the pages on which a person connects an account. They need no API token, but a link token."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from polyhire.accounts.audit import ACTING, Actor
from polyhire.accounts.links import Attempt, LinkToken
from polyhire.api import connect_pages as pages
from polyhire.api.answers import json_answer
from polyhire.api.caller import gateway_of
from polyhire.api.connect_pages import PATH, at, base
from polyhire.connect import oauth
from polyhire.connect.catalogue import chosen, offers, ways
from polyhire.connect.flow import Flow
from polyhire.connect.render import FOLDER
from polyhire.connect.visit import Visit
from polyhire.errors import BodyTooLarge, InvalidLink, PolyhireError, UnknownPath
from polyhire.settings import LOGO_TYPES

MAX_FORM = 200_000
"""Bytes of a filled form: a private key that somebody pastes has 4,000."""
TRIES = 20
"""Filled forms a minute and link: whoever mistypes needs fewer, and whoever guesses keys gets no more."""

Handler = Callable[[Request], Awaitable[Response]]


def shown(handler: Handler) -> Handler:
    """A handler whose errors are pages."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except PolyhireError as error:
            return pages.failed_page(request, error)

    return guarded


@shown
async def open_page(request: Request) -> Response:
    """The catalogue, the choice between ways to connect, or a form: what is left to choose."""
    query = request.query_params
    token = query.get("link_token", "")
    link = await _link(request, token)
    gateway, flow, visit = gateway_of(request), flow_of(request), Visit.of(query)
    slug = await flow.slug_of(link, visit)
    if slug is None:
        offered = await offers(gateway, link.environment_id, visit)
        return pages.choose_page(request, link, visit, token, query.get("q", ""), offered)
    integration, _ = await chosen(gateway, link.environment_id, slug, visit)
    way_name = query.get("connect") or await flow.way_of_account(link)
    open_ways = ways(integration, visit)
    if way_name is None and len(open_ways) > 1:
        return pages.ways_page(request, link, visit, token, integration.name, open_ways)
    before = await _before(request, link, query)
    form = await flow.form(link, visit, slug, way_name or next(iter(open_ways)), before)
    return pages.form_page(request, form, link, visit, token, before)


@shown
async def submit(request: Request) -> Response:
    """Take a filled form, and go on to the page of the attempt."""
    given = await read_form(request)
    token = given.get("link_token", "")
    link = await _link(request, token)
    await gateway_of(request).store.limits.take("link", link.id, TRIES)
    flow, visit = flow_of(request), Visit.of(given)
    slug = await flow.slug_of(link, visit) or ""
    before = await _before(request, link, given)
    attempt = await flow.submit(link, token, visit, slug, given.get("connect"), answers_in(given), before)
    return _to(request, attempt)


@shown
async def show_attempt(request: Request) -> Response:
    """Where an attempt is: the form again, on the way to the provider, asked for more, or at its end."""
    attempt, link = await _attempt(request)
    flow, visit = flow_of(request), Visit.from_kept(attempt.kept)
    name = gateway_of(request).catalog.integration(attempt.kept["integration"]).name
    match attempt.status:
        case "open":
            token = attempt.kept["token"]
            await gateway_of(request).store.links.find(token)
            form = await flow.form(link, visit, attempt.kept["integration"], attempt.kept["way"], attempt)
            return pages.form_page(request, form, link, visit, token, attempt)
        case "consent":
            return pages.away_page(request, name, attempt, link, visit)
        case "questions":
            try:
                form = await flow.questions(attempt)
            except PolyhireError as error:
                return pages.unfinished_page(request, error, name, attempt, link, visit)
            return pages.questions_page(request, form, attempt, link, visit)
    return pages.end_page(request, name, attempt, link, visit)


@shown
async def answer_questions(request: Request) -> Response:
    """Take the answers to what is asked once connected."""
    attempt, _ = await _attempt(request)
    return _to(request, await flow_of(request).answer(attempt, answers_in(await read_form(request))))


async def status(request: Request) -> Response:
    """Where an attempt is, in a word, for a page that waits."""
    attempt, _ = await _attempt(request)
    return json_answer({"status": attempt.status})


@shown
async def consent(request: Request) -> Response:
    """Send a person on to the provider's consent page, with a cookie by which this browser is known again."""
    attempt, _ = await _attempt(request)
    try:
        url, secret = await flow_of(request).consent(attempt)
    except InvalidLink:
        raise
    except PolyhireError:
        return _to(request, attempt)  # which knows why
    response = RedirectResponse(url, 302, {"Referrer-Policy": "no-referrer"})
    response.set_cookie(
        oauth.cookie_of(attempt),
        secret,
        max_age=1800,
        path=at(request, oauth.CALLBACK),
        secure=base(request).startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response


@shown
async def callback(request: Request) -> Response:
    """Take what the provider answered, and go on to the page of the attempt, which may be in another window."""
    attempt = await flow_of(request).callback(dict(request.query_params), request.cookies)
    if not Visit.from_kept(attempt.kept).embedded:
        return _to(request, attempt)
    name = gateway_of(request).catalog.integration(attempt.kept["integration"]).name
    return pages.elsewhere_page(request, name, is_good=attempt.status != "failed")


async def asset(request: Request) -> Response:
    """The pages' style or script."""
    return FileResponse(FOLDER / request.url.path.rpartition("/")[2], headers={"Cache-Control": "max-age=3600"})


async def logo(request: Request) -> Response:
    """The image of whoever runs this server."""
    file = gateway_of(request).settings.connect_logo
    if file is None:
        raise UnknownPath("There is no logo: POLYHIRE_CONNECT_LOGO names its file.")
    # An SVG that somebody opens by itself could run scripts.
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    headers = {"Cache-Control": "max-age=3600", "Content-Security-Policy": policy}
    return FileResponse(file, media_type=LOGO_TYPES[file.suffix.lower()], headers=headers)


ROUTES = [
    Route(PATH, open_page),
    Route(PATH, submit, methods=["POST"]),
    Route(f"{PATH}/attempt/{{handle}}", show_attempt),
    Route(f"{PATH}/attempt/{{handle}}", answer_questions, methods=["POST"]),
    Route(f"{PATH}/attempt/{{handle}}/status", status),
    Route(f"{PATH}/consent/{{handle}}", consent),
    Route(oauth.CALLBACK, callback),
    Route(f"{PATH}/page.css", asset),
    Route(f"{PATH}/page.js", asset),
    Route(f"{PATH}/logo", logo),
]


def flow_of(request: Request) -> Flow:
    """The connect flow, with the redirect URI of this server."""
    return Flow(gateway_of(request), base(request) + oauth.CALLBACK)


async def _link(request: Request, token: str) -> LinkToken:
    link = await gateway_of(request).store.links.find(token)
    ACTING.set(Actor("link_token", link.id))
    return link


async def _attempt(request: Request) -> tuple[Attempt, LinkToken]:
    links = gateway_of(request).store.links
    attempt = await links.attempt(request.path_params["handle"])
    link = await links.of(attempt)
    ACTING.set(Actor("link_token", link.id))
    return attempt, link


async def _before(request: Request, link: LinkToken, given: Mapping[str, str]) -> Attempt | None:
    """The last try with this link, whose answers need not be given again."""
    if not given.get("attempt"):
        return None
    try:
        attempt = await gateway_of(request).store.links.attempt(given["attempt"])
    except InvalidLink:
        return None
    return attempt if attempt.link_token_id == link.id and "answers" in attempt.kept else None


def _to(request: Request, attempt: Attempt) -> Response:
    return RedirectResponse(at(request, f"{PATH}/attempt/{attempt.kept['handle']}"), 303)


async def read_form(request: Request) -> dict[str, str]:
    """A filled form. Raises BodyTooLarge."""
    body = await request.body()
    if len(body) > MAX_FORM:
        raise BodyTooLarge(f"A filled form has at most {MAX_FORM} bytes.")
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def answers_in(given: Mapping[str, str]) -> dict[str, str]:
    """The fields of a filled form that were asked of a person."""
    return {name.removeprefix("answer."): value for name, value in given.items() if name.startswith("answer.")}
