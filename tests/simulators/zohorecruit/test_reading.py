"""Lists, pages, search, single records and metadata."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from polyhire.simulators.company import company

from ..asking import Client
from .conftest import MISSING, one, refused, rows, walked, written

COMPANY = company()
APPLIED = sum(each.job_id is not None for each in COMPANY.applications)


@pytest.mark.parametrize(
    ("module", "size", "total"),
    [
        ("Candidates", 200, len(COMPANY.candidates)),
        ("Candidates", 40, len(COMPANY.candidates)),
        ("Applications", 147, APPLIED),
        ("Job_Openings", 10, len(COMPANY.jobs)),
        ("JobOpenings", 200, len(COMPANY.jobs)),
        ("Interviews", 200, len(COMPANY.interviews)),
        ("Offers", 100, len(COMPANY.offers)),
        ("Departments", 5, len(COMPANY.departments)),
        ("Notes", 200, sum(each.kind == "note" for each in COMPANY.activities)),
    ],
)
@pytest.mark.parametrize("order", [{}, {"sort_by": "Created_Time", "sort_order": "asc"}])
def test_pages_lead_to_the_end_without_loss_or_repeat(
    zoho: Client, module: str, size: int, total: int, order: dict[str, str]
) -> None:
    """Following more_records visits every record once; the page after the last is 204 without a body."""
    found = walked(zoho, f"/{module}", size, **order)
    assert len(found) == len({row["id"] for row in found}) == total
    beyond = zoho.get(f"/{module}", page=total // size + 2, per_page=size)
    assert (beyond.status, beyond.body) == (204, b"")
    times = [row["Created_Time"] for row in found]
    assert times == sorted(times, reverse=not order)


def test_a_page_has_200_records_unless_told_otherwise(zoho: Client) -> None:
    """The info tells the size that was taken."""
    info = zoho.get("/Candidates").json["info"]
    assert info == {"per_page": 200, "count": 200, "page": 1, "more_records": True}


@pytest.mark.parametrize("module", ["Tasks", "Events", "Calls", "Vendors", "Referrals", "Assessments"])
def test_an_empty_module_is_204(zoho: Client, module: str) -> None:
    """There is no body to read."""
    answer = zoho.get(f"/{module}")
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize(
    "query",
    [
        {"page": 0},
        {"page": "one"},
        {"per_page": 201},
        {"per_page": 0},
        {"limit": 10},
        {"sort_by": "Colour"},
        {"sort_by": "Associated_Tags"},
        {"sort_order": "up"},
        {"fields": "First_Name,Colour"},
        {"fields": ""},
        {"approved": "yes"},
        {"cvid": "1"},
    ],
)
def test_a_list_is_strict_about_its_query(zoho: Client, query: dict[str, Any]) -> None:
    """What is unknown or malformed is refused, and named."""
    details = refused(zoho.get("/Candidates", **query), 400, "INVALID_DATA")
    assert details["api_name"] in query


def test_a_parameter_given_twice_is_refused(zoho: Client) -> None:
    """Neither value is taken."""
    refused(zoho.get("/Candidates?page=1&page=2"), 400, "INVALID_DATA")


def test_fields_narrow_a_list(zoho: Client) -> None:
    """The id is always there, and `$` keys when asked for."""
    (row, *_) = rows(zoho, "/Applications", fields="Application_Status,$Job_Opening_Id")
    assert set(row) == {"id", "Application_Status", "$Job_Opening_Id"}


@pytest.mark.parametrize("name", ["Last_Name", "Updated_On", "Experience_in_Years", "Candidate_Owner", "id"])
def test_a_list_is_sorted_as_asked(zoho: Client, name: str) -> None:
    """Records without a value come last in either order."""

    def shown(order: str) -> list[Any]:
        values = [row[name] for row in walked(zoho, "/Candidates", 150, sort_by=name, sort_order=order)]
        values = [each["name"] if isinstance(each, dict) else each for each in values]
        kept = [each for each in values if each is not None]
        assert values == kept + [None] * (len(COMPANY.candidates) - len(kept))
        return [each.casefold() if isinstance(each, str) else each for each in kept]

    assert shown("asc") == sorted(shown("asc"))
    assert shown("desc") == sorted(shown("desc"), reverse=True)


def test_numbers_that_come_as_text_count_as_numbers(zoho: Client) -> None:
    """The same field is text in one record and a number in another; both are sorted and found."""
    found = walked(zoho, "/Job_Openings", 200, sort_by="Number_of_Positions", sort_order="asc")
    assert {type(row["Number_of_Positions"]) for row in found} == {int, str}
    numbers = [int(row["Number_of_Positions"]) for row in found]
    assert numbers == sorted(numbers)
    several = rows(zoho, "/Job_Openings/search", criteria="(Number_of_Positions:greater_than:1)")
    assert len(several) == sum(number > 1 for number in numbers)


def test_approved_and_converted_choose_records(zoho: Client) -> None:
    """Here all are approved, and none is converted."""
    assert zoho.get("/Candidates", approved="false").status == 204
    assert zoho.get("/Candidates", converted="true").status == 204
    assert zoho.get("/Candidates", approved="both", converted="both").status == 200


def test_a_list_tells_what_changed_since(zoho: Client) -> None:
    """304 when nothing did; the offset of the header counts."""
    times = sorted(row["Updated_On"] for row in walked(zoho, "/Candidates", 200))
    since = times[-3]

    def changed(text: str) -> Any:
        return zoho.ask("GET", "/Candidates", headers={"If-Modified-Since": text})

    assert {row["Updated_On"] for row in changed(since).json["data"]} == {time for time in times if time > since}
    utc = datetime.fromisoformat(since).astimezone(tz=datetime.fromisoformat("2024-01-01T00:00:00+00:00").tzinfo)
    assert changed(utc.isoformat()).json == changed(since).json
    nothing = changed(times[-1])
    assert (nothing.status, nothing.body) == (304, b"")
    refused(changed("yesterday"), 400, "INVALID_DATA")
    refused(changed("2024-01-01T00:00:00"), 400, "INVALID_DATA")


def test_subforms_come_with_a_single_record_alone(zoho: Client) -> None:
    """Otherwise a row of a list is the record."""
    listed = next(row for row in rows(zoho, "/Candidates") if row["Current_Employer"])
    single = one(zoho, f"/Candidates/{listed['id']}")
    subforms = {"Educational_Details", "Experience_Details"}
    assert set(single) - set(listed) == subforms
    assert {key: value for key, value in single.items() if key not in subforms} == listed
    (work,) = single["Experience_Details"]
    assert (work["Company"], work["Duration"]["from"]) == (listed["Current_Employer"], "2019-01")


@pytest.mark.parametrize(
    "module", ["Candidates", "Job_Openings", "Applications", "Interviews", "Offers", "Departments"]
)
def test_every_record_of_a_list_can_be_read_alone(zoho: Client, module: str) -> None:
    """An unknown id is 404."""
    row = rows(zoho, f"/{module}", per_page=1)[0]
    assert row.items() <= one(zoho, f"/{module}/{row['id']}").items()
    for missing in (MISSING, "abc"):
        refused(zoho.get(f"/{module}/{missing}"), 404, "RECORD_NOT_FOUND")
    refused(zoho.get(f"/{module}/{row['id']}", fields="id"), 400, "INVALID_DATA")


def test_records_have_zohos_shapes(zoho: Client) -> None:
    """Ids are strings of 18 digits, times have the offset of the organization, look-ups have a name."""
    candidate = one(zoho, f"/Candidates/{rows(zoho, '/Applications', per_page=1)[0]['Candidate']['id']}")
    assert candidate["id"].isdecimal()
    assert len(candidate["id"]) == 18
    assert datetime.fromisoformat(candidate["Updated_On"]).utcoffset() == timedelta(hours=5, minutes=30)
    assert set(candidate["Candidate_Owner"]) == {"id", "name"}
    assert candidate["Candidate_ID"].startswith("ZR_")
    assert "Modified_Time" not in candidate
    assert "Updated_On" not in rows(zoho, "/Job_Openings", per_page=1)[0]


def test_instants_are_those_of_the_company(zoho: Client) -> None:
    """The offset moves the clock, not the time."""
    first = COMPANY.candidates[0]
    (row,) = rows(zoho, "/Candidates/search", email=first.emails[0].value)
    assert datetime.fromisoformat(row["Created_Time"]) == first.created_at.replace(microsecond=0)
    assert (row["First_Name"], row["Last_Name"]) == (first.first_name, first.last_name)


def test_a_person_of_one_name_has_it_as_the_last(zoho: Client) -> None:
    """Zoho can't do without a last name; who was anonymised has none at all."""
    alone = next(each for each in COMPANY.candidates if each.first_name and not each.last_name)
    gone = next(each for each in COMPANY.candidates if each.anonymised)
    for number, names in ((alone.id, (None, alone.first_name)), (gone.id, (None, None))):
        (row,) = rows(zoho, "/Candidates/search", criteria=f"(Candidate_ID:equals:ZR_{number}_CAND)")
        assert (row["First_Name"], row["Last_Name"]) == names
        assert row["Full_Name"] == names[1]


def test_an_application_tells_its_candidate_and_job(zoho: Client) -> None:
    """The job's id stands in a `$` key, and only there."""
    applied = COMPANY.applications[0]
    job, person = COMPANY.jobs[(applied.job_id or 0) - 1], COMPANY.candidates[applied.candidate_id - 1]
    row = next(each for each in walked(zoho, "/Applications", 200) if each["Application_ID"] == "ZR_1_APP")
    assert row["Candidate"]["name"] == row["Full_Name"] == person.name
    assert row["Job_Opening_Name"] == job.title
    assert one(zoho, f"/Job_Openings/{row['$Job_Opening_Id']}")["Posting_Title"] == job.title
    assert [row["id"] for row in rows(zoho, f"/Candidates/{row['Candidate']['id']}/associate")].count(
        row["$Job_Opening_Id"]
    ) == 1


def test_a_candidates_jobs_are_paged_and_chosen_by_title(zoho: Client) -> None:
    """The other direction is documented, and refused as live accounts do."""
    many = max(COMPANY.candidates, key=lambda each: len(COMPANY.applications_of[each.id]))
    (candidate,) = rows(zoho, "/Candidates/search", criteria=f"(Candidate_ID:equals:ZR_{many.id}_CAND)")
    path = f"/Candidates/{candidate['id']}/associate"
    found = walked(zoho, path, 1)
    assert len(found) == len({row["id"] for row in found}) == len(COMPANY.applications_of[many.id]) > 1
    title = found[0]["Posting_Title"]
    assert {row["Posting_Title"] for row in rows(zoho, path, posting_title=title)} == {title}
    assert zoho.get(path, posting_title="no such title").status == 204
    for relation in ("associate", "Candidates"):
        refused(zoho.get(f"/Job_Openings/{found[0]['id']}/{relation}"), 400, "INVALID_DATA")


def test_search_finds_by_email_phone_and_word(zoho: Client) -> None:
    """A second address counts as well; 204 when there is nobody."""
    person = next(each for each in COMPANY.candidates if len(each.emails) > 1 and each.phones)
    for query in (
        {"email": person.emails[1].value.upper()},
        {"phone": person.phones[0].value},
        {"word": person.emails[0].value},
    ):
        found = rows(zoho, "/Candidates/search", **query)
        assert f"ZR_{person.id}_CAND" in {row["Candidate_ID"] for row in found}
    assert zoho.get("/Candidates/search", email="nobody@nowhere.example").status == 204


@pytest.mark.parametrize(
    ("module", "criteria", "keeps"),
    [
        ("Candidates", "(Candidate_Status:equals:Hired)", lambda row: row["Candidate_Status"] == "Hired"),
        ("Candidates", "(Candidate_Status:in:Hired,New)", lambda row: row["Candidate_Status"] in ("Hired", "New")),
        ("Candidates", "(City:not_equal:Lisbon)", lambda row: row["City"] != "Lisbon"),
        ("Candidates", "(Last_Name:starts_with:z)", lambda row: (row["Last_Name"] or "").lower().startswith("z")),
        ("Candidates", "(Skill_Set:contains:c++)", lambda row: "C++" in (row["Skill_Set"] or "")),
        (
            "Candidates",
            "((Experience_in_Years:between:3,7)and(Email_Opt_Out:equals:false))",
            lambda row: 3 <= (row["Experience_in_Years"] or -1) <= 7 and not row["Email_Opt_Out"],
        ),
        (
            "Candidates",
            "((Updated_On:greater_than:2025-06-01T00:00:00+00:00))",
            lambda row: datetime.fromisoformat(row["Updated_On"]) > datetime.fromisoformat("2025-06-01T00:00:00+00:00"),
        ),
        (
            "Candidates",
            "(((City:equals:Lisbon)or(City:equals:Austin))and(Is_Locked:equals:true))",
            lambda row: row["City"] in ("Lisbon", "Austin") and row["Is_Locked"],
        ),
        (
            "Job_Openings",
            "((Modified_Time:less_equal:2025-01-01T00:00:00Z)or(Target_Date:less_than:2024-06-01))",
            lambda row: (
                datetime.fromisoformat(row["Modified_Time"]) <= datetime.fromisoformat("2025-01-01T00:00:00Z")
                or row["Target_Date"] < "2024-06-01"
            ),
        ),
        ("Candidates", "(id:equals:554023001000000007)", lambda row: row["id"] == "554023001000000007"),
        (
            "Interviews",
            "(Candidate_Name:equals:554023001000000001)",
            lambda row: row["Candidate_Name"]["id"] == "554023001000000001",
        ),
        ("Job_Openings", "(Department_Name:equals:Platform)", lambda row: row["Department_Name"]["name"] == "Platform"),
        (
            "Applications",
            "((Job_Opening_Name:equals:Frontend Engineer)and($Job_Opening_Id:equals:1))",
            lambda row: row["Job_Opening_Name"] == "Frontend Engineer",
        ),
    ],
)
def test_criteria_keep_what_they_say(zoho: Client, module: str, criteria: str, keeps: Any) -> None:
    """Search agrees with choosing from the whole list; criteria on `$` keys are ignored silently."""
    wanted = {row["id"] for row in walked(zoho, f"/{module}", 200) if keeps_safely(keeps, row)}
    assert wanted
    assert {row["id"] for row in walked(zoho, f"/{module}/search", 50, criteria=criteria)} == wanted


def keeps_safely(keeps: Any, row: Any) -> bool:
    """Tell whether a row is kept; a look-up that is null is not."""
    try:
        return bool(keeps(row))
    except TypeError:
        return False


def test_parentheses_and_commas_are_escaped_in_criteria(zoho: Client) -> None:
    """With a backslash they are part of the value."""
    name = r"a (b), c\d"
    written(zoho.post("/Candidates", {"data": [{"Last_Name": name}]}))
    escaped = r"a \(b\)\, c\\d"
    assert [row["Last_Name"] for row in rows(zoho, "/Candidates/search", criteria=f"(Last_Name:equals:{escaped})")] == [
        name
    ]
    assert len(rows(zoho, "/Candidates/search", criteria=f"(Last_Name:in:x,{escaped})")) == 1
    for text in (name, r"a \(b\), c\\d", r"a \(b\)\, c\d"):
        refused(zoho.get("/Candidates/search", criteria=f"(Last_Name:equals:{text})"), 400, "INVALID_QUERY")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"email": "a@b.example", "phone": "1"},
        {"word": "a"},
        {"criteria": "Last_Name:equals:Xu"},
        {"criteria": "(Last_Name:equals:Xu"},
        {"criteria": "(Last_Name:equals:Xu)and(City:equals:Lisbon)"},
        {"criteria": "((Last_Name:equals:Xu)nor(City:equals:Lisbon))"},
        {"criteria": "(Colour:equals:red)"},
        {"criteria": "(Modified_Time:greater_than:2024-01-01T00:00:00Z)"},
        {"criteria": "(Updated_On:greater_than:2024-01-01T00:00:00 00:00)"},
        {"criteria": "(Updated_On:greater_than:yesterday)"},
        {"criteria": "(Last_Name:greater_than:a)"},
        {"criteria": "(Last_Name:like:a)"},
        {"criteria": "(Experience_in_Years:between:1)"},
        {"criteria": "(Last_Name:equals:)"},
        {"criteria": "(Educational_Details:contains:BSc)"},
    ],
)
def test_search_is_strict(zoho: Client, query: dict[str, str]) -> None:
    """One way to search at a time, in Zoho's notation, by fields and operators that fit."""
    refused(zoho.get("/Candidates/search", **query), 400, "INVALID_QUERY")


def test_search_takes_no_other_parameters(zoho: Client) -> None:
    """Pages apart."""
    refused(zoho.get("/Candidates/search", word="ada", limit=3), 400, "INVALID_DATA")
    refused(zoho.get("/Candidates/search", word="ada", per_page=201), 400, "INVALID_DATA")


def test_fields_describe_what_records_hold(zoho: Client) -> None:
    """Every key of a record is described; pick lists tell what is stored and what is seen."""
    for module in ("Candidates", "Job_Openings", "Applications", "Interviews"):
        described = {each["api_name"]: each for each in zoho.get("/settings/fields", module=module).json["fields"]}
        record = one(zoho, f"/{module}/{rows(zoho, f'/{module}', per_page=1)[0]['id']}")
        assert {key for key in record if not key.startswith("$")} - {"id"} == set(described)
        assert len({each["id"] for each in described.values()}) == len(described)
    fields = {each["api_name"]: each for each in zoho.get("/settings/fields", module="Applications").json["fields"]}
    options = fields["Application_Status"]["pick_list_values"]
    stored = [each["actual_value"] for each in options]
    assert stored[0] == "Applied"
    assert {row["Application_Status"] for row in walked(zoho, "/Applications", 200)} <= set(stored)
    worded = next(each for each in options if each["actual_value"] == "Waiting-for-Evaluation")
    assert worded["display_value"] == "Waiting for Evaluation"
    refused(zoho.get("/settings/fields"), 400, "MANDATORY_NOT_FOUND")
    refused(zoho.get("/settings/fields", module="Colours"), 400, "INVALID_MODULE")


@pytest.mark.parametrize(
    ("kind", "count"),
    [("AllUsers", 24), ("ActiveUsers", 22), ("DeactiveUsers", 2), ("NotConfirmedUsers", 1), ("CurrentUser", 1)],
)
def test_users_are_chosen_by_type(zoho: Client, kind: str, count: int) -> None:
    """The reply's key is `users`."""
    answer = zoho.get("/users", type=kind).json
    assert (len(answer["users"]), answer["info"]["count"], answer["info"]["more_records"]) == (count, count, False)


def test_users_are_paged_and_read_alone(zoho: Client) -> None:
    """An unknown type or id is refused, and a type with nobody in it is 204."""
    first, second = (zoho.get("/users", page=page, per_page=20).json for page in (1, 2))
    assert (first["info"]["more_records"], second["info"]["more_records"]) == (True, False)
    everybody = first["users"] + second["users"]
    assert len({each["id"] for each in everybody}) == 24
    assert zoho.get(f"/users/{everybody[3]['id']}").json["users"] == [everybody[3]]
    assert zoho.get("/users", type="DeletedUsers").status == 204
    refused(zoho.get("/users", type="Everybody"), 400, "INVALID_DATA")
    refused(zoho.get(f"/users/{MISSING}"), 404, "RECORD_NOT_FOUND")


def test_the_organization_tells_its_name(zoho: Client) -> None:
    """There is one."""
    (org,) = zoho.get("/org").json["org"]
    assert org["company_name"] == COMPANY.name
