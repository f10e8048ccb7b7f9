"""A gradient at the size at which its network is trained: too large for every entry, so along random directions.

    the right side as written,
    complex-step directional derivatives of the forward computation: ⟨right side, V⟩ = Im L(v + ihV) / h,
    where the claim names one, the reference network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.layout import derivative_shape
from derivcheck.language.shapes import SCALAR, core
from derivcheck.language.terms import Derivative, Entry, Leaf, Slice
from derivcheck.language.walks import subterms
from derivcheck.verdict import OwnSize
from derivcheck.witnesses import sampling
from derivcheck.witnesses.evaluation import Evaluator
from derivcheck.witnesses.reference import NotCompared, gradient_by_reference
from derivcheck.witnesses.surroundings import Anatomy

Array = np.ndarray[Any, Any]

DIRECTIONS = 8
SMALLEST = 1e-12
"""Differences are compared with at least this much: a gradient may be 0."""

BUDGET = 300_000
"""Steps of the evaluator: a loss may be written as sums over entries."""


def compare(claim: Claim, derivation: Derivation, random: np.random.Generator) -> OwnSize:
    """The largest relative errors at one point of the claim's own sizes.

    Raises NotCompared for a claim that is not ∂f/∂v = … with a scalar f and a whole v, in which the right side has v's shape or its
    transpose; what evaluation raises is passed on.
    """
    node = claim.lhs
    if not isinstance(node, Derivative) or claim.rhs is None or node.function.shape != SCALAR or isinstance(node.variable, (Entry, Slice)):
        raise NotCompared("only the derivative of a scalar by a whole symbol is compared at its own size")
    sizes = dict(claim.own_sizes)
    evaluator = Evaluator(_values(claim, derivation, sizes, random), sizes, Anatomy(), BUDGET)
    written = np.asarray(evaluator(claim.rhs))
    variable = node.root
    gradient = written if _shaped_like_the_variable(node) else written.T
    worst = 0.0
    for _ in range(DIRECTIONS):
        along = random.normal(size=gradient.shape)
        product, moved = float((gradient * along).sum()), float(evaluator.along(node.function, variable, along)[0])
        worst = max(worst, _relative(abs(product - moved), max(abs(product), abs(moved), SMALLEST * float(np.abs(along).sum()))))
    reference = None
    if claim.backprop is not None:
        other = gradient_by_reference(claim.backprop, node, evaluator, derivation.definitions)
        reference = _relative(float(np.abs(gradient - other.reshape(gradient.shape)).max()), max(float(np.abs(other).max()), SMALLEST))
    return OwnSize(claim.own_sizes, DIRECTIONS, worst, reference)


def _relative(difference: float, scale: float) -> float:
    """The relative difference. Raises NotCompared where something is not a finite number."""
    if not (np.isfinite(difference) and np.isfinite(scale)):
        raise NotCompared("at the claim's own sizes a value is not a finite number")
    return difference / scale


def _shaped_like_the_variable(node: Derivative) -> bool:
    like = derivative_shape(node.function.shape, node.variable.shape, "like-variable")
    return len(core(node.shape)) < 2 or (node.shape == like and node.layout != "numerator")


def _values(claim: Claim, derivation: Derivation, sizes: Mapping[str, int], random: np.random.Generator) -> dict[str, Any]:
    """Values that meet the assumptions; matrices without one are small enough that no unit saturates."""
    values: dict[str, Any] = {}
    for side in (claim.lhs, claim.rhs):
        for node in subterms(side, open_names=True) if side is not None else ():
            if not isinstance(node, Leaf) or node.name in values:
                continue
            given = [assumption for assumption in derivation.assumptions if assumption.tensor is node]
            value = sampling.draw(node, sizes, given, "general", None, random)
            values[node.name] = value if given or len(core(node.shape)) < 2 else value / np.sqrt(max(value.shape))
    return values


