"""The quality scale: a tier is computed from small rules, never claimed. Each rule has its page in docs/quality.

A rule is computed from the folder's files, measured by running (the conformance suite writes what it found), or
attested in `quality.yaml` with a date and a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

import orjson
from pydantic import Field, ValidationError

from polyhire.errors import ManifestError
from polyhire.manifest import quality_rules as rules
from polyhire.manifest.document import read
from polyhire.manifest.expression import Part
from polyhire.manifest.load import load
from polyhire.suggest import did_you_mean

TIERS = {"bronze": "it reads", "silver": "it holds", "gold": "it is complete", "platinum": "it is proven"}
"""The tiers, the lowest first, and what each says of an integration."""

CONFORMANCE = Path(".polyhire/conformance.json")
"""Where the conformance suite writes what it found, below the directory that it was started in."""

State = Literal["passed", "exempt", "failed", "not measured"]


class Attestation(Part):
    """Somebody's word for what no machine can see."""

    on: date
    by: Annotated[str, Field(min_length=1)]
    saw: Annotated[str, Field(min_length=20, description="What was looked at, in a sentence")]


class Own(Part):
    """What stands in `quality.yaml`: who looks after the integration, and nothing that a machine can find out."""

    owner: Annotated[str | None, Field(min_length=1)] = None
    exemptions: Annotated[
        dict[str, Annotated[str, Field(min_length=20)]], Field(description="Rule -> why it can't apply, in a sentence")
    ] = {}
    attestations: dict[str, Attestation] = {}


@dataclass(frozen=True)
class Rule:
    """One rule of the scale: computed by `check`, `measured` by running, or attested for so many `days`."""

    name: str
    tier: str
    check: rules.Check | None = None
    measured: bool = False
    days: int | None = None


RULES = (
    Rule("lints-clean", "bronze", rules.lints_clean),
    Rule("check-before-save", "bronze", rules.check_before_save),
    Rule("secrets-marked", "bronze", rules.secrets_marked),
    Rule("core-readable", "bronze", rules.core_readable),
    Rule("cited", "bronze", rules.cited),
    Rule("cased", "bronze", rules.cased),
    Rule("simulated", "bronze", measured=True),
    Rule("setup-guide", "bronze", rules.setup_guide),
    Rule("owned", "bronze", rules.owned),
    Rule("pages-to-the-end", "silver", measured=True),
    Rule("fails-in-our-words", "silver", measured=True),
    Rule("waits-its-turn", "silver", measured=True),
    Rule("reconnects", "silver", measured=True),
    Rule("sparse-safe", "silver", measured=True),
    Rule("filters-honest", "silver", measured=True),
    Rule("accounted-for", "silver", rules.accounted_for),
    Rule("limits-known", "silver", days=365),
    Rule("writes", "gold", rules.writes),
    Rule("files", "gold", rules.files),
    Rule("incremental", "gold", rules.incremental),
    Rule("webhooks", "gold"),
    Rule("bounded", "gold", rules.bounded),
    Rule("every-resource", "gold", rules.every_resource),
    Rule("verified-live", "platinum", days=180),
    Rule("simulator-faithful", "platinum"),
    Rule("drift-watched", "platinum"),
)


@dataclass(frozen=True)
class Finding:
    """What became of one rule: its state, and what is missing, or why it is exempt or not measured."""

    rule: str
    tier: str
    state: State
    why: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it lets the tier stand."""
        return self.state in ("passed", "exempt")


@dataclass(frozen=True)
class Quality:
    """Where an integration stands on the scale, and every rule's finding."""

    integration: str
    findings: tuple[Finding, ...]

    @property
    def tier(self) -> str | None:
        """The highest tier whose rules, and all below, pass; None when even the lowest does not."""
        reached = None
        for tier in TIERS:
            if not all(finding.counts for finding in self.findings if finding.tier == tier):
                break
            reached = tier
        return reached


def quality(path: Path, conformance: Path = CONFORMANCE, today: date | None = None) -> Quality:
    """Hold an integration against every rule. Raises ManifestError when it or its quality.yaml does not load."""
    integration, _, mistakes = load(path)
    if integration is None:
        raise ManifestError([str(mistake) for mistake in mistakes])
    own = read_own(path)
    folder = rules.Folder(integration, own.owner)
    results = _results(path, conformance)
    findings = (_finding(rule, folder, own, results, today or date.today()) for rule in RULES)
    return Quality(integration.slug, tuple(findings))


def _finding(rule: Rule, folder: rules.Folder, own: Own, results: Mapping[str, bool] | str, today: date) -> Finding:
    missing: list[str] = []
    if reason := own.exemptions.get(rule.name):
        return Finding(rule.name, rule.tier, "exempt", (reason,))
    if rule.check is not None:
        missing = list(rule.check(folder))
    elif rule.days is not None:
        missing = _unattested(rule.days, own.attestations.get(rule.name), today)
    elif not rule.measured:
        return Finding(rule.name, rule.tier, "not measured", ("nothing measures this yet",))
    elif isinstance(results, str):
        return Finding(rule.name, rule.tier, "not measured", (results,))
    elif rule.name not in results:
        return Finding(rule.name, rule.tier, "not measured", ("no test of it ran for this integration",))
    elif not results[rule.name]:
        missing = ["its conformance tests fail"]
    return Finding(rule.name, rule.tier, "failed" if missing else "passed", tuple(missing))


def _unattested(days: int, attestation: Attestation | None, today: date) -> list[str]:
    if attestation is None:
        return ["nobody has attested it in quality.yaml"]
    if attestation.on > today:
        return [f"it is attested for {attestation.on}, which is yet to come"]
    if attestation.on + timedelta(days=days) < today:
        return [f"what {attestation.by} attested on {attestation.on} has expired: it holds for {days} days"]
    return []


def fingerprint(path: Path) -> str:
    """What tells an integration's files from those of another day; docs, cases and quality.yaml don't count."""
    found = [*path.glob("*.yaml"), *path.glob("resources/*.yaml"), *path.rglob("*.py")]
    counted = sorted(file.relative_to(path).as_posix() for file in found if file.name != "quality.yaml")
    lines = (f"{name} {sha256((path / name).read_bytes()).hexdigest()}" for name in counted)
    return sha256("\n".join(lines).encode()).hexdigest()


def _results(path: Path, conformance: Path) -> Mapping[str, bool] | str:
    """What the conformance suite found, by rule; or why that tells nothing here."""
    known = orjson.loads(conformance.read_bytes()) if conformance.is_file() else {}
    if path.name not in known:
        return f"not measured here: run `polyhire conform {path.name}`"
    found = known[path.name]
    if found["fingerprint"] != fingerprint(path):
        return f"the files have changed since it was measured: run `polyhire conform {path.name}`"
    measured: Mapping[str, bool] = found["rules"]
    return measured


def read_own(path: Path) -> Own:
    """An integration's quality.yaml, if any. Raises ManifestError with every mistake in it."""
    file = path / "quality.yaml"
    if not file.is_file():
        return Own()
    document, mistakes = read(file, f"{path.name}/{file.name}")
    own = Own()
    try:
        own = Own.model_validate(document.data)
    except ValidationError as error:
        for detail in error.errors():
            mistakes.append(document.mistake(detail["loc"], f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}"))
    exempted = {rule.name for rule in RULES if rule.tier != "platinum"}
    attested = {rule.name for rule in RULES if rule.days is not None}
    for section, names, allowed in (
        ("exemptions", own.exemptions, exempted),
        ("attestations", own.attestations, attested),
    ):
        for name in set(names) - allowed:
            message = f"{section} has no rule '{name}'{did_you_mean(name, allowed)}"
            mistakes.append(document.mistake((section, name), message))
    if mistakes:
        raise ManifestError([str(mistake) for mistake in mistakes])
    return own
