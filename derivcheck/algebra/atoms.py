"""Atoms, monomials, polynomials, and the arena that interns them.

A polynomial is a finite sum of coefficient · Π atom^exponent; coefficients and exponents are rational. Atoms are interned:
two atoms of one arena are equal exactly when they are the same object, so equality of normal forms is equality of dicts.

Indices are small integers (variables) inside an arena. A slot is a variable, or a pair (variable, offset) for a shifted
index, or (-1, k) for the constant k. The closed set of atoms, by `kind`:

    entry      (name, slots)                       an entry of a leaf or of a closed named intermediate; slots () for a scalar
    delta      (slot, slot)                        Kronecker delta
    at-most    (slot, slot)                        the indicator [left <= right]
    size       (name,)                             a dimension as a number, >= 1
    prime      (p,)                                a prime, only with exponents strictly between 0 and 1
    exp        (monomial,)                         exp of a monomial with coefficient 1
    log        (polynomial,)
    base       (polynomial,)                       a polynomial kept closed under a negative or fractional exponent
    sum        (bound variables, monomial)         a sum whose summand hangs together through its bound variables
    step       (polynomial,)                       1 where the polynomial is > 0, else 0
    function   (name, order, polynomial)           a generic elementwise function or its derivative of that order
    functional (name, bound, polynomial, slots)    a generic scalar function of a tensor, derived once for each group of slots
    inverse    (bound, polynomial, slot, slot)     an entry of the inverse of the matrix with that polynomial as its entry
    determinant (bound, polynomial)
    partial    (name, slots, name, slots)          the derivative of a named intermediate by another or by a leaf, not opened
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from time import process_time
from typing import Any

from derivcheck.algebra.dims import Dim

Rational = int | Fraction
Slot = int | tuple[int, int]
Monomial = tuple[tuple["Atom", Rational], ...]
"""Pairs (atom, exponent), exponent ≠ 0, in the order of the atoms' numbers; () is 1."""


class Refused(ValueError):
    """A rule does not apply: its condition fails, or there is no rule. The claim stays undecided; nothing is concluded."""


class Undefined(Refused):
    """What is written has no value: a division by zero, a logarithm of a number that is not positive."""


class Stopped(Refused):
    """A cap was reached."""


class Atom:
    """One interned atom. `free` are its free variables, `level` is above that of every sum inside it, `rank` is what is left of it
    without the names of variables: two atoms that a renaming turns into each other have one rank. `mentions` are the names of the
    tensors whose entries stand anywhere in it, and PARTIAL if a derivative does that is not opened.
    """

    __slots__ = ("data", "free", "kind", "level", "mentions", "number", "rank", "sign", "watched")

    def __init__(self, kind: str, data: tuple[Any, ...], number: int, free: frozenset[int], level: int, sign: str, rank: int) -> None:
        self.kind = kind
        self.data = data
        self.number = number
        self.free = free
        self.level = level
        self.sign = sign
        self.rank = rank
        self.watched = kind in WATCHED
        self.mentions: frozenset[str] = _mentions(kind, data)

    def __repr__(self) -> str:
        return f"{self.kind}{self.data}"


WATCHED = frozenset({"delta", "at-most", "step", "base", "prime"})
"""Atoms whose products need more than adding exponents."""

PARTIAL = "∂"
"""Stands for unopened derivatives among the names that an atom mentions."""

MAXIMAL_PRODUCTS = 200_000
MAXIMAL_SECONDS = 4.0
"""What one claim may cost before its proof is given up: products of monomials, and seconds of processor time."""

POSITIVE, NONNEGATIVE, UNKNOWN = "positive", "nonnegative", "unknown"


class Polynomial:
    """An immutable sum of monomials with nonzero rational coefficients."""

    __slots__ = ("_key", "terms")

    def __init__(self, terms: dict[Monomial, Rational]) -> None:
        self.terms = terms
        self._key: frozenset[tuple[Monomial, Rational]] | None = None

    @property
    def key(self) -> frozenset[tuple[Monomial, Rational]]:
        if self._key is None:
            self._key = frozenset(self.terms.items())
        return self._key

    @property
    def is_zero(self) -> bool:
        return not self.terms

    @property
    def constant(self) -> Rational | None:
        """The value, if this is a number."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and () in self.terms:
            return self.terms[()]
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return " + ".join(f"{c}·{m}" for m, c in self.terms.items()) or "0"


ZERO = Polynomial({})
UNIT = Polynomial({(): 1})


def number(value: Rational) -> Polynomial:
    """The constant polynomial."""
    return Polynomial({(): value}) if value else ZERO


def magnitude(value: Rational) -> Rational:
    """The absolute value."""
    return -value if value < 0 else value


def slot_variable(slot: Slot) -> int:
    """The variable of a slot, -1 for a constant one."""
    return slot if isinstance(slot, int) else slot[0]


def slots_free(slots: Iterable[Slot]) -> frozenset[int]:
    return frozenset(v for v in map(slot_variable, slots) if v >= 0)


def monomial_free(monomial: Monomial) -> frozenset[int]:
    return frozenset().union(*(atom.free for atom, _ in monomial))


def polynomial_free(polynomial: Polynomial) -> frozenset[int]:
    return frozenset().union(*(atom.free for monomial in polynomial.terms for atom, _ in monomial))


def monomial_level(monomial: Monomial) -> int:
    return max((atom.level for atom, _ in monomial), default=0)


def polynomial_level(polynomial: Polynomial) -> int:
    return max((monomial_level(monomial) for monomial in polynomial.terms), default=0)


def factor_sign(atom: Atom, exponent: Rational) -> str:
    """What is known of the sign of atom^exponent where it is defined."""
    if atom.sign == POSITIVE:
        return POSITIVE
    if exponent.denominator == 1 and exponent % 2 == 0:
        # an even power is > 0 where it is defined only if the exponent is negative
        return POSITIVE if exponent < 0 else NONNEGATIVE
    return atom.sign


def monomial_sign(monomial: Monomial) -> str:
    """What is known of the sign of a product of atoms."""
    result = POSITIVE
    for atom, exponent in monomial:
        sign = factor_sign(atom, exponent)
        if sign == UNKNOWN:
            return UNKNOWN
        if sign == NONNEGATIVE:
            result = NONNEGATIVE
    return result


def polynomial_sign(polynomial: Polynomial) -> str:
    """positive, nonnegative, or unknown. Zero counts as nonnegative."""
    result = NONNEGATIVE
    for monomial, coefficient in polynomial.terms.items():
        if coefficient < 0:
            return UNKNOWN
        sign = monomial_sign(monomial)
        if sign == UNKNOWN:
            return UNKNOWN
        if sign == POSITIVE:
            result = POSITIVE
    return result


def _mentions(kind: str, data: tuple[Any, ...]) -> frozenset[str]:
    if kind == "entry":
        return frozenset((data[0],))
    if kind == "partial":
        return frozenset((PARTIAL,))
    found: set[str] = set()
    for part in data:
        if isinstance(part, Polynomial):
            for monomial in part.terms:
                for atom, _ in monomial:
                    found |= atom.mentions
        elif isinstance(part, tuple):
            for factor in part:
                if isinstance(factor, tuple) and factor and isinstance(factor[0], Atom):
                    found |= factor[0].mentions
    return frozenset(found)


def polynomial_mentions(polynomial: Polynomial) -> frozenset[str]:
    """The names of the tensors whose entries stand anywhere in it, and PARTIAL if an unopened derivative does."""
    return frozenset().union(*(atom.mentions for monomial in polynomial.terms for atom, _ in monomial))


def _nameless(arena: Arena, part: Any) -> Any:
    """What does not depend on the names of variables in a part of an atom's data."""
    if isinstance(part, str):
        return part
    if isinstance(part, Polynomial):
        return tuple(sorted(arena.colour((_ranks(monomial), abs(coefficient))) for monomial, coefficient in part.terms.items()))
    if isinstance(part, tuple) and part and isinstance(part[0], tuple) and part[0] and isinstance(part[0][0], Atom):
        return _ranks(part)
    return len(part) if isinstance(part, tuple) else 0


def _ranks(monomial: Monomial) -> tuple[tuple[int, Rational], ...]:
    return tuple(sorted((atom.rank, exponent) for atom, exponent in monomial))


class Arena:
    """Interns atoms and variables, and keeps what a proof used.

    positive, nonnegative   names of leaves assumed to have such entries
    unordered    names of matrices whose two slots are interchangeable (results about symmetric matrices)
    symmetric    binders and key of the entry of every matrix under an inverse that is its own transpose
    order        name of a definition -> the names of everything it depends on
    symbols      names of dimensions and tensors in use
    rules, assumptions   what was applied since the last `forget`
    budget       monomial products left before Stopped
    """

    def __init__(
        self,
        *,
        positive: frozenset[str] = frozenset(),
        nonnegative: frozenset[str] = frozenset(),
        order: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.positive = positive
        self.nonnegative = nonnegative
        self.order = dict(order or {})
        self.unordered: set[str] = set()
        self.symmetric: set[Any] = set()
        self.symbols: set[str] = set()
        self.atoms: dict[tuple[Any, ...], Atom] = {}
        self.dims: list[Dim] = []
        self.levels: list[int] = []
        self.bound: dict[tuple[Dim, int, int], int] = {}
        self.colours: dict[Any, int] = {}
        self.memo: dict[Any, Any] = {}
        self.rules: set[str] = set()
        self.assumptions: set[str] = set()
        self.budget = 0
        self.deadline = 0.0
        self.depth = 0
        self.allow(MAXIMAL_PRODUCTS, MAXIMAL_SECONDS)

    def forget(self) -> None:
        """Start a new account of the rules and assumptions used; memoised results carry no account, so they go too."""
        self.rules = set()
        self.assumptions = set()
        self.memo = {}
        self.allow(MAXIMAL_PRODUCTS, MAXIMAL_SECONDS)

    def allow(self, products: int, seconds: float) -> None:
        """Set the work that may be done from now on."""
        self.budget = products
        self.deadline = process_time() + seconds

    def spend(self, amount: int = 1) -> None:
        """Count work. Raises Stopped when the budget or the time is used up."""
        self.budget -= amount
        if self.budget < 0:
            raise Stopped("the term grew beyond the cap on monomial products")
        if process_time() > self.deadline:
            raise Stopped(f"no answer within {MAXIMAL_SECONDS:g} s of processor time")

    # variables
    def fresh(self, dim: Dim) -> int:
        """A new variable over `dim` that occurs nowhere else."""
        self.dims.append(dim)
        self.levels.append(0)
        self.symbols.update(dim.symbols)
        return len(self.dims) - 1

    def canonical(self, dim: Dim, level: int, position: int) -> int:
        """The bound variable that a sum of this level has in this position."""
        key = (dim, level, position)
        found = self.bound.get(key)
        if found is None:
            found = self.bound[key] = self.fresh(dim)
            self.levels[found] = level
        return found

    def closing_level(self, levels: int, free: Iterable[int]) -> int:
        """The level of a new binder around atoms of these levels with these other free variables.

        It is above both, so that a canonical bound variable never equals a variable that is free in the same term.
        """
        return 1 + max(levels, max((self.levels[v] for v in free), default=0))

    def colour(self, key: Any) -> int:
        """A number for a key; equal keys have equal numbers."""
        return self.colours.setdefault(key, len(self.colours))

    # atoms
    def intern(self, kind: str, data: tuple[Any, ...], key: tuple[Any, ...], free: frozenset[int], level: int, sign: str) -> Atom:
        found = self.atoms.get(key)
        if found is None:
            rank = self.colour(("rank", kind, *(_nameless(self, part) for part in data)))
            found = self.atoms[key] = Atom(kind, data, len(self.atoms), free, level, sign, rank)
        return found

    def entry(self, name: str, slots: tuple[Slot, ...]) -> Atom:
        sign = POSITIVE if name in self.positive else NONNEGATIVE if name in self.nonnegative else UNKNOWN
        self.symbols.add(name)
        if name in self.unordered:
            slots = tuple(sorted(slots, key=repr))
        return self.intern("entry", (name, slots), ("entry", name, slots), slots_free(slots), 0, sign)

    def size(self, name: str) -> Atom:
        return self.intern("size", (name,), ("size", name), frozenset(), 0, POSITIVE)

    def prime(self, value: int) -> Atom:
        return self.intern("prime", (value,), ("prime", value), frozenset(), 0, POSITIVE)

    def delta_atom(self, left: Slot, right: Slot) -> Atom:
        return self.intern("delta", (left, right), ("delta", left, right), slots_free((left, right)), 0, NONNEGATIVE)

    def at_most_atom(self, left: Slot, right: Slot) -> Atom:
        return self.intern("at-most", (left, right), ("at-most", left, right), slots_free((left, right)), 0, NONNEGATIVE)

    def exp_atom(self, monomial: Monomial) -> Atom:
        return self.intern("exp", (monomial,), ("exp", monomial), monomial_free(monomial), monomial_level(monomial), POSITIVE)

    def of_polynomial(self, kind: str, polynomial: Polynomial, *details: Any) -> Atom:
        """A log, base, step or function atom."""
        sign = UNKNOWN
        if kind == "base":
            sign = polynomial_sign(polynomial)
        elif kind == "step":
            sign = NONNEGATIVE
        return self.intern(
            kind, (*details, polynomial), (kind, *details, polynomial.key), polynomial_free(polynomial), polynomial_level(polynomial), sign
        )  # fmt: skip

    def sum_atom(self, bound: tuple[int, ...], monomial: Monomial) -> Atom:
        level = monomial_level(monomial) + 1
        free = monomial_free(monomial).difference(bound)
        return self.intern("sum", (bound, monomial), ("sum", bound, monomial), free, level, monomial_sign(monomial))

    def functional_atom(self, name: str, bound: tuple[int, ...], argument: Polynomial, slots: tuple[tuple[Slot, ...], ...]) -> Atom:
        free = polynomial_free(argument).difference(bound) | slots_free(slot for group in slots for slot in group)
        data = (name, bound, argument, slots)
        return self.intern("functional", data, ("functional", name, bound, argument.key, slots), free, polynomial_level(argument) + 1, UNKNOWN)

    def inverse_atom(self, bound: tuple[int, ...], argument: Polynomial, left: Slot, right: Slot) -> Atom:
        free = polynomial_free(argument).difference(bound) | slots_free((left, right))
        data = (bound, argument, left, right)
        return self.intern("inverse", data, ("inverse", bound, argument.key, left, right), free, polynomial_level(argument) + 1, UNKNOWN)

    def determinant_atom(self, bound: tuple[int, ...], argument: Polynomial) -> Atom:
        free = polynomial_free(argument).difference(bound)
        data = (bound, argument)
        return self.intern("determinant", data, ("determinant", bound, argument.key), free, polynomial_level(argument) + 1, UNKNOWN)

    def partial_atom(self, function: str, function_slots: tuple[Slot, ...], variable: str, variable_slots: tuple[Slot, ...]) -> Atom:
        data = (function, function_slots, variable, variable_slots)
        return self.intern("partial", data, ("partial", *data), slots_free((*function_slots, *variable_slots)), 0, UNKNOWN)
