"""The divisors of polynomials: found where they are small, refused where SymPy would not come back."""

from __future__ import annotations

import time
from functools import reduce

import pytest

from derivcheck.witnesses.exact.packed_polynomials import ONE, Budget, Polynomial, Stopped, generator, greatest_common_divisor, multiply


def plus(*terms: Polynomial) -> Polynomial:
    return reduce(lambda one, other: {**one, **{key: one.get(key, 0) + value for key, value in other.items()}}, terms)


def linear(first: int, last: int) -> Polynomial:
    """The sum of some generators, and 1."""
    return plus({0: 1}, *(generator(number) for number in range(first, last)))


def test_a_common_factor_is_found() -> None:
    common = linear(0, 4)
    left, right = (multiply(common, linear(first, first + 3), Budget(1.0)) for first in (1, 2))
    found = greatest_common_divisor(left, right)
    assert found in (common, {key: -value for key, value in common.items()})


def test_one_of_large_polynomials_is_not_looked_for() -> None:
    def product(*ranges: tuple[int, int]) -> Polynomial:
        return reduce(lambda one, bounds: multiply(one, linear(*bounds), Budget(1.0)), ranges, ONE)

    left, right = product((0, 9), (1, 10), (2, 11)), product((0, 11), (0, 6), (5, 11))
    began = time.process_time()
    with pytest.raises(Stopped, match="is not looked for"):
        greatest_common_divisor(left, right)
    assert time.process_time() - began < 1.0


def test_where_a_generator_is_in_one_of_them_only_the_divisor_is_a_monomial() -> None:
    many = [generator(number) for number in range(60)]
    left = plus(*(multiply(one, many[0], Budget(1.0)) for one in many))
    right = multiply(plus(many[1], generator(70)), multiply(many[0], {0: 6}, Budget(1.0)), Budget(1.0))
    began = time.process_time()
    assert greatest_common_divisor(left, right) == many[0]
    assert greatest_common_divisor(right, multiply(right, {0: 4}, Budget(1.0))) in (right, {key: -value for key, value in right.items()})
    assert time.process_time() - began < 1.0
