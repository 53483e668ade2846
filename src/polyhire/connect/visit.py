"""How the connect page was opened: what is offered, and where it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Visit:
    """What stands in the address beside the link token. `embedded` is an iframe; `fixed` offers no way back."""

    integration: str | None = None
    integrations: tuple[str, ...] | None = None
    auth_format: str | None = None
    fixed: bool = False
    embedded: bool = False
    skip_questions: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Visit":
        """The visit of these parameters; those that make no sense are taken for absent."""
        listed = [slug.strip() for slug in query.get("integrations", "").split(",") if slug.strip()]
        return cls(
            integration=query.get("integration") or None,
            integrations=tuple(listed) or None,
            auth_format=query.get("auth_format") or None,
            fixed=_yes(query.get("no_back")),
            embedded=_yes(query.get("iframe")),
            skip_questions=_yes(query.get("skip_rapid_form")),
        )

    @property
    def query(self) -> dict[str, str]:
        """The parameters again, for the next page's address."""
        given = {
            "integration": self.integration or "",
            "integrations": ",".join(self.integrations or ()),
            "auth_format": self.auth_format or "",
            "no_back": "true" if self.fixed else "",
            "iframe": "true" if self.embedded else "",
            "skip_rapid_form": "true" if self.skip_questions else "",
        }
        return {name: value for name, value in given.items() if value}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "Visit":
        """The visit that an attempt was begun in."""
        return cls.of(kept.get("visit", {}))


def _yes(value: str | None) -> bool:
    return (value or "").lower() in ("true", "1")
