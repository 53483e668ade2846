"""Writes of records, notes and tags: what is done is then seen, each row is told of, and nonsense is refused."""

from typing import Any

import pytest

from ..asking import Client
from .conftest import MISSING, added, failed, one, open_jobs, person, put, refused, rows, walked, written


def test_a_new_candidate_is_listed_found_and_read(zoho: Client) -> None:
    """The answer tells ids and stamps alone; the record has what was given, and Zoho's defaults."""
    study = {"Institute_School": "Uni", "Degree": "MSc", "Duration": {"from": "2020-01", "to": None}}
    given = person(Educational_Details=[study], Preferred_Name="Adi", Candidate_Status="Contacted")
    row = written(zoho.post("/Candidates", {"data": [given], "trigger": []}))
    details = row["details"]
    assert set(details) == {"id", "Created_Time", "Modified_Time", "Created_By", "Modified_By"}
    record = one(zoho, f"/Candidates/{details['id']}")
    assert (record["Full_Name"], record["Preferred_Name"]) == ("Ada Brânză", "Adi")
    assert (record["Candidate_Status"], record["Candidate_ID"]) == ("Contacted", "ZR_301_CAND")
    (kept,) = record["Educational_Details"]
    assert study.items() <= kept.items()
    assert [each["id"] for each in rows(zoho, "/Candidates/search", email="ada@new.example")] == [details["id"]]
    assert rows(zoho, "/Candidates", per_page=1)[0]["id"] == details["id"]
    assert len(walked(zoho, "/Candidates", 200)) == 301


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"Last_Name": None}, "MANDATORY_NOT_FOUND", "Last_Name"),
        ({"Last_Name": 7}, "INVALID_DATA", "Last_Name"),
        ({"Last_Name": "x" * 256}, "INVALID_DATA", "Last_Name"),
        ({"Email": "nobody"}, "INVALID_DATA", "Email"),
        ({"Candidate_Status": "Frozen"}, "INVALID_DATA", "Candidate_Status"),
        ({"Candidate_Status": "Waiting for Evaluation"}, "INVALID_DATA", "Candidate_Status"),
        ({"Email_Opt_Out": "true"}, "INVALID_DATA", "Email_Opt_Out"),
        ({"Expected_Salary": "much"}, "INVALID_DATA", "Expected_Salary"),
        ({"Candidate_Owner": MISSING}, "INVALID_DATA", "Candidate_Owner"),
        ({"Full_Name": "Ada B."}, "INVALID_DATA", "Full_Name"),
        ({"Associated_Tags": []}, "INVALID_DATA", "Associated_Tags"),
        ({"Colour": "red"}, "INVALID_DATA", "Colour"),
        ({"Educational_Details": {}}, "INVALID_DATA", "Educational_Details"),
        ({"Educational_Details": [{"School": "x"}]}, "INVALID_DATA", "Educational_Details.School"),
        ({"Educational_Details": [{"Duration": {"from": "May"}}]}, "INVALID_DATA", "Duration"),
        ({"Educational_Details": [{"Duration": {"since": "2020-01"}}]}, "INVALID_DATA", "Duration"),
        ({"Candidate_Owner": {"id": ["x"]}}, "INVALID_DATA", "Candidate_Owner"),
        ({"Candidate_Status": ["New"]}, "INVALID_DATA", "Candidate_Status"),
    ],
)
def test_a_malformed_candidate_is_refused_in_its_row(
    zoho: Client, change: dict[str, Any], code: str, where: str
) -> None:
    """The status is 202, the row names the field, and nobody is made."""
    details = failed(zoho.post("/Candidates", {"data": [person(**change)]}), code)
    assert details["api_name"] == where
    assert zoho.get("/Candidates/search", email="ada@new.example").status == 204


def test_a_wrong_row_does_not_keep_the_others_out(zoho: Client) -> None:
    """Each row has its own result, in the order of the rows."""
    answer = zoho.post("/Candidates", {"data": [person(), {"First_Name": "x"}, person(), "x"]})
    assert answer.status == 202
    assert [row["code"] for row in answer.json["data"]] == [
        "SUCCESS",
        "MANDATORY_NOT_FOUND",
        "SUCCESS",
        "INVALID_DATA",
    ]
    assert len(rows(zoho, "/Candidates/search", email="ada@new.example")) == 2


def test_a_change_keeps_what_it_does_not_name(zoho: Client) -> None:
    """By path and by rows with ids; null empties a field, and the stamp moves."""
    before = next(row for row in rows(zoho, "/Candidates") if row["City"] and row["Email"])
    path = f"/Candidates/{before['id']}"
    written(put(zoho, path, [{"City": None, "Current_Job_Title": "Baker"}]), 200)
    after = one(zoho, path)
    assert (after["City"], after["Current_Job_Title"], after["Email"]) == (None, "Baker", before["Email"])
    assert after["Updated_On"] > before["Updated_On"]
    assert after["Created_Time"] == before["Created_Time"]
    answer = put(
        zoho, "/Candidates", [{"id": before["id"], "City": "Oslo"}, {"id": MISSING, "City": "x"}, {"City": "x"}]
    )
    assert (answer.status, [row["code"] for row in answer.json["data"]]) == (
        202,
        ["SUCCESS", "INVALID_DATA", "MANDATORY_NOT_FOUND"],
    )
    assert one(zoho, path)["City"] == "Oslo"
    refused(put(zoho, f"/Candidates/{MISSING}", [{"City": "x"}]), 404, "RECORD_NOT_FOUND")
    assert failed(put(zoho, path, [{"Last_Name": ""}]), "MANDATORY_NOT_FOUND") == {"api_name": "Last_Name"}
    failed(put(zoho, path, [{"id": MISSING, "City": "x"}]), "INVALID_DATA")


def test_deleting_a_candidate_takes_its_records_along(zoho: Client) -> None:
    """Applications, interviews, notes and files are gone too; an unknown id is an error in its row."""
    interview = rows(zoho, "/Interviews", per_page=1)[0]
    candidate = interview["Candidate_Name"]["id"]
    assert zoho.get(f"/Candidates/{candidate}/associate").status == 200
    answer = zoho.ask("DELETE", f"/Candidates?ids={candidate},{MISSING}&wf_trigger=false")
    assert answer.status == 200
    assert [row["code"] for row in answer.json["data"]] == ["SUCCESS", "INVALID_DATA"]
    refused(zoho.get(f"/Candidates/{candidate}"), 404, "RECORD_NOT_FOUND")
    refused(zoho.get(f"/Candidates/{candidate}/Attachments"), 404, "RECORD_NOT_FOUND")
    refused(zoho.get(f"/Interviews/{interview['id']}"), 404, "RECORD_NOT_FOUND")
    assert candidate not in {row["Candidate"]["id"] for row in walked(zoho, "/Applications", 200)}
    assert candidate not in {row["Parent_Id"]["id"] for row in walked(zoho, "/Notes", 200)}
    refused(zoho.ask("DELETE", "/Candidates"), 400, "MANDATORY_NOT_FOUND")


def test_upsert_changes_who_is_there(zoho: Client) -> None:
    """By the fields for it; the answer tells which it did."""
    first = zoho.post("/Candidates/upsert", {"data": [person()], "duplicate_check_fields": ["Email"]})
    again = zoho.post("/Candidates/upsert", {"data": [person(City="Oslo")]})
    assert (written(first, 200)["action"], written(again, 200)["action"]) == ("insert", "update")
    assert written(again, 200)["duplicate_field"] == "Email"
    (row,) = rows(zoho, "/Candidates/search", email="ada@new.example")
    assert row["City"] == "Oslo"
    refused(
        zoho.post("/Candidates/upsert", {"data": [person()], "duplicate_check_fields": ["Colour"]}), 400, "INVALID_DATA"
    )


def job(client: Client, **more: Any) -> dict[str, Any]:
    """Word a new job opening."""
    department = rows(client, "/Departments", per_page=1)[0]["id"]
    return {"Posting_Title": "Baker", "Department_Name": department, "Target_Date": "2027-01-31", **more}


def test_a_new_job_is_in_progress(zoho: Client) -> None:
    """Its look-ups have names, and what it must have is named when missing."""
    recruiter = zoho.get("/users").json["users"][5]
    given = job(zoho, Assigned_Recruiter=[{"id": recruiter["id"]}], Job_Type="Part time", Number_of_Positions=2)
    identifier = written(zoho.post("/Job_Openings", {"data": [given]}))["details"]["id"]
    record = one(zoho, f"/Job_Openings/{identifier}")
    assert (record["Job_Opening_Status"], record["Job_Opening_Name"]) == ("In-progress", "Baker")
    assert (record["Number_of_Positions"], record["No_of_Candidates_Associated"]) == (2, 0)
    assert record["Assigned_Recruiter"] == [{"name": recruiter["full_name"], "id": recruiter["id"]}]
    assert set(record["Department_Name"]) == {"id", "name"}
    for name in ("Posting_Title", "Department_Name", "Target_Date"):
        lacking = {key: value for key, value in job(zoho).items() if key != name}
        assert failed(zoho.post("/Job_Openings", {"data": [lacking]}), "MANDATORY_NOT_FOUND") == {"api_name": name}
    failed(zoho.post("/Job_Openings", {"data": [job(zoho, Target_Date="31.1.2027")]}), "INVALID_DATA")
    failed(zoho.post("/Job_Openings", {"data": [job(zoho, Client_Name=MISSING)]}), "INVALID_DATA")


def test_an_agencys_job_belongs_to_a_client(agency: Client) -> None:
    """A department is no field there."""
    client = rows(agency, "/Clients", per_page=1)[0]
    given = {"Posting_Title": "Baker", "Client_Name": {"id": client["id"]}, "Target_Date": "2027-01-31"}
    identifier = written(agency.post("/Job_Openings", {"data": [given]}))["details"]["id"]
    assert one(agency, f"/Job_Openings/{identifier}")["Client_Name"]["name"] == client["Client_Name"]
    assert failed(agency.post("/Job_Openings", {"data": [{**given, "Department_Name": "1"}]}), "INVALID_DATA") == {
        "api_name": "Department_Name"
    }


def test_accounts_of_two_kinds_do_not_share_records(zoho: Client, agency: Client) -> None:
    """What one makes the other does not see."""
    added(zoho)
    assert agency.get("/Candidates/search", email="ada@new.example").status == 204


def test_interviews_are_made_changed_and_deleted(zoho: Client) -> None:
    """Instants are kept, whatever offset they came with."""
    given = {
        "Interview_Name": "Chat",
        "Candidate_Name": added(zoho),
        "Posting_Title": open_jobs(zoho)[0],
        "Start_DateTime": "2027-01-31T09:00:00Z",
        "End_DateTime": "2027-01-31T10:00:00+01:00",
        "Interview_Status": "Scheduled",
    }
    identifier = written(zoho.post("/Interviews", {"data": [given]}))["details"]["id"]
    record = one(zoho, f"/Interviews/{identifier}")
    assert (record["Start_DateTime"], record["Candidate_Name"]["name"]) == ("2027-01-31T14:30:00+05:30", "Ada Brânză")
    assert record["End_DateTime"] == record["Start_DateTime"]
    written(put(zoho, f"/Interviews/{identifier}", [{"Interview_Status": "Cancelled"}]), 200)
    assert one(zoho, f"/Interviews/{identifier}")["Interview_Status"] == "Cancelled"
    written(zoho.ask("DELETE", f"/Interviews?ids={identifier}"), 200)
    refused(zoho.get(f"/Interviews/{identifier}"), 404, "RECORD_NOT_FOUND")
    failed(zoho.post("/Interviews", {"data": [{**given, "Start_DateTime": "2027-01-31T09:00:00"}]}), "INVALID_DATA")


def test_an_interview_goes_with_the_candidate_that_it_has_now(zoho: Client) -> None:
    """Given to another candidate, it outlives the first, and not the second."""
    first, second = added(zoho), added(zoho)
    times = {"Start_DateTime": "2027-01-31T09:00:00Z", "End_DateTime": "2027-01-31T10:00:00Z"}
    given = {"Interview_Name": "Chat", "Candidate_Name": first, **times}
    path = f"/Interviews/{written(zoho.post('/Interviews', {'data': [given]}))['details']['id']}"
    written(put(zoho, path, [{"Candidate_Name": {"id": second}}]), 200)
    written(zoho.ask("DELETE", f"/Candidates?ids={first}"), 200)
    assert one(zoho, path)["Candidate_Name"]["id"] == second
    written(zoho.ask("DELETE", f"/Candidates?ids={second}"), 200)
    refused(zoho.get(path), 404, "RECORD_NOT_FOUND")


@pytest.mark.parametrize("module", ["Applications", "Offers"])
def test_what_the_api_does_not_make_is_not_supported(zoho: Client, module: str) -> None:
    """Applications are made by associating, offers in the app."""
    refused(zoho.post(f"/{module}", {"data": [{}]}), 403, "NOT_SUPPORTED")


@pytest.mark.parametrize(
    ("module", "given"),
    [
        ("Tasks", {"Subject": "Call back", "Due_Date": "2027-01-31"}),
        ("Calls", {"Subject": "Hello", "Call_Start_Time": "2027-01-31T09:00:00Z"}),
        ("Vendors", {"Vendor_Name": "Talentwave"}),
        ("Departments", {"Department_Name": "Bakery"}),
    ],
)
def test_other_modules_take_records(zoho: Client, module: str, given: dict[str, str]) -> None:
    """They are then listed, and deleted."""
    identifier = written(zoho.post(f"/{module}", {"data": [given]}))["details"]["id"]
    listed = rows(zoho, f"/{module}", per_page=1)[0]
    assert listed == one(zoho, f"/{module}/{identifier}")
    assert listed[next(iter(given))] == next(iter(given.values()))
    written(zoho.ask("DELETE", f"/{module}?ids={identifier}"), 200)
    refused(zoho.get(f"/{module}/{identifier}"), 404, "RECORD_NOT_FOUND")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"data": []},
        {"data": {}},
        {"data": [{"Last_Name": "x"}] * 101},
        {"data": [{"Last_Name": "x"}], "colour": "red"},
        {"data": [{"Last_Name": "x"}], "trigger": ["emails"]},
    ],
)
def test_the_envelope_of_a_write_is_read_strictly(zoho: Client, body: Any) -> None:
    """The whole call is refused, and nothing is written."""
    assert zoho.post("/Candidates", body).status == 400
    assert zoho.get("/Candidates/search", word="ZR_301_CAND").status == 204


def test_a_write_is_json_without_a_query(zoho: Client) -> None:
    """Another content type, broken JSON or a parameter is refused."""
    good = b'{"data": [{"Last_Name": "x"}]}'
    json_type = {"Content-Type": "application/json"}
    refused(zoho.ask("POST", "/Candidates", raw=good), 400, "INVALID_DATA")
    refused(zoho.ask("POST", "/Candidates", raw=good[:-1], headers=json_type), 400, "INVALID_DATA")
    refused(zoho.ask("POST", "/Candidates?a=1", raw=good, headers=json_type), 400, "INVALID_DATA")
    written(zoho.ask("POST", "/Candidates", raw=good, headers=json_type))


def test_notes_are_written_listed_and_deleted(zoho: Client) -> None:
    """Under their record and among all notes; the record's name comes along."""
    candidate = added(zoho)
    path = f"/Candidates/{candidate}/Notes"
    assert zoho.get(path).status == 204
    given = {"Note_Title": "Call", "Note_Content": "Keen", "Parent_Id": candidate, "se_module": "Candidates"}
    identifier = written(zoho.post("/Notes", {"data": [given]}))["details"]["id"]
    (note,) = rows(zoho, path)
    assert (note["Note_Title"], note["Note_Content"], note["$se_module"]) == ("Call", "Keen", "Candidates")
    assert note["Parent_Id"] == {"name": "Ada Brânză", "id": candidate}
    assert rows(zoho, "/Notes", per_page=1) == [note]
    written(zoho.ask("DELETE", f"/Notes/{identifier}"), 200)
    assert zoho.get(path).status == 204
    refused(zoho.ask("DELETE", f"/Notes/{identifier}"), 404, "RECORD_NOT_FOUND")
    for name in ("Note_Content", "Parent_Id", "se_module"):
        lacking = {key: value for key, value in given.items() if key != name}
        assert failed(zoho.post("/Notes", {"data": [lacking]}), "MANDATORY_NOT_FOUND") == {"api_name": name}
    failed(zoho.post("/Notes", {"data": [{**given, "Parent_Id": MISSING}]}), "INVALID_DATA")
    failed(zoho.post("/Notes", {"data": [{**given, "se_module": "Job_Openings"}]}), "INVALID_DATA")
    details = failed(zoho.post("/Notes", {"data": [{**given, "se_module": "Clients"}]}), "INVALID_DATA")
    assert details["api_name"] == "se_module"


def test_notes_of_a_record_are_paged(zoho: Client) -> None:
    """No note of a candidate is lost or repeated."""
    everything = walked(zoho, "/Notes", 200)
    parents = [note["Parent_Id"]["id"] for note in everything]
    busiest = max(set(parents), key=parents.count)
    found = walked(zoho, f"/Candidates/{busiest}/Notes", 1)
    assert {note["id"] for note in found} == {note["id"] for note in everything if note["Parent_Id"]["id"] == busiest}
    assert len(found) > 1
    refused(zoho.get(f"/Candidates/{busiest}/Colours"), 400, "INVALID_DATA")
    refused(zoho.get(f"/Candidates/{busiest}/Notes", limit=1), 400, "INVALID_DATA")


def tag_names(client: Client, candidate: str) -> list[str]:
    """Give the names of the tags of a candidate."""
    return [each["name"] for each in one(client, f"/Candidates/{candidate}")["Associated_Tags"]]


def test_tags_are_put_on_and_taken_off(zoho: Client) -> None:
    """A new name becomes a tag of the module; a name that is known keeps its id."""
    candidate = added(zoho)
    known = {each["name"]: each["id"] for each in zoho.get("/settings/tags", module="Candidates").json["tags"]}
    path = f"/Candidates/{candidate}/actions"
    answer = zoho.ask("POST", f"{path}/add_tags?tag_names=python,fresh")
    assert written(answer, 200)["details"] == {"id": candidate, "tags": ["python", "fresh"]}
    after = {each["name"]: each["id"] for each in zoho.get("/settings/tags", module="Candidates").json["tags"]}
    assert (set(after) - set(known), after["python"]) == ({"fresh"}, known["python"])
    zoho.ask("POST", f"{path}/add_tags?tag_names=fresh")
    assert tag_names(zoho, candidate) == ["python", "fresh"]
    written(zoho.ask("POST", f"{path}/remove_tags?tag_names=python"), 200)
    assert tag_names(zoho, candidate) == ["fresh"]
    failed(zoho.ask("POST", f"{path}/remove_tags?tag_names=python"), "INVALID_DATA", 200)
    refused(zoho.ask("POST", f"{path}/add_tags"), 400, "MANDATORY_NOT_FOUND")
    refused(zoho.post(f"{path}/add_tags?tag_names=x", {"tags": []}), 400, "INVALID_DATA")
    refused(zoho.ask("POST", f"/Candidates/{MISSING}/actions/add_tags?tag_names=x"), 404, "RECORD_NOT_FOUND")
    refused(zoho.ask("POST", "/Interviews/1/actions/add_tags?tag_names=x"), 403, "NOT_SUPPORTED")


def test_tags_are_put_on_many_at_once(zoho: Client) -> None:
    """Each record has its row; more than 500 are refused."""
    first, second = added(zoho), added(zoho)
    answer = zoho.ask("POST", f"/Candidates/actions/add_tags?ids={first},{MISSING},{second}&tag_names=both")
    assert [row["code"] for row in answer.json["data"]] == ["SUCCESS", "INVALID_DATA", "SUCCESS"]
    assert tag_names(zoho, first) == tag_names(zoho, second) == ["both"]
    ids = ",".join([first] * 501)
    refused(zoho.ask("POST", f"/Candidates/actions/add_tags?ids={ids}&tag_names=x"), 400, "INVALID_DATA")
    refused(zoho.ask("POST", "/Candidates/actions/add_tags?tag_names=x"), 400, "MANDATORY_NOT_FOUND")


def test_a_module_without_tags_is_204(zoho: Client) -> None:
    """Until a record gets one."""
    assert zoho.get("/settings/tags", module="Job_Openings").status == 204
    written(zoho.ask("POST", f"/Job_Openings/{open_jobs(zoho)[0]}/actions/add_tags?tag_names=hot"), 200)
    assert [each["name"] for each in zoho.get("/settings/tags", module="Job_Openings").json["tags"]] == ["hot"]
    refused(zoho.get("/settings/tags"), 400, "MANDATORY_NOT_FOUND")


def test_a_reset_forgets_what_clients_did(hosted: str, zoho: Client) -> None:
    """Tokens too."""
    added(zoho)
    assert Client(hosted, {}).ask("POST", "/_sandbox/zohorecruit/reset").status == 204
    refused(zoho.get("/Candidates"), 401, "INVALID_TOKEN")
