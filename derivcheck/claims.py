"""What a derivation consists of: sources, assumptions, claims, chains, errata, recursions. Plain records."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.places import Place
from derivcheck.language.shapes import Shape, flat
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Leaf, Named, Operand, Term
from derivcheck.language.walks import same_expression

Word = Literal["proved", "proved-small", "tested", "refuted", "ill-typed", "vacuous", "unsupported", "undecided", "error"]
Kind = Literal["identity", "derivative", "chain-end", "erratum-printed", "erratum-corrected", "explicit", "shape"]


@dataclass(frozen=True, slots=True)
class Source:
    """Who wrote the formula down, and where: author and year, equation number."""

    author: str
    reference: str = ""

    def __str__(self) -> str:
        return f"{self.author}, {self.reference}" if self.reference else self.author


Property = Literal["positive", "nonnegative", "nonzero", "symmetric", "invertible", "one-hot", "sums-to"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """What is assumed of a declared symbol.

    positive, nonnegative, nonzero   every entry
    symmetric, invertible            the square matrix
    sums-to                          Σ over the flat axis `axis` is `value`, for every value of the other slots
    one-hot                          along the flat axis `axis` one entry is 1 and the others are 0, for every value of the other slots
    """

    kind: Property
    tensor: Leaf
    axis: int | None = None
    value: Fraction = Fraction(1)

    def __str__(self) -> str:
        name = self.tensor.name
        if self.kind == "sums-to":
            return f"Σ {name} = {self.value}" if len(flat(self.tensor.shape)) == 1 else f"Σ {name} over axis {(self.axis or 0) + 1} = {self.value}"
        if self.kind == "one-hot":
            return f"{name} is one-hot" if len(flat(self.tensor.shape)) == 1 else f"{name} is one-hot along axis {(self.axis or 0) + 1}"
        return f"{name} is {self.kind}"


Side = Operand | Callable[[], Operand]
"""A side of a claim: a term, or a function that builds it. Only the latter can hold what is ill-typed as printed."""


@dataclass(frozen=True, slots=True)
class ExplicitMatrices:
    """A claim stated by its author as explicit SymPy matrices: a function that builds both, and the dimensions they stand for.

    They are built when the claim is judged, so that reading a derivation does not import SymPy.
    """

    build: Callable[[], tuple[Any, Any]]
    dims: tuple[tuple[str, int], ...] = ()

    def matrices(self) -> tuple[Any, Any]:
        """The left and the right side, two sympy.Matrix objects of one shape. Raises IllTyped for anything else."""
        from sympy import MatrixBase  # SymPy is slow to import

        sides = self.build()
        if not isinstance(sides, tuple) or len(sides) != 2:
            raise IllTyped("explicit matrices are built by a function that returns the left and the right side, two sympy.Matrix objects")
        for role, side in zip(("left", "right"), sides, strict=True):
            if not isinstance(side, MatrixBase):
                raise IllTyped(f"the {role} side is {type(side).__name__}, not a sympy.Matrix")
        left, right = sides
        if left.shape != right.shape:
            raise IllTyped(f"the left side is {left.shape[0]} × {left.shape[1]}, the right side {right.shape[0]} × {right.shape[1]}")
        return left, right


@dataclass(frozen=True, eq=False)
class Claim:
    """One `lhs = rhs`, or one stated shape. `where` are relations of its free indices under which it is claimed (i ≠ j).

    `guard` is a scalar that is 1 where the claim is made and 0 elsewhere, where it is made for some signs of terms only: a factor of both
    sides, which must not be 0 at every point that is tried. `only_where` are further conditions, as written, under which its author
    states it and which are no part of it: then it is never refuted.

    `lhs` and `rhs` are terms of the same shape with the same free indices, or `explicit` builds SymPy matrices.
    `lone_left` is the left side where the right one could not be built: then there is no `lhs`. `broken` holds the message where the sides
    could not be built or do not fit (the claim is then ill-typed), `failed` where the author's own function raised something else (the claim
    is then an error), `unread` why a reader could not understand it (the claim is then unsupported).
    `stated_shape` is what a claim of the kind "shape" says of its left side; the right side is then the same term, so that it is evaluated.
    `backprop` names the part of the reference network that this claim is compared with, if any; `own_sizes` are the dimensions at
    which the gradient is also compared along random directions.
    `expected_conditions` and `expected_assumptions` pin what the verdict may rest on; None leaves it free: whatever it is, it is printed.
    `written` is the formula as its author wrote it, on one line, which ends with `written_right`; empty where the author wrote Python.
    `readings` say how an ambiguous notation was read, and `other_readings` describe claims that it could also have been; they are judged
    for the reader's information, are not claims of the derivation, and change the word in one case only: `as_well` names those that are meant
    as well as the one that was taken, and says what that one is; where one of them holds, the claim is undecided and not wrong. `candidates` are what
    could have been meant by a line whose sides do not fit, each one edit away; their note is the name of the mistake.
    """

    name: str
    kind: Kind
    place: Place
    lhs: Term | None = None
    rhs: Term | None = None
    lone_left: Term | None = None
    explicit: ExplicitMatrices | None = None
    broken: str | None = None
    failed: str | None = None
    where: tuple[IndexRelation, ...] = ()
    expected: Word = "proved"
    expected_conditions: tuple[str, ...] | None = ()
    expected_assumptions: tuple[str, ...] | None = ()
    note: str = ""
    source: Source | None = None
    backprop: str | None = None
    own_sizes: tuple[tuple[str, int], ...] = ()
    unread: str | None = None
    stated_shape: Shape | None = None
    written: str = ""
    written_right: str = ""
    readings: tuple[str, ...] = ()
    other_readings: tuple[tuple[str, Claim], ...] = ()
    as_well: tuple[tuple[str, str], ...] = ()
    candidates: tuple[Claim, ...] = ()
    guard: Term | None = None
    only_where: tuple[str, ...] = ()

    @property
    def trivial(self) -> bool:
        """Whether the sides are the same expression as written. A stated shape never is: its one term stands on both sides."""
        if self.kind == "shape":
            return False
        return self.lhs is not None and self.rhs is not None and same_expression(self.lhs, self.rhs)

    def sympy(self, dims: dict[str, int]) -> tuple[Any, Any]:
        """Both sides as explicit SymPy matrices at the given dimensions. Raises IllTyped for a claim that has no sides."""
        from derivcheck.language.printing.sympy_matrix import explicit_sides  # SymPy is slow to import

        return explicit_sides(self, dims)


@dataclass(frozen=True, slots=True)
class Entered:
    """A definition listed under a name among the claims, as sources number them. It has no verdict and is never counted as proved.

    `definition` is the named intermediate, or the text of what a language of terms does not say ("σ is the sigmoid"). It stands before
    the claim number `after` (from 0) of its derivation.
    """

    name: str
    definition: Named | str
    place: Place
    after: int
    written: str = ""
    note: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """The names of the claims of a = b = c …: each neighbouring pair, and first = last.

    `goes_on`: it continues a formula before it, so that its first step begins with that formula's last member and not with the first one.
    """

    name: str
    steps: tuple[str, ...]
    end: str | None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Erratum:
    """A formula as printed in a source and its correction: the names of the two claims."""

    name: str
    printed: str
    corrected: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Recursion:
    """A gradient for every depth: `base` is the claim about the last layer, `step` the one about a generic layer k, from k + 1 to k.

    The two prove it for every layer from the first one that k can be: the generic function of the step stands for the rest of the
    network, whatever it is. Which verdicts both have is for the judge to say. `reach` says for which layers it is.
    """

    name: str
    base: Claim
    step: Claim
    reach: str


def identifier(name: str) -> str:
    """A name as part of an id: words joined by hyphens."""
    return re.sub(r"[^\w()\-.,]+", "-", name, flags=re.UNICODE).strip("-")
