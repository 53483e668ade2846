"""The company: large enough, true to itself, and the same every time."""

import subprocess
import sys
from collections import Counter

import pytest

from polyhire.simulators.company import Company, company, document


def test_it_has_the_promised_size_at_each_scale() -> None:
    """300 candidates, 40 jobs and 600 applications, times the scale."""
    for scale in (1, 2):
        made = company(scale)
        sizes = (len(made.candidates), len(made.jobs), len(made.applications))
        assert sizes == (300 * scale, 40 * scale, 600 * scale)


def test_it_is_the_same_in_another_process() -> None:
    """Nothing of it depends on the clock, on hashing or on chance."""
    script = (
        "from hashlib import sha256; from polyhire.simulators.company import company;"
        "print(sha256(repr(company()).encode()).hexdigest())"
    )
    prints = {subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(prints) == 1


@pytest.fixture(params=[1, 3])
def people(request: pytest.FixtureRequest) -> Company:
    return company(request.param)


def test_every_reference_leads_somewhere(people: Company) -> None:
    """Ids count from one within a kind, and whatever names an id names one that exists."""
    kinds = {
        "department_id": people.departments,
        "parent_id": people.departments,
        "office_id": people.offices,
        "job_id": people.jobs,
        "stage_id": people.stages,
        "candidate_id": people.candidates,
        "application_id": people.applications,
        "interview_id": people.interviews,
        "interviewer_id": people.users,
        "recruiter_id": people.users,
        "coordinator_id": people.users,
        "credited_to_id": people.users,
        "organizer_id": people.users,
        "creator_id": people.users,
        "author_id": people.users,
        "source_id": people.sources,
        "reject_reason_id": people.reject_reasons,
    }
    for rows in vars(people).values():
        if isinstance(rows, tuple):
            assert [row.id for row in rows] == list(range(1, len(rows) + 1))
            for row in rows:
                for name, targets in kinds.items():
                    assert 0 <= (getattr(row, name, None) or 0) <= len(targets)


def test_applications_are_spread_over_states_and_stages(people: Company) -> None:
    """About a quarter is rejected with a reason, some are hired, and the active ones stand at stages of their job."""
    counted = Counter(each.status for each in people.applications)
    assert 0.2 < counted["rejected"] / len(people.applications) < 0.3
    assert counted["hired"] > 10
    stages = {stage.id: stage for stage in people.stages}
    for each in people.applications:
        assert (each.rejected_at is not None) == (each.reject_reason_id is not None) == (each.status == "rejected")
        if each.stage_id:
            assert stages[each.stage_id].job_id == each.job_id
    assert all(4 <= len(stages) <= 6 for stages in people.stages_of.values())


def test_nobody_applies_twice_for_one_job(people: Company) -> None:
    """A candidate and a job have one application at most."""
    pairs = [(each.candidate_id, each.job_id) for each in people.applications if each.job_id]
    assert len(pairs) == len(set(pairs))


def test_it_holds_the_awkward_cases(people: Company) -> None:
    """No email, exactly one, several; names without Latin letters; no last name; nobody's applications; a prospect."""
    counts = {len(each.emails) for each in people.candidates}
    assert counts == {0, 1, 3}
    assert any(not (each.first_name or "a").isascii() for each in people.candidates)
    assert any(each.last_name is None and each.first_name for each in people.candidates)
    assert any(not rows for rows in people.applications_of.values())
    assert any(each.job_id is None for each in people.applications)
    (gone,) = (each for each in people.candidates if each.anonymised)
    assert (gone.first_name, gone.emails, gone.tag_ids) == (None, (), ())
    assert people.applications_of[gone.id] or gone.id % 20 == 0
    assert not people.attachments_of[gone.id]


def test_time_runs_forwards(people: Company) -> None:
    """Nothing changes before it is made, ends before it begins, or is applied for before it opens."""
    jobs = {job.id: job for job in people.jobs}
    for rows in vars(people).values():
        for row in rows if isinstance(rows, tuple) else ():
            assert getattr(row, "updated_at", None) is None or row.created_at <= row.updated_at
    for each in people.applications:
        opened = jobs[each.job_id].opened_at if each.job_id else None
        assert opened is None or opened <= each.created_at
        assert each.rejected_at is None or each.created_at < each.rejected_at
    assert all(each.starts_at < each.ends_at for each in people.interviews)


def test_files_have_real_bytes() -> None:
    """A résumé is a PDF whose cross-reference table is true; a text file is its text."""
    files = company().attachments
    resume = document(files[0]).content
    assert resume.startswith(b"%PDF-1.4")
    assert resume.endswith(b"%%EOF\n")
    start = int(resume.rsplit(b"startxref\n", 1)[1].split()[0])
    assert resume[start:].startswith(b"xref\n")
    for number, line in enumerate(resume[start:].splitlines()[3:8], start=1):
        assert resume[int(line.split()[0]) :].startswith(b"%d 0 obj" % number)
    plain = next(each for each in files if each.content_type == "text/plain")
    assert document(plain).content == plain.text.encode()
