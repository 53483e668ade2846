"""Lookups of a resource."""

import pytest

from tests.manifest.conftest import Break


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            [("company: $authors[0].company", "company: company")],
            "39:3: no field uses $authors; a lookup that nothing uses costs readers a thought",
        ),
        (
            [("    each: $distinct(notes.author_id)\n", ""), ("GET /users/{each}", "GET /users")],
            "41:5: `partial` is for a lookup that makes one request per record: it has no `each`",
        ),
        (
            [("GET /users/{each}", "GET /users")],
            "41:5: this runs once for each, but its request does not read `each`",
        ),
        (
            [("people: $idList(items.id)", "people: id")],
            "35:5: `batch` says how many `items` go in one request, and this request reads no items",
        ),
        ([("people: $idList(items.id)", "people: $")], ""),
        (
            [("only: [id, title]", "only: [title]"), ('"id": id, ', "")],
            "51:24: `by` reads id, which is not among the keys that are kept",
        ),
        (
            [("GET /labels", "GET /labels\n    query: {ids: items.label_ids, a: notes.b}")],
            "52:5: rows that are kept serve every call, so the request can't depend on items, notes",
        ),
        (
            [
                ("  notes:\n", "  match:\n"),
                ("notes.author_id)", "match.author_id)"),
                ("$notes.author_id", "$match.author_id"),
                ("last_interaction_at: $max($notes.at)", "last_interaction_at: $max($match.at)"),
            ],
            "32:3: $match is a function already; choose another name",
        ),
        (
            [("  labels:\n", "  status:\n"), ("$labels.", "$status.")],
            "46:3: 'status' means something else in expressions already; choose another name",
        ),
        (
            [("  labels:\n", "  parent:\n"), ("$labels.", "$parent.")],
            "46:3: $parent means something else in `fields` already; choose another name",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_lookups_are_used_and_bounded(break_: Break, changes: list[tuple[str, str]], expected: str) -> None:
    """Lookups that no field uses, that ask the same again, or that keep what differs from call to call."""
    assert break_("candidates", *changes) == [f"candidates.yaml:{one}" for one in expected.split("|") if one]
