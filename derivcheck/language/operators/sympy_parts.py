"""What the operators' SymPy facets share. SymPy is imported inside the functions, because the table is read by commands that never evaluate.

Arrays are sympy.ImmutableDenseNDimArray of the full shape: a column is n × 1, a scalar has rank 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from typing import Any

Facet = Callable[[tuple[Any, ...], tuple[Any, ...], tuple[int, ...]], Any]


def array(entries: Iterable[Any], size: tuple[int, ...]) -> Any:
    """The array of that size with these entries in row-major order."""
    import sympy

    found = list(entries)
    return sympy.ImmutableDenseNDimArray(found, size) if size else sympy.ImmutableDenseNDimArray(found[0])


def entries(tensor: Any) -> list[Any]:
    """All entries in row-major order."""
    return [tensor[()]] if tensor.rank() == 0 else [tensor[tensor._get_tuple_index(k)] for k in range(len(tensor))]


def matrix(tensor: Any) -> Any:
    """A scalar (1 × 1), vector or matrix as a sympy.Matrix."""
    import sympy

    return sympy.Matrix([[tensor[()]]]) if tensor.rank() == 0 else tensor.tomatrix()


def determinant(square: Any) -> Any:
    """The determinant of a sympy.Matrix by expansion along the rows, each minor once, nothing simplified: SymPy's own methods simplify in between."""
    import sympy

    @cache
    def minor(row: int, columns: tuple[int, ...]) -> Any:
        if not columns:
            return sympy.S.One
        signed = ((-1) ** k * square[row, column] * minor(row + 1, columns[:k] + columns[k + 1 :]) for k, column in enumerate(columns))
        return sympy.Add(*signed)

    return minor(0, tuple(range(square.shape[0])))


def inverse(square: Any) -> Any:
    """The inverse of a sympy.Matrix: the adjugate over the determinant."""
    import sympy

    size = square.shape[0]
    whole = determinant(square)
    return sympy.Matrix(size, size, lambda i, j: (-1) ** (i + j) * determinant(square.minor_submatrix(j, i)) / whole)


def of_matrix(found: Any, size: tuple[int, ...]) -> Any:
    """A sympy.Matrix as an array."""
    return array(list(found), size)


def entrywise(rule: Callable[[Any, tuple[Any, ...]], Any]) -> Facet:
    """The facet that applies a rule (expression, parameters) -> expression to all entries of its argument."""
    return lambda arrays, parameters, size: array([rule(entry, parameters) for entry in entries(arrays[0])], size)


def named(name: str) -> Facet:
    """The facet that applies a SymPy function of that name to all entries of its argument."""

    def facet(arrays: tuple[Any, ...], parameters: tuple[Any, ...], size: tuple[int, ...]) -> Any:
        import sympy

        function = getattr(sympy, name)
        return array([function(entry) for entry in entries(arrays[0])], size)

    return facet


@cache
def step_class() -> Any:
    """The function that is 1 for positive arguments and 0 for negative ones. Its derivative is 0: the kink is excluded by a condition."""
    import sympy

    class step(sympy.Function):  # type: ignore[misc]  # SymPy has no types
        nargs = 1

        @classmethod
        def eval(cls, argument: Any) -> Any:
            if argument.is_positive:
                return sympy.S.One
            if argument.is_negative:
                return sympy.S.Zero
            return None

        def fdiff(self, argindex: int = 1) -> Any:
            return sympy.S.Zero

    return step


def step(argument: Any) -> Any:
    """1 where the argument is positive, 0 where it is negative."""
    return step_class()(argument)


@cache
def elementwise_class(name: str, order: int) -> Any:
    """The generic function of one argument called `name`, derived `order` times; its derivative has the next order."""
    import sympy

    def fdiff(self: Any, argindex: int = 1) -> Any:
        return elementwise_class(name, order + 1)(self.args[0])

    return type(sympy.Function)(name + "'" * order, (sympy.Function,), {"nargs": 1, "fdiff": fdiff, "generic": (name, order)})


@cache
def functional_class(name: str, positions: tuple[int, ...]) -> Any:
    """The generic scalar function called `name`, derived once by each argument whose position (from 1) is listed; partial derivatives commute."""
    import sympy

    def fdiff(self: Any, argindex: int = 1) -> Any:
        return functional_class(name, tuple(sorted((*positions, argindex))))(*self.args)

    label = f"{name}_{{{','.join(map(str, positions))}}}" if positions else name
    return type(sympy.Function)(label, (sympy.Function,), {"fdiff": fdiff, "generic": (name, positions)})


def power(base: Any, exponent: Fraction) -> Any:
    """The base to an exact rational power."""
    import sympy

    return sympy.Pow(base, sympy.Rational(exponent.numerator, exponent.denominator))
