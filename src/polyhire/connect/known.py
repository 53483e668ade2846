"""What is known of the answers before a person gives them, and when what is known must not be used."""

from collections.abc import Mapping

from polyhire.accounts.account import Account
from polyhire.accounts.links import Attempt, LinkToken
from polyhire.connect.forms import Known, moves
from polyhire.errors import Failure, InvalidBody, InvalidLink, UnknownAccount
from polyhire.gateway import Gateway
from polyhire.manifest.integration import Ask, Connect, Integration


async def account_of(gateway: Gateway, link: LinkToken, attempt: Attempt | None = None) -> Account | None:
    """The account that is connected again, or that the last try left; None for a new one. Raises InvalidLink."""
    account_id = link.account_id or (attempt.account_id if attempt else None)
    if account_id is None:
        return None
    try:
        return await gateway.store.get_account(link.environment_id, account_id)
    except UnknownAccount:
        raise InvalidLink("The account that this link connects again was removed. Ask for a new link.") from None


def known_of(
    link: LinkToken,
    account: Account | None,
    integration: Integration,
    way_name: str,
    way: Connect,
    before: Attempt | None,
) -> Known:
    """What is known of a way's answers: from the product, then from the account, then from the last try."""
    given = {name: value for name, value in link.context.items() if name in way.ask}
    if account is not None and (account.integration, account.connect) == (integration.slug, way_name):
        given |= {**account.settings, **account.secrets}
    secret = {name for name, ask in way.ask.items() if ask.secret}
    is_same = before is not None and (before.kept["integration"], before.kept["way"]) == (integration.slug, way_name)
    # Where nothing but secrets is asked, it was a secret that was wrong.
    if before is not None and is_same and len(secret) < len(way.ask):
        given |= before.kept["answers"]
    return Known(
        {name: value for name, value in given.items() if name not in secret},
        {name: value for name, value in given.items() if name in secret},
    )


def check_kept(
    account: Account | None,
    integration: Integration,
    way: Connect,
    asks: Mapping[str, Ask],
    given: Mapping[str, str],
    answers: Mapping[str, str],
) -> None:
    """Refuse to send an account's secrets to another address than before. Raises InvalidBody."""
    if account is None or not moves(integration, way, account.settings, answers):
        return
    kept = [
        Failure(name, f"{ask.label} has to be entered again, because the address changed")
        for name, ask in asks.items()
        if ask.secret
        and not given.get(name, "").strip()
        and answers[name]
        and answers[name] == account.secrets.get(name)
    ]
    if kept:
        raise InvalidBody("the address changed", failures=kept)
