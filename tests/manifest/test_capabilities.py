"""What an integration can do, read from its files."""

from pathlib import Path

from polyhire.manifest.capabilities import capabilities
from polyhire.manifest.catalog import Catalog


def test_a_list_with_a_costly_lookup_is_partial(acme: Path) -> None:
    """Rows that one more request each would fill are partial; of the same fields, a single record is whole."""
    path = acme / "resources/candidates.yaml"
    methods = capabilities(Catalog([acme.parent]).integration("acme"))["candidates"].methods
    assert {name for name, method in methods.items() if method.partial} == {"list"}
    path.write_text(path.read_text().replace("    partial: true\n", ""))
    methods = capabilities(Catalog([acme.parent]).integration("acme"))["candidates"].methods
    assert not any(method.partial for method in methods.values())
