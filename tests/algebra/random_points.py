"""Random sizes, entries that meet the assumptions of a vocabulary, and values of the free indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from random import Random

from interval_terms import Places, Tensors
from random_terms import World

from derivcheck.algebra.dims import Index
from derivcheck.claims import Assumption
from derivcheck.language.shapes import flat


def sizes_of(random: Random, world: World) -> dict[str, int]:
    return {"n": random.choice((1, 2, 2, 3)), "m": random.choice((1, 2, 3))}


def point(random: Random, world: World, sizes: Mapping[str, int]) -> Tensors:
    """Rational entries, often 0, negative or equal, that meet the assumptions of the world."""
    drawn: dict[str, dict[Places, Fraction]] = {}
    small = [Fraction(k, 2) for k in range(-4, 5)]
    for leaf in world.derivation.leaves:
        places = list(product(*(range(1, dim.size(sizes) + 1) for dim in flat(leaf.shape))))
        drawn[leaf.name] = {place: random.choice(small) if random.random() < 0.8 else Fraction(random.randint(-30, 30), 11) for place in places}
    for assumption in world.derivation.assumptions:
        _meet(random, drawn, assumption)
    return drawn


def _meet(random: Random, drawn: dict[str, dict[Places, Fraction]], assumption: Assumption) -> None:
    table = drawn[assumption.tensor.name]
    axis = assumption.axis or 0
    lines: dict[Places, list[Places]] = {}
    for place in table:
        lines.setdefault(place[:axis] + place[axis + 1 :], []).append(place)
    match assumption.kind:
        case "positive":
            table.update({place: abs(value) + Fraction(random.randint(1, 3), 2) for place, value in table.items()})
        case "nonnegative":
            table.update({place: abs(value) for place, value in table.items()})
        case "nonzero":
            table.update({place: value or Fraction(1) for place, value in table.items()})
        case "symmetric":
            table.update({place: table[tuple(sorted(place))] for place in table})
        case "invertible":
            table.update({place: value + (7 if place[0] == place[1] else 0) for place, value in table.items()})
        case "sums-to":
            for places in lines.values():
                table[places[-1]] = assumption.value - sum((table[place] for place in places[:-1]), Fraction(0))
        case "one-hot":
            for places in lines.values():
                chosen = random.choice(places)
                table.update({place: Fraction(int(place == chosen)) for place in places})


def assignments(random: Random, indices: Sequence[Index], sizes: Mapping[str, int], most: int) -> Iterator[dict[Index, int]]:
    """Values of the free indices, those where two are equal among them."""
    every = [dict(zip(indices, place, strict=True)) for place in product(*(range(1, index.dim.size(sizes) + 1) for index in indices))]
    yield from every if len(every) <= most else random.sample(every, most)
