"""A pretend company that recruits, in neutral words: each simulator shows it in its provider's shapes."""

from .build import company
from .documents import Document, document, pdf
from .people import (
    Activity,
    Address,
    Application,
    Attachment,
    Candidate,
    Contact,
    Eeoc,
    FormAnswer,
    Interview,
    Offer,
    Scorecard,
)
from .roster import Company
from .story import story
from .workplace import (
    Department,
    Job,
    Office,
    Question,
    RejectReason,
    Salary,
    Source,
    Stage,
    Tag,
    User,
)

__all__ = [
    "Activity",
    "Address",
    "Application",
    "Attachment",
    "Candidate",
    "Company",
    "Contact",
    "Department",
    "Document",
    "Eeoc",
    "FormAnswer",
    "Interview",
    "Job",
    "Offer",
    "Office",
    "Question",
    "RejectReason",
    "Salary",
    "Scorecard",
    "Source",
    "Stage",
    "Tag",
    "User",
    "company",
    "document",
    "pdf",
    "story",
]
