"""Methods and their requests: where the records are, steps that nobody needs, pages that nobody asks for."""

from collections.abc import Iterable, Iterator
from typing import Any

from polyhire.expressions import Expression, Reads, leaves
from polyhire.manifest.checks.words import why_not_a_step
from polyhire.manifest.document import Document, Mistake
from polyhire.manifest.document import Path as DataPath
from polyhire.manifest.integration import IntegrationFile
from polyhire.manifest.resource import Endpoint, Method, Pagination, Request, Resource
from polyhire.model.record import Method as ModelMethod
from polyhire.model.record import Resource as Model
from polyhire.suggest import did_you_mean, one_of


def check_resource(resource: Resource, document: Document, model: Model, file: IntegrationFile) -> Iterator[Mistake]:
    """What is wrong with how a resource's methods are put together."""
    declared = {method.name: method for method in model.methods}
    for name, method in resource.methods.items():
        if name in declared:
            yield from _records(name, method, resource, document)
            yield from _file(method, declared[name], document)
            yield from _required(method, declared[name], document, model)
            yield from _unasked(name, method, document)
            yield from check_method(method, document, (name,), file, lists=name == "list")


def check_endpoint(endpoint: Endpoint, document: Document, path: DataPath, file: IntegrationFile) -> Iterator[Mistake]:
    """What is wrong with how one of the provider's own endpoints is put together."""
    yield from check_method(endpoint, document, path, file, lists=endpoint.sequence[-1].items is not None)


def check_method(
    method: Method, document: Document, path: DataPath, file: IntegrationFile, *, lists: bool
) -> Iterator[Mistake]:
    """Steps and pages, for methods of resources and endpoints alike. Only a list's first request is paged."""
    yield from _steps(method, document, path)
    for index, step in enumerate(method.sequence):
        here = path if method.steps is None else (*path, "steps", index)
        yield from check_each(step.each, step, document, here)
        if lists and index == 0:
            yield from check_pages(step, document, here, file.pagination)
        elif isinstance(step.pagination, Pagination):
            message = "this has no effect: only the first request of a list goes on to further pages"
            yield document.mistake((*here, "pagination"), message)


def _records(name: str, method: Method, resource: Resource, document: Document) -> Iterator[Mistake]:
    last = method.sequence[-1]
    where: DataPath = (name,) if method.steps is None else (name, "steps", len(method.steps) - 1)
    if name == "list" and last.items is None:
        yield document.mistake(where, "a list says with `items` where the records are in the answer")
    if name == "get" and resource.fields and last.item is None and last.items is None:
        yield document.mistake(where, "get says with `item` where the record is in the answer")
    if method.partial and name != "list":
        yield document.mistake((name, "partial"), "only a list can be `partial`: its rows lack what get has")
    elif method.partial and resource.get is None:
        yield document.mistake((name, "partial"), "a list is `partial` when get has more, and there is no get")


def _file(method: Method, declared: ModelMethod, document: Document) -> Iterator[Mistake]:
    if declared.is_binary and method.returns != "file":
        yield document.mistake((declared.name,), f"{declared.name} answers a file: add `returns: file`")
    elif not declared.is_binary and method.returns == "file":
        yield document.mistake((declared.name, "returns"), f"{declared.name} answers a record, not a file")


def _required(method: Method, declared: ModelMethod, document: Document, model: Model) -> Iterator[Mistake]:
    """What is required can be given, and is read."""
    reads = {"query": _reads(method, "query"), "body": _reads(method, "body") if declared.is_write else {}}
    for index, required in enumerate(method.required):
        for name in required.split("|"):
            if name.split(".")[0] == "remote_data" and declared.is_write:
                continue  # it goes into the request's body as it is
            if not any(_leads_somewhere(part, name.split(".")) for part in reads.values()):
                part = "body" if declared.is_write else "query"
                known = reads[part]
                names = list(known) if isinstance(known, dict) else []
                message = f"'{name}' is required, but no request of {model.name}.{declared.name} reads {part}.{name}"
                hint = f"{did_you_mean(name.split('.')[0], names)}; they read: {one_of(names)}"
                yield document.mistake((declared.name, "required", index), message + hint)


def _unasked(name: str, method: Method, document: Document) -> Iterator[Mistake]:
    """A filter that only sorts out the answer would be refused: what the request side reads is what is honoured."""
    for index, step in enumerate(method.sequence):
        where: DataPath = (name,) if method.steps is None else (name, "steps", index)
        for part, expression in (("items", step.items), ("item", step.item)):
            reads = expression.reads("query") if expression is not None else {}
            for query in sorted(() if isinstance(reads, bool) else reads.keys() - method.filters.keys()):
                message = f"query.{query} is read in the answer alone, so the filter is refused; read it in `when` too"
                yield document.mistake((*where, part), message)


def _reads(method: Method, name: str) -> Any:
    """What the request side reads of the call's query or body, joined."""
    joined: dict[str, Any] = {}
    for expression in method.asks:
        found = expression.reads(name)
        if isinstance(found, bool):
            return found
        _join(joined, found)
    return joined


def _join(joined: dict[str, Any], reads: Reads) -> None:
    for key, inner in reads.items():
        if isinstance(inner, bool) or isinstance(joined.get(key), bool):
            joined[key] = True
        else:
            _join(joined.setdefault(key, {}), inner)


def _leads_somewhere(reads: Any, path: list[str]) -> bool:
    for key in path:
        if isinstance(reads, bool):
            return reads
        if key not in reads:
            return False
        reads = reads[key]
    return True


def _steps(method: Method, document: Document, path: DataPath) -> Iterator[Mistake]:
    """A step's name is there for the steps after it."""
    steps = method.steps or ()
    seen: dict[str, int] = {}
    for index, step in enumerate(steps):
        where: DataPath = (*path, "steps", index, "name")
        if step.name is None:
            continue
        if reason := why_not_a_step(step.name):
            yield document.mistake(where, reason)
        if step.name in seen:
            yield document.mistake(where, f"step {seen[step.name] + 1} is named '{step.name}' too")
        seen[step.name] = index
        later = [expression for other in steps[index + 1 :] for expression in _all(other)]
        if not any(_mentions(expression, step.name) for expression in later):
            yield document.mistake(where, f"no later step reads '{step.name}'; a step that nothing reads has no name")


def _all(request: Request) -> list[Expression]:
    answers = [expression for expression in (request.items, request.item) if expression is not None]
    pages = request.pagination if isinstance(request.pagination, Pagination) else None
    return [*request.asks, *answers, *(_onward(pages) if pages else [])]


def _onward(pagination: Pagination) -> list[Expression]:
    return [expression for expression in (pagination.next, pagination.next_url) if expression is not None]


def _mentions(expression: Expression, name: str) -> bool:
    return isinstance(expression.inputs, bool) or name in expression.inputs


def check_each(each: Expression | None, request: Request, document: Document, path: DataPath) -> Iterator[Mistake]:
    """A request that is repeated for each of several says which one it is for."""
    if each is not None and not any(_mentions(expression, "each") for expression in request.asks):
        yield document.mistake((*path, "each"), "this runs once for each, but its request does not read `each`")


def check_pages(request: Request, document: Document, path: DataPath, default: Pagination | None) -> Iterator[Mistake]:
    """Whether a list's request asks for the page that it is at. `default` is the integration's pagination."""
    own = isinstance(request.pagination, Pagination)
    where: DataPath = (*path, "pagination") if own else (*path, "request")
    pagination = request.pagination if request.pagination is not None else default
    if not isinstance(pagination, Pagination):
        if _sends_token(request.asks):
            message = "this reads page.token, but has no pagination: there is only ever one page"
            yield document.mistake((*path, "request"), message)
        return
    if pagination.json_body and not isinstance(request.json_body, dict):
        message = "the pagination goes into a `json` body, and this request has none; give it one: `json: {}`"
        yield document.mistake(where, message)
    carried = [e for tree in (pagination.query, pagination.headers, pagination.json_body) for e in leaves(tree)]
    if pagination.next is not None and not _sends_token([*carried, *request.asks]):
        message = "this pages by `next`, but nothing sends page.token; send it, or say `pagination: none`"
        yield document.mistake(where, message)


def _sends_token(expressions: Iterable[Expression]) -> bool:
    return any(_leads_somewhere(expression.inputs, ["page", "token"]) for expression in expressions)
