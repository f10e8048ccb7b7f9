"""Layouts: which axes a derivative has, and in which order.

numerator      the axes of f first; the gradient of a scalar by a column is a row, by an n x m matrix m x n
denominator    the transpose of that
like-variable  the gradient of a scalar is shaped like the variable; a Jacobian is f x v
"""

from __future__ import annotations

from typing import Literal, get_args

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.shapes import SCALAR, Shape, core

Layout = Literal["numerator", "denominator", "like-variable"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)

Axis = tuple[Literal["f", "v"], int]
"""("f", k): axis k of the function's core shape; ("v", k): axis k of the variable's."""


def derivative_axes(function: Shape, variable: Shape, layout: Layout | None) -> tuple[Axis, ...]:
    """The core axes of the derivative of a `function` by a `variable`, in order.

    Raises IllTyped where the order depends on a layout and none is stated.
    """
    f_axes: tuple[Axis, ...] = tuple(("f", k) for k in range(len(core(function))))
    v_axes: tuple[Axis, ...] = tuple(("v", k) for k in range(len(core(variable))))
    if not f_axes and not v_axes:
        return ()
    if layout is None:
        raise IllTyped("the layout of this derivative is not stated: give the derivation a layout")
    if layout not in LAYOUTS:
        raise IllTyped(f"unknown layout {layout!r}; it is one of {', '.join(LAYOUTS)}")
    if not f_axes:
        return v_axes[::-1] if layout == "numerator" else v_axes
    if not v_axes:
        return f_axes[::-1] if layout == "denominator" else f_axes
    return v_axes + f_axes if layout == "denominator" else f_axes + v_axes


def derivative_shape(function: Shape, variable: Shape, layout: Layout | None) -> Shape:
    """The shape of the derivative of a `function` by a `variable`.

    A scalar by a vector, and a vector by a scalar, stay vectors and turn where the layout says so; a matrix or a tensor
    has only the axes that are not literally 1.
    """
    axes = derivative_axes(function, variable, layout)
    if not axes:
        return SCALAR
    if len(axes) == 1:
        kind = axes[0][0]
        shape = function if kind == "f" else variable
        turned = layout == ("denominator" if kind == "f" else "numerator")
        return shape[::-1] if turned else shape
    sources = {"f": core(function), "v": core(variable)}
    return tuple(sources[kind][k] for kind, k in axes)
