"""`Idempotency-Key`: a write that is sent again is answered again, and reaches the provider once."""

from concurrent.futures import ThreadPoolExecutor

from polyhire.conformance.bodies import create_body
from polyhire.conformance.client import Http
from polyhire.conformance.offered import making
from polyhire.conformance.provider import Provider


@making
def test_a_repeated_write_is_done_once(fresh: Provider) -> None:
    """The same key and body give the same answer without another request; another body is refused."""
    path = f"/unified/ats/{fresh.makes}"
    body = create_body(fresh, fresh.makes)
    key = {"Idempotency-Key": "repeated"}
    before = len(fresh.all(fresh.makes, fields="id"))
    first = fresh.ask("POST", path, body, headers=key)
    assert first.status == 200, first.body
    fresh.forget()
    again = fresh.ask("POST", path, body, headers=key)
    assert (again.status, again.json) == (200, first.json)
    assert again.headers["idempotency-replayed"] == "true"
    other = fresh.ask("POST", path, create_body(fresh, fresh.makes), headers=key)
    assert (other.status, other.json["code"]) == (422, "idempotency_conflict")
    assert fresh.journal() == []
    assert len(fresh.all(fresh.makes, fields="id")) == before + 1


@making
def test_twins_are_one_write(fresh: Provider) -> None:
    """The same request four times at once reaches the provider once, and all get the same answer."""
    body = create_body(fresh, fresh.makes)
    headers = {**fresh.api.headers, "Idempotency-Key": "twins"}
    before = len(fresh.all(fresh.makes, fields="id"))

    def send(_: int) -> tuple[int, bytes]:
        client = Http(fresh.api.base, headers)
        path = f"/unified/ats/{fresh.makes}"
        reply = client.ask("POST", path, body, query={"integrated_account_id": fresh.account})
        client.close()
        return reply.status, reply.body

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert len(answers) == 1
    assert len(fresh.all(fresh.makes, fields="id")) == before + 1
