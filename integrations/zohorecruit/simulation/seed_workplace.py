"""Users, departments or clients, tags and job openings, as Zoho holds them."""

from polyhire.simulators.company import Company, Department, Job, User
from polyhire.simulators.tables import Row

from .identifiers import PROFILES, ROLES, TAGS, USERS, identifier
from .modules import CORPORATE
from .times import stamp

DEPARTMENTS, CLIENTS, CONTACTS, JOBS = 5, 6, 7, 2
PROFILE_NAMES = {
    "admin": "Administrator",
    "recruiter": "Recruiter",
    "hiring_manager": "Hiring Manager",
    "interviewer": "Interviewer",
}
KINDS_OF_ROLE = tuple(PROFILE_NAMES)
TYPES = {"full_time": "Full time", "part_time": "Part time", "contract": "Contract", "internship": "Training"}
SYMBOLS = {"EUR": "€", "USD": "$", "PLN": "zł", "JPY": "¥"}


def user_id(number: int) -> str:
    """Give the id of the company's n-th user."""
    return identifier(USERS, number)


def users(company: Company) -> list[Row]:
    """Give the users in Zoho's shape, the administrator who connects first."""
    return [_user(each) for each in company.users]


def _user(user: User) -> Row:
    number = KINDS_OF_ROLE.index(user.role) + 1
    return {
        "id": user_id(user.id),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "full_name": user.name,
        "email": user.email,
        "role": {"name": "CEO" if user.role == "admin" else "Manager", "id": identifier(ROLES, min(number, 2))},
        "profile": {"name": PROFILE_NAMES[user.role], "id": identifier(PROFILES, number)},
        "status": "active" if user.active else "inactive",
        # One has not accepted the invitation yet.
        "confirm": user.id != 23,
        "zuid": f"70{user.id:07d}",
        "alias": None,
        "phone": None,
        "mobile": None,
        "time_zone": "Asia/Kolkata",
        "language": "en_US",
        "locale": "en_US",
        "country": None,
        "city": None,
        "state": None,
        "zip": None,
        "created_time": stamp(user.created_at),
        "Modified_Time": stamp(user.created_at),
    }


def _whole(company: Company) -> Row:
    opening = stamp(company.users[0].created_at)
    return {
        "Created_By": user_id(1),
        "Modified_By": user_id(1),
        "Created_Time": opening,
        "Modified_Time": opening,
    }


def departments(company: Company) -> list[Row]:
    """Give the departments of a Corporate HR account."""
    return [
        {
            "id": identifier(DEPARTMENTS, each.id),
            "Department_Name": each.name,
            "Parent_Department": identifier(DEPARTMENTS, each.parent_id) if each.parent_id else None,
            **_whole(company),
        }
        for each in company.departments
    ]


def clients(company: Company) -> list[Row]:
    """Let an agency recruit for the same departments, as if each were a client."""
    return [_client(company, each) for each in company.departments]


def _client(company: Company, department: Department) -> Row:
    return {
        "id": identifier(CLIENTS, department.id),
        "Client_Name": f"{company.name} {department.name}",
        "Website": None if department.id % 2 else f"https://client-{department.id}.example",
        "Industry": None,
        "Account_Manager": user_id(5),
        **_whole(company),
    }


def contacts(company: Company) -> list[Row]:
    """Give each client its hiring managers as contacts."""
    managers = [user for user in company.users if user.role == "hiring_manager"]
    return [
        {
            "id": identifier(CONTACTS, each.id),
            "First_Name": each.first_name,
            "Last_Name": each.last_name,
            "Email": each.email,
            "Client_Name": identifier(CLIENTS, each.department_id),
            **_whole(company),
        }
        for each in managers
    ]


def tags(company: Company) -> list[Row]:
    """Give the tags of candidates."""
    opening = stamp(company.users[0].created_at)
    return [
        {
            "id": identifier(TAGS, each.id),
            "name": each.name,
            "created_time": opening,
            "modified_time": opening,
            "created_by": user_id(1),
            "modified_by": user_id(1),
        }
        for each in company.tags
    ]


def jobs(company: Company, edition: str) -> list[Row]:
    """Give the job openings; one that belongs to no department belongs to nothing here either."""
    return [_job(company, each, edition) for each in company.jobs]


def _status(job: Job) -> str:
    if job.status == "open":
        return "On-Hold" if job.id % 9 == 4 else "In-progress"
    return "Waiting for approval" if job.status == "draft" else ("Filled", "Cancelled", "Inactive")[job.id % 3]


def _job(company: Company, job: Job, edition: str) -> Row:
    whose = job.department_id
    owner = {"Department_Name": whose and identifier(DEPARTMENTS, whose)}
    if edition != CORPORATE:
        owner = {"Client_Name": whose and identifier(CLIENTS, whose), "Contact_Name": None}
    end = job.closed_at or job.updated_at
    return {
        "id": identifier(JOBS, job.id),
        "Job_Opening_ID": f"ZR_{job.id}_JOB",
        "Posting_Title": job.title,
        **owner,
        "Job_Opening_Status": _status(job),
        "Job_Type": TYPES[job.employment],
        "Industry": None,
        **_place(company, job),
        "Work_Experience": None if job.id % 3 else ("0-1 year", "1-3 years", "4-5 years", "5+ years")[job.id % 4],
        "Salary": f"{job.salary.low}-{job.salary.high} {job.salary.currency}" if job.salary else None,
        "symbol": SYMBOLS[job.salary.currency] if job.salary else "€",
        "Account_Manager": user_id((job.coordinator_ids or job.recruiter_ids)[0]),
        "Assigned_Recruiter": [user_id(each) for each in job.recruiter_ids],
        # Accounts differ, and one account does: text or a number.
        "Number_of_Positions": str(job.openings) if job.id % 2 else job.openings,
        "Date_Opened": job.opened_at.date().isoformat() if job.opened_at else None,
        "Target_Date": end.date().isoformat(),
        "Remote_Job": job.is_remote,
        "Publish": job.status == "open" and not job.confidential,
        "Is_Hot_Job_Opening": job.id % 15 == 0,
        "Is_Locked": job.confidential,
        "Required_Skills": None if job.id % 2 else "Writing, Listening",
        "Job_Description": job.description_html,
        "Hiring_Manager": user_id(job.hiring_manager_ids[0]),
        "Cost_Centre": job.cost_centre,
        "Associated_Tags": [],
        "Created_By": user_id(job.recruiter_ids[0]),
        "Modified_By": user_id(job.recruiter_ids[0]),
        "Created_Time": stamp(job.created_at),
        "Modified_Time": stamp(job.updated_at),
        "Last_Activity_Time": stamp(job.updated_at),
    }


def _place(company: Company, job: Job) -> Row:
    offices = {office.id: office for office in company.offices}
    office = offices[job.office_ids[0]] if job.office_ids else None
    return {
        "City": office and office.city,
        "State": office and office.region,
        "Zip_Code": office and office.postal_code,
        "Country": office and office.country,
    }
