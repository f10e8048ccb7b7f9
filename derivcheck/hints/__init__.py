"""The hint table: every module of this folder that defines HINT is a row."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from derivcheck.hints.record import Hint


@cache
def hints() -> tuple[Hint, ...]:
    """All hints, the first to be told first. Raises ValueError where two files define the same name."""
    found: dict[str, Hint] = {}
    for info in pkgutil.iter_modules(__path__):
        hint = getattr(importlib.import_module(f"{__name__}.{info.name}"), "HINT", None)
        if hint is None:
            continue
        if hint.name in found:
            raise ValueError(f"two hints are called {hint.name}")
        found[hint.name] = hint
    return tuple(sorted(found.values(), key=lambda hint: (hint.order, hint.name)))


def hint_named(name: str) -> Hint:
    """The hint of this name. Raises StopIteration where there is none."""
    return next(hint for hint in hints() if hint.name == name)
