"""A token server and a consent page that let nothing pass that they did not ask for."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.engine.pretend import Seen, json

REDIRECT = "https://hire.example/callback?flow=1"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Desk:
    """Gives tokens out. `grants` are the grant types it knows, with the parameters that each must have beside."""

    grants: Mapping[str, Mapping[str, str]]
    auth: str = "body"
    kind: str = "form"
    reply: Mapping[str, Any] = field(default_factory=lambda: {"expires_in": 3600, "token_type": "Bearer"})
    rotates: bool = True
    page: Mapping[str, str] = field(default_factory=dict)
    back: Mapping[str, str] = field(default_factory=dict)
    pkce: bool = False
    client: tuple[str, str] = ("client-1", "hush/client")
    good: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    given: list[str] = field(default_factory=list)

    def consent(self, url: str) -> dict[str, str]:
        """What a person who allows everything comes back with from the page at this address."""
        asked = parse_qsl(urlsplit(url).query, strict_parsing=True)
        proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"} if self.pkce else {}
        expected = {
            "response_type": "code",
            "client_id": self.client[0],
            "redirect_uri": REDIRECT,
            "state": "state-1",
            **proof,
            **self.page,
        }
        assert sorted(asked) == sorted(expected.items())
        code = f"code-{len(self.codes)}"
        self.codes.add(code)
        return {"code": code, "state": "state-1", **self.back}

    def token(self, seen: Seen) -> Any:
        """The answer to a token request."""
        kinds = {"form": "application/x-www-form-urlencoded", "json": "application/json"}
        if seen.headers["content-type"] != kinds[self.kind]:
            return json({"error": "invalid_request", "error_description": "content type"}, 400)
        form = dict(seen.json if self.kind == "json" else seen.form)
        if not self._knows(seen, form):
            return json({"error": "invalid_client"}, 401)
        grant = str(form.pop("grant_type", ""))
        if grant not in self.grants:
            return json({"error": "unsupported_grant_type"}, 400)
        reason = self._refused(grant, form)
        if reason is None and form != dict(self.grants[grant]):
            reason = f"invalid_request: {sorted(form)}"
        if reason is not None:
            return json({"error": reason}, 400)
        self.given.append(grant)
        number = len(self.given)
        self.good.add(f"access/{number}=")
        answer = {"access_token": f"access/{number}=", **self.reply}
        if "refresh_token" in self.grants and (self.rotates or grant != "refresh_token"):
            self.refresh.add(f"refresh/{number}=")
            answer["refresh_token"] = f"refresh/{number}="
        return answer

    def _knows(self, seen: Seen, form: dict[str, Any]) -> bool:
        """Whether the client names itself where it should, and nowhere else."""
        named = (form.pop("client_id", None), form.pop("client_secret", None))
        halves = base64.b64encode(":".join(self.client).encode()).decode()
        if self.auth == "basic":
            return named == (None, None) and seen.headers.get("authorization") == f"Basic {halves}"
        return named == self.client and "authorization" not in seen.headers

    def _refused(self, grant: str, form: dict[str, Any]) -> str | None:
        if grant == "authorization_code":
            code, where = form.pop("code", ""), form.pop("redirect_uri", "")
            if (form.pop("code_verifier", None) == VERIFIER) != self.pkce:
                return "invalid_grant: code_verifier"
            if code not in self.codes or where != REDIRECT:
                return "invalid_grant: code"
            self.codes.remove(code)
        elif grant == "refresh_token":
            token = form.pop("refresh_token", "")
            if token not in self.refresh:
                return "invalid_grant: refresh_token"
            if self.rotates:
                self.refresh.remove(token)
        return None

    def lets(self, authorization: str | None, scheme: str = "Bearer") -> bool:
        """Whether a header holds a token that is still good."""
        return authorization in {f"{scheme} {token}" for token in self.good}

    def forget(self) -> None:
        """Every access token ends before its time."""
        self.good.clear()
