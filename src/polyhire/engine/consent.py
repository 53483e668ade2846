"""OAuth2 consent: where to send a person, and what to make of the answer they come back with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from polyhire.engine import formats
from polyhire.engine.authenticate import Authenticator
from polyhire.engine.credential import Credential, Send, State
from polyhire.engine.request import url_of
from polyhire.errors import ConsentDenied, InvalidRequest, ProviderFailed, shorten
from polyhire.expressions import ABSENT, Template
from polyhire.manifest.integration import OAuth2


@dataclass(frozen=True)
class Consented:
    """What came of a consent: the answers of the form, those it brought back included, and the state with its token."""

    answers: Mapping[str, str] = field(repr=False)
    state: State = field(repr=False)


def is_needed(credential: Credential) -> bool:
    """Whether a person has to consent before the credential works."""
    oauth2 = credential.connect.oauth2
    if oauth2 is None or oauth2.grant != "authorization_code":
        return False
    return oauth2.refresh_token is None or not credential.scope().evaluate(oauth2.refresh_token)


async def consent_url(
    credential: Credential,
    authenticator: Authenticator,
    *,
    redirect_uri: str,
    state: str,
    challenge: str | None,
    send: Send,
) -> str:
    """The provider's consent page, which comes back to `redirect_uri` with `state`.

    `challenge` is PKCE's (S256), and left out where the provider does not know it. Raises MissingApp.
    """
    oauth2 = _grant(credential)
    assert oauth2.authorize_url is not None  # as the grant is authorization_code
    await authenticator.discover(credential, send)
    server = authenticator.server
    scope, client = await server.client(credential, oauth2)
    query = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": redirect_uri,
        "scope": oauth2.scope_separator.join(oauth2.scopes if client.scopes is None else client.scopes),
        "state": state,
    }
    if challenge and oauth2.pkce:
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    query |= scope.fill(Template(dict(oauth2.authorize_params))) or {}
    url = url_of(oauth2.authorize_url, scope, server.place)
    pairs = [(name, formats.text(value)) for name, value in query.items() if value not in (None, "")]
    return url + ("&" if "?" in url else "?") + urlencode(pairs)


async def redeem(
    credential: Credential,
    authenticator: Authenticator,
    answered: Mapping[str, str],
    *,
    redirect_uri: str,
    verifier: str | None,
    send: Send,
) -> None:
    """Trade the consent for a token, kept in the credential's state; a session waits for the first call.

    `answered` are the parameters that came back, whose `state` the caller has found to be right: some become answers
    of the connect form (`credential.asked`). Raises ConsentDenied, MissingApp, InvalidRequest or a ProviderError.
    """
    oauth2, server = _grant(credential), authenticator.server
    if refused := answered.get("error"):
        raise ConsentDenied(_denied(server.name, refused, answered.get("error_description", "")))
    code = answered.get("code")
    if not code:
        raise InvalidRequest(f"{server.name} sent no code along; begin the connection again")
    credential.asked = {**credential.asked, **_mapped(credential, oauth2, answered, server.name)}
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    if verifier and oauth2.pkce:
        grant["code_verifier"] = verifier
    await authenticator.discover(credential, send)
    token = await server.ask(credential, oauth2, grant, send)
    kept = {name: value for name, value in credential.state.items() if name != "session"}
    await credential.keep({**kept, "oauth2": token})


def _grant(credential: Credential) -> OAuth2:
    oauth2 = credential.connect.oauth2
    if oauth2 is None or oauth2.grant != "authorization_code":
        raise InvalidRequest(f"'{credential.connect.label}' needs no consent; connect with the answers of its form")
    return oauth2


def _denied(name: str, refused: str, said: str) -> str:
    if refused == "access_denied":
        return f"{name} was not allowed to give access; connect again and allow it"
    return f"{name} gave no consent: {shorten(' '.join(filter(None, (refused, said))), 200)}"


def _mapped(credential: Credential, oauth2: OAuth2, answered: Mapping[str, str], name: str) -> dict[str, str]:
    """What came back as answers of the form. Raises ProviderFailed for what the form would not take."""
    told = credential.scope().with_(callback=dict(answered))
    mapped = {}
    for key, expression in oauth2.callback.items():
        found = told.evaluate(expression)
        if found is ABSENT or found is None:
            continue
        ask, text = credential.connect.ask[key], formats.text(found)
        if not ask.takes(text):
            raise ProviderFailed(f"{name} came back with an answer to '{ask.label}' that it does not take itself")
        mapped[key] = text
    return mapped
