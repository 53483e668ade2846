"""Associating, statuses, and files."""

from typing import Any

import pytest

from ..asking import Answer, Client
from .conftest import MISSING, added, application, one, open_jobs, put, refused, rows, written


def results(answer: Answer) -> list[list[str]]:
    """Give the codes of the nested results of an action."""
    assert answer.status == 200, answer.body
    return [[each["code"] for each in row] for row in answer.json["data"]]


def associated(client: Client, candidate: str, job: str) -> Any:
    """Associate a candidate with a job, and give the application."""
    answer = put(client, "/Candidates/actions/associate", [{"ids": [candidate], "jobids": [job]}])
    assert results(answer) == [["SUCCESS"]]
    return application(client, candidate, job)


def test_associating_makes_applications(zoho: Client) -> None:
    """One for each candidate and job; the job counts them, and a second time is refused."""
    candidates, jobs = [added(zoho), added(zoho)], open_jobs(zoho)[:2]
    before = one(zoho, f"/Job_Openings/{jobs[0]}")["No_of_Candidates_Associated"]
    row = {"ids": candidates, "jobids": jobs, "comments": "both"}
    answer = put(zoho, "/Candidates/actions/associate", [row])
    assert results(answer) == [["SUCCESS"] * 4]
    made = application(zoho, candidates[1], jobs[1])
    assert (made["Application_Status"], made["Email"]) == ("Associated", "ada@new.example")
    assert made["id"] not in str(answer.json)
    assert one(zoho, f"/Job_Openings/{jobs[0]}")["No_of_Candidates_Associated"] == before + 2
    assert one(zoho, f"/Candidates/{candidates[0]}")["Candidate_Status"] == "Associated"
    assert {each["id"] for each in rows(zoho, f"/Candidates/{candidates[0]}/associate")} == set(jobs)
    assert results(put(zoho, "/Candidates/actions/associate", [row])) == [["ALREADY_ASSOCIATED"] * 4]


def test_associating_tells_why_not(zoho: Client) -> None:
    """Unknown, deleted and locked are told apart, and the rest is carried out."""
    gone, fine, locked = added(zoho), added(zoho), added(zoho, Is_Locked=True)
    zoho.ask("DELETE", f"/Candidates?ids={gone}")
    job = open_jobs(zoho)[0]
    data = [{"ids": [MISSING, gone, locked, fine], "jobids": [job]}, {"ids": [fine], "jobids": [MISSING]}]
    assert results(put(zoho, "/Candidates/actions/associate", data)) == [
        ["INVALID_DATA", "ID_ALREADY_DELETED", "RECORD_LOCKED", "SUCCESS"],
        ["INVALID_DATA"],
    ]
    assert application(zoho, fine, job)
    assert application(zoho, locked, job) is None


def test_a_status_with_jobs_is_that_of_the_application(zoho: Client) -> None:
    """The candidate's own stays; without jobs it is the other way round."""
    candidate, (first, second, *_) = added(zoho), open_jobs(zoho)
    associated(zoho, candidate, first)
    associated(zoho, candidate, second)
    row = {"ids": [candidate], "jobids": [first], "Candidate_Status": "Rejected", "comments": "no"}
    assert results(put(zoho, "/Candidates/status", [row])) == [["SUCCESS"]]
    assert application(zoho, candidate, first)["Application_Status"] == "Rejected"
    assert application(zoho, candidate, second)["Application_Status"] == "Associated"
    assert one(zoho, f"/Candidates/{candidate}")["Candidate_Status"] == "Associated"
    assert results(put(zoho, "/Candidates/status", [{"ids": [candidate], "Candidate_Status": "Hired"}])) == [
        ["SUCCESS"]
    ]
    assert one(zoho, f"/Candidates/{candidate}")["Candidate_Status"] == "Hired"
    assert application(zoho, candidate, second)["Application_Status"] == "Associated"


def test_a_status_that_can_not_be_is_refused_in_its_row(zoho: Client) -> None:
    """One that is not in the pick list, of an unknown candidate, or for a job without an application."""
    candidate, job = added(zoho), open_jobs(zoho)[0]
    for row in (
        {"ids": [candidate], "Candidate_Status": "Frozen"},
        {"ids": [candidate], "Candidate_Status": "Waiting for Evaluation"},
        {"ids": [MISSING], "Candidate_Status": "New"},
        {"ids": [candidate], "jobids": [job], "Candidate_Status": "Rejected"},
    ):
        assert results(put(zoho, "/Candidates/status", [row])) == [["INVALID_DATA"]]
    assert one(zoho, f"/Candidates/{candidate}")["Candidate_Status"] == "New"


def test_applications_have_their_own_status_call(zoho: Client) -> None:
    """By the application's id; a plain change can't touch the status, but other fields."""
    made = associated(zoho, added(zoho), open_jobs(zoho)[0])
    row = {"ids": [made["id"]], "Application_Status": "Offer-Made"}
    assert results(put(zoho, "/Applications/status", [row])) == [["SUCCESS"]]
    path = f"/Applications/{made['id']}"
    assert one(zoho, path)["Application_Status"] == "Offer-Made"
    answer = put(zoho, path, [{"Application_Status": "Hired"}])
    assert (answer.status, answer.json["data"][0]["code"]) == (202, "INVALID_DATA")
    written(put(zoho, path, [{"Rating": "4"}]), 200)
    assert (one(zoho, path)["Rating"], one(zoho, path)["Application_Status"]) == ("4", "Offer-Made")
    written(zoho.ask("DELETE", f"/Applications?ids={made['id']}"), 200)
    refused(zoho.get(path), 404, "RECORD_NOT_FOUND")
    assert one(zoho, f"/Candidates/{made['Candidate']['id']}")


@pytest.mark.parametrize("module", ["Job_Openings", "JobOpenings"])
def test_jobs_have_a_status_call(zoho: Client, module: str) -> None:
    """A job that is filled is in progress no more."""
    job = open_jobs(zoho)[0]
    assert results(put(zoho, f"/{module}/status", [{"ids": [job], "Job_Opening_Status": "Filled"}])) == [["SUCCESS"]]
    assert one(zoho, f"/Job_Openings/{job}")["Job_Opening_Status"] == "Filled"
    assert job not in open_jobs(zoho)
    answer = put(zoho, f"/{module}/status", [{"ids": [job, MISSING], "Job_Opening_Status": "Melted"}])
    assert results(answer) == [["INVALID_DATA", "INVALID_DATA"]]


def test_offers_change_their_status_one_at_a_time(zoho: Client) -> None:
    """Two rows are refused, and so is an unknown offer."""
    offer = next(row for row in rows(zoho, "/Offers") if row["Offer_Status"] == "Draft")
    path = f"/Offers/{offer['id']}/actions/status"
    row = {"Offer_Status": "Offer-Accepted"}
    written(put(zoho, path, [row]), 200)
    after = one(zoho, f"/Offers/{offer['id']}")
    assert after["Offer_Status"] == "Offer-Accepted"
    assert after["Modified_Time"] > offer["Modified_Time"]
    refused(put(zoho, path, [row, row]), 400, "INVALID_DATA")
    refused(put(zoho, f"/Offers/{MISSING}/actions/status", [row]), 404, "RECORD_NOT_FOUND")


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("/Candidates/actions/associate", {"ids": ["1"]}),
        ("/Candidates/actions/associate", {"ids": [], "jobids": ["1"]}),
        ("/Candidates/actions/associate", {"ids": "1", "jobids": ["1"]}),
        ("/Candidates/actions/associate", {"ids": [1], "jobids": ["1"]}),
        ("/Candidates/actions/associate", {"ids": ["1"] * 101, "jobids": ["1"]}),
        ("/Candidates/status", {"ids": ["1"]}),
        ("/Candidates/status", {"ids": ["1"], "Candidate_Status": ""}),
        ("/Candidates/status", {"ids": ["1"], "Application_Status": "New"}),
        ("/Applications/status", {"ids": ["1"], "Candidate_Status": "New"}),
        ("/Job_Openings/status", {"Job_Opening_Status": "Filled"}),
    ],
)
def test_actions_are_read_strictly(zoho: Client, path: str, row: dict[str, Any]) -> None:
    """The whole call is refused for a row that is malformed."""
    assert put(zoho, path, [row]).status == 400


def uploaded(client: Client, path: str, content: bytes, name: str = "cv.pdf", part: str = "file") -> Answer:
    """Send a file as multipart."""
    head = f'--b\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
    raw = head.encode() + b"Content-Type: application/pdf\r\n\r\n" + content + b"\r\n--b--\r\n"
    return client.ask("POST", path, raw=raw, headers={"Content-Type": "multipart/form-data; boundary=b"})


@pytest.mark.parametrize("module", ["Candidates", "Job_Openings", "Applications"])
def test_a_file_goes_up_and_comes_down_byte_equal(zoho: Client, module: str) -> None:
    """It is listed under its record with its category, and gone when deleted."""
    job, candidate = open_jobs(zoho)[0], added(zoho)
    parent = {
        "Candidates": candidate,
        "Job_Openings": job,
        "Applications": associated(zoho, candidate, job)["id"],
    }[module]
    path = f"/{module}/{parent}/Attachments"
    content = bytes(range(256)) * 3
    assert zoho.get(path).status == 204
    assert one(zoho, f"/{module}/{parent}")["Is_Attachment_Present"] is False
    identifier = written(uploaded(zoho, f"{path}?attachments_category=Resume", content), 200)["details"]["id"]
    (row,) = rows(zoho, path)
    assert (row["id"], row["File_Name"], row["Size"]) == (identifier, "cv.pdf", str(len(content)))
    assert (row["Category"]["name"], row["$se_module"], row["Parent_Id"]["id"]) == ("Resume", module, parent)
    assert one(zoho, f"/{module}/{parent}")["Is_Attachment_Present"] is True
    answer = zoho.get(f"{path}/{identifier}")
    assert (answer.body, answer.headers["content-type"]) == (content, "application/pdf")
    assert "cv.pdf" in answer.headers["content-disposition"]
    refused(Client(zoho.base, {}).get(f"{path}/{identifier}"), 401, "AUTHENTICATION_FAILURE")
    written(zoho.ask("DELETE", f"{path}/{identifier}"), 200)
    assert zoho.get(path).status == 204
    refused(zoho.get(f"{path}/{identifier}"), 404, "RECORD_NOT_FOUND")


def test_the_company_has_files(zoho: Client) -> None:
    """They are real, and belong to their candidate alone."""
    candidate, other, *_ = (row for row in rows(zoho, "/Candidates") if row["Is_Attachment_Present"])
    (row, *_) = rows(zoho, f"/Candidates/{candidate['id']}/Attachments")
    answer = zoho.get(f"/Candidates/{candidate['id']}/Attachments/{row['id']}")
    assert answer.body.startswith(b"%PDF")
    assert len(answer.body) == int(row["Size"])
    refused(zoho.get(f"/Candidates/{other['id']}/Attachments/{row['id']}"), 404, "RECORD_NOT_FOUND")


def test_a_category_can_be_given_by_id(zoho: Client) -> None:
    """As the records tell it; a file may also be named by its URL."""
    candidate = added(zoho)
    path = f"/Candidates/{candidate}/Attachments"
    written(uploaded(zoho, f"{path}?attachments_category=Others", b"x"), 200)
    category = rows(zoho, path)[0]["Category"]["id"]
    link = "https%3A%2F%2Ffiles.example%2Fa.pdf"
    answer = zoho.ask("POST", f"{path}?attachments_category_id={category}&attachmentUrl={link}")
    both = f"{path}?attachments_category=Others&attachments_category_id={category}"
    refused(uploaded(zoho, both, b"x"), 400, "INVALID_DATA")
    identifier = written(answer, 200)["details"]["id"]
    row = next(each for each in rows(zoho, path) if each["id"] == identifier)
    assert (row["Category"]["name"], row["$link_url"]) == ("Others", "https://files.example/a.pdf")
    assert zoho.get(f"{path}/{identifier}").status == 200


def test_an_upload_is_read_strictly(zoho: Client) -> None:
    """The category, the part and its name must be right, and the record there; interviews have no files."""
    path = f"/Candidates/{added(zoho)}/Attachments"
    refused(uploaded(zoho, path, b"x"), 400, "MANDATORY_NOT_FOUND")
    refused(uploaded(zoho, f"{path}?attachments_category=Poem", b"x"), 400, "INVALID_DATA")
    refused(uploaded(zoho, f"{path}?attachments_category=Resume&a=1", b"x"), 400, "INVALID_DATA")
    good = f"{path}?attachments_category=Resume"
    refused(uploaded(zoho, good, b"x", part="document"), 400, "INVALID_DATA")
    refused(uploaded(zoho, good, b"x", name=""), 400, "INVALID_DATA")
    refused(zoho.post(good, {"file": "x"}), 400, "INVALID_DATA")
    refused(uploaded(zoho, good, b"x" * (20 * 1024 * 1024 + 1)), 400, "INVALID_DATA")
    refused(uploaded(zoho, good.replace(path, f"/Candidates/{MISSING}/Attachments"), b"x"), 404, "RECORD_NOT_FOUND")
    assert zoho.get(path).status == 204
    interview = rows(zoho, "/Interviews", per_page=1)[0]["id"]
    refused(zoho.get(f"/Interviews/{interview}/Attachments"), 400, "INVALID_DATA")
