"""/unified/ats/{resource}: the seventeen resources, in one vocabulary."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.accounts import Account
from polyhire.api.answers import unified_answer
from polyhire.api.bodies import read_body
from polyhire.api.caller import Caller, account_of, authenticate, gateway_of
from polyhire.api.idempotent import repeatable
from polyhire.api.query import Asked, check_asked, read_asked
from polyhire.engine.exchange import Upload
from polyhire.engine.serving import Call
from polyhire.errors import UnsupportedMethod
from polyhire.manifest.eeo import RESOURCE as EEOCS
from polyhire.manifest.eeo import requests_of, reveals_eeo
from polyhire.manifest.integration import Integration
from polyhire.model.body import check_body
from polyhire.model.filters import normalise_filters
from polyhire.model.record import Method, Resource
from polyhire.model.resources import resource
from polyhire.suggest import did_you_mean, one_of

WITHHELD_HEADER = "polyhire-withheld"

_ON_COLLECTION = {"GET": "list", "HEAD": "list", "POST": "create"}
_ON_RECORD = {"GET": "get", "HEAD": "get", "PATCH": "update", "PUT": "update", "DELETE": "delete"}


async def collection(request: Request) -> Response:
    """List records, or add one."""
    model = resource(request.path_params["resource"])
    return await _serve(request, model, model.method(_ON_COLLECTION[request.method]), None)


async def record(request: Request) -> Response:
    """Read, change or remove one record; a POST is a custom method of the resource."""
    model = resource(request.path_params["resource"])
    if request.method == "POST":
        return await _serve(request, model, _custom_method(model, request.path_params["id"]), None)
    return await _serve(request, model, model.method(_ON_RECORD[request.method]), request.path_params["id"])


async def download(request: Request) -> Response:
    """The file of an attachment; its id stands in the query (GET) or in the body (POST)."""
    model = resource("attachments")
    return await _serve(request, model, model.method("download"), None)


def _forbid(request: Request, caller: Caller, _account: Account) -> None:
    if request.path_params["resource"] == EEOCS:
        caller.need("eeo")


ROUTES = [
    Route("/unified/ats/attachments/download", download, methods=["GET", "POST"]),
    Route("/unified/ats/{resource}", repeatable(collection, _forbid), methods=["GET", "POST"]),
    Route(
        "/unified/ats/{resource}/{id}", repeatable(record, _forbid), methods=["GET", "PATCH", "PUT", "DELETE", "POST"]
    ),
]


def _custom_method(model: Resource, name: str) -> Method:
    """A custom method by its name. Raises UnsupportedMethod, for ids and standard methods too."""
    custom = {method.name: method for method in model.methods if method.is_custom}
    if name in custom:
        return custom[name]
    known = f"{model.name} has: {one_of(custom)}" if custom else f"{model.name} has none"
    raise UnsupportedMethod(
        f"A POST below /unified/ats/{model.name} names a method{did_you_mean(name, custom) or ':'} {known}. "
        f"Records are created at /unified/ats/{model.name} and changed with PATCH.",
        offered=model.method_names,
    )


async def _serve(request: Request, model: Resource, method: Method, record_id: str | None) -> Response:
    gateway = gateway_of(request)
    caller = await authenticate(request, "write" if method.is_write else "read", account_token=True)
    if model.name == EEOCS:
        caller.need("eeo")
    asked = read_asked(request.scope["query_string"])
    body: dict[str, Any] | None = None
    upload: Upload | None = None
    if method.is_binary and request.method != "POST":
        asked, body = _parameters_in_query(asked, model, method)
    check_asked(asked, model, method.name)
    account = await account_of(request, caller, asked.account_id)
    withheld = "eeo" not in caller.scopes and _is_mixed(gateway.catalog.integration(account.integration), model, method)
    if withheld:
        asked = _without_remote_data(asked, caller)
    filters = normalise_filters(model, asked.rest)
    if method.is_write or (method.is_binary and request.method == "POST"):
        max_file = gateway.settings.max_upload_bytes
        optional = method.name == "delete"
        body, upload = await read_body(request, model, method.name, max_file=max_file, optional=optional)
    record_id = record_id or _id_in(method, body)
    call = _call(model, method, asked, filters, record_id, None if method.is_binary else body, upload)
    answer = await unified_answer(await gateway.serve(account, call), method, asked, call.id)
    if withheld:
        answer.headers[WITHHELD_HEADER] = "remote_data"
    return answer


def _is_mixed(integration: Integration, model: Resource, method: Method) -> bool:
    """Whether the provider's own records of this method hold what candidates answered on equal opportunity, too."""
    mapping = integration.resources.get(model.name)
    served = mapping.methods.get(method.name) if mapping is not None else None
    return mapping is not None and served is not None and reveals_eeo(integration, requests_of(mapping, served))


def _without_remote_data(asked: Asked, caller: Caller) -> Asked:
    """What is asked, but for the provider's own records. Raises NotPermittedHere where nothing else is asked."""
    if asked.format != "unified":
        caller.need("eeo")
    return replace(asked, remote_data=False)


def _call(
    model: Resource,
    method: Method,
    asked: Asked,
    filters: dict[str, Any],
    record_id: str | None,
    body: dict[str, Any] | None,
    upload: Upload | None,
) -> Call:
    in_our_words = asked.format not in ("raw", "stream")
    return Call(
        model.name,
        method.name,
        id=record_id,
        query=filters,
        body=body,
        upload=upload,
        limit=asked.limit,
        cursor=asked.cursor,
        # The provider's own bytes need no mapping, and no lookups for it.
        fields=asked.fields if in_our_words else ("id",),
        exclude=asked.exclude,
        remote_data=asked.remote_data,
        remote_query=asked.remote_query,
        format=asked.format,
        complete=asked.complete,
    )


def _parameters_in_query(asked: Asked, model: Resource, method: Method) -> tuple[Asked, dict[str, Any]]:
    """A custom method's parameters that stand in the query, and what is asked besides."""
    names = {parameter.name for parameter in method.parameters}
    body = check_body(model, method.name, {name: value for name, value in asked.rest.items() if name in names})
    return replace(asked, rest={name: value for name, value in asked.rest.items() if name not in names}), body


def _id_in(method: Method, body: dict[str, Any] | None) -> str | None:
    """The record that a custom method acts on: its first parameter."""
    found = (body or {}).get(method.parameters[0].name) if method.is_custom else None
    return None if found is None else str(found)
