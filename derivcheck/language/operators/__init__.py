"""The operator table: every module of this folder that defines OPERATOR is a row."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType
from typing import Any

from derivcheck.language.operators.record import Operator
from derivcheck.language.terms import Apply, Operand, as_term


@cache
def table() -> MappingProxyType[str, Operator]:
    """All operators by name. Raises ValueError where two files define the same name."""
    found: dict[str, Operator] = {}
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        operator = getattr(module, "OPERATOR", None)
        if operator is None:
            continue
        if operator.name in found:
            raise ValueError(f"two operators are called {operator.name}")
        found[operator.name] = operator
    return MappingProxyType(found)


def apply(name: str, *arguments: Operand, parameters: tuple[Any, ...] = ()) -> Apply:
    """The operator called `name`, applied. Raises KeyError for an unknown name."""
    return Apply(table()[name], tuple(as_term(argument) for argument in arguments), parameters)
