"""The data path: records of a real provider server, through a real API server."""

from tests.api.conftest import Client


async def test_a_list_has_an_envelope_and_a_cursor_to_its_end(call: Client) -> None:
    """Pages of any size lead through every record once, and end with a null cursor."""
    found, cursor = [], ""
    while True:
        page = (await call("GET", "/unified/ats/candidates", f"limit=4&next_cursor={cursor}")).json
        assert set(page) == {"result", "next_cursor", "prev_cursor", "result_count", "is_partial_response"}
        assert page["result_count"] == len(page["result"])
        found += [record["id"] for record in page["result"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ["1", "2", "3", "4", "5", "6", "7"]
