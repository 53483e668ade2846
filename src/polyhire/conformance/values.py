"""Values that tests compare."""

from typing import Any


def without_query(value: Any) -> Any:
    """The value with its web addresses cut at the `?`: what signs them changes from answer to answer."""
    match value:
        case str():
            return value.partition("?")[0] if value.startswith(("http://", "https://")) else value
        case dict():
            return {key: without_query(inner) for key, inner in value.items()}
        case list():
            return [without_query(inner) for inner in value]
    return value


def is_empty(value: Any) -> bool:
    """Whether a field tells nothing: null, or a list, object or text without anything in it."""
    return value in (None, "", [], {})


def anything_in(value: Any) -> list[Any]:
    """Every value inside a tree."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [*inner, *(deeper for each in inner for deeper in anything_in(each))]
