"""`Idempotency-Key`: a write that is sent again is answered again, and reaches the provider once."""

from concurrent.futures import ThreadPoolExecutor

from polyhire.conformance.bodies import create_body
from polyhire.conformance.client import Http
from polyhire.conformance.offered import where
from polyhire.conformance.provider import Provider

creating_tags = where("tags", "create")


@creating_tags
def test_a_repeated_write_is_done_once(fresh: Provider) -> None:
    """The same key and body give the same answer without another request; another body is refused."""
    body = create_body(fresh, "tags")
    key = {"Idempotency-Key": body["name"].replace(" ", "-")}
    first = fresh.ask("POST", "/unified/ats/tags", body, headers=key)
    assert first.status == 200
    fresh.forget()
    again = fresh.ask("POST", "/unified/ats/tags", body, headers=key)
    assert (again.status, again.json) == (200, first.json)
    assert again.headers["idempotency-replayed"] == "true"
    other = fresh.ask("POST", "/unified/ats/tags", {**body, "name": "other"}, headers=key)
    assert (other.status, other.json["code"]) == (422, "idempotency_conflict")
    assert fresh.journal() == []
    assert len([each for each in fresh.all("tags") if each["name"] == body["name"]]) == 1


@creating_tags
def test_twins_are_one_write(fresh: Provider) -> None:
    """The same request four times at once reaches the provider once, and all get the same answer."""
    body = create_body(fresh, "tags")
    headers = {**fresh.api.headers, "Idempotency-Key": f"twins-{body['name'][-3:]}"}

    def send(_: int) -> tuple[int, bytes]:
        client = Http(fresh.api.base, headers)
        reply = client.ask("POST", "/unified/ats/tags", body, query={"integrated_account_id": fresh.account})
        client.close()
        return reply.status, reply.body

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert len(answers) == 1
    assert len([each for each in fresh.all("tags") if each["name"] == body["name"]]) == 1
