"""Greenhouse's mapping of candidates as one JSONata program, for the peer: the very expressions that polyhire runs."""

from polyhire.expressions import leaves, source_of
from polyhire.expressions.prelude import PRELUDE, needed_prelude
from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.resource import Resource

ALONE = (
    *("id", "first_name", "last_name", "name", "company", "title", "last_interaction_at", "is_private", "can_email"),
    *("locations", "phones", "emails", "urls", "created_at", "updated_at", "custom_fields"),
)
"""The fields that the candidate's own record has: no other list is asked for them."""

JOINED = (*ALONE, "tags", "applications", "attachments")


def candidates() -> Resource:
    """The resource as the integration declares it."""
    return Catalog([shipped()]).integration("greenhouse").resources["candidates"]


def program(fields: tuple[str, ...]) -> str:
    """JSONata that makes a list of unified candidates (these fields) of `{items, lookups}`."""
    resource = candidates()
    mapped = {name: resource.fields[name] for name in fields}
    used = {variable for tree in mapped.values() for leaf in leaves(tree) for variable in leaf.variables}
    lookups = {name: lookup for name, lookup in resource.lookups.items() if name in used}
    rows = [f"$rows_{name} := lookups.{name}{{$string({each.by.source}): [$]}};" for name, each in lookups.items()]
    joins = [f"${name} := ({each.on.source}).$lookup($rows_{name}, $string($));" for name, each in lookups.items()]
    source = f"{' '.join(rows)} [items.( {' '.join(joins)} {source_of(mapped)} )]"
    functions = [f"${name} := {PRELUDE[name]};" for name in needed_prelude(source)]
    return f"( {' '.join(functions)} {source} )"
