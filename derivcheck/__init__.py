"""derivcheck verifies hand-written derivations of matrix calculus and backpropagation, step by step and for every dimension.

    from derivcheck import D, Derivation, Source, delta, diag, softmax

    d = Derivation("softmax-jacobian", layout="numerator", source=Source("Leifer and Troendle 2021", "Lemma 1"))
    K = d.dim("K")
    i, j = d.indices("i j", K)
    z = d.vector("z", K)
    s = d.let("s", softmax(z))
    d.claim("entries", D(s[i], z[j]), s[i] * (delta(i, j) - s[j]))
    d.claim("matrix form", D(s, z), diag(s) - s @ s.T)

Every operator of the table is a public name too: derivcheck.softmax builds the term that derivcheck/language/operators/softmax.py
describes. Names are imported when they are first used, so that `import derivcheck` stays fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "algebra.dims": ("Dim", "IllTyped", "Index"),
    "language.layout": ("LAYOUTS", "Layout"),
    "language.shapes": ("column", "row", "shape_of"),
    "language.places": ("Place",),
    "language.subscripts": ("Shift",),
    "language.terms": ("D", "Positive", "Term", "array", "cases", "delta", "differ", "equal", "indicator", "size", "sum_over"),
    "language.walks": ("same_expression",),
    "layers": ("Layers",),
    "claims": ("Assumption", "Chain", "Claim", "Erratum", "ExplicitMatrices", "Source"),
    "derivation": ("Derivation",),
    "verdict": ("Condition", "Counterexample", "Problem", "Report", "Verdict"),
    "courses.checkers": ("check", "check_equal", "check_gradient", "check_jacobian"),
}  # fmt: skip
"""Where each public name lives; the operators are found in their table."""

_MODULE = {name: f"{__name__}.{module}" for module, names in _HOME.items() for name in names}

__all__ = [
    "LAYOUTS", "Assumption", "Chain", "Claim", "Condition", "Counterexample", "D", "Derivation", "Dim", "Erratum", "ExplicitMatrices",
    "IllTyped", "Index", "Layers", "Layout", "Place", "Positive", "Problem", "Report", "Shift", "Source", "Term", "Verdict", "absolute", "array",
    "cases", "check", "check_equal", "check_gradient", "check_jacobian", "column", "contract", "cross_entropy", "delta", "determinant",
    "diag", "diagonal", "differ", "elementwise", "equal", "exp", "frobenius", "hadamard", "identity", "indicator", "inverse", "kron", "log",
    "logsumexp", "matmul", "mean", "one_hot", "ones", "outer", "power", "relu", "row", "same_expression", "scalar_function", "shape_of",
    "sigmoid", "size", "softmax", "softplus", "sqrt", "sum_over", "tanh", "total", "trace", "transpose", "unvec", "vec",
]  # fmt: skip

if TYPE_CHECKING:
    from derivcheck.algebra.dims import Dim, IllTyped, Index
    from derivcheck.claims import Assumption, Chain, Claim, Erratum, ExplicitMatrices, Source
    from derivcheck.courses.checkers import check, check_equal, check_gradient, check_jacobian
    from derivcheck.derivation import Derivation
    from derivcheck.language.layout import LAYOUTS, Layout
    from derivcheck.language.operators.absolute import absolute
    from derivcheck.language.operators.contract import contract
    from derivcheck.language.operators.cross_entropy import cross_entropy
    from derivcheck.language.operators.determinant import determinant
    from derivcheck.language.operators.diag import diag
    from derivcheck.language.operators.diagonal import diagonal
    from derivcheck.language.operators.elementwise import elementwise
    from derivcheck.language.operators.exp import exp
    from derivcheck.language.operators.frobenius import frobenius
    from derivcheck.language.operators.hadamard import hadamard
    from derivcheck.language.operators.identity import identity
    from derivcheck.language.operators.inverse import inverse
    from derivcheck.language.operators.kron import kron
    from derivcheck.language.operators.log import log
    from derivcheck.language.operators.logsumexp import logsumexp
    from derivcheck.language.operators.matmul import matmul
    from derivcheck.language.operators.mean import mean
    from derivcheck.language.operators.one_hot import one_hot
    from derivcheck.language.operators.ones import ones
    from derivcheck.language.operators.outer import outer
    from derivcheck.language.operators.power import power
    from derivcheck.language.operators.relu import relu
    from derivcheck.language.operators.scalar_function import scalar_function
    from derivcheck.language.operators.sigmoid import sigmoid
    from derivcheck.language.operators.softmax import softmax
    from derivcheck.language.operators.softplus import softplus
    from derivcheck.language.operators.sqrt import sqrt
    from derivcheck.language.operators.tanh import tanh
    from derivcheck.language.operators.total import total
    from derivcheck.language.operators.trace import trace
    from derivcheck.language.operators.transpose import transpose
    from derivcheck.language.operators.unvec import unvec
    from derivcheck.language.operators.vec import vec
    from derivcheck.language.places import Place
    from derivcheck.language.shapes import column, row, shape_of
    from derivcheck.language.subscripts import Shift
    from derivcheck.language.terms import D, Positive, Term, array, cases, delta, differ, equal, indicator, size, sum_over
    from derivcheck.language.walks import same_expression
    from derivcheck.layers import Layers
    from derivcheck.verdict import Condition, Counterexample, Problem, Report, Verdict


def __getattr__(name: str) -> Any:
    """A public name, from the module that defines it, or the builder of the operator of that name."""
    if name in _MODULE:
        return getattr(importlib.import_module(_MODULE[name]), name)
    if not name.startswith("_"):
        from derivcheck.language.operators import table  # keeps `import derivcheck` fast

        operator = table().get(name)
        if operator is not None:
            return operator.build
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    from derivcheck.language.operators import table  # keeps `import derivcheck` fast

    return sorted({*globals(), *_MODULE, *table()})
