"""The lists of v3, each with the filters it takes.

inferred: every list filters by its row's parents; the docs give the rule and some examples.
"""

from polyhire.simulators import guards
from polyhire.simulators.kit import Ask
from polyhire.simulators.tables import Row

from .lists import Filter, Listing, equal, since
from .state import Harvest

ATTACHMENT_TYPES = (
    "resume",
    "cover_letter",
    "take_home_test",
    "offer_packet",
    "offer_letter",
    "signed_offer_letter",
    "other",
    "form_attachment",
    "midfunnel_agreement",
    "automated_agreement",
)


def shown_attachment(harvest: Harvest, ask: Ask, row: Row) -> Row:
    """Add a signed URL, which begins its seven days now."""
    return {**row, "url": harvest.files.url(ask, row["id"], row["filename"])}


def _has_email(harvest: Harvest, row: Row, wanted: str) -> bool:
    return any(each["value"].lower() == wanted.lower() for each in row["email_addresses"])


def _has_tag(harvest: Harvest, row: Row, wanted: str) -> bool:
    return wanted in row["tags"]


LISTINGS = (
    Listing("applied_candidate_tags", ("candidate", "candidate_tag")),
    Listing(
        "applications",
        ("candidate", "job", "stage", "source"),
        {
            "status": equal("status", guards.one_of("in_process", "rejected", "hired", "converted")),
            "last_activity_at": since("last_activity_at"),
        },
    ),
    Listing(
        "attachments",
        ("application", "candidate"),
        {"type": equal("type", guards.one_of(*ATTACHMENT_TYPES))},
        shown_attachment,
    ),
    Listing(
        "candidates",
        (),
        {
            "email": Filter(guards.text, _has_email),
            "tag": Filter(guards.text, _has_tag),
            "private": equal("private", guards.flag),
            "last_activity_at": since("last_activity_at"),
        },
    ),
    Listing("candidate_tags"),
    Listing("departments", ("parent",)),
    Listing("eeoc", ("application", "candidate")),
    Listing("interviewers", ("interview", "user")),
    Listing("interviews", ("application", "job", "job_interview")),
    Listing("job_hiring_managers", ("job", "user")),
    Listing("job_interview_stages", ("job",)),
    Listing("job_interviews", ("job", "job_interview_stage")),
    Listing("job_owners", ("job", "user")),
    Listing("job_post_locations", ("job_post", "office")),
    Listing("job_posts", ("job",)),
    Listing("jobs", ("department",), {"status": equal("status", guards.one_of("open", "draft", "closed"))}),
    Listing("notes", ("application", "candidate", "user")),
    Listing(
        "offers",
        ("application", "candidate", "job"),
        {"status": equal("status", guards.one_of("Created", "Accepted", "Rejected", "Deprecated"))},
    ),
    Listing("offices", ("parent",)),
    Listing("pay_input_ranges", ("job_post",)),
    Listing("referrers", ("user",)),
    Listing("rejection_details", ("application", "rejection_reason")),
    Listing("rejection_reasons"),
    Listing("scorecard_candidate_attributes", ("scorecard",)),
    Listing("scorecard_question_answers", ("scorecard", "scorecard_question")),
    Listing("scorecard_questions"),
    Listing("scorecards", ("application", "interviewer")),
    Listing("sources"),
    Listing("users"),
)
