"""The table of operators tests itself: every row is evaluated by its meaning, by NumPy and by SymPy, and derived by the latter two."""

from __future__ import annotations

import dataclasses
import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy
from dual_numbers import Dual
from operator_cases import Case, close, number, rational
from operator_variants import VARIANTS

import derivcheck
from derivcheck.language import operators
from derivcheck.language.operators import sympy_parts, table
from derivcheck.language.operators.record import Operator
from derivcheck.language.shapes import flat
from derivcheck.language.terms import Apply, Term

NAMES = (
    "absolute", "contract", "cross_entropy", "determinant", "diag", "diagonal", "elementwise", "exp", "frobenius", "hadamard", "identity",
    "inverse", "kron", "log", "logsumexp", "matmul", "mean", "one_hot", "ones", "outer", "power", "relu", "scalar_function", "sigmoid",
    "softmax", "softplus", "sqrt", "tanh", "total", "trace", "transpose", "unvec", "vec",
)  # fmt: skip
AXIOMS = (
    "absolute", "determinant", "elementwise", "exp", "inverse", "log", "relu", "scalar_function",
)  # fmt: skip
WITHOUT_MEANING = {"inverse", "determinant", "scalar_function"}
PRECEDENCES = ("sum", "product", "prefix", "atom")
WORDS = {"real", "positive", "nonzero", "nonnegative", "invertible"}


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
