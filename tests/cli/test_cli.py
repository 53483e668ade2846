"""The commands as people run them: processes with arguments, standard streams and exit codes."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from polyhire.manifest.catalog import Catalog, shipped
from polyhire.simulators.serve import Sandbox, running, sandbox
from tests.e2e.process import Shell

SLUGS = Catalog([shipped()]).slugs
FIRST = SLUGS[0]
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture(scope="module")
def stands() -> Sandbox:
    """The sandbox of this module."""
    return sandbox([shipped()], rate_limits=False)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, stands: Sandbox) -> Iterator[Shell]:
    """A shell whose providers are the sandbox's."""
    with running(stands) as url:
        overrides = {f"POLYHIRE_BASE_URL_{slug.upper()}": f"{url}/{slug}" for slug in SLUGS}
        yield Shell(tmp_path_factory.mktemp("shell"), overrides)


@pytest.fixture(scope="module")
def account(shell: Shell, stands: Sandbox) -> str:
    """An account that was added on the command line."""
    return shell.out("account", "add", FIRST, *settings(stands), "--name", "From the shell")


def settings(stands: Sandbox, wrong: str = "") -> list[str]:
    """The answers to the first integration's connect form."""
    answers = stands.stands[FIRST].simulator.account
    return [part for name, value in answers.items() for part in ("--set", f"{name}={value}{wrong}")]


def test_version_is_shown(shell: Shell) -> None:
    """`--version` of the installed script names the version and ends well."""
    done = shell.installed("--version")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"polyhire \d+\.\d+.*\n", done.stdout)


def test_the_installed_script_works_and_fails_in_earnest(shell: Shell) -> None:
    """Started cold, it does its work on a database; a mistake is lines on stderr and exit code 1."""
    made = shell.installed("environment", "create", "cold")
    assert re.fullmatch(rf"{UUID}\n", made.stdout) and made.returncode == 0, made.stderr
    assert made.stdout.strip() in shell.out("environment", "list")
    wrong = shell.installed("map", f"{FIRST}x", "candidates", "-")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("polyhire: ") and f"did you mean '{FIRST}'" in wrong.stderr


def test_demo_shows_every_integration(shell: Shell, tmp_path: Path) -> None:
    """`demo --once` lists candidates of every integration, writes what it made to a file, and exits with 0."""
    info = tmp_path / "demo.json"
    shown = shell.out("demo", "--once", "--port", "0", "--info", str(info))
    told = json.loads(info.read_text())
    assert set(told) == {"base_url", "token", "accounts", "sandbox_url"}
    assert set(told["accounts"]) == set(SLUGS)
    for slug in SLUGS:
        assert len(re.findall(rf"(?m)^│ {slug} +│", shown)) == 3
    assert told["token"] in shown


def test_tokens_are_made_listed_and_revoked(shell: Shell) -> None:
    """A token is shown once; its row never shows it; revoking needs its id and says so."""
    token = shell.out("token", "create", "for-tests", "--days", "3")
    listed = shell.out("token", "list")
    assert "for-tests" in listed
    assert token not in listed
    row = next(line for line in listed.splitlines() if "for-tests" in line)
    found = re.search(UUID, row)
    assert found is not None
    assert shell.out("token", "revoke", found[0]) == f"revoked {found[0]}"
    unknown = shell.run("token", "revoke", "01890000-0000-7000-8000-000000000000")
    assert unknown.returncode == 1
    assert "Traceback" not in unknown.stderr


def test_accounts_are_checked_before_they_are_kept(shell: Shell, stands: Sandbox, account: str) -> None:
    """Wrong credentials make no account; right ones make one that can be listed, checked and removed."""
    wrong = shell.run("account", "add", FIRST, *settings(stands, wrong="x"))
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("polyhire: ")
    another = shell.out("account", "add", FIRST, *settings(stands), "--name", "Another")
    assert shell.out("account", "check", another) == f"{FIRST} account {another} is active"
    assert shell.out("account", "remove", another) == f"removed {another}"
    listed = shell.out("account", "list")
    assert account in listed
    assert another not in listed
    assert listed.count(FIRST) == 1
    assert not any(value in listed for value in stands.stands[FIRST].simulator.account.values() if len(value) > 8)


def test_a_call_shows_its_exchanges_without_secrets(shell: Shell, stands: Sandbox, account: str) -> None:
    """`call --debug` prints records on stdout and the HTTP exchanges, redacted, on stderr."""
    done = shell.run("call", FIRST, "candidates", "--account", account, "--limit", "2", "--debug")
    assert done.returncode == 0, done.stderr
    page = json.loads(done.stdout)
    assert len(page["result"]) == 2
    assert page["next_cursor"]
    exchanges = json.loads(done.stderr)
    assert exchanges[0]["responseStatus"] == 200
    assert "[redacted]" in done.stderr
    secrets = [value for value in stands.stands[FIRST].simulator.account.values() if len(value) > 8]
    assert not any(secret in done.stderr for secret in secrets)
    refused = shell.run("call", FIRST, "candidates", "--account", account, "-q", "shoe_size=42")
    assert refused.returncode == 1
    assert "shoe_size" in refused.stderr


def test_raw_answers_are_mapped_offline(shell: Shell, account: str, tmp_path: Path) -> None:
    """`map` gives the records that the API gives, from stdin, and from a file with a lookup's answer."""
    raw, expected = exchanged(shell, account, "jobs")
    mapped = json.loads(shell.out("map", FIRST, "jobs", "-", given=raw))
    assert [(job["id"], job["name"], job["status"]) for job in mapped] == [
        (job["id"], job["name"], job["status"]) for job in expected
    ]
    raw, expected = exchanged(shell, account, "departments")
    file = tmp_path / "departments.json"
    file.write_text(raw)
    lookups = Catalog([shipped()]).integration(FIRST).resources["departments"].lookups
    given = [part for name in lookups for part in ("--lookup", f"{name}={file}")]
    assert json.loads(shell.out("map", FIRST, "departments", str(file), *given)) == expected


def exchanged(shell: Shell, account: str, resource: str) -> tuple[str, list[dict[str, Any]]]:
    """A list's first raw answer, and the records that were made of it."""
    done = shell.run("call", FIRST, resource, "--account", account, "--debug")
    assert done.returncode == 0, done.stderr
    return json.dumps(json.loads(done.stderr)[0]["data"]), json.loads(done.stdout)["result"]


def test_lint_points_at_the_mistake(shell: Shell, tmp_path: Path) -> None:
    """`lint` of a broken copy names file, line and column, and exits with 1."""
    shutil.copytree(shipped() / FIRST, tmp_path / FIRST, ignore=shutil.ignore_patterns("__pycache__"))
    file = tmp_path / FIRST / "integration.yaml"
    lines = file.read_text().splitlines()
    number = next(index for index, line in enumerate(lines, 1) if line.startswith("base_url:"))
    lines[number - 1] = lines[number - 1].replace("base_url", "base_ulr")
    file.write_text("\n".join(lines))
    broken = shell.run("lint", "--folder", str(tmp_path))
    assert broken.returncode == 1
    assert re.search(rf"(?m)integration\.yaml:{number}:1: .*base_ulr", broken.stdout), broken.stdout


@pytest.mark.parametrize("command", [("account", "add"), ("call",), ("map",), ("lint",)], ids=" ".join)
def test_a_wrong_name_is_answered_with_the_right_ones(shell: Shell, command: tuple[str, ...]) -> None:
    """An integration that is not there is an error that suggests the one that was meant."""
    more = {"call": ["candidates"], "map": ["candidates", "-"]}.get(command[0], [])
    done = shell.run(*command, f"{FIRST}x", *more)
    assert done.returncode == 1
    assert f"did you mean '{FIRST}'" in done.stderr
    assert "Traceback" not in done.stderr


def test_tokens_have_scopes(shell: Shell) -> None:
    """Those that are named, and all but `eeo` without; one that is none is told."""
    shell.out("token", "create", "reader", "--scope", "read", "--scope", "eeo")
    shell.out("token", "create", "usual")
    listed = shell.out("token", "list")
    assert re.search(r"reader +│ eeo read ", listed) and re.search(r"usual +│ admin read write ", listed)
    wrong = shell.run("token", "create", "x", "--scope", "raed")
    assert wrong.returncode == 1 and "did you mean 'read'" in wrong.stderr


def test_environments_are_made_and_listed(shell: Shell) -> None:
    """Making one twice is no error, and gives the same id; each has its own tokens."""
    id = shell.out("environment", "create", "staging")
    assert re.fullmatch(UUID, id) and shell.out("environment", "create", "staging") == id
    assert id in shell.out("environment", "list")
    shell.out("token", "create", "only-here", "-e", "staging")
    assert "only-here" in shell.out("token", "list", "-e", "staging")
    assert "only-here" not in shell.out("token", "list")


def test_apps_are_set_listed_and_removed(shell: Shell) -> None:
    """A secret comes by standard input alone, and is shown nowhere; what is not named stays."""
    canary = "cli_secret_canary"
    where = ("-e", "apps")
    set_first = ("app", "set", FIRST, "--client-id", "c-1", "--client-secret", "--scope", "a", "--scope", "b", *where)
    assert shell.out(*set_first, given=f"{canary}\n") == f"set {FIRST}"
    shell.out("app", "set", FIRST, "--disable", *where)
    listed = shell.out("app", "list", *where)
    assert re.search(rf"{FIRST} +│ no +│ c-1 +│ set +│ a b ", listed) and canary not in listed
    stands_no_more = shell.run("account", "add", FIRST, "--set", "x=y", *where)
    assert stands_no_more.returncode == 1
    assert shell.out("app", "remove", FIRST, *where) == f"removed {FIRST}"
    assert FIRST not in shell.out("app", "list", *where)
    assert shell.run("app", "remove", FIRST, *where).returncode == 1


def test_accounts_are_changed_and_refreshed(shell: Shell, stands: Sandbox) -> None:
    """Name, tenant, block and credentials; wrong ones leave the old in place. The log tells it all, without values."""
    id = shell.out("account", "add", FIRST, *settings(stands), "--name", "Before", "-e", "changes")
    changed = ("account", "update", id, "-e", "changes")
    shell.out(*changed, "--name", "After Canary", "--tenant", "moved", "--block")
    listed = shell.out("account", "list", "-e", "changes")
    assert re.search(r"moved +│ After Canary +│ blocked", listed)
    assert "blocked" in shell.run("account", "refresh", id, "-e", "changes").stderr
    assert shell.out(*changed, "--unblock").endswith("is active")
    assert shell.run(*changed, *settings(stands, wrong="x")).returncode == 1
    assert shell.out("account", "refresh", id, "-e", "changes").endswith("is active")
    assert shell.out(*changed, *settings(stands)).endswith("is active")
    log = shell.out("log", "--subject", id, "-e", "changes")
    assert "command_line" in log and "Canary" not in log
    actions = re.findall(r"integrated_account\.(\w+)", log)
    assert actions == ["updated", "refreshed", "updated", "updated", "created"]
    assert len(shell.out("log", "--limit", "1", "-e", "changes").splitlines()) < len(log.splitlines())


def test_a_link_opens_the_connect_page(shell: Shell, account: str) -> None:
    """It is this server's address with a token, for one integration or one account; what is not there is said."""
    pattern = r"http://127\.0\.0\.1:8000/connect-account\?link_token=lt_[\w-]{43}"
    assert re.fullmatch(pattern, shell.out("link", "create", "acme", "--account", account))
    assert re.fullmatch(rf"{pattern}&integration={FIRST}", shell.out("link", "create", "acme", "--integration", FIRST))
    for wrong in (("--integration", "nowhere"), ("--account", "nowhere"), ("--account", account, "-e", "other")):
        assert shell.run("link", "create", "acme", *wrong).returncode == 1
