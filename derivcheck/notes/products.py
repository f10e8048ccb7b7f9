"""Products: which factors are functions and their arguments, and which product a juxtaposition is.

Between terms: a scalar times anything; the matrix product; with \\cdot between two vectors of one orientation the inner product; with a tensor of
order 3 the contraction of the neighbouring axes. Where ⊙ and matrix products are mixed without brackets, matrix products come first if that
fits, else the product is read from left to right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence as Many
from dataclasses import replace

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, core as core_shape, describe, is_vector, same_shape
from derivcheck.language.terms import Indicator, Term, multiply
from derivcheck.notes.context import Context, walk
from derivcheck.notes.derivative import differentiate
from derivcheck.notes.gradient import Gradient
from derivcheck.notes.names import plain, split
from derivcheck.notes.scope import Function, Member, Tensor, Writing
from derivcheck.notes.scripts import is_transpose, rational, with_scripts
from derivcheck.notes.syntax import Bracketed, Node, Product, Relation, Scripted, Sequence, Symbol, Word
from derivcheck.notes.unsupported import Unsupported

ENTRYWISE = frozenset({"\\odot", "\\circ", "\\ast", "*", "\\star"})
INDICATORS = frozenset({"I", "\\mathbb{1}", "\\mathbf{1}", "\\mathbb{I}", "\\mathbf{I}", "\\chi"})
JUXTAPOSED = frozenset({"", "\\cdot"})
Operand = tuple[str, Term]


def product_term(context: Context, node: Node) -> Term:
    """A product: its factors grouped into functions with arguments, then multiplied."""
    factors, signs = (node.factors, node.signs) if isinstance(node, Product) else ((node,), ())
    operands: list[Operand] = []
    position = 0
    while position < len(factors):
        sign = signs[position - 1] if position else ""
        term, position = _operand(context, factors, signs, position)
        operands.append((sign, term))
    return _multiplied(context, operands, node)


def _operand(context: Context, factors: tuple[Node, ...], signs: tuple[str, ...], position: int) -> tuple[Term, int]:
    """The operand that begins at a factor, and the position behind it."""
    node = factors[position]
    follows = position + 1 < len(factors) and signs[position] == ""
    if isinstance(node, Gradient):
        return _gradient(context, node, factors, signs, position)
    if follows and _is_indicator(context, node, factors[position + 1]):
        return _indicator(context, factors[position + 1]), position + 2
    function = function_of(context, node)
    if function is not None:
        if not follows:
            raise Unsupported(f"the function {function[0].name} has no argument", node.start, node.end, f"write {function[0].name}(x)")
        return _applied(context, function, node, factors, signs, position)
    if follows and _is_dependence(context, node, factors[position + 1]):
        behind = factors[position + 1]
        term = context.term(node)
        if isinstance(behind, Scripted):
            term = with_scripts(context, term, behind.subs, behind.sups, behind.primes, behind)
        return term, position + 2
    return context.term(node), position + 1


def _is_indicator(context: Context, node: Node, behind: Node) -> bool:
    """Whether this is I(i = j) or \\mathbb{1}\\{i = j\\}."""
    bracket = behind.core if isinstance(behind, Scripted) else behind
    core = split(node)[0]
    return isinstance(bracket, Bracketed) and isinstance(bracket.body, Relation) and core is node and core.key in INDICATORS and context.scope.find(node) is None


def _indicator(context: Context, behind: Node) -> Term:
    bracket = behind.core if isinstance(behind, Scripted) else behind
    if not isinstance(bracket, Bracketed) or not isinstance(bracket.body, Relation):
        raise Unsupported("an indicator without a relation", behind.start, behind.end, "write I(i = j)")
    term: Term = Indicator(context.relation(bracket.body))
    return with_scripts(context, term, behind.subs, behind.sups, behind.primes, behind) if isinstance(behind, Scripted) else term


# functions ----------------------------------------------------------------------------------------------------------
Called = tuple[Function, tuple[Node, ...], tuple[Node, ...], int]


def function_of(context: Context, node: Node) -> Called | None:
    """The function that a factor names, with the scripts and primes that stand on it."""
    core, subs, sups, primes = split(node)
    if not isinstance(core, (Symbol, Word)) or core.key in context.values:
        return None
    declared = context.scope.function(node)
    if declared is not None:
        function, match = declared
        return function, match.subs, match.sups, match.primes
    if context.scope.find(node) is not None:
        return None
    known = context.grammar.known_functions.get(core.key)
    return (known, subs, sups, primes) if known is not None else None


def _applied(
    context: Context, called: Called, node: Node, factors: tuple[Node, ...], signs: tuple[str, ...], position: int
) -> tuple[Term, int]:
    function, subs, sups, primes = called
    argument = factors[position + 1]
    behind: tuple[tuple[Node, ...], tuple[Node, ...], int] = ((), (), 0)
    bracket = argument.core if isinstance(argument, Scripted) else argument
    end = position + 2
    if isinstance(bracket, Bracketed) and bracket.opening in ("(", "[", "\\{", "{"):
        if isinstance(argument, Scripted):
            behind = (argument.subs, argument.sups, argument.primes)
        items = bracket.body.items if isinstance(bracket.body, Sequence) else (bracket.body,)
        arguments = tuple(context.term(item) for item in items)
    else:
        inner, end = _operand(context, factors, signs, position + 1)
        if end < len(factors) and signs[end - 1] == "":
            raise Unsupported(
                f"how far the argument of {function.name} reaches", node.start, factors[end].end, f"write {function.name}(…) with brackets"
            )  # fmt: skip
        arguments = (inner,)
    if behind[1] and any(map(is_transpose, behind[1])) and len(arguments) == 1 and arguments[0].shape != SCALAR:
        reading = context.readings.choose("a transpose behind a function", "is of the value", "is of the argument")
        if reading == "is of the argument":
            arguments = (apply("transpose", arguments[0]),)
            behind = (behind[0], tuple(sup for sup in behind[1] if not is_transpose(sup)), behind[2])
    term = _value(context, function, arguments, sups, primes, node, subs)
    return with_scripts(context, term, behind[0], behind[1], behind[2], argument), end


def _value(
    context: Context, function: Function, arguments: tuple[Term, ...], sups: tuple[Node, ...], primes: int, node: Node, subs: tuple[Node, ...]
) -> Term:
    """f(x), f′(x), f⁻¹(x), f_j(x) = (f(x))_j."""
    if sups and sups[0].key == "-1" and function.inverse is not None:
        term = function.inverse(context, arguments, node)
        sups = sups[1:]
    elif sups and isinstance(sups[0], Bracketed) and sups[0].opening == "(" and (order := rational(sups[0])) is not None and order.denominator == 1:
        return _value(context, function, arguments, sups[1:], primes + int(order), node, subs)
    elif primes:
        if function.derivative is None:
            raise Unsupported(f"the derivative of {function.name}", node.start, node.end, "write it as \\frac{\\partial}{\\partial x}")
        term = function.derivative(context, arguments, primes, node)
    else:
        labels = [sub for sub in subs if isinstance(sub, Word)]
        if labels:
            with_axis = context.grammar.known_functions.get(f"{function.name} {labels[0].key}")
            if with_axis is None:
                raise Unsupported(f"the label {labels[0].key} of {function.name}", labels[0].start, labels[0].end)
            function, subs = with_axis, tuple(sub for sub in subs if not isinstance(sub, Word))
        term = function.apply(context, arguments, node)
    if sups and not all(map(is_transpose, sups)):
        raise Unsupported(f"a power of the function {function.name}", node.start, node.end, f"write ({function.name}(x))^2")
    return with_scripts(context, term, subs, sups, 0, node)


def _is_dependence(context: Context, node: Node, behind: Node) -> bool:
    """Whether the bracket behind a symbol only says on what it depends: L(θ), \\hat y_t(z). A list in brackets can be nothing else."""
    bracket = behind.core if isinstance(behind, Scripted) else behind
    core = split(node)[0]
    if not isinstance(bracket, Bracketed) or bracket.opening not in ("(", "[") or not isinstance(core, (Symbol, Word)) or core.key in context.values:
        return False
    match = context.scope.find(node)
    if match is None or not isinstance(match.target, (Tensor, Member, Writing)):
        return False
    allowed = context.scope.depends.get(core.key, frozenset())
    symbols = [inner for inner in walk(bracket.body) if isinstance(inner, Scripted) or isinstance(inner, (Symbol, Word))]
    if allowed and all(inner.key in allowed or split(inner)[0].key in allowed or _within(inner, bracket.body, allowed) for inner in symbols):
        return True
    if isinstance(bracket.body, Sequence):
        names = ", ".join(item.key for item in bracket.body.items)
        raise Unsupported(f"a list in brackets behind {plain(node.key)}", behind.start, behind.end, f"say what it depends on: depends {core.key} on {names}")
    return False


def _within(node: Node, body: Node, allowed: frozenset[str]) -> bool:
    """Whether a symbol stands only in the scripts of an allowed one."""
    return any(inner is not node and isinstance(inner, Scripted) and split(inner)[0].key in allowed and any(part is node for part in walk(inner)) for inner in walk(body))


# gradients ----------------------------------------------------------------------------------------------------------
def _gradient(context: Context, node: Gradient, factors: tuple[Node, ...], signs: tuple[str, ...], position: int) -> tuple[Term, int]:
    """\\nabla_x f, and with a declared loss the abbreviations \\nabla_x and \\nabla x. A transpose behind a scalar f is of the gradient."""
    if position + 1 >= len(factors) or signs[position] != "":
        return loss_gradient(context, node, node.variable), position + 1
    last = position + 1
    group = list(factors)
    if function_of(context, group[last]) is not None or (last + 1 < len(group) and signs[last] == "" and _is_dependence(context, group[last], group[last + 1])):
        last += 1
    transposes: tuple[Node, ...] = ()
    if last < len(group):
        group[last], transposes = _without_transposes(group[last])
    function, end = _operand(context, tuple(group), signs, position + 1)
    if transposes and function.shape != SCALAR:
        group = list(factors)
        transposes = ()
        function, end = _operand(context, tuple(group), signs, position + 1)
    if node.variable is None:
        if function.shape == SCALAR:
            raise Unsupported("a gradient without its variable", node.start, node.end, "write \\nabla_x f")
        if context.scope.loss is None:
            raise Unsupported("a gradient without its function", node.start, node.end, "say which function is meant: loss L")
        gradient: Term = differentiate(context, context.term(context.scope.loss), function, node)
    else:
        gradient = differentiate(context, function, context.term(node.variable), node)
    return with_scripts(context, gradient, (), transposes, 0, node), end


def loss_gradient(context: Context, node: Node, variable: Node | None) -> Term:
    if variable is None or context.scope.loss is None:
        raise Unsupported("a gradient without its function", node.start, node.end, "write \\nabla_x f, or say which function is meant: loss L")
    return differentiate(context, context.term(context.scope.loss), context.term(variable), node)


def _without_transposes(node: Node) -> tuple[Node, tuple[Node, ...]]:
    if not isinstance(node, Scripted):
        return node, ()
    transposes = tuple(sup for sup in node.sups if is_transpose(sup))
    if not transposes:
        return node, ()
    kept = tuple(sup for sup in node.sups if not is_transpose(sup))
    return (replace(node, sups=kept) if kept or node.subs or node.primes else node.core), transposes


# multiplying --------------------------------------------------------------------------------------------------------
def _multiplied(context: Context, operands: Many[Operand], node: Node) -> Term:
    """The operands multiplied: from left to right, or with matrix products before ⊙ where both occur."""
    if not _is_mixed(operands):
        return _fold(context, operands, node)
    orders: dict[str, Callable[[], Term]] = {
        "matrix products before ⊙": lambda: _matrix_first(context, operands, node), "from left to right": lambda: _fold(context, operands, node),
    }  # fmt: skip
    fitting = [name for name in orders if _fits(orders[name])]
    if len(fitting) == 1:
        context.readings.say(f"the product is read {'with ' if fitting[0].startswith('matrix') else ''}{fitting[0]}, which is the only order that fits")
        return orders[fitting[0]]()
    return orders[context.readings.choose("a product", *orders)]()


def _fits(build: Callable[[], Term]) -> bool:
    try:
        build()
    except IllTyped:
        return False
    return True


def _is_mixed(operands: Many[Operand]) -> bool:
    tensors = [sign for position, (sign, term) in enumerate(operands) if position and not (term.shape == SCALAR or operands[position - 1][1].shape == SCALAR)]
    return any(sign in ENTRYWISE for sign in tensors) and any(sign in JUXTAPOSED or sign == "\\otimes" for sign in tensors)


def _fold(context: Context, operands: Many[Operand], node: Node) -> Term:
    term = operands[0][1]
    for sign, other in operands[1:]:
        term = times(context, term, sign, other, node)
    return term


def _matrix_first(context: Context, operands: Many[Operand], node: Node) -> Term:
    parts: list[Operand] = []
    run: list[Operand] = []
    for sign, term in operands:
        if sign in ENTRYWISE and run:
            parts.append((run[0][0], _fold(context, run, node)))
            run = []
        run.append((sign, term))
    parts.append((run[0][0], _fold(context, run, node)))
    return _fold(context, parts, node)


def times(context: Context, left: Term, sign: str, right: Term, node: Node) -> Term:
    """left sign right. Raises IllTyped where shapes do not fit, Unsupported for a sign that is no product of such terms."""
    scalar = left.shape == SCALAR or right.shape == SCALAR
    if sign == "/":
        if right.shape != SCALAR:
            raise Unsupported("a division by a matrix", node.start, node.end, "write A^{-1} B or B A^{-1}")
        return left / right
    declared = context.scope.readings.get(sign or "juxtaposition")
    if sign in JUXTAPOSED or (scalar and sign in ("\\times", "*", "\\ast", "\\otimes")):
        return _plain_product(context, left, sign, right, scalar, declared)
    if sign in ENTRYWISE and (sign in ("\\odot", "\\circ") or declared == "Hadamard product"):
        return multiply(left, right) if left.shape == SCALAR and right.shape == SCALAR else apply("hadamard", left, right)
    if sign == "\\otimes":
        meaning = declared or context.readings.choose("⊗", "is the Kronecker product", "is the outer product")
        return apply("outer" if "outer" in meaning else "kron", left, right)
    raise Unsupported(f"{sign} between terms of shape {describe(left.shape)} and {describe(right.shape)}", node.start, node.end, "write \\odot or leave the sign out")


def _plain_product(context: Context, left: Term, sign: str, right: Term, scalar: bool, declared: str | None) -> Term:
    if scalar:
        return multiply(left, right)
    if declared == "Hadamard product":
        return apply("hadamard", left, right)
    if len(core_shape(left.shape)) > 2 or len(core_shape(right.shape)) > 2:
        context.readings.say("a product with a tensor of order 3 contracts the neighbouring axes")
        return apply("contract", left, right, parameters=(1,))
    if sign == "\\cdot" and is_vector(left.shape) and is_vector(right.shape) and same_shape(left.shape, right.shape):
        context.readings.say("· between two vectors is the inner product")
        return apply("matmul", apply("transpose", left), right) if left.shape[1].is_one else apply("matmul", left, apply("transpose", right))
    return apply("matmul", left, right)
