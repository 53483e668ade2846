"""The ways to connect: what each part of the pipeline sees, and what would go wrong only once someone connects."""

from collections.abc import Iterator

from polyhire.manifest.checks import known
from polyhire.manifest.checks.known import ANYTHING, SINGLE, Known, any_of
from polyhire.manifest.checks.sight import ANSWER, Sight, Site, of_request, sites_in
from polyhire.manifest.checks.source import position_of_variable
from polyhire.manifest.checks.words import why_not_a_step
from polyhire.manifest.document import Document, Mistake
from polyhire.manifest.document import Path as DataPath
from polyhire.manifest.integration import Connect, Discover, IntegrationFile, OAuth2, Question, Session
from polyhire.suggest import one_of

TOLD = any_of(("status", "headers", "body"))
TOKEN = ("access_token", "refresh_token", "expires_at")
CLIENT = ("client_id", "client_secret")
SIGNED = Known(
    dict.fromkeys(("verb", "url", "host", "path", "query", "body", "seconds", "nonce"), SINGLE), "request has no"
)

_TAKEN = frozenset(("account", "callback", "discover", "oauth2", "request", "session"))
_OF_THE_MOMENT = ("millis", "now", "random", "today")


def of_connect(file: IntegrationFile, document: Document) -> Iterator[Site]:
    """The expressions of every way to connect."""
    for name, way in file.connect.items():
        path: DataPath = ("connect", name)
        sight = Sight({**dict.fromkeys(way.ask, SINGLE), "account": known.account([way])})
        if way.discover is not None:
            yield from _of_sign_in(way.discover, document, (*path, "discover"), sight)
            sight = sight.with_({"discover": Known(dict.fromkeys(way.discover.keep, SINGLE), "discover has no")})
        if way.oauth2 is not None:
            yield from _of_oauth2(way.oauth2, document, (*path, "oauth2"), sight)
            kept = dict.fromkeys((*TOKEN, *way.oauth2.keep), ANYTHING)
            sight = sight.with_({"oauth2": Known(kept, "oauth2 has no")})
        if way.session is not None:
            yield from _of_sign_in(way.session, document, (*path, "session"), sight)
            ends = {**dict.fromkeys(way.session.keep, SINGLE), "expires_at": SINGLE}
            sight = sight.with_({"session": Known(ends, "session has no")})
        asking = Sight({"account": known.account([way])}, refused=known.secrets(file))
        for key, question in way.post_connect.items():
            yield from _of_question(question, document, (*path, "post_connect", key), asking)
        yield from sites_in(way.apply.head, document, (*path, "apply"), sight.with_({"request": SIGNED}))
        yield from sites_in(way.apply.body, document, (*path, "apply", "body"), sight)


def _of_oauth2(oauth2: OAuth2, document: Document, path: DataPath, sight: Sight) -> Iterator[Site]:
    """The client's id and secret are there even where they are not asked: the environment's own app has them."""
    sight = sight.with_({name: SINGLE for name in CLIENT if name not in (sight.names or {})})
    own = {"keep": sight.with_(TOLD), "callback": sight.with_({"callback": ANYTHING})}
    for key in type(oauth2).model_fields:
        yield from sites_in(getattr(oauth2, key), document, (*path, key), own.get(key, sight))


def _of_sign_in(part: Discover | Session, document: Document, path: DataPath, sight: Sight) -> Iterator[Site]:
    """A step sees the named ones before it; what is kept is kept of the last one's answer."""
    answers = sight.with_(TOLD)
    for index, step in enumerate(part.sequence):
        here = path if part.steps is None else (*path, "steps", index)
        answers = sight.with_(TOLD)
        yield from of_request(step, document, here, sight, answers)
        if step.name is not None:
            sight = sight.with_({step.name: ANYTHING})
            answers = answers.with_({step.name: ANYTHING})
    yield from sites_in(part.keep, document, (*path, "keep"), answers)
    if isinstance(part, Session):
        yield from sites_in(part.expires_in, document, (*path, "expires_in"), answers)


def _of_question(question: Question, document: Document, path: DataPath, sight: Sight) -> Iterator[Site]:
    options = question.options_from
    if options is not None:
        here = (*path, "options_from")
        yield from of_request(options, document, here, sight, sight.with_(ANSWER))
        for name, expression in (("value", options.value), ("label", options.label)):
            yield from sites_in(expression, document, (*here, name), Sight(None))


def check(file: IntegrationFile, document: Document) -> Iterator[Mistake]:
    """What is wrong with the ways to connect beside what their expressions read."""
    for name, way in file.connect.items():
        path: DataPath = ("connect", name)
        for key, part in (("discover", way.discover), ("session", way.session)):
            if part is not None:
                yield from _steps(part, way, document, (*path, key))
        yield from _moments(way, document, (*path, "apply"))


def _steps(part: Discover | Session, way: Connect, document: Document, path: DataPath) -> Iterator[Mistake]:
    for index, step in enumerate(part.steps or ()):
        where: DataPath = (*path, "steps", index)
        if step.name is not None and (reason := _why_not(step.name, way)):
            yield document.mistake((*where, "name"), reason)
        if step.item is not None and step.name is None:
            yield document.mistake((*where, "item"), "nothing sees this item: give the step a `name`")
        if step.request.text.startswith("http:"):
            yield document.mistake((*where, "request"), "credentials go over https only")


def _why_not(name: str, way: Connect) -> str | None:
    if name in _TAKEN or name in way.ask:
        return f"'{name}' means something else here already; choose another name"
    return why_not_a_step(name)


def _moments(way: Connect, document: Document, path: DataPath) -> Iterator[Mistake]:
    """What is found is kept until the credential changes: a time or a nonce would be the first request's for ever."""
    if way.apply.is_signed:
        return
    for site in sites_in(way.apply.head, document, path, Sight(None)):
        for function in _OF_THE_MOMENT:
            if (at := position_of_variable(site.expression.source, function)) is not None:
                said = one_of(("request.seconds", "request.nonce"))
                message = f"${function}() is found once here and kept; what is each request's own is: {said}"
                yield document.mistake(site.path, message, site.offset + at)
