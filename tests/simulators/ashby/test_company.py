"""Jobs, departments, locations and users."""

from .conftest import Client


async def test_job(ashby: Client) -> None:
    """A job is made as a draft, changed, opened and closed."""
    department, location = (await ashby.ask("department.list"))[0], (await ashby.ask("location.list"))[0]
    made = await ashby.ask("job.create", {"title": "Baker", "teamId": department["id"], "locationId": location["id"]})
    assert (made["status"], made["departmentId"]) == ("Draft", department["id"])
    assert made["id"] not in [each["id"] for each in await ashby.ask("job.list")]
    asked = {"jobId": made["id"]}
    await ashby.ask("job.update", {**asked, "title": "Head Baker", "customRequisitionId": "B-1"})
    opened = await ashby.ask("job.setStatus", {**asked, "status": "Open"})
    assert (opened["status"], opened["title"], "closedAt" in opened) == ("Open", "Head Baker", False)
    assert opened in await ashby.ask("job.list")
    assert await ashby.ask("job.search", {"requisitionId": "b-1"}) == [opened]
    assert await ashby.ask("job.search", {"title": "head baker"}) == [opened]
    assert await ashby.errors("job.search", {"title": "Baker", "requisitionId": "B-1"}) == ["invalid_input"]
    closed = await ashby.ask("job.setStatus", {**asked, "status": "Closed"})
    assert closed["closedAt"] > closed["openedAt"]
    assert await ashby.errors("job.setStatus", {**asked, "status": "Draft"}) == ["invalid_input"]


async def test_posting_status(ashby: Client) -> None:
    """A posting is taken down and put up again."""
    posting = (await ashby.ask("jobPosting.list"))[0]
    asked = {"jobPostingId": posting["id"]}
    down = await ashby.ask("jobPosting.setStatus", {**asked, "status": "Draft"})
    assert (down["status"], down["isListed"]) == ("Draft", False)
    up = await ashby.ask("jobPosting.setStatus", {**asked, "status": "Published"})
    assert up["updatedAt"] > down["updatedAt"] > posting["updatedAt"]


async def test_departments(ashby: Client) -> None:
    """A department is made, renamed, moved, archived and restored, and is never a part of itself."""
    above = (await ashby.ask("department.list"))[0]
    made = await ashby.ask("department.create", {"name": "Bakery", "parentId": above["id"]})
    asked = {"departmentId": made["id"]}
    assert made["parentId"] == above["id"]
    assert (await ashby.ask("department.update", {**asked, "name": "Bread"}))["name"] == "Bread"
    assert (await ashby.ask("department.move", {**asked, "parentId": None}))["parentId"] is None
    assert await ashby.errors("department.move", {**asked, "parentId": made["id"]}) == ["invalid_input"]
    await ashby.ask("department.archive", asked)
    assert made["id"] not in [each["id"] for each in await ashby.ask("department.list")]
    assert (await ashby.ask("department.restore", asked))["isArchived"] is False
    assert (await ashby.ask("department.info", asked))["name"] == "Bread"


async def test_locations(ashby: Client) -> None:
    """A location is made, renamed, given another address, and archived."""
    made = await ashby.ask("location.create", {"name": "Porto", "type": "Location", "isRemote": False})
    assert "address" not in made
    asked = {"locationId": made["id"]}
    assert (await ashby.ask("location.updateName", {**asked, "name": "Oporto"}))["name"] == "Oporto"
    address = {"postalAddress": {"addressLocality": "Porto", "addressCountry": "Portugal"}}
    changed = await ashby.ask("location.updateAddress", {**asked, "address": address})
    assert changed["address"] == address
    assert (await ashby.ask("location.archive", asked))["isArchived"] is True
    assert made["id"] not in [each["id"] for each in await ashby.ask("location.list")]
    assert (await ashby.ask("location.info", asked))["name"] == "Oporto"


async def test_users(ashby: Client) -> None:
    """A user is found by id and by the whole address."""
    user = (await ashby.ask("user.list"))[1]
    assert await ashby.ask("user.info", {"userId": user["id"]}) == user
    assert await ashby.ask("user.search", {"email": user["email"].upper()}) == [user]
    assert await ashby.ask("user.search", {"email": "stranger@mail.example"}) == []


async def test_reset_and_ids(server: str, ashby: Client) -> None:
    """After a reset everything is as on the first day, under the same ids."""
    before, _ = await ashby.walk("candidate.list")
    await ashby.ask("candidate.update", {"candidateId": before[0]["id"], "name": "Somebody Else"})
    await ashby.ask("candidate.create", {"name": "Somebody New"})
    await ashby.session.post(f"{server}/_sandbox/ashby/reset")
    assert (await ashby.walk("candidate.list"))[0] == before
