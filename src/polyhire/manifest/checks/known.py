"""What an expression may read at its place, as a tree of names: the call's filters, the body's fields, the account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from polyhire.manifest.integration import Connect, IntegrationFile
from polyhire.model.body import body_fields
from polyhire.model.record import CUSTOM_FIELDS, Field, Method, Resource


@dataclass(frozen=True)
class Known:
    """What may be read below a name: `keys` is None for anything, and empty for a single value.

    `lacking` begins the message about another key; `refused` gives keys a message of their own;
    `whole` is what to say about reading it as a whole, where that is a mistake.
    """

    keys: Mapping[str, "Known"] | None = None
    lacking: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    whole: str | None = None


ANYTHING = Known()
SINGLE = Known({})


def any_of(names: Iterable[str]) -> dict[str, Known]:
    """Names below which anything may be read."""
    return dict.fromkeys(names, ANYTHING)


def filters(model: Resource) -> Known:
    """`query` of a call on a resource."""
    keys = {
        each.name: Known(dict.fromkeys(each.operators, SINGLE), f"the filter {each.name} has no operator")
        if each.operators
        else SINGLE
        for each in model.filters
    }
    example = next(iter(keys), "email")
    whole = f"this reads the whole query, so nobody can tell which filters are applied; name them, like query.{example}"
    return Known(keys, f"{model.name} has no filter", whole=whole)


def body(model: Resource, method: Method) -> Known:
    """`body` of a write."""
    return _object(body_fields(model, method), f"the body of {model.name}.{method.name} has no")


def _object(fields: Iterable[Field], lacking: str, *, is_nested: bool = False) -> Known:
    fields = tuple(fields)
    refused = {
        each.name: f"nobody can write {each.name}: it is read-only"
        for each in fields
        if each.read_only and not (is_nested and each.kind == "id")
    }
    keys = {each.name: _inside(each) for each in fields if each.name not in refused}
    return Known(keys, lacking, refused)


def _inside(each: Field) -> Known:
    lacking = f"{each.name} in a body has no"
    if each.kind == "json":
        return ANYTHING
    if isinstance(each.shape, Resource):
        fields = (*each.shape.fields, *each.shape.write_fields, CUSTOM_FIELDS)
        return _object(fields, lacking, is_nested=True)
    if each.shape is not None:
        # An upload also tells its size.
        size = [Field("size", "integer", "")] if each.name == "file" else []
        return _object([*each.shape.fields, *size], lacking, is_nested=True)
    return SINGLE


def account(ways: Iterable[Connect]) -> Known:
    """`account`: the answers that are not secret, of the connect form and of what is asked afterwards."""
    asks = {name: ask for way in ways for name, ask in {**way.ask, **way.post_connect}.items()}
    return Known(
        {name: SINGLE for name, ask in asks.items() if not ask.secret},
        "account has no",
        {name: secret(name) for name, ask in asks.items() if ask.secret},
    )


def secrets(file: IntegrationFile) -> dict[str, str]:
    """The names of asked secrets, and what to say when they are read outside `connect`."""
    return {name: secret(name) for way in file.connect.values() for name, ask in way.ask.items() if ask.secret}


def secret(name: str) -> str:
    """What to say about a secret that is read where it can't be seen."""
    return f"'{name}' is a secret: secrets are visible under connect only"
