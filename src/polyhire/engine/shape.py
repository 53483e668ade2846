"""From the provider's records to ours: a resource's fields as one program over the whole page.

The program says where each value is; the model's coercion makes it a string, a list, a date or null.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import orjson

from polyhire.engine.lookups import needed
from polyhire.engine.scope import Scope
from polyhire.engine.steps import Group
from polyhire.errors import MappingError
from polyhire.expressions import ABSENT, LIMITS, Expression, Limits, Tree, leaves, source_of
from polyhire.manifest.resource import Resource
from polyhire.model.coerce import coercer
from polyhire.model.record import CUSTOM_FIELDS
from polyhire.model.record import Resource as Model

INLINE = 32 * 1024
"""Up to so many characters a page is shaped on the event loop; more goes to a thread, and drops the GIL there."""

_BRIEF = Limits(timeout=0.2)


@dataclass(frozen=True)
class FieldError:
    """A field that could not be evaluated for some records and is null in them."""

    field: str
    message: str
    records: int


@dataclass
class Shaped:
    """Records in our words, and the fields that failed."""

    records: list[dict[str, Any]]
    errors: list[FieldError] = field(default_factory=list)


@dataclass
class Shaper:
    """One resource's mapping for one choice of fields, compiled once. `partial` leaves costly lookups out."""

    model: Model
    resource: Resource
    fields: tuple[str, ...]
    partial: bool

    @cached_property
    def mapped(self) -> dict[str, Tree]:
        """The chosen fields that the integration maps."""
        return {name: self.resource.fields[name] for name in self.fields if name in self.resource.fields}

    @cached_property
    def wanted(self) -> list[str]:
        """Every lookup that the chosen fields use."""
        return self._used(self.mapped)

    @cached_property
    def lookups(self) -> list[str]:
        """The lookups to run: all that are used, without the costly ones when `partial`."""
        return [name for name in self.wanted if not (self.partial and self.resource.lookups[name].partial)]

    @cached_property
    def is_partial(self) -> bool:
        """Whether fields are left empty because their lookup is one request per record."""
        return self.lookups != self.wanted

    @cached_property
    def _coerce(self) -> Callable[[dict[str, Any]], dict[str, Any]]:
        return coercer(self.model, self.fields)

    @cached_property
    def _reads_response(self) -> bool:
        return any("response" in e.variables for tree in self.mapped.values() for e in leaves(tree))

    @cached_property
    def _program(self) -> Expression:
        return self._compile(self.mapped)

    def _compile(self, fields: Mapping[str, Tree]) -> Expression:
        """`groups` are answers with the records in them; every record makes one object."""
        used = self._used(fields)  # nothing else, so that a join that fails leaves other fields whole
        names = [name for name in self.lookups if name in used]
        grouped = [self._group_rows(name) for name in names]
        joins = [
            f"${name} := ({self.resource.lookups[name].on.source}\n).$lookup($rows_{name}, $string($));"
            for name in names
        ]
        source = f"""(
            $call := call; $account := account;
            {" ".join(grouped)}
            [groups.( $parent := each; $response := response; items.( {" ".join(joins)} {source_of(dict(fields))} ) )]
        )"""
        return Expression(source, f"{self.model.name}.fields")

    def _used(self, fields: Mapping[str, Tree]) -> list[str]:
        variables = [name for tree in fields.values() for e in leaves(tree) for name in e.variables]
        return needed(self.resource.lookups, variables)

    def _group_rows(self, name: str) -> str:
        by = self.resource.lookups[name].by.source
        return f"$rows_{name} := lookups.{name}[$exists({by}\n) and ({by}\n) != null]{{$string({by}\n): [$]}};"

    async def shape(self, groups: Sequence[Group], rows: Mapping[str, list[bytes]], scope: Scope) -> Shaped:
        """The groups' records in our words, in order."""
        text = self._text(groups, rows, scope)
        errors: list[FieldError] = []
        try:
            count = sum(len(group.items) for group in groups)
            if len(text) > INLINE:
                found = await asyncio.to_thread(_objects, self._program, text, count)
            else:
                found = _objects(self._program, text, count)
        except MappingError as error:
            if error.over_limit:
                raise self._culprit(groups, rows, scope) or error from None
            found, errors = self._field_by_field(groups, rows, scope)
        return Shaped([self._coerce(record) for record in found], errors)

    def _text(self, groups: Sequence[Group], rows: Mapping[str, list[bytes]], scope: Scope) -> str:
        values = scope.values
        return Scope(
            {
                "groups": [self._group(group) for group in groups],
                "lookups": {name: [orjson.Fragment(row) for row in found] for name, found in rows.items()},
                "call": {"id": values.get("id"), "query": values.get("query", {})},
                "account": values.get("account", {}),
            }
        ).text(True)

    def _group(self, group: Group) -> dict[str, Any]:
        found: dict[str, Any] = {"items": [orjson.Fragment(item) for item in group.items]}
        if group.each is not ABSENT:
            found["each"] = group.each
        if self._reads_response:
            found["response"] = {name: group.scope.values.get(name) for name in ("status", "headers", "body")}
        return found

    def _field_by_field(
        self, groups: Sequence[Group], rows: Mapping[str, list[bytes]], scope: Scope
    ) -> tuple[list[dict[str, Any]], list[FieldError]]:
        """Evaluate every field on its own, so that one that fails leaves the others whole."""
        count = sum(len(group.items) for group in groups)
        records: list[dict[str, Any]] = [{} for _ in range(count)]
        whole = self._text(groups, rows, scope)
        errors: list[FieldError] = []
        for name, tree in self.mapped.items():
            program = self._compile({name: tree})
            failed: list[MappingError] = []
            try:
                found = _objects(program, whole, count)
            except MappingError:
                found, failed = self._record_by_record(program, name, groups, rows, scope)
            for record, values in zip(records, found, strict=True):
                record.update(values)
            if failed:
                errors.append(FieldError(name, failed[0].message, len(failed)))
        return records, errors

    def _record_by_record(
        self, program: Expression, name: str, groups: Sequence[Group], rows: Mapping[str, list[bytes]], scope: Scope
    ) -> tuple[list[dict[str, Any]], list[MappingError]]:
        """One field's values; nothing for the records that it fails for."""
        found: list[dict[str, Any]] = []
        failed: list[MappingError] = []
        for group in groups:
            for item in group.items:
                text = self._text([Group(group.each, group.answer, group.scope, [item])], rows, scope)
                try:
                    found += _objects(program, text, 1)
                except MappingError as error:
                    found.append({})
                    failed.append(self._own(name, self.mapped[name], error))
        return found, failed

    def _own(self, name: str, tree: Tree, error: MappingError) -> MappingError:
        """The error in terms of the field's own expression."""
        expression = next(iter(leaves(tree)), None)
        return MappingError(
            error.reason, field=f"{self.model.name}.{name}", expression=expression.source if expression else ""
        )

    def _culprit(self, groups: Sequence[Group], rows: Mapping[str, list[bytes]], scope: Scope) -> MappingError | None:
        """The field that ran into a limit, found on the first record, briefly."""
        first = next((Group(g.each, g.answer, g.scope, g.items[:1]) for g in groups if g.items), None)
        text = self._text([first] if first else [], rows, scope)
        for name, tree in self.mapped.items():
            try:
                self._compile({name: tree}).evaluate_text(text, _BRIEF)
            except MappingError as error:
                found = self._own(name, tree, error)
                found.over_limit = True
                return found
        return None


def _objects(program: Expression, text: str, count: int) -> list[dict[str, Any]]:
    """What a program makes of a page: one object for each record, or MappingError."""
    text_found = program.evaluate_text(text, LIMITS)
    found = [] if text_found is None else orjson.loads(text_found)
    if len(found) != count or not all(isinstance(record, dict) for record in found):
        raise MappingError(f"it made {len(found)} objects of {count} records", field=program.where, expression="")
    return list(found)


@lru_cache(maxsize=1024)
def chosen_fields(model: Model, only: tuple[str, ...] | None, without: tuple[str, ...]) -> tuple[str, ...]:
    """The model's fields that are asked for, in its order."""
    names = (*model.field_names, CUSTOM_FIELDS.name)
    return tuple(name for name in names if (only is None or name in only) and name not in without)
