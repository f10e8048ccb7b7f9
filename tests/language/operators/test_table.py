"""The table of operators tests itself: every row is evaluated by its meaning, by NumPy and by SymPy, and derived by the latter two."""

from __future__ import annotations

import dataclasses
import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any

import numpy as np
import pytest
import sympy
from dual_numbers import Dual
from index_evaluator import evaluate, fresh_indices, interval, subscripts
from mpmath import iv

import derivcheck
from derivcheck import (
    Dim,
    IllTyped,
    Index,
    Shift,
    contract,
    cross_entropy,
    determinant,
    diag,
    diagonal,
    elementwise,
    exp,
    frobenius,
    hadamard,
    identity,
    inverse,
    kron,
    log,
    logsumexp,
    matmul,
    mean,
    one_hot,
    ones,
    outer,
    power,
    relu,
    scalar_function,
    sigmoid,
    softmax,
    sqrt,
    sum_over,
    total,
    trace,
    transpose,
    unvec,
    vec,
)
from derivcheck.language import operators
from derivcheck.language.operators import sympy_parts, table
from derivcheck.language.operators.record import Operator
from derivcheck.language.shapes import describe, flat, shape_of
from derivcheck.language.terms import Apply, Leaf, Term

NAMES = (
    "absolute", "contract", "cross_entropy", "determinant", "diag", "diagonal", "elementwise", "exp", "frobenius", "hadamard", "identity",
    "inverse", "kron", "log", "logsumexp", "matmul", "mean", "one_hot", "ones", "outer", "power", "relu", "scalar_function", "sigmoid",
    "softmax", "softplus", "sqrt", "tanh", "total", "trace", "transpose", "unvec", "vec",
)  # fmt: skip
AXIOMS = (
    "absolute", "determinant", "elementwise", "exp", "inverse", "log", "relu", "scalar_function",
)  # fmt: skip
ENTRYWISE = (
    "exp", "log", "sqrt", "absolute", "relu", "sigmoid", "tanh", "softplus",
)  # fmt: skip
WITHOUT_MEANING = {"inverse", "determinant", "scalar_function"}
PRECEDENCES = ("sum", "product", "prefix", "atom")
WORDS = {"real", "positive", "nonzero", "nonnegative", "invertible"}

n, m, k = (Dim.of(name) for name in "nmk")
i = Index("i", n)


def leaf(name: str, *axes: str | int | Dim) -> Leaf:
    return Leaf(name, shape_of(*axes))


VARIANTS: dict[str, Callable[[], Term]] = {
    **{name: record.example for name, record in table().items()},
    "matmul of row and column": lambda: leaf("r", 1, "n") @ leaf("c", "n", 1),
    "matmul of column and row": lambda: leaf("c", "n", 1) @ leaf("r", 1, "m"),
    "matmul of scalar and row": lambda: matmul(leaf("s"), leaf("r", 1, "m")),
    "matmul of scalars": lambda: matmul(leaf("s"), leaf("t")),
    "matmul over a composite axis": lambda: leaf("A", "k", n * m) @ leaf("B", n * m, 1),
    "matmul with numbers for dimensions": lambda: leaf("A", 2, 3) @ leaf("B", 3, "m"),
    "transpose of a column": lambda: leaf("c", "n", 1).T,
    "transpose of a scalar": lambda: transpose(leaf("s")),
    "transpose of composite axes": lambda: leaf("A", n * m, "k").T,
    "hadamard of rows": lambda: hadamard(leaf("a", 1, "n"), leaf("b", 1, "n")),
    "hadamard of scalars": lambda: hadamard(leaf("a"), leaf("b")),
    "hadamard of tensors": lambda: hadamard(leaf("a", "n", "m", "k"), leaf("b", "n", "m", "k")),
    "kron of column and row": lambda: kron(leaf("a", "n", 1), leaf("b", 1, "m")),
    "kron of columns": lambda: kron(leaf("a", "n", 1), leaf("b", "m", 1)),
    "kron with a scalar": lambda: kron(leaf("a"), leaf("b", "n", "m")),
    "kron with composite axes": lambda: kron(leaf("a", n * m, 1), leaf("b", k, 1)),
    "vec of a column": lambda: vec(leaf("c", "n", 1)),
    "vec of a row": lambda: vec(leaf("r", 1, "n")),
    "vec of a scalar": lambda: vec(leaf("s")),
    "vec of composite axes": lambda: vec(leaf("A", n * m, k)),
    "unvec to composite axes": lambda: unvec(leaf("v", k * n * m, 1), rows=n * m, columns=k),
    "unvec to a row": lambda: unvec(leaf("v", "n", 1), rows=1, columns="n"),
    "unvec to a column": lambda: unvec(leaf("v", "n", 1), rows="n", columns=1),
    "unvec to a scalar": lambda: unvec(leaf("s"), rows=1, columns=1),
    "diag of a row": lambda: diag(leaf("r", 1, "n")),
    "diag of a scalar": lambda: diag(leaf("s")),
    "diag of a composite axis": lambda: diag(leaf("v", n * m, 1)),
    "diagonal of composite axes": lambda: diagonal(leaf("A", n * m, n * m)),
    "diagonal of a scalar": lambda: diagonal(leaf("s")),
    "trace of composite axes": lambda: trace(leaf("A", n * m, n * m)),
    "trace of a scalar": lambda: trace(leaf("s")),
    "outer of row and column": lambda: outer(leaf("r", 1, "n"), leaf("c", "m", 1)),
    "outer with a scalar": lambda: outer(leaf("s"), leaf("c", "m", 1)),
    "contract matrices": lambda: contract(leaf("A", "n", "k"), leaf("B", "k", "m")),
    "contract vectors": lambda: contract(leaf("a", 1, "k"), leaf("b", "k", 1)),
    "contract all axes": lambda: contract(leaf("A", "n", "m"), leaf("B", "n", "m"), axes=2),
    "contract to a column": lambda: contract(leaf("A", "n", "m", "k"), leaf("B", "m", "k"), axes=2),
    "contract a tensor with a row": lambda: contract(leaf("A", "n", "m", "k"), leaf("b", 1, "k")),
    "softmax of a column": lambda: softmax(leaf("z", "n", 1)),
    "softmax of a row": lambda: softmax(leaf("z", 1, "n")),
    "softmax of a column with its axis": lambda: softmax(leaf("z", "n", 1), axis=0),
    "softmax of columns": lambda: softmax(leaf("Z", "n", "m"), axis=0),
    "softmax of a tensor": lambda: softmax(leaf("Z", "n", "m", "k"), axis=1),
    "softmax of a composite axis": lambda: softmax(leaf("z", n * m, 1)),
    "softmax along a composite axis": lambda: softmax(leaf("Z", n * m, k), axis=0),
    "logsumexp of a column": lambda: logsumexp(leaf("z", "n", 1)),
    "logsumexp of a row": lambda: logsumexp(leaf("z", 1, "n")),
    "logsumexp of rows": lambda: logsumexp(leaf("Z", "n", "m"), axis=1),
    "logsumexp of a tensor": lambda: logsumexp(leaf("Z", "n", "m", "k"), axis=1),
    "cross-entropy of rows": lambda: cross_entropy(leaf("y", 1, "n"), leaf("q", 1, "n")),
    "power 1/2": lambda: power(leaf("x", "n", 1), Fraction(1, 2)),
    "power -2": lambda: power(leaf("x", "n", 1), -2),
    "power 0": lambda: power(leaf("x", "n", 1), 0),
    "power of a scalar": lambda: power(leaf("x"), 3),
    "exp of a tensor": lambda: exp(leaf("x", "n", "m", "k")),
    "relu of a column": lambda: relu(leaf("x", "n", 1)),
    "elementwise order 0": lambda: elementwise("g", leaf("x", "n", 1)),
    "elementwise order 2": lambda: elementwise("g", leaf("x", 1, "n"), order=2),
    "elementwise order 5": lambda: elementwise("h", leaf("x", 1, "n"), order=5),
    "scalar function of a tensor": lambda: scalar_function("L", leaf("x", "n", "m", "k")),
    "inverse of a scalar": lambda: inverse(leaf("s")),
    "determinant of a scalar": lambda: determinant(leaf("s")),
    "frobenius of a column": lambda: frobenius(leaf("x", "n", 1)),
    "frobenius of a tensor": lambda: frobenius(leaf("x", "n", "m", "k")),
    "total of a row": lambda: total(leaf("x", 1, "n")),
    "total of a scalar": lambda: total(leaf("s")),
    "mean of a tensor": lambda: mean(leaf("x", "n", "m", "k")),
    "mean of a composite axis": lambda: mean(leaf("x", n * m, 1)),
    "mean with a number for a dimension": lambda: mean(leaf("x", 3, "m")),
    "mean of a scalar": lambda: mean(leaf("s")),
    "ones of a composite axis": lambda: ones(n * m),
    "ones of one": lambda: ones(1),
    "identity of a composite axis": lambda: identity(n * m),
    "identity of one": lambda: identity(1),
    "one-hot at a number": lambda: one_hot(4, 3),
    "one-hot of one": lambda: one_hot(1, 1),
    **{f"{name} of a scalar": (lambda name=name: table()[name].build(leaf("x"))) for name in ENTRYWISE},
}


class Case:
    """An application, the sizes of its dimensions, and a rational point in the sample range of each argument."""

    def __init__(self, build: Callable[[], Term], seed: int, sizes: tuple[int, ...]) -> None:
        term = build()
        assert isinstance(term, Apply)
        self.term = term
        self.record = term.operator
        names = sorted({name for part in (term, *term.arguments) for axis in part.shape for name in axis.symbols})
        self.sizes = {name: sizes[position % len(sizes)] for position, name in enumerate(names)}
        self.random = random.Random(seed)
        self.size = self.size_of(term)
        free = sorted(term.free, key=str)
        self.at = {index: self.random.randint(1, index.dim.size(self.sizes)) for index in free}
        self.parameters = tuple(self.at[parameter] if isinstance(parameter, Index) else parameter for parameter in term.parameters)
        self.point = [self.draw(argument, sample) for argument, sample in zip(term.arguments, self.record.sample, strict=True)]
        while "invertible" in self.record.smooth and abs(exact_determinant(self.square(self.point[0]))) < Fraction(1, 8):
            self.point = [self.draw(term.arguments[0], self.record.sample[0])]

    def size_of(self, term: Term) -> tuple[int, ...]:
        return tuple(axis.size(self.sizes) for axis in term.shape)

    def draw(self, argument: Term, sample: tuple[float, float]) -> list[Fraction]:
        low, high = (int(bound * 16) for bound in sample)
        # odd numbers over 32: exact in binary, never 0
        return [Fraction(2 * self.random.randrange(low, high) + 1, 32) for _ in range(prod(self.size_of(argument)))]

    def square(self, values: list[Fraction]) -> list[list[Fraction]]:
        length = round(len(values) ** 0.5)
        return [values[row * length : (row + 1) * length] for row in range(length)]

    def arrays(self, change: Callable[[int, int, Fraction], Any], dtype: Any) -> tuple[Any, ...]:
        """The arguments as NumPy arrays; `change` makes each entry, given its argument, position and value."""
        result = []
        for number, (argument, values) in enumerate(zip(self.term.arguments, self.point, strict=True)):
            array = np.empty(len(values), dtype=dtype)
            for position, value in enumerate(values):
                array[position] = change(number, position, value)
            result.append(array.reshape(self.size_of(argument)))
        return tuple(result)

    def numpy(self, change: Callable[[int, int, Fraction], Any] = lambda number, position, value: float(value), dtype: Any = float) -> Any:
        found = self.record.numpy(self.arrays(change, dtype), self.parameters, self.size)
        assert isinstance(found, np.ndarray)
        assert found.shape == self.size
        return found

    def sympy(self, change: Callable[[int, int, Fraction], Any]) -> Any:
        arrays = []
        for number, (argument, values) in enumerate(zip(self.term.arguments, self.point, strict=True)):
            entries = [change(number, position, value) for position, value in enumerate(values)]
            size = self.size_of(argument)
            arrays.append(sympy.ImmutableDenseNDimArray(entries, size) if size else sympy.ImmutableDenseNDimArray(entries[0]))
        found = self.record.sympy(tuple(arrays), self.parameters, self.size)
        assert isinstance(found, sympy.ImmutableDenseNDimArray)
        assert found.shape == self.size
        return found

    def symbols(self) -> tuple[Any, list[tuple[int, int, Any]], dict[Any, Any]]:
        """The SymPy facet on symbols, the symbols with argument and position, and their values."""
        symbols: dict[tuple[int, int], Any] = {}
        values = {}
        for number, entries in enumerate(self.point):
            for position, value in enumerate(entries):
                symbol = symbols[number, position] = sympy.Symbol(f"x{number}_{position}")
                values[symbol] = rational(value)
        found = self.sympy(lambda number, position, value: symbols[number, position])
        return found, [(*place, symbol) for place, symbol in symbols.items()], values

    def meant(self) -> list[Any]:
        """The entries by meaning, as intervals in row-major order."""
        term = self.term
        if self.record.name == "determinant":
            return [interval(exact_determinant(self.square(self.point[0])))]
        if self.record.name == "inverse":
            return [interval(value) for row in exact_inverse(self.square(self.point[0])) for value in row]
        assert self.record.meaning is not None
        point = {}
        for argument, values in zip(term.arguments, self.point, strict=True):
            assert isinstance(argument, Leaf)
            point[argument.name] = dict(zip(subscripts(flat(argument.shape), self.sizes), values, strict=True))
        if term.shape == () and self.record.name in ("exp", "log", "absolute", "relu", "elementwise"):
            return [evaluate(term, point, self.sizes, self.at, generic_interval)]
        slots = tuple(Index(f"slot{position}", dim) for position, dim in enumerate(flat(term.shape)))
        meaning = self.record.meaning(term.arguments, term.parameters, slots, fresh_indices())
        assert meaning.shape == ()
        assert meaning.free <= frozenset(slots) | term.free
        places = subscripts(flat(term.shape), self.sizes)
        return [evaluate(meaning, point, self.sizes, {**self.at, **dict(zip(slots, place, strict=True))}, generic_interval) for place in places]


def rational(value: Fraction) -> Any:
    return sympy.Rational(value.numerator, value.denominator)


def exact_determinant(square: list[list[Fraction]]) -> Fraction:
    """Leibniz' formula."""
    length = len(square)
    result = Fraction(0)
    for order in permutations(range(length)):
        inversions = sum(order[a] > order[b] for a in range(length) for b in range(a + 1, length))
        result += (-1) ** inversions * prod((square[row][order[row]] for row in range(length)), start=Fraction(1))
    return result


def exact_inverse(square: list[list[Fraction]]) -> list[list[Fraction]]:
    """Cramer's rule, checked by multiplying out."""
    length = range(len(square))
    whole = exact_determinant(square)

    def replaced(row: int, column: int) -> list[list[Fraction]]:
        return [[Fraction(r == column) if c == row else square[r][c] for c in length] for r in length]

    found = [[exact_determinant(replaced(row, column)) / whole for column in length] for row in length]
    assert [[sum(square[r][t] * found[t][c] for t in length) for c in length] for r in length] == [[Fraction(r == c) for c in length] for r in length]
    return found


def generic_interval(parameters: tuple[Any, ...], value: Any) -> Any:
    """The concrete function behind a generic one; it has no other mathematical value than the one that NumPy gives it."""
    found = table()["elementwise"].numpy((np.asarray(float(value.mid)),), parameters, ())
    return iv.mpf(float(found))


def generic_number(function: Any) -> Any:
    """The value of a generic SymPy function at numbers, by nested dual numbers of the NumPy facet for partial derivatives."""
    name, detail = function.generic
    values = [float(argument) for argument in function.args]
    if isinstance(detail, int):
        return sympy.Float(float(table()["elementwise"].numpy((np.asarray(values[0]),), (name, detail), ())), 17)
    entries: list[Any] = list(values)
    for position in detail:
        entries = [Dual(entry, (1.0 if number == position else 0.0)) for number, entry in enumerate(entries, start=1)]
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    found = table()["scalar_function"].numpy((array,), (name,), ())[()]
    for _ in detail:
        found = found.part
    return sympy.Float(float(found), 17)


def number(expression: Any, values: dict[Any, Any]) -> Any:
    """A SymPy expression at a point, to 40 digits (16 where it holds generic functions)."""
    at_point = expression.xreplace(values)
    at_point = at_point.replace(lambda part: hasattr(type(part), "generic"), generic_number)
    return at_point.evalf(40)


def close(found: Any, expected: Any, digits: float = 1e-11) -> bool:
    return bool(abs(complex(found) - complex(expected)) <= digits * (1 + abs(complex(expected))))


ALL_SIZES = ((2, 3, 1), (3, 1, 2), (1,), (1, 2), (2,))
CASES = [pytest.param(build, id=name) for name, build in VARIANTS.items()]
DIFFERENTIABLE = [pytest.param(build, id=name) for name, build in VARIANTS.items() if isinstance(term := build(), Apply) and term.arguments]


@pytest.mark.parametrize("build", CASES)
@pytest.mark.parametrize("sizes", ALL_SIZES, ids=str)
def test_meaning_numpy_and_sympy_have_the_same_value(build: Callable[[], Term], sizes: tuple[int, ...]) -> None:
    case = Case(build, 20_001, sizes)
    found = case.numpy().reshape(-1)
    symbolic, _, values = case.symbols()
    exact = [number(entry, values) for entry in sympy_parts.entries(symbolic)]
    if case.record.name == "scalar_function":  # its only value is the concrete one that stands behind it
        assert close(found[0], exact[0])
        return
    meant = case.meant()
    assert len(meant) == len(found) == len(exact)
    loose = 1e-11 if case.record.name == "elementwise" else 1e-35
    for one, two, three in zip(meant, found, exact, strict=True):
        assert float(one.delta) <= 1e-30 * (1 + abs(float(one.mid)))
        assert close(two, float(one.mid))
        assert abs(sympy.Float(str(three), 40) - sympy.Float(str(one.mid.a).strip("[]").split(",")[0], 40)) <= loose * (1 + abs(three))


@pytest.mark.parametrize("build", DIFFERENTIABLE)
@pytest.mark.parametrize("sizes", [(2, 3, 1), (1, 2), (2,)], ids=str)
def test_complex_step_and_dual_numbers_agree_with_sympy_diff(build: Callable[[], Term], sizes: tuple[int, ...]) -> None:
    case = Case(build, 20_002, sizes)
    symbolic, symbols, values = case.symbols()
    entries = sympy_parts.entries(symbolic)
    step = 1e-30
    plain = case.numpy().reshape(-1)
    for which, where, symbol in symbols:

        def here(argument: int, position: int, which: int = which, where: int = where) -> bool:
            return (argument, position) == (which, where)

        stepped = case.numpy(lambda a, p, value, here=here: float(value) + (1j * step if here(a, p) else 0), complex).reshape(-1)
        duals = case.numpy(lambda a, p, value, here=here: Dual(float(value), 1.0 if here(a, p) else 0.0), object).reshape(-1)
        for value, complex_value, dual, entry in zip(plain, stepped, map(Dual.of, duals), entries, strict=True):
            expected = number(entry.diff(symbol), values)
            assert close(complex_value.real, value)
            assert close(dual.real, value)
            assert close(complex_value.imag / step, expected)
            assert close(dual.part, expected)


@pytest.mark.parametrize("build", DIFFERENTIABLE)
def test_second_derivatives_by_nested_dual_numbers(build: Callable[[], Term]) -> None:
    case = Case(build, 20_003, (2, 3, 1))
    draw = random.Random(7)
    places = [(a, p) for a, entries in enumerate(case.point) for p in range(len(entries))]
    directions = {place: (Fraction(draw.randint(-8, 8), 8), Fraction(draw.randint(-8, 8), 8)) for place in places}
    s, t = sympy.symbols("s t")

    def nested(argument: int, position: int, value: Fraction) -> Dual:
        u, v = map(float, directions[argument, position])
        return Dual(Dual(float(value), u), Dual(v, 0.0))

    def line(argument: int, position: int, value: Fraction) -> Any:
        u, v = map(rational, directions[argument, position])
        return rational(value) + s * u + t * v

    found = case.numpy(nested, object).reshape(-1)
    for entry, expected in zip(map(Dual.of, found), sympy_parts.entries(case.sympy(line)), strict=True):
        derivative = sympy.S(expected).diff(s, t)
        part = entry.part.part if isinstance(entry.part, Dual) else 0.0
        assert close(part, number(derivative, {s: sympy.S.Zero, t: sympy.S.Zero}), 1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_sane(name: str) -> None:
    record = table()[name]
    example = record.example()
    assert isinstance(example, Apply)
    assert (record.name, example.operator) == (name, record)
    assert record.kind == ("axiom" if name in AXIOMS else "definition")
    assert (record.meaning is None) == (name in WITHOUT_MEANING)
    assert len(record.domain) == len(record.smooth) == len(record.sample) == record.arity == len(example.arguments)
    assert {*record.domain, *record.smooth} <= WORDS
    assert all(low < high for low, high in record.sample)
    assert all(low > 0 for (low, _), word in zip(record.sample, record.smooth, strict=True) if word == "positive")
    assert record.binds in (*PRECEDENCES, "free")
    assert record.result in PRECEDENCES
    assert record.build.__name__ == name
    assert (record.build.__doc__ or "").strip()
    assert getattr(derivcheck, name) is record.build
    assert name in derivcheck.__all__
    arguments = tuple("XYZ"[: record.arity])
    latex, text = record.latex(arguments, example.parameters), record.text(arguments, example.parameters)
    assert latex.count("{") == latex.count("}")
    assert "\\" not in text
    for argument in arguments:
        assert argument in latex
        assert argument in text
    symbols = [dim for argument in example.arguments for dim in flat(argument.shape)]
    assert all(dim.symbols for dim in symbols)


def test_the_table_holds_the_known_operators() -> None:
    assert set(NAMES) <= set(table())
    assert {name for name, record in table().items() if record.kind == "axiom"} == set(AXIOMS)


def test_a_forgotten_field_is_an_error() -> None:
    fields = {field.name: getattr(table()["exp"], field.name) for field in dataclasses.fields(Operator)}
    for name in fields:
        with pytest.raises(TypeError, match=name):
            Operator(**{other: value for other, value in fields.items() if other != name})


def test_a_second_operator_of_one_name_is_an_error(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "another_exp.py").write_text("from derivcheck.language.operators.exp import OPERATOR\n")
    monkeypatch.setattr(operators, "__path__", [*operators.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "derivcheck.language.operators.another_exp", raising=False)
    with pytest.raises(ValueError, match="two operators are called exp"):
        table.__wrapped__()
    monkeypatch.delitem(sys.modules, "derivcheck.language.operators.another_exp")
    monkeypatch.delattr(operators, "another_exp")


def test_reading_the_table_imports_neither_sympy_nor_numpy() -> None:
    program = (
        "import sys, derivcheck\n"
        "from derivcheck import *\n"
        "from derivcheck.language.operators import table\n"
        "for record in table().values(): record.example()\n"
        "print(sorted({'sympy', 'numpy', 'rich'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_public_names() -> None:
    for name in derivcheck.__all__:
        assert getattr(derivcheck, name) is not None
    assert set(derivcheck.__all__) <= set(dir(derivcheck))
    with pytest.raises(AttributeError, match="no attribute 'softmaxx'"):
        _ = derivcheck.softmaxx
    with pytest.raises(ImportError):
        exec("from derivcheck import _nothing")


# ill-shaped applications: both arguments are shown with their shapes and places --------------------------------------
s = leaf("s")
c = leaf("c", "n", 1)
d = leaf("d", "m", 1)
r = leaf("r", 1, "n")
A = leaf("A", "n", "k")
B = leaf("B", "m", "k")
T = leaf("T", "n", "m", "k")

ILL_SHAPED: dict[str, tuple[Callable[[], Term], tuple[Term, ...], str]] = {
    "matmul inner": (lambda: A @ B, (A, B), "k is not m"),
    "matmul columns": (lambda: c @ c, (c,), "1 is not n"),
    "matmul of a scalar and a column": (lambda: matmul(s, c), (s, c), "1 is not n"),
    "matmul tensor": (lambda: matmul(T, A), (T, A), "vectors and matrices"),
    "transpose tensor": (lambda: T.T, (T,), "vector or a matrix"),
    "hadamard row and column": (lambda: hadamard(c, r), (c, r), "nothing is broadcast"),
    "hadamard dims": (lambda: hadamard(A, B), (A, B), "one shape"),
    "hadamard with a scalar": (lambda: hadamard(s, c), (s, c), "nothing is broadcast"),
    "kron tensor": (lambda: kron(A, T), (A, T), "vectors and matrices"),
    "vec tensor": (lambda: vec(T), (T,), "vector or a matrix"),
    "unvec size": (lambda: unvec(c, rows="n", columns="m"), (c,), "needs a column of m·n entries"),
    "unvec row": (lambda: unvec(r, rows="n", columns=1), (r,), "takes a column"),
    "unvec matrix": (lambda: unvec(A, rows="n", columns="k"), (A,), "takes a column"),
    "diag matrix": (lambda: diag(A), (A,), "diagonal(A)"),
    "diagonal vector": (lambda: diagonal(c), (c,), "diag(v)"),
    "diagonal rectangular": (lambda: diagonal(A), (A,), "square"),
    "trace": (lambda: trace(A), (A,), "square"),
    "trace tensor": (lambda: trace(T), (T,), "square"),
    "outer matrix": (lambda: outer(A, c), (A, c), "two vectors"),
    "contract dims": (lambda: contract(A, B), (A, B), "cannot contract"),
    "contract too many": (lambda: contract(c, A, axes=2), (c, A), "over 2 axes"),
    "contract scalar": (lambda: contract(s, A), (s, A), "over 1 axes"),
    "softmax scalar": (lambda: softmax(s), (s,), "vector or a matrix"),
    "softmax without an axis": (lambda: softmax(A), (A,), "axis"),
    "softmax with a strange axis": (lambda: softmax(A, axis=2), (A,), "no axis 2"),
    "softmax with a negative axis": (lambda: softmax(A, axis=-1), (A,), "no axis -1"),
    "softmax along a literal 1": (lambda: softmax(c, axis=1), (c,), "no axis 1"),
    "logsumexp without an axis": (lambda: logsumexp(A), (A,), "axis"),
    "cross-entropy row and column": (lambda: cross_entropy(c, r), (c, r), "one shape"),
    "cross-entropy dims": (lambda: cross_entropy(c, d), (c, d), "one shape"),
    "cross-entropy matrices": (lambda: cross_entropy(A, A), (A,), "two vectors"),
    "inverse": (lambda: inverse(A), (A,), "square"),
    "inverse tensor": (lambda: inverse(T), (T,), "square"),
    "determinant": (lambda: determinant(A), (A,), "square"),
}


@pytest.mark.parametrize(("build", "arguments", "words"), ILL_SHAPED.values(), ids=ILL_SHAPED)
def test_ill_shaped_arguments_name_both_shapes_and_both_places(build: Callable[[], Term], arguments: tuple[Term, ...], words: str) -> None:
    with pytest.raises(IllTyped) as caught:
        build()
    message = str(caught.value)
    assert words in message
    for argument in arguments:
        assert f"{describe(argument.shape)} (written at {argument.place})" in message


WRONG_PARAMETERS: dict[str, tuple[Callable[[], Term], str]] = {
    "contract no axes": (lambda: contract(A, A, axes=0), ">= 1"),
    "contract True": (lambda: contract(A, A, axes=True), "not True"),
    "power float": (lambda: power(c, 0.5), "not 0.5"),  # type: ignore[arg-type]
    "power bool": (lambda: power(c, True), "not True"),
    "elementwise name": (lambda: elementwise("", c), "needs a name"),
    "elementwise order": (lambda: elementwise("g", c, order=-1), "not -1"),
    "scalar function name": (lambda: scalar_function("", c), "needs a name"),
    "swapped arguments": (lambda: scalar_function(c, c), "needs a name"),  # type: ignore[arg-type]
    "one-hot dims": (lambda: one_hot("m", i), "index i ranges over n"),
    "one-hot shifted dims": (lambda: one_hot("m", Shift(i, 1)), "index i ranges over n"),
    "one-hot range": (lambda: one_hot(3, 4), "out of range 1 … 3"),
    "one-hot zero": (lambda: one_hot("n", 0), "out of range"),
    "one-hot composite": (lambda: one_hot(n * m, 1), "product n·m"),
    "one-hot position": (lambda: one_hot(3, "1"), "not '1'"),  # type: ignore[arg-type]
    "ones of nothing": (lambda: ones(0), "not 0"),
    "a float": (lambda: exp(0.5), "not exact"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("build", "words"), WRONG_PARAMETERS.values(), ids=WRONG_PARAMETERS)
def test_wrong_parameters_are_refused(build: Callable[[], Term], words: str) -> None:
    with pytest.raises(IllTyped) as caught:
        build()
    assert words in str(caught.value)


DIFFERENTLY_FACTORED: dict[str, Callable[[], Term]] = {
    "matmul": lambda: leaf("A", "k", n * m) @ leaf("B", m * n, "k"),
    "hadamard": lambda: hadamard(leaf("a", n * m, 1), leaf("b", m * n, 1)),
    "unvec": lambda: unvec(leaf("v", n * m, 1), rows=n, columns=m),
    "unvec of an elementary axis": lambda: unvec(leaf("v", 6, 1), rows=2, columns=3),
    "diagonal": lambda: diagonal(leaf("A", n * m, m * n)),
    "trace": lambda: trace(leaf("A", n * m, m * n)),
    "contract": lambda: contract(leaf("A", "k", n * m), leaf("B", m * n, "k")),
    "cross_entropy": lambda: cross_entropy(leaf("y", n * m, 1), leaf("q", m * n, 1)),
}


@pytest.mark.parametrize("build", DIFFERENTLY_FACTORED.values(), ids=DIFFERENTLY_FACTORED)
def test_axes_of_one_size_that_factor_differently_have_a_shape_but_no_meaning(build: Callable[[], Term]) -> None:
    term = build()
    assert isinstance(term, Apply)
    assert term.operator.meaning is not None
    slots = tuple(Index(f"slot{position}", dim) for position, dim in enumerate(flat(term.shape)))
    with pytest.raises(IllTyped, match="factored differently"):
        term.operator.meaning(term.arguments, term.parameters, slots, fresh_indices())
    with pytest.raises(IllTyped, match="factored differently"):
        term.operator.meaning(term.arguments, term.parameters, (1,) * len(slots), fresh_indices())


def test_the_axes_of_an_inverse_are_swapped() -> None:
    A = leaf("A", n * m, m * n)
    assert inverse(A).shape == (m * n, n * m)
    assert (inverse(A) @ A).shape == (m * n, m * n)


def test_differently_factored_axes_still_have_a_value() -> None:
    found = table()["unvec"].numpy((np.arange(6.0).reshape(6, 1),), (Dim.of(2), Dim.of(3)), (2, 3))
    assert found.tolist() == [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]]


# generic functions ---------------------------------------------------------------------------------------------------
def test_the_concrete_elementwise_function_has_exact_derivatives() -> None:
    evaluate_at = table()["elementwise"].numpy
    x = np.linspace(-2, 2, 7).reshape(7, 1)
    for order in range(6):
        stepped = evaluate_at((x + 1e-30j,), ("g", order), (7, 1)).imag / 1e-30
        assert np.allclose(stepped, evaluate_at((x,), ("g", order + 1), (7, 1)), rtol=1e-12, atol=1e-12)
    assert not np.allclose(evaluate_at((x,), ("g", 0), (7, 1)), evaluate_at((x,), ("h", 0), (7, 1)), atol=0.1)
    assert abs(evaluate_at((np.zeros(()),), ("g", 0), ())) > 0.01


def test_the_concrete_scalar_function_treats_no_two_entries_alike() -> None:
    evaluate_at = table()["scalar_function"].numpy
    x = np.array([[0.5, -1.25, 2.0]])
    values = {round(float(evaluate_at((x[:, list(order)],), ("L",), ())), 9) for order in permutations(range(3))}
    assert len(values) == 6
    assert evaluate_at((x,), ("L",), ()) != evaluate_at((x,), ("M",), ())


def test_generic_sympy_functions_have_generic_derivatives() -> None:
    a, b = sympy.symbols("a b")
    g, loss = sympy_parts.elementwise_class("g", 0), sympy_parts.functional_class("L", ())
    assert g(a).diff(a, a) == sympy_parts.elementwise_class("g", 2)(a)
    assert str(g(a).diff(a)) == "g'(a)"
    assert g(a**2).diff(a) == 2 * a * sympy_parts.elementwise_class("g", 1)(a**2)
    assert loss(a, b).diff(a, b) == loss(a, b).diff(b, a) == sympy_parts.functional_class("L", (1, 2))(a, b)
    assert loss(a, b).diff(a) != loss(a, b).diff(b)
    assert loss(a, b) != loss(b, a)
    assert g(a) != sympy_parts.elementwise_class("h", 0)(a)


def test_step() -> None:
    a = sympy.Symbol("a")
    assert sympy_parts.step(sympy.Rational(1, 3)) == 1
    assert sympy_parts.step(sympy.Integer(-2)) == 0
    assert sympy_parts.step(sympy.S.Zero) not in (0, 1)
    assert sympy_parts.step(a).diff(a) == 0


# what the NumPy facets promise ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("dtype", [float, complex])
@pytest.mark.parametrize("build", [sigmoid, derivcheck.softplus, softmax, logsumexp, derivcheck.tanh])
def test_large_arguments_do_not_overflow(build: Callable[[Term], Term], dtype: Any) -> None:
    term = build(leaf("z", "n", 1))
    assert isinstance(term, Apply)
    size = () if term.shape == () else (2, 1)
    with np.errstate(over="raise", invalid="raise"):
        found = term.operator.numpy((np.array([[800.0], [-800.0]], dtype=dtype),), term.parameters, size)
    expected = {"sigmoid": [1, 0], "softplus": [800, 0], "softmax": [1, 0], "logsumexp": [800], "tanh": [1, -1]}[term.operator.name]
    assert np.allclose(found.reshape(-1), expected)


def test_a_shifted_one_hot_position_out_of_range_raises() -> None:
    record = table()["one_hot"]
    for facet in (record.numpy, record.sympy):
        with pytest.raises(IndexError, match="position 0"):
            facet((), (n, 0), (3, 1))


def test_a_singular_matrix_of_dual_numbers_raises() -> None:
    array = np.empty((2, 2), dtype=object)
    array[:] = [[Dual(1.0, 0.0), Dual(2.0, 1.0)], [Dual(2.0, 0.0), Dual(4.0, 0.0)]]
    with pytest.raises(np.linalg.LinAlgError):
        table()["inverse"].numpy((array,), (), (2, 2))


# printing ------------------------------------------------------------------------------------------------------------
PRINTED: dict[str, tuple[Callable[[], Term], str, str]] = {
    "matmul": (lambda: A @ A.T, "X Y", "X Y"),
    "transpose": (lambda: A.T, r"X^\top", "Xᵀ"),
    "hadamard": (lambda: hadamard(A, A), r"X \odot Y", "X ⊙ Y"),
    "kron": (lambda: kron(A, A), r"X \otimes Y", "X ⊗ Y"),
    "vec": (lambda: vec(A), r"\operatorname{vec}(X)", "vec(X)"),
    "unvec": (lambda: table()["unvec"].example(), r"\operatorname{vec}^{-1}_{n \times m}(X)", "vec⁻¹_{n×m}(X)"),
    "trace": (lambda: trace(identity("n")), r"\operatorname{tr}(X)", "tr(X)"),
    "softmax": (lambda: softmax(c), r"\operatorname{softmax}(X)", "softmax(X)"),
    "softmax rows": (lambda: softmax(A, axis=1), r"\operatorname{softmax}_{\text{rows}}(X)", "softmax_rows(X)"),
    "inverse": (lambda: inverse(identity("n")), "X^{-1}", "X⁻¹"),
    "frobenius": (lambda: frobenius(A), r"\lVert X \rVert_F", "‖X‖_F"),
    "sigmoid": (lambda: sigmoid(c), r"\sigma(X)", "σ(X)"),
    "sqrt": (lambda: sqrt(c), r"\sqrt{X}", "√(X)"),
    "log": (lambda: log(c), r"\log(X)", "log(X)"),
    "power": (lambda: power(c, Fraction(-1, 2)), r"X^{\odot -1/2}", "X^⊙(-1/2)"),
    "power 2": (lambda: power(c, 2), r"X^{\odot 2}", "X^⊙2"),
    "elementwise": (lambda: elementwise("g", c, order=1), "g'(X)", "g′(X)"),
    "elementwise 4": (lambda: elementwise("g", c, order=4), "g^{(4)}(X)", "g^(4)(X)"),
    "scalar_function": (lambda: scalar_function("loss", c), r"\operatorname{loss}(X)", "loss(X)"),
    "ones": (lambda: ones(n * m), r"\mathbf{1}_{n m}", "1_n·m"),
    "identity": (lambda: identity("n"), "I_{n}", "I_n"),
    "one_hot": (lambda: one_hot("n", i), "e_{i}", "e_i"),
}


@pytest.mark.parametrize(("build", "latex", "text"), PRINTED.values(), ids=PRINTED)
def test_printed(build: Callable[[], Term], latex: str, text: str) -> None:
    term = build()
    assert isinstance(term, Apply)
    arguments = tuple("XY"[: term.operator.arity])
    assert term.operator.latex(arguments, term.parameters) == latex
    assert term.operator.text(arguments, term.parameters) == text


def test_a_second_superscript_is_braced() -> None:
    assert table()["transpose"].latex(("W^{(1)}",), ()) == r"{W^{(1)}}^\top"


def test_an_index_parameter_is_free_and_can_be_bound() -> None:
    assert one_hot("n", i).free == {i}
    assert one_hot("n", Shift(i, -1)).free == {i}
    assert sum_over(i, one_hot("n", i)).free == frozenset()
