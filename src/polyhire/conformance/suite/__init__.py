"""The tests. Each runs with every chosen integration that offers what it is about; its docstring is the behaviour."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

MODULES = tuple(sorted(file.stem for file in Path(__file__).parent.glob("test_*.py")))


def tests() -> Mapping[str, Callable[..., Any]]:
    """Every test of the suite by its name, to be put into a module that pytest collects."""
    found: dict[str, Callable[..., Any]] = {}
    for module in MODULES:
        for name, value in vars(import_module(f"{__name__}.{module}")).items():
            if name.startswith("test_") and found.setdefault(name, value) is not value:
                raise ValueError(f"two tests are called {name}")
    return found
