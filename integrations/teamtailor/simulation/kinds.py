"""The kinds of record that the API shows: their attributes, relationships, filters, and the lists below them.

A row keeps attributes and stored relationships side by side: an id for one record, a list of ids for many.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Relation:
    """A relationship to records of `kind`.

    It is stored in the row itself (under `key`, or its own name); or `inverse` names the key by which the others
    point here; or, with `through`, the others are those that rows of that kind point to (by `key`) beside pointing
    here (by `inverse`).
    """

    kind: str
    many: bool = False
    inverse: str | None = None
    through: str | None = None
    key: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of record. `public` is shown to every key, `listed` has a list of its own, `paging` is how it goes on.

    `lists` are further lists below one record that are no relationships.
    """

    attributes: tuple[str, ...]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    lists: Mapping[str, Relation] = field(default_factory=dict)
    public: bool = False
    listed: bool = True
    cursors: bool = False


def one(kind: str, key: str = "") -> Relation:
    """Relate to at most one record, kept in the row."""
    return Relation(kind, key=key)


def many(kind: str, inverse: str | None = None) -> Relation:
    """Relate to several records: kept in the row, or those that point here by their key `inverse`."""
    return Relation(kind, many=True, inverse=inverse)


def through(kind: str, joining: str, inverse: str, key: str) -> Relation:
    """Relate to the records that `joining` rows join with this one."""
    return Relation(kind, many=True, inverse=inverse, through=joining, key=key)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STAMPS = ("created-at", "updated-at")
REQUIREMENTS = _words(
    "name-requirement phone-requirement resume-requirement cover-letter-requirement additional-files-requirement"
)
# Users have an attribute `role` (what they may do) beside a relationship of that name (what they work as).
ROLE_OF_USER = "works-as"
SIGNED = ("resume", "original-resume")

KINDS: Mapping[str, Kind] = {
    "activities": Kind(
        _words("code created-at data"),
        {"user": one("users"), "candidate": one("candidates"), "job": one("jobs")},
        # Activities are read below a candidate, a job or a user.
        listed=False,
    ),
    "answers": Kind(
        # inferred: a value per type of question
        _words("boolean choices range text video"),
        {"candidate": one("candidates"), "question": one("questions")},
        listed=False,
    ),
    "candidates": Kind(
        _words(
            "first-name last-name email phone pitch picture linkedin-uid linkedin-url linkedin-profile facebook-id"
            " facebook-profile resume original-resume resume-summary tags connected internal sourced referred"
            " referring-site referring-url unsubscribed consent-future-jobs-at created-at updated-at"
        ),
        {
            "activities": many("activities", "candidate"),
            "department": one("departments"),
            "role": one("roles"),
            "job-applications": many("job-applications", "candidate"),
            "questions": through("questions", "answers", "candidate", "question"),
            "answers": many("answers", "candidate"),
            "locations": many("locations"),
            "regions": many("regions"),
            "uploads": many("uploads", "candidate"),
            "custom-field-values": many("custom-field-values", "owner"),
            "partner-results": many("partner-results", "candidate"),
        },
        (*_words("email department role locations regions connected phone division"), *STAMPS),
        lists={"notes": many("notes", "candidate")},
        cursors=True,
    ),
    # inferred: the shapes of custom fields and their values
    "custom-field-values": Kind(
        _words("value created-at updated-at"),
        {"custom-field": one("custom-fields"), "owner": one("candidates")},
    ),
    "custom-fields": Kind(_words("name api-name field-type owner-type created-at updated-at")),
    "departments": Kind(("name",), {"roles": many("roles", "department")}, public=True),
    "job-applications": Kind(
        _words(
            "cover-letter created-at updated-at rejected-at changed-stage-at referring-site referring-url sourced"
            " row-order"
        ),
        {
            "candidate": one("candidates"),
            "job": one("jobs"),
            "stage": one("stages"),
            "reject-reason": one("reject-reasons"),
        },
        ("stage-type", "created-at", "updated-at", "changed-stage-at"),
        cursors=True,
    ),
    "job-offers": Kind(
        _words("status response sent-at answered-at created-at details"),
        {"job-application": one("job-applications"), "user": one("users")},
    ),
    "jobs": Kind(
        (
            *_words(
                "title internal-name pitch body status human-status internal start-date end-date created-at updated-at"
                " tags remote-status employment-type employment-level min-salary max-salary currency salary-time-unit"
                " recruiter-email mailbox language-code template-name external-application-url apply-button-text"
                " pinned picture"
            ),
            *REQUIREMENTS,
        ),
        {
            "user": one("users"),
            "department": one("departments"),
            "role": one("roles"),
            "location": one("locations"),
            "locations": many("locations"),
            "regions": many("regions"),
            "questions": through("questions", "picked-questions", "job", "question"),
            "picked-questions": many("picked-questions", "job"),
            "candidates": through("candidates", "job-applications", "job", "candidate"),
            "stages": many("stages", "job"),
            "team-memberships": many("team-memberships", "job"),
            "colleagues": many("users"),
            "requisition": one("requisitions"),
            "activities": many("activities", "job"),
        },
        # inferred: updated-at
        _words("status feed department role locations regions updated-at"),
        public=True,
    ),
    "locations": Kind(
        _words("name address city country zip headquarters lat long phone email"),
        public=True,
    ),
    "notes": Kind(
        _words(
            "note user-id candidate-id created-by-trigger mentioned-user-ids private-note created-at updated-at",
        ),
        {"candidate": one("candidates"), "user": one("users")},
    ),
    # The documentation gives no attributes of these four: their lists are empty here.
    "nps-responses": Kind(()),
    "partner-results": Kind((), {"candidate": one("candidates")}),
    "referrals": Kind(()),
    "todos": Kind(()),
    "picked-questions": Kind(
        _words("mandatory row-order"),
        {"job": one("jobs"), "question": one("questions")},
    ),
    "questions": Kind(
        _words("title question-type alternatives multiple single-line start-with end-with unit"),
    ),
    "regions": Kind(("name",), public=True),
    "reject-reasons": Kind(_words("reason rejected-by-company created-at updated-at")),
    "requisitions": Kind(
        _words(
            "job-title job-description country number-of-openings min-salary max-salary currency salary-time-unit"
            " status"
        ),
        # inferred: the relationship
        {"user": one("users")},
    ),
    "roles": Kind(("name",), {"department": one("departments")}, public=True),
    "stages": Kind(
        _words(
            "name stage-type row-order active-job-applications-count rejected-job-applications-count"
            " created-at updated-at"
        ),
        {"job": one("jobs")},
    ),
    "team-memberships": Kind((), {"job": one("jobs")}, listed=False),
    "teams": Kind(("name",)),
    "uploads": Kind(
        _words("url file-name internal"),
        {"candidate": one("candidates"), "job": one("jobs")},
        ("job",),
    ),
    "users": Kind(
        _words(
            "name email login-email role title phone username visible external-id picture description"
            " facebook-profile linkedin-profile twitter-profile created-at updated-at"
        ),
        {"department": one("departments"), "location": one("locations"), "role": one("roles", ROLE_OF_USER)},
        ("email", "department", "external-id"),
        lists={"activities": many("activities", "user")},
        # inferred: what a key that can't read the company is checked with
        public=True,
    ),
    "companies": Kind(_words("name locale website"), listed=False),
}
# Newer versions of the API know of a user only this.
SLIM_USER = _words("login-email role role-addons signature username")
