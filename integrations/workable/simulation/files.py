"""Files come in as base64 or by a URL, and go out by URLs that are signed and expire."""

from base64 import b64decode
from collections.abc import Mapping
from mimetypes import guess_type
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.responses import JSONResponse, Response

from polyhire.simulators.bodies import filled, shape
from polyhire.simulators.company import Document
from polyhire.simulators.kit import Problem

from .calls import Call, Endpoint


def _encoded(value: Any, where: str) -> list[Problem]:
    try:
        fits = isinstance(value, str) and bool(b64decode(value, validate=True))
    except ValueError:
        fits = False
    return [] if fits else [Problem(where, "is not base64")]


FILE = shape({"name": filled, "data": _encoded}, required=["name", "data"])


def received(file: Mapping[str, str]) -> Document:
    """Read a file that came in base64."""
    return Document(file["name"], _media_type(file["name"]), b64decode(file["data"]))


def linked(url: str, name: str) -> Document:
    """Read a file that came by its URL; one without a name of its own gets this.

    Workable would fetch it; a simulator must not reach out, so the file says where it came from.
    """
    found = unquote(urlsplit(url).path.rpartition("/")[2]) or name
    return Document(found, _media_type(found), f"from {url}".encode())


def _media_type(name: str) -> str:
    return guess_type(name)[0] or "application/octet-stream"


def find(call: Call) -> Response:
    """List the files of a candidate, which have no ids."""
    found = [
        {
            "name": row["name"],
            "preview_url": call.workable.files.url(call.ask, row["document"], row["name"]),
            "source": row["source"],
            "kind": row["kind"],
        }
        for row in call.workable.of("file", call.candidate())
    ]
    return JSONResponse({"files": found})


ENDPOINTS = (Endpoint("GET", "/candidates/{id}/files", ("r_candidates",), find),)
