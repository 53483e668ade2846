"""`conformance.yaml`: what only the provider can tell the conformance suite, and what it is exempt from and why."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, create_model

from polyhire.errors import ManifestError
from polyhire.manifest.document import Document, Mistake, read
from polyhire.manifest.expression import Part
from polyhire.manifest.load import made
from polyhire.model.resources import RESOURCES

FILE = "conformance.yaml"

Sentence = Annotated[str, Field(min_length=20)]
Exemptions = Annotated[
    dict[str, Sentence],
    Field(description="A behaviour as `polyhire conform` names it -> why the provider can't have it, in a sentence"),
]


class ListFacts(Part):
    """What lists of a resource are like."""

    queries: Annotated[
        tuple[dict[str, str], ...],
        Field(description="What makes the list answer, where its required filters can't tell"),
    ] = ()
    empty: Annotated[
        dict[str, Sentence],
        Field(description="A mapped field that the simulator never has -> why, in a sentence"),
    ] = {}
    repeats: Annotated[bool, Field(description="The provider lists the same record several times")] = False
    nothing_by: Annotated[
        tuple[str, ...], Field(description="Filters by which the simulator has nothing: every such list is empty")
    ] = ()


class WriteFacts(Part):
    """What a body must have beside what the suite sends by itself."""

    with_: Annotated[
        dict[str, Any], Field(alias="with", description="Fields of ours to send, in place of the suite's own")
    ] = {}
    without: Annotated[tuple[str, ...], Field(description="Fields of ours not to send")] = ()


class UpdateFacts(WriteFacts):
    """What an update needs and shows."""

    own: Annotated[bool, Field(description="Only a record that was just created can be changed")] = False
    shows: Annotated[dict[str, Any], Field(description="What the record shows besides what was sent")] = {}
    moves: Annotated[tuple[str, ...], Field(description="Fields that change without being sent")] = ()


class DeleteFacts(Part):
    """What is left of a deleted record."""

    leaves: Annotated[dict[str, Any] | None, Field(description="The provider archives: what the record then shows")] = (
        None
    )


class HireFacts(Part):
    """What can be hired."""

    application: Annotated[str, Field(description="The id of an application that can be hired")]


class ResourceFacts(Part):
    """What the provider alone knows of one resource."""

    list: ListFacts | None = None
    create: WriteFacts | None = None
    update: UpdateFacts | None = None
    delete: DeleteFacts | None = None
    hire: HireFacts | None = None
    exempt: Exemptions = {}


class Passed(Part):
    """A request that is passed through, and what comes of it."""

    verb: str
    path: str
    status: int
    shows: Annotated[str, Field(description="A text that the answer holds")]
    query: dict[str, Any] = {}
    headers: dict[str, str] = {}
    body: Any = None


class CustomFacts(Part):
    """Requests to pass through as they are: one that reads, one that writes."""

    read: Passed | None = None
    write: Passed | None = None


class General(Part):
    """What is not about one resource."""

    custom: CustomFacts | None = None
    endpoints: Annotated[
        dict[str, dict[str, Any]], Field(description="An endpoint of endpoints.yaml -> the query that its list needs")
    ] = {}
    exempt: Exemptions = {}


if TYPE_CHECKING:
    Facts = General
else:
    Facts = create_model("Facts", __base__=General, **dict.fromkeys(RESOURCES, (ResourceFacts | None, None)))


def facts_in(folder: Path, shown: str) -> tuple[Facts | None, Document | None, list[Mistake]]:
    """A folder's facts, their document and its mistakes; without the file there are none of them."""
    if not (folder / FILE).is_file():
        return None, None, []
    document, mistakes = read(folder / FILE, f"{shown}/{FILE}")
    return made(Facts, document, mistakes), document, mistakes


def read_facts(folder: Path) -> Mapping[str, Any]:
    """A folder's facts as they stand in its file. Raises ManifestError with every mistake."""
    _, document, mistakes = facts_in(folder, folder.name)
    if mistakes:
        raise ManifestError([str(mistake) for mistake in mistakes])
    return document.data if document is not None else {}
