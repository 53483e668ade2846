"""Jobs: the openings that people are hired for."""

from polyhire.model.methods import methods_of
from polyhire.model.record import Field, Filter, Resource
from polyhire.model.recurring import CREATED_AT, TIME_FILTERS, UPDATED_AT, identifier
from polyhire.model.shapes import COMPENSATION, LOCATION, PERSON_REFERENCE, REFERENCE, TAG_REFERENCE, URL

_STATUSES = ("open", "closed", "draft", "pending", "archived")

RESOURCE = Resource(
    name="jobs",
    singular="job",
    doc="An opening that the company hires for, with its team, places and terms.",
    fields=(
        identifier("job", "118"),
        Field("name", "text", "The job's title.", example="Backend Engineer"),
        Field(
            "description",
            "html",
            "The posting's text, with its HTML as the provider has it.",
            example="<p>You will build the engine.</p>",
        ),
        Field("code", "text", "The short code that the company knows the job by.", example="ENG-118"),
        Field(
            "requisition_id",
            "text",
            "The requisition that the job was approved under.",
            example="REQ-2026-31",
        ),
        Field("status", "enum", "Whether the job is being hired for.", values=_STATUSES, example="open"),
        Field("locations", "list", "The places where the work is done.", LOCATION),
        Field("job_posting_urls", "list", "The public pages of the posting.", URL),
        Field("confidential", "boolean", "Whether the job is hidden from most users.", example=False),
        Field("departments", "list", "The departments that the job belongs to.", REFERENCE),
        Field("teams", "list", "The teams that the job belongs to.", REFERENCE),
        Field("offices", "list", "The offices that the job belongs to.", REFERENCE),
        Field("hiring_managers", "list", "The users who decide on hiring.", PERSON_REFERENCE),
        Field("recruiters", "list", "The users who run the search.", PERSON_REFERENCE),
        Field("tags", "list", "The tags the job carries.", TAG_REFERENCE),
        Field("is_remote", "boolean", "Whether the work can be done from anywhere.", example=True),
        Field(
            "job_type",
            "enum",
            "The kind of employment.",
            values=("full_time", "part_time", "contract", "temporary", "internship", "volunteer", "other"),
            example="full_time",
        ),
        Field(
            "job_position_level",
            "enum",
            "The seniority that is asked for.",
            values=("internship", "entry", "associate", "mid_senior", "director", "executive"),
            example="mid_senior",
        ),
        Field("compensation", "object", "What the job pays.", COMPENSATION),
        CREATED_AT,
        UPDATED_AT,
        Field("closed_at", "datetime", "When the job was closed.", example="2026-03-15T12:00:00Z"),
        Field("opened_at", "datetime", "When the job was opened.", example="2026-01-10T08:00:00Z"),
    ),
    filters=(
        *TIME_FILTERS,
        Filter("status", "enum", "Only jobs in this state.", values=_STATUSES),
        Filter("department_id", "id", "Only jobs of this department."),
        Filter("office_id", "id", "Only jobs of this office."),
    ),
    methods=methods_of("jobs"),
)
