"""Ids as Greenhouse has them: integers, from another range for each kind of row."""

KINDS = (
    "applications",
    "applied_candidate_tags",
    "attachments",
    "candidates",
    "candidate_tags",
    "departments",
    "eeoc",
    "interviewers",
    "interviews",
    "job_boards",
    "job_candidate_attributes",
    "job_hiring_managers",
    "job_interview_stages",
    "job_interviews",
    "job_owners",
    "job_post_locations",
    "job_posts",
    "jobs",
    "notes",
    "offers",
    "offices",
    "openings",
    "pay_input_ranges",
    "questions",
    "referrers",
    "rejection_details",
    "rejection_reasons",
    "scorecard_candidate_attributes",
    "scorecard_question_answers",
    "scorecard_questions",
    "scorecards",
    "interview_kits",
    "sources",
    "users",
)
_STARTS = {kind: (index + 41) * 10_000_000 for index, kind in enumerate(KINDS)}


def identifier(kind: str, number: int) -> int:
    """Give the id of the company's n-th thing of a kind."""
    return _STARTS[kind] + number


def optional(kind: str, number: int | None) -> int | None:
    """Give the id, or null where there is nothing."""
    return None if number is None else identifier(kind, number)
