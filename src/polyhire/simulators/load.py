"""Finds `<folder>/<slug>/simulator.py` and imports it from its path.

The folder counts as a package: a simulator that outgrows one file says `from .simulation.offers import ...`.
"""

import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from .company import Company
from .kit import Simulator


def simulators_in(folders: Sequence[Path]) -> dict[str, Path]:
    """Find simulators by slug, in order of slug; the first folder that has one wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in folder.glob("*/simulator.py"):
            found.setdefault(path.parent.name, path)
    return dict(sorted(found.items()))


def load(path: Path, company: Company) -> Simulator:
    """Import a simulator.py and call its `simulator(company)`; raises TypeError when that gives something else."""
    module = _import(path.resolve())
    made = module.simulator(company)
    if not isinstance(made, Simulator):
        raise TypeError(f"{path}: simulator(company) must return a Simulator, not {type(made).__name__}")
    return made


def _import(path: Path) -> ModuleType:
    folder = path.parent
    package = f"_simulated_{sha256(str(folder).encode()).hexdigest()[:12]}"
    name = f"{package}.{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    parent = ModuleType(package)
    parent.__path__ = [str(folder)]
    sys.modules[package] = parent
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
