"""What an integration can do, computed from its files; and the reasons for what it can't."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from polyhire.manifest.integration import Integration
from polyhire.manifest.resource import Method, Resource
from polyhire.model.record import CUSTOM_FIELDS
from polyhire.model.record import Method as ModelMethod
from polyhire.model.record import Resource as Model
from polyhire.model.resources import RESOURCES

NOT_MAPPED = "The integration does not map it."


@dataclass(frozen=True)
class MethodSupport:
    """One method of a resource: what it takes and what one should know, or the `reason` why it is not there.

    `filters` are the unified ones that are applied -> their operators (empty: a plain value). `writes` are the fields
    of a body that are written. `required` names filters or body fields; `a|b` is one of the two. `partial` is a list
    whose rows are whole with complete=true alone.
    """

    name: str
    reason: str | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    writes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    partial: bool = False
    permission: str | None = None
    note: str | None = None

    @property
    def offered(self) -> bool:
        """Whether the integration has it."""
        return self.reason is None


@dataclass(frozen=True)
class ResourceSupport:
    """One resource: its methods, the fields that are mapped, and why each of the others is not."""

    name: str
    docs: str | None
    methods: Mapping[str, MethodSupport]
    fields: tuple[str, ...]
    absent_fields: Mapping[str, str]
    reason: str | None = None

    @property
    def offered(self) -> bool:
        """Whether the integration has anything of it."""
        return self.reason is None


def capabilities(integration: Integration) -> dict[str, ResourceSupport]:
    """Every resource of the model -> what the integration can do with it."""
    return {name: _resource(model, integration.resources.get(name)) for name, model in RESOURCES.items()}


def _resource(model: Model, resource: Resource | None) -> ResourceSupport:
    counted = (*model.field_names, CUSTOM_FIELDS.name)
    if resource is None or not resource.methods:
        said = resource.absent if resource is not None else None
        reason = said if isinstance(said, str) else NOT_MAPPED
        methods = {method.name: MethodSupport(method.name, reason) for method in model.methods}
        return ResourceSupport(model.name, None, methods, (), dict.fromkeys(counted, reason), reason)
    reasons = resource.absent_reasons
    return ResourceSupport(
        model.name,
        resource.docs,
        {method.name: _method(model, method, resource) for method in model.methods},
        tuple(name for name in counted if name in resource.fields),
        {name: reasons.get(name, NOT_MAPPED) for name in counted if name not in resource.fields},
    )


def _method(model: Model, declared: ModelMethod, resource: Resource) -> MethodSupport:
    method = resource.methods.get(declared.name)
    if method is None:
        return MethodSupport(declared.name, resource.absent_reasons.get(declared.name, NOT_MAPPED))
    return MethodSupport(
        declared.name,
        filters=_filters(model, method),
        writes=_writes(model, declared, method),
        required=method.required,
        partial=method.partial or (method is resource.list and any(each.partial for each in resource.lookups.values())),
        permission=method.permission,
        note=method.note,
    )


def _filters(model: Model, method: Method) -> dict[str, tuple[str, ...]]:
    """The model's filters that are applied; a filter that is read as a whole has all its operators."""
    found = method.filters
    applied: dict[str, tuple[str, ...]] = {}
    for filter_ in model.filters:
        if filter_.name in found or "*" in found:
            operators = found.get(filter_.name)
            chosen = (name for name in filter_.operators if operators is None or name in operators)
            applied[filter_.name] = tuple(chosen)
    return applied


def _writes(model: Model, declared: ModelMethod, method: Method) -> tuple[str, ...]:
    """The fields of a body that are written: all there are when the body goes as a whole."""
    if not declared.is_write:
        return ()
    fields = declared.parameters if declared.is_custom else (*model.fields, *model.write_fields, CUSTOM_FIELDS)
    written = method.written
    return tuple(field.name for field in fields if not field.read_only and (written is None or field.name in written))
