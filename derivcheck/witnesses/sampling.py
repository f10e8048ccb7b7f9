"""Random points that meet the assumptions and no more.

Entries are not nice numbers, matrices are not symmetric, labels that only sum to 1 are not one-hot and may be negative.
Whatever is drawn is verified against every assumption afterwards; what cannot be met is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np

from derivcheck.claims import Assumption
from derivcheck.language.shapes import SCALAR, flat
from derivcheck.language.terms import Apply, Entry, Leaf, Term
from derivcheck.witnesses.surroundings import sizes_of

Array = np.ndarray[Any, Any]
Random = np.random.Generator
Style = Literal["general", "guided", "zero", "large positive", "large negative", "positive", "negative", "small", "large"]
"""general: both signs, size about 1. guided: from the range that the operators around a symbol state, where they need one.
zero: a scalar is 0, and so are some entries of the others."""

STYLES: tuple[Style, ...] = get_args(Style)
UNUSUAL: tuple[Style, ...] = STYLES[3:]
"""What a point out of the usual range is drawn from."""

TRIES = 30
"""So many draws are made before assumptions count as contradictory."""

EXACT = 1e-12
"""How far a sum may be from its assumed value, relative to the sum of sizes."""


class NoPoint(Exception):
    """No value of a symbol was found that meets all its assumptions; the text names those that failed."""

    def __init__(self, assumptions: Iterable[Assumption]) -> None:
        self.failed = tuple(dict.fromkeys(map(str, assumptions)))
        super().__init__(", ".join(self.failed))


def ranges_of(terms: Iterable[Term]) -> dict[str, tuple[float, float]]:
    """For every symbol that stands directly in an operator with a restricted domain: the range that the operator states."""
    ranges: dict[str, tuple[float, float]] = {}
    for term in terms:
        if not isinstance(term, Apply):
            continue
        for argument, domain, sample in zip(term.arguments, term.operator.domain, term.operator.sample, strict=True):
            symbol = argument.tensor if isinstance(argument, Entry) else argument
            if isinstance(symbol, Leaf) and domain in ("positive", "nonnegative"):
                ranges[symbol.name] = sample
    return ranges


def meets(assumption: Assumption, value: Array) -> bool:
    """Whether the value, with its flat axes, meets the assumption; sums up to rounding."""
    match assumption.kind:
        case "positive":
            return bool((value > 0).all())
        case "nonnegative":
            return bool((value >= 0).all())
        case "nonzero":
            return bool((np.abs(value) > 1e-6).all())
        case "symmetric":
            return bool((value == value.T).all())
        case "invertible":
            return bool(np.linalg.cond(value) < 1e4)
        case "one-hot":
            return bool(((value == 0) | (value == 1)).all() and (value.sum(axis=assumption.axis) == 1).all())
        case "sums-to":
            target = float(assumption.value)
            allowed = EXACT * (abs(target) + np.abs(value).sum(axis=assumption.axis))
            return bool((np.abs(value.sum(axis=assumption.axis) - target) <= allowed).all())
    raise ValueError(f"unknown assumption {assumption.kind!r}")


def draw(
    leaf: Leaf, sizes: Mapping[str, int], assumptions: Sequence[Assumption], style: Style, limits: tuple[float, float] | None, random: Random
) -> Any:
    """A value of the symbol, an array of its full shape or a float, that meets all of its assumptions. Raises NoPoint."""
    flat_sizes = sizes_of(flat(leaf.shape), sizes)
    failed: list[Assumption] = []
    for _ in range(TRIES):
        value = _shaped_by(assumptions, _entries(flat_sizes, style, limits, random), random)
        failed = [assumption for assumption in assumptions if not meets(assumption, value)]
        if not failed:
            return float(value.item()) if leaf.shape == SCALAR else value.reshape(sizes_of(leaf.shape, sizes))
    if {assumption.kind for assumption in assumptions} == {"sums-to"} or len(assumptions) > 1:
        # which of several is left over depends on the order in which they were imposed: all take part
        raise NoPoint(assumptions)
    raise NoPoint(failed)


def _entries(shape: tuple[int, ...], style: Style, limits: tuple[float, float] | None, random: Random) -> Array:
    if style == "guided" and limits is not None:
        return random.uniform(*limits, size=shape)
    size = random.uniform(0.3, 2.0, size=shape)
    if style == "zero":
        return size * random.choice([-1.0, 0.0, 1.0], size=shape) if shape else np.zeros(())
    if style == "small":
        size *= 0.1
    elif style.startswith("large"):
        size *= 30.0
    if style.endswith("positive"):
        return size
    return -size if style.endswith("negative") else size * random.choice([-1.0, 1.0], size=shape)


def _shaped_by(assumptions: Sequence[Assumption], value: Array, random: Random) -> Array:
    """The value moved to meet the assumptions, as far as they can be met together."""
    kinds = {assumption.kind for assumption in assumptions}
    if "one-hot" in kinds:
        return _one_hot(value.shape, [assumption.axis or 0 for assumption in assumptions if assumption.kind == "one-hot"], random)
    if "positive" in kinds:
        value = np.abs(value)
    elif "nonnegative" in kinds:
        value = np.abs(value) * (random.random(value.shape) > 0.15)
    if "symmetric" in kinds:
        value = (value + value.T) / 2
    sums = [assumption for assumption in assumptions if assumption.kind == "sums-to"]
    if sums and kinds & {"positive", "nonnegative"}:
        return _scaled_to_sums(value, sums, "symmetric" in kinds)
    if sums and "symmetric" in kinds:
        return value + np.diag(float(sums[0].value) - value.sum(axis=0))
    for assumption in sums:
        deficit = float(assumption.value) - value.sum(axis=assumption.axis, keepdims=True)
        value = value + deficit / value.shape[assumption.axis or 0]
    return value


def _scaled_to_sums(value: Array, sums: Sequence[Assumption], symmetric: bool) -> Array:
    """Nonnegative entries scaled in turn along each axis (Sinkhorn 1964); a symmetric matrix on both sides at once."""
    with np.errstate(all="ignore"):
        for _ in range(1 if len(sums) == 1 and not symmetric else 300):
            for assumption in sums:
                factor = float(assumption.value) / value.sum(axis=assumption.axis, keepdims=True)
                if symmetric:
                    root = np.sqrt(factor).ravel()
                    value = value * np.outer(root, root)
                else:
                    value = value * factor
    return value


def _one_hot(shape: tuple[int, ...], axes: Sequence[int], random: Random) -> Array:
    """One entry 1 along the first of the axes, the others 0; a permutation where a square matrix is one-hot along both."""
    if len(set(axes)) == 2 and len(shape) == 2 and shape[0] == shape[1]:
        return np.eye(shape[0])[random.permutation(shape[0])]
    axis = axes[0]
    places = random.integers(shape[axis], size=shape[:axis] + shape[axis + 1 :])
    return np.moveaxis((np.arange(shape[axis]) == places[..., np.newaxis]).astype(float), -1, axis)
