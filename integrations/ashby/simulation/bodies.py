"""The vocabulary of request bodies: strict types, and the keys that many of Ashby's calls share.

Unknown keys are refused everywhere; a key that may be left out has `UNSET` as its default.
"""

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

# inferred: an id that is no UUID is invalid input, while an unknown UUID is not found
Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Text = Annotated[str, Meta(min_length=1)]
Email = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s]+$")]
Moment = Annotated[datetime, Meta(tz=True)]
# Up to the year 9999, which is as far as dates go.
Milliseconds = Annotated[int, Meta(ge=0, le=253_402_300_799_999)]


class Body(Struct, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A body; on its own, one that takes no keys."""


class Paged(Body):
    """The keys that every paged list takes."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 100
    cursor: Text | UnsetType = UNSET
    sync_token: Text | UnsetType = UNSET


class PagedArchivable(Paged):
    """A paged list that hides what is archived unless told otherwise."""

    include_archived: bool = False


class CreatedAfter(Paged):
    """A paged list by date of creation, in integer milliseconds since 1970."""

    created_after: Milliseconds | UnsetType = UNSET


class FieldSubmission(Body):
    """One answer to a form, by the path of its field."""

    path: Text
    value: Any


class Submissions(Body):
    """A filled form."""

    field_submissions: list[FieldSubmission]


class PostalAddress(Body):
    """Where a location is."""

    address_country: Text | UnsetType = UNSET
    address_region: Text | UnsetType = UNSET
    address_locality: Text | UnsetType = UNSET
    postal_code: Text | UnsetType = UNSET
    street_address: Text | UnsetType = UNSET


def given(**values: Any) -> dict[str, Any]:
    """Keep what was given of the values of a body."""
    return {key: value for key, value in values.items() if value is not UNSET}
