"""What a person may choose from: the environment's integrations, and the ways to connect each."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from polyhire.accounts.apps import App
from polyhire.connect.visit import Visit
from polyhire.errors import ManifestError, UnknownIntegration, shorten
from polyhire.gateway import Gateway
from polyhire.manifest.catalog import Catalog
from polyhire.manifest.integration import Connect, Integration


@dataclass(frozen=True)
class Offer:
    """An integration as the catalogue shows it."""

    slug: str
    name: str

    @property
    def initial(self) -> str:
        """What stands for a logo: those are the providers' own."""
        return self.name[:1].upper()


async def offers(gateway: Gateway, environment_id: str, visit: Visit) -> tuple[Offer, ...]:
    """What the environment offers of what the product asked for, by name."""
    found = await asyncio.to_thread(_loadable, gateway.catalog, visit)
    enabled = [offer for offer in found if (await gateway.store.apps.of(environment_id, offer.slug)).enabled]
    return tuple(sorted(enabled, key=lambda offer: offer.name.casefold()))


async def chosen(gateway: Gateway, environment_id: str, slug: str, visit: Visit) -> tuple[Integration, App]:
    """The integration that was chosen. Raises UnknownIntegration when it is not offered here."""
    app = await gateway.store.apps.of(environment_id, slug)
    known = slug in gateway.catalog.slugs
    if not (known and app.enabled) or (visit.integrations is not None and slug not in visit.integrations):
        raise UnknownIntegration(f"'{shorten(slug, 40)}' can't be connected here")
    try:
        return gateway.catalog.integration(slug), app
    except ManifestError:
        raise UnknownIntegration(f"'{slug}' can't be connected at the moment: its files have mistakes") from None


def ways(integration: Integration, visit: Visit) -> Mapping[str, Connect]:
    """The ways to connect that the product asked for; every one where it asked for none that there is."""
    every = integration.file.connect
    asked = {name: way for name, way in every.items() if _fits(name, way, visit.auth_format)}
    return asked or every


def _loadable(catalog: Catalog, visit: Visit) -> list[Offer]:
    found = []
    for slug in catalog.slugs:
        if visit.integrations is not None and slug not in visit.integrations:
            continue
        try:
            found.append(Offer(slug, catalog.integration(slug).name))
        except ManifestError:
            continue  # /health and /integration show its mistakes
    return found


def _fits(name: str, way: Connect, auth_format: str | None) -> bool:
    if auth_format is None or name == auth_format:
        return True
    if way.oauth2 is None:
        return auth_format == "api_key"
    return auth_format == ("oauth2_client_credentials" if way.oauth2.grant == "client_credentials" else "oauth2")
