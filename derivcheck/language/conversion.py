"""Formulas of derivatives, from one layout into another.

    convert(A, "numerator", "denominator", column(n), column(m))     # A is D(f, v); this is Aᵀ
    restated(D(L, y) @ D(y, x), "denominator")                       # the same value, from denominator-layout derivatives
    in_layout(D(L, y) @ D(y, x), "denominator")                      # the same line as a reader of that layout takes it

The axes are those of `layout.derivative_axes` (Magnus and Neudecker 1999, chapter 5, for the numerator layout).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.language.layout import LAYOUTS, Layout, derivative_axes, derivative_shape
from derivcheck.language.rebuilding import with_children
from derivcheck.language.shapes import Shape, core, describe, same_shape
from derivcheck.language.terms import Apply, Array, Derivative, Entry, Operand, Term, as_term
from derivcheck.language.walks import children


def convert(
    derivative: Operand,
    from_layout: Layout,
    to_layout: Layout,
    function_shape: Shape,
    variable_shape: Shape,
    indices: Sequence[Index] = (),
) -> Term:
    """The derivative of a function of `function_shape` by a variable of `variable_shape`, given by its formula in one layout, in another.

    A derivative of at most two axes (those that are literally 1 do not count) is transposed or left alone; a transpose that is
    outermost in the formula is taken away rather than doubled. One of three or more axes is written entry by entry: an array over
    its own indices in another order, anything else over `indices`, one for each axis of the function, then one for each of the variable.
    Raises IllTyped for an unknown layout, where the formula does not have the shape of the derivative in `from_layout`, and
    where the axes of a tensor must be reordered and there are no indices for them.
    """
    term = as_term(derivative)
    for layout in (from_layout, to_layout):
        if layout not in LAYOUTS:
            raise IllTyped(f"unknown layout {layout!r}; it is one of {', '.join(LAYOUTS)}")
    before = derivative_shape(function_shape, variable_shape, from_layout)
    if not same_shape(term.shape, before):
        raise IllTyped(
            f"the derivative of {describe(function_shape)} by {describe(variable_shape)} is {describe(before)} in {from_layout} layout, "
            f"but this formula is {describe(term.shape)} (written at {term.place})"
        )
    here = derivative_axes(function_shape, variable_shape, from_layout)
    there = derivative_axes(function_shape, variable_shape, to_layout)
    if len(here) < 3:
        turned = here != there or not same_shape(before, derivative_shape(function_shape, variable_shape, to_layout))
        return _transposed(term) if turned else term
    if here == there:
        return term
    if isinstance(term, Array) and len(term.indices) == len(here):
        written = dict(zip(here, term.indices, strict=True))
        return Array(tuple(written[axis] for axis in there), term.body)
    if not indices:
        raise IllTyped(
            f"the derivative of {describe(function_shape)} by {describe(variable_shape)} has {len(here)} axes, and from {from_layout} to "
            f"{to_layout} layout they change places: give the indices to write its entries with, first those of the function"
        )
    if len(indices) != len(here):
        raise IllTyped(
            f"{len(indices)} indices for the {len(here)} axes of the derivative of {describe(function_shape)} by {describe(variable_shape)}"
        )
    axes = [("f", position) for position in range(len(core(function_shape)))] + [("v", position) for position in range(len(core(variable_shape)))]
    index_of = dict(zip(axes, indices, strict=True))
    return Array(tuple(index_of[axis] for axis in there), Entry(term, tuple(index_of[axis] for axis in here)))


def restated(term: Operand, layout: Layout) -> Term:
    """The same value written with derivatives in `layout`: each derivative that is written in another one is converted back to it.

    Derivatives that are inside the definition of a named intermediate stay as they are. Raises IllTyped for a derivative of three
    or more axes that would have to be reordered.
    """

    def change(node: Derivative) -> Term:
        if node.layout is None or node.layout == layout:
            return node
        new = Derivative(node.function, node.variable, layout)
        return convert(new, layout, node.layout, node.function.shape, node.variable.shape)

    return _with_derivatives(as_term(term), change)


def in_layout(term: Operand, layout: Layout) -> Term:
    """The same line as a reader takes it for whom every derivative in it is in `layout`; where the layouts differ, so may the value.

    Raises IllTyped where the derivatives do not fit together in that layout.
    """
    return _with_derivatives(as_term(term), lambda node: Derivative(node.function, node.variable, layout))


def _with_derivatives(term: Term, change: Callable[[Derivative], Term]) -> Term:
    """The term with every derivative changed, the inner ones first. A part without one is kept as it is."""
    if not term.derives or not children(term):
        return term
    parts = tuple(_with_derivatives(child, change) for child in children(term))
    new = term if all(part is child for part, child in zip(parts, children(term), strict=True)) else with_children(term, parts)
    return change(new) if isinstance(new, Derivative) else new


def _transposed(term: Term) -> Term:
    """The transpose, where that of a transpose is what stands under it."""
    return term.arguments[0] if isinstance(term, Apply) and term.operator.name == "transpose" else term.T
