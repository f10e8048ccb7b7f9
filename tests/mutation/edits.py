"""Single edits of a formula: the mistakes that people make, one function a kind, and rewritings that are true.

An edit yields what could stand at a position instead, as functions that build it, because much of it does not fit there. Adding a kind of edit
is adding a function, and its name to a table here.
"""

from __future__ import annotations

from edits_of_indices import (
    delta_replaced,
    indices_swapped,
    relation_changed,
    shifted_index,
    sum_added,
    sum_bounds,
    sum_dropped,
    wrong_index,
)
from edits_of_numbers import (
    constant,
    constant_added,
    contraction_axes,
    exponent,
    extra_dimension,
    factor_dropped,
    factor_half,
    factor_repeated,
    factor_two,
    factors_swapped,
    minus_dropped,
    numerator_for_fraction,
    other_dimension,
    other_product,
    sign,
    square,
    term_dropped,
    term_repeated,
)
from edits_of_symbols import (
    function_and_variable,
    function_for_its_derivative,
    one_dimension_for_all,
    operator_dropped,
    order_of_derivative,
    other_axis,
    other_function,
    other_layout,
    other_symbol,
    reassociated,
    reordered,
    transposed,
)
from sites import Edit

EDITS: tuple[Edit, ...] = (
    sign, minus_dropped, factor_two, factor_half, extra_dimension, other_dimension, constant, constant_added, exponent, square,
    term_dropped, term_repeated, factor_dropped, factor_repeated, numerator_for_fraction, other_product, factors_swapped, contraction_axes,
    transposed, other_axis, other_layout, function_and_variable,
    wrong_index, shifted_index, indices_swapped, sum_dropped, sum_added, sum_bounds, delta_replaced, relation_changed,
    other_symbol, operator_dropped, order_of_derivative, function_for_its_derivative, other_function, one_dimension_for_all,
    reassociated, reordered,
)  # fmt: skip
"""Edits of the right side."""

LEFT_EDITS: tuple[Edit, ...] = (
    transposed, other_layout, function_and_variable, wrong_index, indices_swapped, other_symbol, order_of_derivative,
)  # fmt: skip
"""Edits of the left side: most others say the same there as on the right side."""

VARIABLE_EDITS: tuple[Edit, ...] = (wrong_index, shifted_index, indices_swapped, other_symbol)
"""Edits of the variable of a derivative, which can only be a symbol, or an entry or a slice of one."""
