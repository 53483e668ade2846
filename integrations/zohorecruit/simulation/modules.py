"""The modules of an account, with the fields that the documentation or clients have seen.

Names of fields that no source confirms are marked inferred. The two kinds of account differ in what a job belongs to.
"""

from functools import cache

from .schema import Field, Module, fields, lookup, pick

CORPORATE, STAFFING = "corporate", "staffing"
# inferred: the defaults beyond those seen, the custom status, and a value that people see worded otherwise
STATUSES = (
    "New",
    "Associated",
    "Waiting-for-Evaluation|Waiting for Evaluation",
    "Contacted",
    "Take-home Test",
    "Qualified",
    "Unqualified",
    "Interview-Scheduled",
    "On-Hold",
    "Submitted-to-client",
    "Approved by client",
    "Rejected by client",
    "To-be-Offered",
    "Offer-Made",
    "Offer-Accepted",
    "Offer-Declined",
    "Hired",
    "Joined",
    "No-Show",
    "Rejected",
    "Completed",
)
JOB_STATUSES = ("In-progress", "Waiting for approval", "On-Hold", "Filled", "Cancelled", "Declined", "Inactive")
JOB_TYPES = ("Full time", "Part time", "Temporary", "Contract", "Permanent", "Training", "Seasonal", "Freelance")
SOURCES = (
    "Careers page",
    "LinkedIn",
    "Indeed",
    "Referral",
    "Talentwave Agency",
    "Sourced by us",
    "University fair",
    "Added by User",
)
OFFER_STATUSES = ("Draft", "Offer-Made", "Offer-Accepted", "Offer-Declined", "Offer-Withdrawn")
INTERVIEW_STATUSES = ("Scheduled", "Completed", "Cancelled")
RATINGS = ("1", "2", "3", "4", "5")
WHEN = (*fields("datetime", "Created_Time", read_only=True), *lookup("Created_By", "users", read_only=True))
MODIFIED = (*fields("datetime", "Modified_Time", read_only=True), *lookup("Modified_By", "users", read_only=True))
UPDATED = fields("datetime", "Updated_On", read_only=True)
ACTIVITY = fields("datetime", "Last_Activity_Time", read_only=True)
ATTACHED = fields("boolean", "Is_Attachment_Present", read_only=True)
TAGGED = (Field("Associated_Tags", "tags", read_only=True),)
DURATION = fields("duration", "Duration")

CANDIDATES = (
    *fields("autonumber", "Candidate_ID", read_only=True),
    *fields("text", "First_Name Last_Name*"),
    *fields("text", "Full_Name", read_only=True),
    *fields("email", "Email Secondary_Email"),
    *fields("phone", "Mobile Phone"),
    *fields("website", "Website LinkedIn__s Twitter Facebook__s"),
    *fields("text", "Street City State Zip_Code Country"),
    *fields("double", "Experience_in_Years Current_Salary Expected_Salary"),
    *fields("text", "Highest_Qualification_Held Current_Job_Title Current_Employer"),
    *fields("textarea", "Skill_Set Additional_Info"),
    *pick("Candidate_Status", STATUSES),
    *pick("Source", SOURCES),
    *pick("Rating", RATINGS),
    *fields("boolean", "Email_Opt_Out Is_Locked Is_Unqualified"),
    *ATTACHED,
    *lookup("Candidate_Owner", "users"),
    *WHEN,
    *UPDATED,
    *ACTIVITY,
    *TAGGED,
    *fields("text", "Preferred_Name", custom=True),
    Field(
        "Educational_Details",
        "subform",
        parts=(
            *fields("text", "Institute_School Degree Major_Department"),
            *DURATION,
            *fields("boolean", "Currently_pursuing"),
        ),
    ),
    Field(
        "Experience_Details",
        "subform",
        parts=(*fields("text", "Company Title"), *DURATION, *fields("textarea", "Summary")),
    ),
)
APPLICATIONS = (
    *fields("autonumber", "Application_ID", read_only=True),
    # A status is changed by its own call, which keeps the comments.
    *pick("Application_Status", ("Applied", *STATUSES), read_only=True),
    *lookup("Candidate", "Candidates", read_only=True),
    *fields("text", "Job_Opening_Name Posting_Title Full_Name First_Name Last_Name", read_only=True),
    *fields("email", "Email", read_only=True),
    *fields("phone", "Mobile Phone", read_only=True),
    *pick("Source", SOURCES),
    *pick("Rating", RATINGS),
    *lookup("Application_Owner", "users"),
    *WHEN,
    *UPDATED,
    *ACTIVITY,
    *ATTACHED,
)
NOTES = (
    *fields("text", "Note_Title"),
    *fields("textarea", "Note_Content*"),
    *lookup("Parent_Id", "se_module", read_only=True),
    *lookup("Note_Owner", "users", read_only=True),
    *WHEN,
    *MODIFIED,
)
# inferred: how the fields of an offer are named
OFFERS = (
    *fields("text", "Offer_Name"),
    *lookup("Candidate_Name", "Candidates"),
    *lookup("Posting_Title", "Job_Openings"),
    *pick("Offer_Status", OFFER_STATUSES, read_only=True),
    *fields("double", "Compensation_Amount"),
    *fields("text", "Currency"),
    *fields("date", "Expected_Joining_Date"),
    *lookup("Offer_Owner", "users"),
    *WHEN,
    *MODIFIED,
)
CLIENTS = (
    *fields("text", "Client_Name*"),
    *fields("website", "Website"),
    *fields("text", "Industry"),
    *lookup("Account_Manager", "users"),
    *WHEN,
    *MODIFIED,
)
CONTACTS = (
    *fields("text", "First_Name Last_Name*"),
    *fields("text", "Full_Name", read_only=True),
    *fields("email", "Email"),
    *lookup("Client_Name*", "Clients"),
    *WHEN,
    *MODIFIED,
)
DEPARTMENTS = (
    *fields("text", "Department_Name*"),
    *lookup("Parent_Department", "Departments"),
    *WHEN,
    *MODIFIED,
)


def _jobs(edition: str) -> tuple[Field, ...]:
    # inferred: the strict one of "may be mandatory"
    whose = (
        lookup("Department_Name*", "Departments")
        if edition == CORPORATE
        else (*lookup("Client_Name*", "Clients"), *lookup("Contact_Name", "Contacts"))
    )
    return (
        *fields("autonumber", "Job_Opening_ID", read_only=True),
        *fields("text", "Posting_Title*"),
        *fields("text", "Job_Opening_Name", read_only=True),
        *whose,
        *pick("Job_Opening_Status", JOB_STATUSES),
        *pick("Job_Type", JOB_TYPES),
        *fields("text", "Industry City State Zip_Code Country Work_Experience Salary"),
        *lookup("Account_Manager", "users"),
        *fields("multiuserlookup", "Assigned_Recruiter", to="users"),
        *fields("integer", "Number_of_Positions"),
        *fields("integer", "No_of_Candidates_Associated", read_only=True),
        *fields("date", "Date_Opened Target_Date*"),
        *fields("boolean", "Remote_Job Publish Is_Hot_Job_Opening Is_Locked"),
        *fields("textarea", "Required_Skills Job_Description"),
        *ATTACHED,
        *TAGGED,
        *lookup("Hiring_Manager", "users", custom=True),
        *fields("text", "Cost_Centre", custom=True),
        *WHEN,
        *MODIFIED,
        *ACTIVITY,
    )


def _interviews(edition: str) -> tuple[Field, ...]:
    client = lookup("Client_Name", "Clients") if edition == STAFFING else ()
    # inferred: which of the names that clients use for the same thing are real
    return (
        *fields("text", "Interview_Name*"),
        *pick("Interview_Type", ("Internal Interview", "General Interview", "Online Interview")),
        *lookup("Candidate_Name*", "Candidates"),
        *lookup("Posting_Title", "Job_Openings"),
        *client,
        *fields("datetime", "Start_DateTime* End_DateTime*"),
        *fields("multiuserlookup", "Interviewer", to="users"),
        *lookup("Interview_Owner", "users"),
        *fields("text", "Location Venue"),
        *fields("textarea", "Schedule_Comments"),
        *pick("Interview_Status", INTERVIEW_STATUSES),
        *WHEN,
        *MODIFIED,
    )


def _others() -> tuple[Module, ...]:
    # inferred: the fields of these modules, of which only the names are documented
    ends = (*WHEN, *MODIFIED)
    owned = (*lookup("Owner", "users"), *ends)
    texts = fields("textarea", "Description")
    return (
        Module(
            "Tasks",
            "Task",
            "task",
            8,
            (*fields("text", "Subject*"), *fields("date", "Due_Date"), *texts, *owned),
            "Subject",
        ),
        Module(
            "Events",
            "Event",
            "event",
            9,
            (*fields("text", "Event_Title*"), *fields("datetime", "Start_DateTime* End_DateTime*"), *texts, *owned),
            "Event_Title",
        ),
        Module(
            "Calls",
            "Call",
            "call",
            10,
            (*fields("text", "Subject*"), *fields("datetime", "Call_Start_Time"), *texts, *owned),
            "Subject",
        ),
        Module(
            "Vendors",
            "Vendor",
            "vendor",
            11,
            (*fields("text", "Vendor_Name*"), *fields("email", "Email"), *ends),
            "Vendor_Name",
        ),
        Module("Referrals", "Referral", "referral", 12, (*fields("text", "Referral_Name*"), *ends), "Referral_Name"),
        Module(
            "Assessments",
            "Assessment",
            "assessment",
            13,
            (*fields("text", "Assessment_Name*"), *ends),
            "Assessment_Name",
        ),
    )


@cache
def modules(edition: str) -> dict[str, Module]:
    """Give the modules of a kind of account, by their API names."""
    whose = (
        (Module("Departments", "Department", "department", 5, DEPARTMENTS, "Department_Name"),)
        if edition == CORPORATE
        else (
            Module("Clients", "Client", "client", 6, CLIENTS, "Client_Name"),
            Module("Contacts", "Contact", "contact", 7, CONTACTS, "Full_Name"),
        )
    )
    found = (
        Module("Candidates", "Candidate", "candidate", 1, CANDIDATES, "Full_Name", "Updated_On"),
        Module("Job_Openings", "Job Opening", "jobopening", 2, _jobs(edition), "Posting_Title"),
        # inferred: applications are made by associating, and by nothing else
        Module(
            "Applications", "Application", "application", 3, APPLICATIONS, "Full_Name", "Updated_On", creatable=False
        ),
        Module("Interviews", "Interview", "interview", 4, _interviews(edition), "Interview_Name"),
        *whose,
        *_others(),
        # inferred: offers are made in the app; a call can only change their status
        Module("Offers", "Offer", "offer", 14, OFFERS, "Offer_Name", creatable=False, editable=False, deletable=False),
        Module("Notes", "Note", "note", 15, NOTES, "Note_Title"),
    )
    return {each.api_name: each for each in found}
