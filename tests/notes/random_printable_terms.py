"""Random terms of the language over the symbols of one note: every kind of node, small and of every shape."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from formulas import Note

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.language.operators import apply
from derivcheck.language.printing.names import FunctionName
from derivcheck.language.shapes import SCALAR, Shape
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
from derivcheck.language.terms import Add, Array, Cases, D, Delta, Entry, Indicator, Number, Positive, Power, Size, Slice, Sum, Term, multiply

DECLARATIONS = (
    "layout numerator",
    "x, y: scalar",
    r"z, \hat{w}: n",
    "r: 1 x n",
    "A, B: n x n",
    r"C^{(2)}, W_\ell^{[2]}: n x n",
    r"b^{[1]}: n",
    "W^{[1]}: n x m",
    "v_L: m",
    r"s = \operatorname{softmax}(z)",
    "function g elementwise",
    "function f of z",
    r"function \varphi elementwise",
    r"function \psi^{[1]} elementwise",
    r"function \ell_{ab} of z",
    "index i, j, t, k = 1..n",
    "index p, q = 1..m",
)
ENTRYWISE = ("exp", "log", "relu", "tanh", "softplus")
GENERIC = ("g", FunctionName("φ", r"\varphi"), FunctionName("ψ^[1]", r"\psi^{[1]}"))
LOSSES = ("f", FunctionName("ℓ_ab", r"\ell_{ab}"))
EXPONENTS = tuple(map(Fraction, ("2", "3", "1/2", "3/2", "-1", "-2", "-1/2")))


class Terms:
    """A supply of random terms over the symbols of a note."""

    def __init__(self, note: Note, seed: int) -> None:
        self.note = note
        self.random = Random(seed)
        derivation = note.derivation
        self.symbols: list[Term] = [*derivation.leaves, *derivation.definitions]
        named = {leaf.name: leaf for leaf in derivation.leaves}
        self.x, self.z, self.r, self.a, self.w, self.v = (named[name] for name in ("x", "z", "r", "A", "W^[1]", "v_L"))
        self.shapes: dict[str, Shape] = {
            "scalar": SCALAR,
            "column": self.z.shape,
            "row": self.r.shape,
            "square": self.a.shape,
            "matrix": self.w.shape,
            "short column": self.v.shape,
        }
        n, m = self.z.shape[0], self.v.shape[0]
        self.free = [Index("i", n), Index("j", n), Index("p", m)]
        self.bound = [Index("t", n), Index("k", n), Index("q", m)]
        self.n, self.m = n, m

    def term(self, shape: Shape, size: int) -> Term:
        """A term of this shape with about `size` nodes; what does not fit is drawn again."""
        while True:
            try:
                return self.random.choice(self._makers(shape, size))()
            except IllTyped:
                # an index bound twice, or free and bound
                size = max(size - 1, 1)

    def _makers(self, shape: Shape, size: int) -> list[Callable[[], Term]]:
        half = max(size // 2, 1)
        leaves: list[Callable[[], Term]] = [lambda symbol=symbol: symbol for symbol in self.symbols if symbol.shape == shape]  # type: ignore[misc]
        if shape == SCALAR:
            leaves += [
                lambda: Number(Fraction(self.random.choice((1, 2, 3, -2)))),
                lambda: Number(Fraction(1, 2)),
                lambda: Size(self.n),
                self._entry,
                self._delta,
                self._indicator,
            ]
        if size <= 1:
            return leaves
        makers: list[Callable[[], Term]] = [
            lambda: self._sum(shape, half),
            lambda: self._sum(shape, half),
            lambda: -self.term(shape, size - 1),
            lambda: multiply(self.term(SCALAR, half), self.term(shape, half)),
            lambda: apply(self.random.choice(ENTRYWISE), self.term(shape, size - 1)),
            lambda: apply("elementwise", self.term(shape, size - 1), parameters=(self.random.choice(GENERIC), self.random.choice((0, 1, 2)))),
            lambda: self._summed(shape, size - 1),
        ]
        if shape == SCALAR:
            return [*makers, *self._scalars(size, half)]
        makers.append(lambda: apply("hadamard", self.term(shape, half), self.term(shape, half)))
        return [*makers, *self._tensors(shape, size, half), *leaves]

    def _scalars(self, size: int, half: int) -> list[Callable[[], Term]]:
        return [
            lambda: self.term(SCALAR, half) / self.term(SCALAR, half),
            lambda: Power(self.term(SCALAR, size - 1), self.random.choice(EXPONENTS)),
            lambda: Cases(
                ((self._relation(), self.term(SCALAR, half)), (Positive(self.term(SCALAR, 2)), self.term(SCALAR, half))), self.term(SCALAR, half)
            ),
            lambda: Entry(self.term(self.z.shape, size - 1), (self.random.choice((self.free[0], self.free[1], Shift(self.free[0], -1), 1)),)),
            lambda: Entry(self.term(self.w.shape, size - 1), (self.free[0], self.free[2])),
            lambda: D(self.term(SCALAR, size - 1), self.random.choice((self.x, Entry(self.z, (self.free[0],)))), "numerator"),
            lambda: apply("total", self.term(self.random.choice(list(self.shapes.values())[1:]), size - 1)),
            lambda: apply("frobenius", self.term(self.w.shape, size - 1)),
            lambda: apply(self.random.choice(("trace", "determinant")), self.term(self.a.shape, size - 1)),
            lambda: apply("scalar_function", self.term(self.z.shape, size - 1), parameters=(self.random.choice(LOSSES),)),
            lambda: apply("matmul", self.term(self.r.shape, half), self.term(self.z.shape, half)),
        ]

    def _tensors(self, shape: Shape, size: int, half: int) -> list[Callable[[], Term]]:
        products = {
            self.z.shape: [(self.a, self.z), (self.w, self.v)],
            self.r.shape: [(self.r, self.a)],
            self.a.shape: [(self.a, self.a), (self.z, self.r)],
            self.w.shape: [(self.a, self.w)],
            self.v.shape: [],
        }[shape]
        found: list[Callable[[], Term]] = []
        if products:
            left, right = self.random.choice(products)
            found.append(lambda: apply("matmul", self.term(left.shape, half), self.term(right.shape, half)))
        if shape in (self.z.shape, self.r.shape, self.a.shape):
            turned = {self.z.shape: self.r.shape, self.r.shape: self.z.shape, self.a.shape: self.a.shape}[shape]
            found.append(lambda: apply("transpose", self.term(turned, size - 1)))
        if shape == self.a.shape:
            found += [
                lambda: apply("inverse", self.term(shape, size - 1)),
                lambda: apply("diag", self.term(self.z.shape, size - 1)),
                lambda: apply("outer", self.term(self.z.shape, half), self.term(self.z.shape, half)),
                lambda: apply("outer", self.term(self.random.choice((self.z, self.r)).shape, half), self.term(self.r.shape, half)),
                lambda: D(self.term(self.z.shape, size - 1), self.z, "numerator"),
                lambda: Array(tuple(self.bound[:2]), multiply(Entry(self.a, tuple(self.bound[:2])), self.term(SCALAR, half))),
                lambda: apply("identity", parameters=(self.n,)),
            ]
        if shape == self.z.shape:
            found += [
                lambda: apply("softmax", self.term(shape, size - 1), parameters=(None,)),
                lambda: Slice(self.term(self.a.shape, size - 1), (None, self.free[0])),
                lambda: Array((self.bound[0],), multiply(Entry(self.z, (self.bound[0],)), self.term(SCALAR, half))),
                lambda: apply("ones", parameters=(self.n,)),
                lambda: apply("power", self.term(shape, size - 1), parameters=(Fraction(self.random.choice((2, 3))),)),
            ]
        if shape == self.r.shape:
            found.append(lambda: Slice(self.term(self.a.shape, size - 1), (self.free[0], None)))
        return found

    def _sum(self, shape: Shape, size: int) -> Term:
        return Add(
            tuple(self.term(shape, size) if self.random.random() < 0.6 else -self.term(shape, size) for _ in range(self.random.choice((2, 3))))
        )

    def _summed(self, shape: Shape, size: int) -> Term:
        """Σ over an index, whole or from a bound on; it stands in the body."""
        index = self.random.choice(self.bound[:2])
        body = multiply(Entry(self.z, (index,)), self.term(shape, size))
        lower, upper = self.random.choice(((None, None), (None, None), (2, None), (None, self.free[0]), (self.free[1], 3)))
        return Sum(index, body, lower, upper)

    def _entry(self) -> Term:
        places: tuple[Slot, ...] = (*self.free[:2], 2, Shift(self.free[0], 1))
        place = self.random.choice(places)
        return self.random.choice((Entry(self.z, (place,)), Entry(self.w, (place, self.free[2])), Entry(self.a, (place, self.free[1]))))

    def _delta(self) -> Term:
        return Delta(*self.random.choice(((self.free[0], self.free[1]), (self.free[0], 1), (Shift(self.free[1], -1), self.free[0]))))

    def _relation(self) -> IndexRelation:
        return IndexRelation(self.free[0], self.random.choice(("=", "≠", "≤", "<")), self.free[1])

    def _indicator(self) -> Term:
        return Indicator(self._relation() if self.random.random() < 0.7 else Positive(self.x))
