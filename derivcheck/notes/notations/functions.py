"""Functions by name: exp and log, activations, softmax, the operators of matrices; e^x; sub- and superscripts on functions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derivcheck.algebra.dims import ONE, Dim, IllTyped
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, describe, flat, is_vector
from derivcheck.language.terms import Indicator, Positive, Power, Term
from derivcheck.notes.context import Context
from derivcheck.notes.entrywise import entrywise
from derivcheck.notes.grammar import Parser
from derivcheck.notes.names import split
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.scope import Function
from derivcheck.notes.scripts import is_matrix_shape
from derivcheck.notes.syntax import Bracketed, Node, Product, Word, juxtaposed
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported

Terms = tuple[Term, ...]


def one(function: str, terms: Terms, node: Node) -> Term:
    """The only argument."""
    if len(terms) != 1:
        raise Unsupported(f"{function} of {len(terms)} arguments", node.start, node.end, f"{function} takes one argument")
    return terms[0]


def operator(name: str, *parameters: Any) -> Callable[[Context, Terms, Node], Term]:
    return lambda context, terms, node: apply(name, one(name, terms, node), parameters=parameters)


def softmax(context: Context, terms: Terms, node: Node) -> Term:
    """Of a vector over its entries; of a matrix over each row, unless columns are declared."""
    z = one("softmax", terms, node)
    if z.shape == SCALAR:
        raise IllTyped(f"softmax takes a vector or a matrix, not a scalar (written at {z.place}); write softmax(z)_i for an entry")
    if is_vector(z.shape):
        return apply("softmax", z, parameters=(None,))
    declared = context.scope.readings.get("softmax")
    along = declared or context.readings.choose("softmax of a matrix", "runs over each row", "runs over each column")
    return apply("softmax", z, parameters=(0 if "column" in along else 1,))


def first_derivative(name: str, of: Callable[[Term], Term]) -> Callable[[Context, Terms, int, Node], Term]:
    def derivative(context: Context, terms: Terms, order: int, node: Node) -> Term:
        if order != 1:
            raise Unsupported(f"the derivative of order {order} of {name}", node.start, node.end, "write it as \\frac{\\partial}{\\partial x}")
        return entrywise(context, one(name, terms, node), of)

    return derivative


def unvec(context: Context, terms: Terms, node: Node) -> Term:
    """vec⁻¹, whose target shape is declared, or that of the only matrix with as many entries."""
    vector = one("vec^{-1}", terms, node)
    for target in split(node)[1]:
        if is_matrix_shape(target) and isinstance(target, Product):
            row_count, column_count = _shape_written(context, target)
            return apply("unvec", vector, parameters=(row_count, column_count))
    axes = flat(vector.shape)
    if len(axes) != 2 or not is_vector(vector.shape):
        raise Unsupported(
            f"vec^{{-1}} of a term of shape {describe(vector.shape)}", node.start, node.end, "its argument is a column of m·n entries, such as vec(W)"
        )
    columns, rows = axes
    return apply("unvec", vector, parameters=(rows, columns))


def _shape_written(context: Context, target: Product) -> tuple[Dim, Dim]:
    """The dimensions of n \\times m; each may be a product."""
    found = [ONE, ONE]
    side = 0
    for sign, factor in zip(("", *target.signs), target.factors, strict=True):
        side += sign == "\\times"
        dim = context.dimension(factor)
        if dim is None:
            raise Unsupported(f"{factor.key} as a dimension", factor.start, factor.end, f"declare it: dimension {factor.key}")
        found[side] = found[side] * dim
    return found[0], found[1]


def outer(context: Context, terms: Terms, node: Node) -> Term:
    if len(terms) != 2:
        raise Unsupported(f"an outer product of {len(terms)} arguments", node.start, node.end, "it takes two vectors")
    return apply("outer", *terms)


def contraction(axes: int) -> Callable[[Context, Terms, Node], Term]:
    def contract(context: Context, terms: Terms, node: Node) -> Term:
        if len(terms) != 2:
            raise Unsupported(f"a contraction of {len(terms)} arguments", node.start, node.end, "it takes two tensors")
        return apply("contract", *terms, parameters=(axes,))

    return contract


def cross_entropy(context: Context, terms: Terms, node: Node) -> Term:
    if len(terms) != 2:
        raise Unsupported(f"a cross-entropy of {len(terms)} arguments", node.start, node.end, "it takes the labels and the predictions")
    return apply("cross_entropy", *terms)


def square_root(context: Context, terms: Terms, node: Node) -> Term:
    term = one("sqrt", terms, node)
    return Power(term, Fraction(1, 2)) if term.shape == SCALAR else apply("sqrt", term)


def root(parser: Parser, token: Token) -> Node:
    """\\sqrt{x}."""
    if parser.peek().text == "[":
        raise Unsupported("a root of another degree", token.start, token.end, "write x^{1/3}")
    argument = parser.argument()
    return juxtaposed((Word(token.start, token.end, "sqrt"), Bracketed(argument.start, argument.end, "{", argument)))


def named(parser: Parser, token: Token) -> Node:
    """\\exp, \\log: the name without its backslash."""
    return Word(token.start, token.end, token.text[1:])


def exponential(context: Context, node: Node) -> Term | None:
    """e^x, where e is no declared symbol."""
    _, subs, sups, primes = split(node)
    if len(sups) == 0 or subs or primes:
        return None
    term = context.term(juxtaposed(sups))
    if len(flat(term.shape)) == 2 and not is_vector(term.shape):
        rows, columns = flat(term.shape)
        if rows == columns:
            raise Unsupported("e to the power of a square matrix", node.start, node.end, "write \\exp(A) for the exponential of every entry")
        context.readings.say("e^X of a matrix is taken at every entry")
    return apply("exp", term)


ACTIVATIONS: dict[str, Callable[[Term], Term]] = {
    "sigmoid": lambda x: apply("sigmoid", x) * (1 - apply("sigmoid", x)),
    "tanh": lambda x: 1 - apply("tanh", x) ** 2,
    "relu": lambda x: Indicator(Positive(x)),
    "exp": lambda x: apply("exp", x),
    "log": lambda x: 1 / x,
    "softplus": lambda x: apply("sigmoid", x),
}
"""The derivatives of the elementwise functions that have a name."""

_NAMES = {
    "exp": "exp", "log": "log", "ln": "log", "sigmoid": "sigmoid", "sigm": "sigmoid", "tanh": "tanh", "relu": "relu", "ReLU": "relu",
    "softplus": "softplus", "tr": "trace", "Tr": "trace", "trace": "trace", "det": "determinant", "abs": "absolute", "mean": "mean",
    "sum": "total", "diagonal": "diagonal",
}  # fmt: skip


def diagonal(context: Context, terms: Terms, node: Node) -> Term:
    """diag of a vector is a matrix, of a square matrix its diagonal."""
    term = one("diag", terms, node)
    return apply("diag", term) if is_vector(term.shape) or term.shape == SCALAR else apply("diagonal", term)


def log_sum_exp(context: Context, terms: Terms, node: Node) -> Term:
    return apply("logsumexp", one("logsumexp", terms, node), parameters=(None,))


def _functions() -> dict[str, Function]:
    found = {}
    for written, name in _NAMES.items():
        derivative = first_derivative(written, ACTIVATIONS[name]) if name in ACTIVATIONS else None
        found[written] = Function(written, operator(name), derivative)
    found["diag"] = Function("diag", diagonal)
    found["logsumexp"] = found["LSE"] = Function("logsumexp", log_sum_exp)
    found["softmax"] = Function("softmax", softmax)
    for label in ("rows", "row"):
        found[f"softmax {label}"] = Function("softmax", operator("softmax", 1))
        found[f"logsumexp {label}"] = Function("logsumexp", operator("logsumexp", 1))
    for label in ("columns", "column", "cols", "col"):
        found[f"softmax {label}"] = Function("softmax", operator("softmax", 0))
        found[f"logsumexp {label}"] = Function("logsumexp", operator("logsumexp", 0))
    found["vec"] = Function("vec", operator("vec"), None, unvec)
    found["unvec"] = Function("unvec", unvec)
    found["sqrt"] = Function("sqrt", square_root)
    found["outer"] = Function("outer", outer)
    found["contract"] = Function("contract", contraction(1))
    for axes in range(1, 5):
        found[f"contract {axes}"] = Function("contract", contraction(axes))
    found["CrossEntropy"] = Function("cross-entropy", cross_entropy)
    return found


NOTATION = Notation(
    title="Functions",
    rule=(
        "exp, log, sigmoid, tanh, ReLU act on every entry. f_j(x) and f(x)_j are entry j of f(x); a prime is the derivative. Without brackets a function takes the one factor behind it. \\log (x) (y) is the logarithm of x, times y; that of x y is the other reading. "  # noqa: E501
        "The softmax of a matrix runs over each row unless columns are declared. diag of a vector is a matrix, of a matrix its diagonal."
    ),
    examples=(
        Example(r"\exp(z)_i + e^{z_i} \log y_i", "exp(z)[i] + exp(z[i]) log(y[i])", ("z, y: n",)),
        Example(r"\mathrm{softmax}_j(z) \text{softmax}(z)_i", "softmax(z)[j] softmax(z)[i]", ("z: n",)),
        Example(r"\operatorname{softmax}(Z) + \mathrm{softmax}_{\text{columns}}(Z)", "softmax_rows(Z) + softmax_columns(Z)", ("Z: n x m",)),
        Example(r"\mathrm{vec}^{-1}(\operatorname{vec}(A B)) + A B", "vec⁻¹_{n×m}(vec(A B)) + A B", ("A: n x k", "B: k x m")),
        Example(r"\tanh'(x)", "1 - tanh(x)²", ("x: scalar",)),
        Example(r"\operatorname{tr}(A B) \det A", "tr(A B) det(A)", ("A, B: n x n",)),
        Example(r"\log (x) (y)", "log(x) y", ("x, y: scalar",)),
        Example(r"\sqrt{x}", "x^(1/2)", ("x: scalar",)),
        Example(r"\operatorname{diag}(z)", "diag(z)", ("z: n",)),
    ),
    not_understood=(
        NotUnderstood(r"\log x y", "how far the argument of log reaches", ("x, y: scalar",)),
        NotUnderstood(r"\log", "has no argument"),
        NotUnderstood(r"\sigma(x)", "σ is not declared", ("x: scalar",)),
        NotUnderstood(r"\exp^2(x)", "a power of the function", ("x: scalar",)),
        NotUnderstood(r"\sqrt[3]{x}", "a root of another degree", ("x: scalar",)),
        NotUnderstood(r"e^{t A}", "e to the power of a square matrix", ("A: n x n", "t: scalar")),
        NotUnderstood(r"\operatorname{tr}(A, B)", "trace of 2 arguments", ("A, B: n x n",)),
        NotUnderstood(r"\operatorname{softmax}'(z)", "the derivative of softmax", ("z: n",)),
        NotUnderstood(r"\operatorname{diag}(T)", "only a square matrix has a diagonal", ("T: n x m",), "ill-typed"),
        NotUnderstood(r"vec(x, y)", "vec of 2 arguments", ("x, y: n",)),
        NotUnderstood(r"\mathrm{vec}^{-1}(A)", "its argument is a column", ("A: n x m",)),
    ),
    commands={**dict.fromkeys(("\\exp", "\\log", "\\ln", "\\tanh", "\\det"), named), "\\sqrt": root},
    symbols={"e": exponential},
    functions=_functions(),
)
