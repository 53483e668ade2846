"""A provider with candidates, jobs, files and tags, strict enough for mistakes in its integration to be seen."""

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from polyhire.simulators import bodies, guards, pages
from polyhire.simulators.company import Company, Document, document
from polyhire.simulators.guards import bearer_token, read_query
from polyhire.simulators.kit import Ask, Refusal, Route, Simulator, World
from polyhire.simulators.tables import Row, Table, iso, now

STATES = {"open": "OPEN", "closed": "FILLED", "draft": "UNPUBLISHED"}
NEW_PERSON = bodies.shape({"given": bodies.text, "family": bodies.filled, "mail": bodies.filled}, required=("family",))
CHANGED_PERSON = bodies.shape({"given": bodies.text, "family": bodies.filled})
NEW_LABEL = bodies.shape({"label": bodies.filled}, required=("label",))
PAGE = {"page": guards.integer(1), "size": guards.integer(1, 100)}


@dataclass
class Tiny:
    """The state of the provider."""

    people: Table
    jobs: Table
    files: Table
    labels: Table
    documents: dict[int, Document]

    def guard(self, ask: Ask) -> None:
        """The key, and the version that every request has to name."""
        if bearer_token(ask) != "tiny-key":
            raise Refusal(401, "who are you?")
        if ask.headers.get("x-version") != "2":
            raise Refusal(400, "name the version")

    def me(self, _: Ask) -> Response:
        """Whose key it is."""
        return JSONResponse({"company": "Meridian Workshop"})

    def list_people(self, ask: Ask) -> Response:
        """People, by address or by the day they came."""
        query = read_query(ask, {**PAGE, "mail": guards.text, "since": guards.instant, "until": guards.instant})
        rows = [row for row in self.people if query.get("mail") in (None, row["mail"])]
        if "since" in query:
            rows = [row for row in rows if guards.instant(row["came"]) >= query["since"]]
        if "until" in query:
            rows = [row for row in rows if guards.instant(row["came"]) <= query["until"]]
        return paged(rows, query)

    def list_jobs(self, ask: Ask) -> Response:
        """Jobs, by state."""
        query = read_query(ask, {**PAGE, "state": guards.one_of(*STATES.values())})
        return paged([row for row in self.jobs if query.get("state") in (None, row["state"])], query)

    def list_files(self, ask: Ask) -> Response:
        """Files, by person."""
        query = read_query(ask, {**PAGE, "person": guards.integer(1)})
        return paged([row for row in self.files if query.get("person") in (None, row["person"])], query)

    def list_labels(self, ask: Ask) -> Response:
        """Labels."""
        return paged(list(self.labels), read_query(ask, PAGE))

    def download(self, ask: Ask) -> Response:
        """A file's bytes."""
        found(self.files, ask)
        kept = self.documents[ask.values["id"]]
        return Response(kept.content, media_type=kept.content_type)

    def create_person(self, ask: Ask) -> Response:
        """A new person."""
        given = {"given": None, "mail": None, **bodies.read_json(ask, NEW_PERSON)}
        return JSONResponse(self.people.insert({**given, "came": iso(now())}), 201)

    def change_person(self, ask: Ask) -> Response:
        """Other names; nothing sent changes nothing."""
        row = found(self.people, ask)
        row.update(bodies.read_json(ask, CHANGED_PERSON, empty={}))
        return JSONResponse(row)

    def create_label(self, ask: Ask) -> Response:
        """A new label."""
        return JSONResponse(self.labels.insert(bodies.read_json(ask, NEW_LABEL)), 201)


def paged(rows: list[Row], query: Row) -> Response:
    """One page, and whether there is more."""
    number, size = query.get("page", 1), query.get("size", 20)
    shown, following = pages.page(rows, (number - 1) * size, size)
    return JSONResponse({"items": shown, "more": following is not None})


def found(table: Table, ask: Ask) -> Row:
    """The row that was asked for."""
    row = table.get(ask.values["id"])
    if row is None:
        raise Refusal(404, "no such thing")
    return row


def refuse(_: Ask, refusal: Refusal) -> Response:
    """Word every refusal alike."""
    problems = [f"{each.where} {each.message}" for each in refusal.problems]
    return JSONResponse({"message": refusal.message, "problems": problems}, refusal.status)


def simulator(company: Company) -> Simulator:
    """Build the provider over the company's people."""

    def build() -> World:
        tiny = Tiny(
            people=Table(
                {
                    "id": each.id,
                    "given": each.first_name,
                    "family": each.last_name,
                    "mail": next((mail.value for mail in each.emails), None),
                    "came": iso(each.created_at),
                }
                for each in company.candidates
            ),
            jobs=Table({"id": each.id, "title": each.title, "state": STATES[each.status]} for each in company.jobs),
            files=Table(
                {"id": each.id, "person": each.candidate_id, "name": each.file_name} for each in company.attachments
            ),
            labels=Table({"id": each.id, "label": each.name} for each in company.tags),
            documents={each.id: document(each) for each in company.attachments},
        )
        shown = {"people": tiny.people, "jobs": tiny.jobs, "files": tiny.files, "labels": tiny.labels}
        routes = [
            Route("GET", "/me", tiny.me),
            Route("GET", "/people", tiny.list_people),
            Route("GET", "/jobs", tiny.list_jobs),
            Route("GET", "/files", tiny.list_files),
            Route("GET", "/labels", tiny.list_labels),
            *(Route("GET", f"/{name}/{{id:int}}", one(table)) for name, table in shown.items()),
            Route("GET", "/files/{id:int}/content", tiny.download),
            Route("POST", "/people", tiny.create_person),
            Route("PATCH", "/people/{id:int}", tiny.change_person),
            Route("POST", "/labels", tiny.create_label),
        ]
        return World(routes, tiny.guard, refuse)

    def one(table: Table):  # type: ignore[no-untyped-def]  # a handler, as Route has it
        return lambda ask: JSONResponse(found(table, ask))

    return Simulator("tiny", {"key": "tiny-key"}, build)
