"""Pages out of templates, and the headers that let them do nothing but what they are for."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from polyhire.connect.brand import Brand

FOLDER = Path(__file__).parent / "pages"

_TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ABSENT: Mapping[str, Any] = {"back": None, "back_label": None, "embedded": False, "cancel": None}


def page(template: str, brand: Brand, root: str, values: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """A page and its headers. `root` is the path below which this server is reached, without a slash at its end."""
    nonce = secrets.token_urlsafe(16)
    # Without configured origins any page may have opened this one; what it is told is no secret.
    targets = orjson.dumps(list(brand.origins) or ["*"]).decode()
    told = {**_ABSENT, **values, "brand": brand, "root": root, "nonce": nonce, "targets": targets}
    return _TEMPLATES.get_template(template).render(told), headers(nonce, brand)


def headers(nonce: str, brand: Brand) -> dict[str, str]:
    """Nothing from elsewhere, nothing inline but what has the nonce, and framed by configured origins alone."""
    policy = {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce}'",
        "style-src": f"'nonce-{nonce}'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": " ".join(("'self'", *brand.origins)),
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        # The address holds the link token.
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
