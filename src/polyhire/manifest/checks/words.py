"""The words that expressions have anyway: functions, and names that no step or lookup may take."""

import re

from polyhire.expressions.functions import FUNCTIONS
from polyhire.expressions.prelude import PRELUDE

BUILT_IN = frozenset(
    re.findall(
        r"\w+",
        """abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl
        decodeUrlComponent distinct each encodeUrl encodeUrlComponent error exists filter floor formatBase
        formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now
        number pad parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt
        string substring substringAfter substringBefore sum toMillis trim type uppercase zip""",
    )
)
"""The functions of JSONata itself, without $eval."""

FUNCTION_NAMES = BUILT_IN | FUNCTIONS.keys() | PRELUDE.keys()
"""Every function that an expression may call."""

_SEEN = frozenset(("id", "query", "body", "account", "page", "each", "items", "status", "headers", "links"))
_RECORD_VARIABLES = frozenset(("account", "call", "parent", "response"))


def why_not_a_step(name: str) -> str | None:
    """Why a step can't have this name, if so."""
    if name in _SEEN:
        return f"'{name}' means something else in expressions already; choose another name"
    return None


def why_not_a_lookup(name: str) -> str | None:
    """Why a lookup can't have this name, if so: it also stands behind a `$`, where functions do."""
    if name in FUNCTION_NAMES:
        return f"${name} is a function already; choose another name"
    if name in _RECORD_VARIABLES:
        return f"${name} means something else in `fields` already; choose another name"
    return why_not_a_step(name)
