"""Derivations: declarations, definitions and claims, in order, with a source.

Every reader produces these objects and the judge receives them.

    d = Derivation("softmax-jacobian", layout="numerator", source=Source("Leifer and Troendle 2021", "Lemma 1"))
    K = d.dim("K")
    i, j = d.indices("i j", K)
    z = d.vector("z", K)
    s = d.let("s", softmax(z))
    d.claim("entries", D(s[i], z[j]), s[i] * (delta(i, j) - s[j]))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, get_args, overload

from derivcheck.algebra.dims import IllTyped
from derivcheck.claims import Chain, Claim, Entered, Erratum, ExplicitMatrices, Kind, Recursion, Side, Source, Word, identifier
from derivcheck.declarations import Declarations
from derivcheck.language.places import Place, caller_place
from derivcheck.language.shapes import Shape, shape_of
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Named, Term
from derivcheck.sides import SideFailed, built, check_sides, check_stated_shape, check_where

_CREATED: ContextVar[list[Derivation] | None] = ContextVar("derivations created", default=None)


@contextmanager
def created_derivations() -> Iterator[list[Derivation]]:
    """The derivations that are created inside the block, in order, also those that no variable holds any more."""
    created: list[Derivation] = []
    token = _CREATED.set(created)
    try:
        yield created
    finally:
        _CREATED.reset(token)


@dataclass(eq=False)
class Derivation(Declarations):
    """A derivation under construction; the judge reads it.

    Raises IllTyped where a name is used twice or a statement does not fit, naming both places.
    """

    claims: list[Claim] = field(default_factory=list)
    entered: list[Entered] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    errata: list[Erratum] = field(default_factory=list)
    recursions: list[Recursion] = field(default_factory=list)
    identifiers: dict[str, Place] = field(init=False)
    """The names of claims and listed definitions as they stand in ids, and where each was given."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.identifiers = {identifier(claim.name): claim.place for claim in self.claims}
        self.identifiers |= {identifier(entered.name): entered.place for entered in self.entered}
        created = _CREATED.get()
        if created is not None:
            created.append(self)

    def _check_new(self, name: str, place: Place) -> None:
        if not name.strip() or "\n" in name:
            raise IllTyped(f"{name!r} at {place} is not the name of a claim: it has at least one character, on one line")
        first = self.identifiers.get(identifier(name))
        if first is not None:
            raise IllTyped(f"two claims of {self.name} are called {name!r}, at {first} and at {place}; their names must differ in letters")

    def _add(self, claim: Claim) -> None:
        self.identifiers[identifier(claim.name)] = claim.place
        self.claims.append(claim)

    # claims -----------------------------------------------------------------------------------------------------
    def _claim(self, name: str, kind: Kind, sides: tuple[Side, ...], place: Place, **details: Any) -> Claim:
        self._check_new(name, place)
        claim = self._stated(name, kind, sides, place, details)
        self._add(claim)
        return claim

    def _stated(self, name: str, kind: Kind, sides: tuple[Side, ...], place: Place, details: Mapping[str, Any]) -> Claim:
        """The claim that these sides (of a stated shape, the one) make, with what is wrong with it."""
        _check_expectation(name, place, details)
        where: tuple[IndexRelation, ...] = details.get("where", ())
        for relation in where:
            self._check_indices(relation.free, f"the condition {relation.left} {relation.sign} {relation.right} of claim {name!r}", place)
        terms: list[Term] = []
        broken = failed = None
        try:
            for side in sides:
                term = built(side)
                self._check_declared(term, f"claim {name!r}")
                terms.append(term)
            used = frozenset().union(*(term.free | term.bound for term in terms), *(relation.free for relation in where))
            self._check_indices(used, f"claim {name!r}", place)
            if kind == "shape":
                check_stated_shape(terms[0], details["stated_shape"])
            else:
                check_sides(*terms)
            check_where(name, place, where, frozenset().union(*(term.free for term in terms)))
        except IllTyped as problem:
            broken = str(problem)
        except SideFailed as failure:
            failed = str(failure)
        left, right = (terms[0], terms[-1]) if len(terms) == len(sides) else (None, None)
        alone = terms[0] if terms and left is None else None
        return Claim(name, kind, place, lhs=left, rhs=right, lone_left=alone, broken=broken, failed=failed, **details)

    def claim(
        self,
        name: str,
        lhs: Side,
        rhs: Side,
        *,
        where: Sequence[IndexRelation] = (),
        expected: Word = "proved",
        conditions: Sequence[str] | None = (),
        assumptions: Sequence[str] | None = (),
        note: str = "",
        source: Source | None = None,
        backprop: str | None = None,
        own_sizes: Mapping[str, int] | None = None,
        written: str = "",
        written_right: str = "",
        readings: Sequence[str] = (),
        other_readings: Sequence[tuple[str, Claim]] = (),
        as_well: Sequence[tuple[str, str]] = (),
        candidates: Sequence[Claim] = (),
        guard: Term | None = None,
        only_where: Sequence[str] = (),
    ) -> Claim:
        """State lhs = rhs, for all values of the free indices that meet `where`.

        `own_sizes` gives every dimension the size at which a gradient ∂L/∂v is also compared along random directions.
        `expected` is the verdict that counts as expected, `conditions` and `assumptions` what it may rest on, as the report prints them;
        None is anything. `written` is the formula as its author wrote it, which ends
        with `written_right`, `readings` how it was read, and `other_readings` what else it could have been: descriptions that go on "it would
        be …", and claims made by `alternative`. `as_well` names those that are meant as well as the one that was taken, and what that one
        is: where one of them holds, it is not refuted. `guard` is a factor of both sides that is 0 where nothing is claimed; `only_where`
        are conditions that cannot be part of the claim, as written: with one, it may be proved, and is never refuted.
        """
        return self._claim(
            name, "identity", (lhs, rhs), caller_place(), where=tuple(where), expected=expected, expected_conditions=_texts(conditions),
            expected_assumptions=_texts(assumptions), note=note, source=source, backprop=backprop,
            own_sizes=tuple((own_sizes or {}).items()), written=_line(written),
            written_right=_line(written_right), readings=_texts(readings),
            other_readings=tuple(other_readings), as_well=tuple(as_well), candidates=tuple(candidates), guard=guard,
            only_where=_texts(only_where),
        )  # fmt: skip

    def alternative(self, name: str, lhs: Side, rhs: Side, where: Sequence[IndexRelation] = ()) -> Claim:
        """What a line would state in another reading: a claim for `other_readings`, which is not one of the derivation's claims."""
        return self._stated(name, "identity", (lhs, rhs), caller_place(), {"where": tuple(where)})

    def shape_claim(
        self,
        name: str,
        side: Side,
        shape: Shape,
        *,
        expected: Word = "proved",
        conditions: Sequence[str] | None = (),
        assumptions: Sequence[str] | None = (),
        note: str = "",
        source: Source | None = None,
        written: str = "",
        readings: Sequence[str] = (),
        other_readings: Sequence[tuple[str, Claim]] = (),
    ) -> Claim:
        """State the shape of a term: ∂L/∂a ∈ R^{1×n} is shape_claim("(3)", D(L, a), row(n)). Another shape is ill-typed.

        Where it fits, the term is put before the witnesses, so that it has a value, and arrays of that shape, under the conditions stated.
        """
        return self._claim(
            name, "shape", (side,), caller_place(), stated_shape=shape_of(*shape), expected=expected, expected_conditions=_texts(conditions),
            expected_assumptions=_texts(assumptions), note=note, source=source, written=_line(written), readings=_texts(readings),
            other_readings=tuple(other_readings),
        )  # fmt: skip

    def unread(
        self,
        name: str,
        reason: str,
        *,
        place: Place | None = None,
        written: str = "",
        expected: Word = "proved",
        note: str = "",
        source: Source | None = None,
    ) -> Claim:
        """A claim that its reader could not understand, and why: it is `unsupported`. Raises IllTyped without a reason."""
        here = place or caller_place()
        self._check_new(name, here)
        _check_expectation(name, here, {"expected": expected})
        if not reason.strip():
            raise IllTyped(f"claim {name!r} at {here} was not read, and nothing says why")
        claim = Claim(name, "identity", here, expected=expected, note=note, source=source, unread=reason, written=_line(written))
        self._add(claim)
        return claim

    def enter(
        self,
        name: str,
        definition: Named | str,
        *,
        place: Place | None = None,
        written: str = "",
        note: str = "",
        source: Source | None = None,
    ) -> Entered:
        """List a definition under a name of its own among the claims: a named intermediate of this derivation, or a text.

        It has no verdict. Raises IllTyped for an intermediate of another derivation and for an empty text.
        """
        here = place or caller_place()
        self._check_new(name, here)
        if isinstance(definition, Named):
            self._check_declared(definition, f"the definition {name!r}")
        elif not definition.strip():
            raise IllTyped(f"the definition {name!r} at {here} says nothing")
        entered = Entered(name, definition, here, len(self.claims), _line(written), note, source)
        self.identifiers[identifier(name)] = here
        self.entered.append(entered)
        return entered

    def chain(
        self,
        name: str,
        *sides: Side,
        where: Sequence[IndexRelation] = (),
        expected: dict[int | str, Word] | None = None,
        conditions: Sequence[str] | dict[int | str, Sequence[str]] | None = (),
        assumptions: Sequence[str] | dict[int | str, Sequence[str]] | None = (),
        note: str = "",
        source: Source | None = None,
        written: str = "",
        readings: Sequence[str] = (),
    ) -> Chain:
        """State a = b = c …: every neighbouring pair is a claim (step 1, step 2, …), and so is first = last ("end").

        `expected`, `conditions` and `assumptions` may be given for each step by its number or "end".
        """
        place = caller_place()
        if len(sides) < 2:
            raise IllTyped(f"chain {name!r} needs at least two sides")

        def of(what: Any, step: int | str) -> tuple[str, ...] | None:
            return _texts(what.get(step, ()) if isinstance(what, dict) else what)

        pairs: list[tuple[int | str, Side, Side]] = [(k, a, b) for k, (a, b) in enumerate(pairwise(sides), start=1)]
        if len(sides) > 2:
            pairs.append(("end", sides[0], sides[-1]))
        names = []
        for step, left, right in pairs:
            label = f"{name} {'first = last' if step == 'end' else f'step {step}'}" if len(sides) > 2 else name
            self._claim(
                label, "chain-end" if step == "end" else "identity", (left, right), place, where=tuple(where),
                expected=(expected or {}).get(step, "proved"), expected_conditions=of(conditions, step),
                expected_assumptions=of(assumptions, step), note=note, source=source, written=_line(written), readings=_texts(readings),
            )  # fmt: skip
            names.append(label)
        chain = Chain(name, tuple(names[: len(sides) - 1]), names[-1] if len(sides) > 2 else None)
        self.chains.append(chain)
        return chain

    def erratum(
        self,
        name: str,
        *,
        printed: tuple[Side, Side],
        corrected: tuple[Side, Side] | None,
        note: str,
        expected: Word = "refuted",
        where: Sequence[IndexRelation] = (),
        conditions: Sequence[str] | None = (),
        assumptions: Sequence[str] | None = (),
        source: Source | None = None,
    ) -> Erratum:
        """A formula as printed (expected to be refuted or ill-typed) beside the corrected one (expected to be proved)."""
        place = caller_place()
        wrong = self._claim(
            f"{name} as printed", "erratum-printed", printed, place, where=tuple(where), expected=expected, note=note, source=source
        )
        right = None
        if corrected is not None:
            right = self._claim(
                f"{name} corrected", "erratum-corrected", corrected, place, where=tuple(where), expected_conditions=_texts(conditions),
                expected_assumptions=_texts(assumptions), note=note, source=source,
            )  # fmt: skip
        erratum = Erratum(name, wrong.name, right.name if right else None, note)
        self.errata.append(erratum)
        return erratum

    def explicit(
        self,
        name: str,
        build: Callable[[], tuple[Any, Any]],
        *,
        dims: dict[str, int] | None = None,
        expected: Word = "proved-small",
        note: str = "",
        source: Source | None = None,
    ) -> Claim:
        """State a claim as two explicit sympy.Matrix objects, at the dimensions they stand for. At best `proved-small`.

        `build` takes nothing and returns (left, right); it is called when the claim is judged. What it does to fail is found then.
        """
        place = caller_place()
        if not callable(build):
            raise IllTyped(f"explicit claim {name!r} takes a function that returns (left, right), so that SymPy is imported only when it is judged")
        self._check_new(name, place)
        matrices = ExplicitMatrices(build, tuple(sorted((dims or {}).items())))
        claim = Claim(name, "explicit", place, explicit=matrices, expected=expected, note=note, source=source)
        self._add(claim)
        return claim


def _check_expectation(name: str, place: Place, details: Mapping[str, Any]) -> None:
    if details.get("expected", "proved") not in get_args(Word):
        raise IllTyped(f"claim {name!r} at {place} expects {details['expected']!r}, which is not a verdict: {', '.join(get_args(Word))}")


def _line(written: str) -> str:
    """A formula on one line."""
    return " ".join(written.split())


@overload
def _texts(value: Sequence[str]) -> tuple[str, ...]: ...


@overload
def _texts(value: Sequence[str] | None) -> tuple[str, ...] | None: ...


def _texts(value: Sequence[str] | None) -> tuple[str, ...] | None:
    """The texts; None stays. Raises IllTyped for a single text, which would be taken for a list of letters."""
    if isinstance(value, str):
        raise IllTyped(f"{value!r}: conditions and assumptions are lists of texts, [{value!r}]")
    return None if value is None else tuple(value)
