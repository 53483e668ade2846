"""What an organization at Zoho Recruit knows now: records by module, tags, files, and who is asking."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from polyhire.simulators.company import Document
from polyhire.simulators.kit import Refusal
from polyhire.simulators.tables import Row, Table

from .identifiers import TAGS, new_ids
from .modules import modules
from .schema import Module
from .times import present

AUTOMATIC = {"Candidate_ID": "CAND", "Job_Opening_ID": "JOB", "Application_ID": "APP"}
TAGGABLE = ("Candidates", "Job_Openings")
ATTACHABLE = ("Candidates", "Job_Openings", "Applications")
ATTACHMENTS_NUMBER = 16
# Which keys of a row say what it belongs to: it is found by them, and goes when that goes.
OWNERS = {
    "Applications": ("Candidate", "job"),
    "Interviews": ("Candidate_Name",),
    "Offers": ("Candidate_Name",),
    "Notes": ("Parent_Id",),
    "Attachments": ("Parent_Id",),
}


@dataclass(frozen=True)
class Seeds:
    """What an organization begins with; `documents` are the files by the id of their attachment."""

    edition: str
    name: str
    users: Sequence[Row]
    rows: Mapping[str, Sequence[Row]]
    tags: Mapping[str, Sequence[Row]]
    documents: Mapping[str, Document]


class Org:
    """The state of one organization. Values in a row are replaced, and never changed inside."""

    def __init__(self, seeds: Seeds) -> None:
        self.edition, self.name = seeds.edition, seeds.name
        self.modules = modules(seeds.edition)
        self.users = Table(map(dict, seeds.users))
        self.actor: str = seeds.users[0]["id"]
        self.deleted: set[str] = set()
        self.documents = dict(seeds.documents)
        self._tables = {
            name: Table(map(dict, seeds.rows.get(name, ())), new_id=new_ids(module.number))
            for name, module in self.modules.items()
        }
        self._tables["Attachments"] = Table(map(dict, seeds.rows["Attachments"]), new_id=new_ids(ATTACHMENTS_NUMBER))
        # Ids of tags must not repeat between modules.
        new_tags = new_ids(TAGS)
        self.tags = {name: Table(map(dict, seeds.tags.get(name, ())), new_id=new_tags) for name in TAGGABLE}
        self._numbers = {each: count(1 + len(seeds.rows.get(each, ()))) for each in self.modules}
        self._belongings: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
        for name in OWNERS:
            for row in self._tables[name]:
                self._link(name, row)

    def module(self, api_name: str) -> Module:
        """Give the module of a path; refuses one that this account does not have."""
        # The documentation says Job_Openings; its examples, and clients, also JobOpenings.
        found = self.modules.get("Job_Openings" if api_name == "JobOpenings" else api_name)
        if found is None:
            raise Refusal(400, "the module name given seems to be invalid", code="INVALID_MODULE")
        return found

    def rows(self, name: str) -> Iterator[Row]:
        """Give every row of a module, in the order of their making."""
        return iter(self._tables[name])

    def get(self, name: str, row_id: Any) -> Row | None:
        """Give one row; `users` counts as a module."""
        table = self.users if name == "users" else self._tables.get(name)
        return table.get(row_id) if table is not None and isinstance(row_id, str) else None

    def of(self, name: str, owner_id: str) -> list[Row]:
        """Give the rows of one of the `OWNERS` that belong to a record."""
        return list(self._belongings.get((name, owner_id), {}).values())

    def insert(self, module: Module, values: Mapping[str, Any]) -> Row:
        """Keep a new record, made now by the user who is asking."""
        moment = present()
        system = {"Created_By": self.actor, "Modified_By": self.actor, "Created_Time": moment}
        system |= {module.modified_field: moment, "Last_Activity_Time": moment}
        for each in module.fields:
            if each.data_type == "autonumber":
                number = next(self._numbers[module.api_name])
                system[each.api_name] = f"ZR_{number}_{AUTOMATIC[each.api_name]}"
            elif each.api_name.endswith("Owner") and each.api_name not in values:
                system[each.api_name] = self.actor
        known = {each.api_name for each in module.fields}
        kept = {key: value for key, value in system.items() if key in known}
        row = self._tables[module.api_name].insert({**kept, **values})
        self._link(module.api_name, row)
        return row

    def change(self, module: Module, row: Row, values: Mapping[str, Any]) -> Row:
        """Change a record, and when and by whom it was changed."""
        moment = present()
        self._unlink(module.api_name, row)
        row.update(values)
        self._link(module.api_name, row)
        row[module.modified_field] = moment
        if module.field("Modified_By"):
            row["Modified_By"] = self.actor
        if module.field("Last_Activity_Time"):
            row["Last_Activity_Time"] = moment
        return row

    def attach(self, values: Mapping[str, Any], document: Document) -> Row:
        """Keep a file."""
        moment = present()
        stamps = {"Created_Time": moment, "Modified_Time": moment, "Created_By": self.actor, "Modified_By": self.actor}
        row = self._tables["Attachments"].insert({**values, **stamps, "Owner": self.actor})
        self.documents[row["id"]] = document
        self._link("Attachments", row)
        return row

    def remove(self, name: str, row: Row) -> None:
        """Forget a record and all that belongs to it."""
        for each in OWNERS:
            for belonging in self.of(each, row["id"]):
                self.remove(each, belonging)
        self._unlink(name, row)
        self._tables[name].delete(row["id"])
        self.documents.pop(row["id"], None)
        self.deleted.add(row["id"])

    def application(self, candidate_id: str, job_id: str) -> Row | None:
        """Give a candidate's application for a job."""
        return next((row for row in self.of("Applications", candidate_id) if row["job"] == job_id), None)

    def _owners(self, name: str, row: Row) -> Iterable[str]:
        return (row[key] for key in OWNERS.get(name, ()) if row.get(key) is not None)

    def _link(self, name: str, row: Row) -> None:
        for owner in self._owners(name, row):
            self._belongings[name, owner][row["id"]] = row

    def _unlink(self, name: str, row: Row) -> None:
        for owner in self._owners(name, row):
            self._belongings[name, owner].pop(row["id"], None)
