"""A generic function of one variable, applied to every entry; its derivatives are generic too."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Arguments, Operator, Parameters, entry, superscript
from derivcheck.language.printing.names import function_latex
from derivcheck.language.shapes import Shape, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    name, order = parameters
    if not isinstance(name, str) or not name:
        raise IllTyped(f"a generic function needs a name, not {name!r}")
    if isinstance(order, bool) or not isinstance(order, int) or order < 0:
        raise IllTyped(f"the order of the derivative of {name} is an integer >= 0, not {order!r}")
    return arguments[0].shape


def elementwise(name: str, x: Operand, order: int = 0) -> Term:
    """g(x) of every entry for a generic, sufficiently differentiable g called `name`, shaped like x; `order` 1 is g′, 2 is g″.

    What is proved of it holds for every such function. Raises IllTyped for an empty name or a negative order.
    """
    return Apply(OPERATOR, (as_term(x),), (name, order))


def example() -> Term:
    return elementwise("g", Leaf("x", shape_of("n", "m")), 1)


def _latex(arguments: tuple[str, ...], parameters: Parameters) -> str:
    name, order = parameters
    written = function_latex(name)
    if order > 3:
        return f"{superscript(written, f'{{({order})}}')}({arguments[0]})"
    # to TeX a prime is a superscript
    base = f"{{{written}}}" if order and "^" in written else written
    return f"{base}{chr(39) * order}({arguments[0]})"


def _text(arguments: tuple[str, ...], parameters: Parameters) -> str:
    name, order = parameters
    primes = ("", "′", "″", "‴")[order] if order <= 3 else f"^({order})"
    return f"{name}{primes}({arguments[0]})"


def _concrete(entries: Any, parameters: Parameters) -> Any:
    """The derivative of order k of a·sin(p·x + q) + b·x² + c·x, with coefficients that depend only on the name."""
    name, order = parameters
    a, b, c, p, q = (numpy_parts.coefficient("elementwise", name, letter) for letter in "abcpq")
    wave = numpy_parts.function("cos" if order % 2 else "sin", entries * p + q) * (a * p**order * (-1.0) ** (order // 2))
    if order == 0:
        return wave + entries * entries * b + entries * c
    if order == 1:
        return wave + entries * (2 * b) + c
    return wave + 2 * b if order == 2 else wave


OPERATOR: Operator = Operator(
    name="elementwise",
    kind="axiom",
    arity=1,
    shape=shape,
    meaning=lambda arguments, parameters, slots, fresh: Apply(OPERATOR, (entry(arguments[0], slots),), parameters),
    latex=_latex,
    text=_text,
    binds="free",
    result="atom",
    numpy=numpy_parts.entrywise(_concrete),
    sympy=sympy_parts.entrywise(lambda entry, parameters: sympy_parts.elementwise_class(*parameters)(entry)),
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=elementwise,
    example=example,
)
