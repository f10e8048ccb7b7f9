"""Products: which factors are functions and their arguments, gradients and their functions, indicators; what remains is multiplied."""

from __future__ import annotations

from dataclasses import replace

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR
from derivcheck.language.terms import Indicator, Term
from derivcheck.notes.context import Context
from derivcheck.notes.dependence import depends_on, is_dependence
from derivcheck.notes.derivative import Differential, differentiate
from derivcheck.notes.gradient import Gradient
from derivcheck.notes.multiplication import Operand, multiplied, times
from derivcheck.notes.names import plain, split
from derivcheck.notes.reach import BEFORE_PRODUCTS, BRACKETS, WHOLE, depends, derived, has_derivative, is_bracket, reach_before, reach_of, readings_of
from derivcheck.notes.scope import Function
from derivcheck.notes.scripts import is_matrix_shape, is_transpose, rational, with_scripts
from derivcheck.notes.syntax import Bracketed, Node, Numeral, Product, Relation, Scripted, Sequence, Symbol, Word
from derivcheck.notes.trees import walk
from derivcheck.notes.unsupported import Unsupported

INDICATORS = frozenset({"I", "\\mathbb{1}", "\\mathbf{1}", "\\mathbb{I}", "\\mathbf{I}", "\\chi"})
LOGARITHMS = frozenset({"log", "ln"})
LOSS_BEFORE_TENSOR = "\\nabla_x before a vector or matrix", "is the gradient of the loss, times what follows", "is the derivative of what follows"

GRADIENT_OF_PRODUCT = "\\nabla_x before a scalar product", "is of the whole product", "is of its first factor"


def product_term(context: Context, node: Node) -> Term:
    """A product: its factors grouped into functions with arguments, then multiplied."""
    factors, signs = (node.factors, node.signs) if isinstance(node, Product) else ((node,), ())
    for one, sign, other in zip(factors, signs, factors[1:], strict=False):
        if sign == "" and isinstance(split(other)[0], Numeral):
            _check_number_behind(context, one, other)
    operands: list[Operand] = []
    position = 0
    while position < len(factors):
        sign = signs[position - 1] if position else ""
        term, position = _operand(context, factors, signs, position)
        operands.append((sign, term))
    return multiplied(context, operands, node)


def _check_number_behind(context: Context, one: Node, number: Node) -> None:
    """Raises Unsupported for 10 000 and for x2; \\log 2 is a function and its argument."""
    written = plain(split(number)[0].key)
    if isinstance(one, Numeral):
        what, instead = f"the numbers {one.text} and {written} side by side", "write 10000 without a space, and a product with \\cdot"
        raise Unsupported(what, one.start, number.end, instead)
    if isinstance(split(one)[0], (Symbol, Word)) and function_of(context, one) is None:
        what, instead = f"the number {written} behind {plain(one.key)}", "write a factor before the symbol, an index below it"
        raise Unsupported(what, one.start, number.end, instead)


def _operand(context: Context, factors: tuple[Node, ...], signs: tuple[str, ...], position: int) -> tuple[Term, int]:
    """The operand that begins at a factor, and the position behind it."""
    node = factors[position]
    follows = position + 1 < len(factors) and signs[position] == ""
    if isinstance(node, Gradient):
        return _gradient(context, node, factors, signs, position)
    if isinstance(node, Differential) and node.of_brackets and position + 1 < len(factors):
        return _operator(context, node, factors, signs, position)
    if isinstance(node, Scripted) and isinstance(node.core, Gradient):
        _check_scripts(context, node, factors[position + 1] if follows else None)
    if follows and _is_indicator(context, node, factors[position + 1]):
        return _indicator(context, factors[position + 1]), position + 2
    function = function_of(context, node)
    if function is not None:
        if not follows:
            raise Unsupported(f"the function {function[0].name} has no argument", node.start, node.end, f"write {function[0].name}(x)")
        return _applied(context, function, node, factors, signs, position)
    if follows and is_dependence(context, node, factors[position + 1]):
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
    return (
        isinstance(bracket, Bracketed)
        and isinstance(bracket.body, Relation)
        and core is node
        and core.key in INDICATORS
        and context.scope.find(node) is None
    )


def _indicator(context: Context, behind: Node) -> Term:
    bracket = behind.core if isinstance(behind, Scripted) else behind
    if not isinstance(bracket, Bracketed) or not isinstance(bracket.body, Relation):
        raise Unsupported("an indicator without a relation", behind.start, behind.end, "write I(i = j)")
    term: Term = Indicator(context.relation(bracket.body))
    return with_scripts(context, term, behind.subs, behind.sups, behind.primes, behind) if isinstance(behind, Scripted) else term


def _operator(context: Context, node: Differential, factors: tuple[Node, ...], signs: tuple[str, ...], position: int) -> tuple[Term, int]:
    """An operator before brackets: of them, or of the whole product. With scalars that do not depend on its variable both are the same."""
    behind = factors[position + 1 :]
    terms: list[Term] = []
    place = position + 1
    chained = has_derivative(behind)
    while place < len(factors) and not chained:
        term, place = _operand(context, factors, signs, place)
        terms.append(term)
    depending = depends(context, node, terms)
    if not chained and not depending and all(term.shape == SCALAR for term in terms):
        return context.term(node), position + 1
    options = readings_of(context, node, behind, depending)
    if context.readings.reach(reach_of(context, node), *options) != WHOLE:
        return context.term(node), position + 1
    whole = Product(node.function.start, factors[-1].end, (node.function, *behind), signs[position:])
    return derived(context, node, context.term(whole)), len(factors)


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


def _applied(context: Context, called: Called, node: Node, factors: tuple[Node, ...], signs: tuple[str, ...], position: int) -> tuple[Term, int]:
    function, subs, sups, primes = called
    argument = factors[position + 1]
    behind: tuple[tuple[Node, ...], tuple[Node, ...], int] = ((), (), 0)
    bracket = argument.core if isinstance(argument, Scripted) else argument
    end = position + 2
    if isinstance(bracket, Bracketed) and bracket.opening in ("(", "[", "\\{", "{"):
        if isinstance(argument, Scripted):
            behind = (argument.subs, argument.sups, argument.primes)
        items = bracket.body.items if isinstance(bracket.body, Sequence) else (bracket.body,)
        end = _behind_argument(context, function, node, factors, signs, position)
        if end > position + 2:
            arguments: tuple[Term, ...] = (context.term(Product(argument.start, factors[end - 1].end, factors[position + 1 : end], signs[position + 1 : end - 1])),)  # noqa: E501
        else:
            arguments = tuple(context.term(item) for item in items)
    else:
        inner, end = _operand(context, factors, signs, position + 1)
        if end < len(factors) and signs[end - 1] in ("", "/"):
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


def _behind_argument(context: Context, function: Function, node: Node, factors: tuple[Node, ...], signs: tuple[str, ...], position: int) -> int:
    """The position behind the brackets of which a function is: the first ones, or all of log (a) (b)."""
    end = position + 2
    if function.name not in BEFORE_PRODUCTS or isinstance(factors[position + 1], Scripted):
        return end
    while end < len(factors) and signs[end - 1] == "" and is_bracket(factors[end]):
        end += 1
    if end > position + 2 and context.readings.reach(reach_before(context, node, factors[position + 1]), BRACKETS, WHOLE) == WHOLE:
        return end
    return position + 2


def _value(
    context: Context, function: Function, arguments: tuple[Term, ...], sups: tuple[Node, ...], primes: int, node: Node, subs: tuple[Node, ...]
) -> Term:
    """f(x), f′(x), f⁻¹(x), f_j(x) = (f(x))_j."""
    if subs and function.name in LOGARITHMS:
        raise Unsupported(
            f"the subscript {plain(subs[0].key)} of {function.name}",
            node.start,
            node.end,
            "write a logarithm to another base as \\frac{\\log x}{\\log 2}, an entry as (\\log x)_i",
        )
    if sups and sups[0].key == "-1" and function.inverse is not None:
        term = function.inverse(context, arguments, node)
        sups, subs = sups[1:], tuple(sub for sub in subs if not is_matrix_shape(sub))
    elif sups and isinstance(sups[0], Bracketed) and sups[0].opening == "(" and (order := rational(sups[0])) is not None and order.denominator == 1:
        if context.scope.names.has_label(sups[0]):
            raise Unsupported(
                f"{function.name} with {plain(sups[0].key)}, a derivative or a label",
                node.start,
                node.end,
                f"write {function.name}{chr(39) * int(order)}(x), or declare the function {function.name}^{{{sups[0].key}}}",
            )
        context.readings.say(f"{function.name}^{plain(sups[0].key)} is the derivative of order {order}")
        return _value(context, function, arguments, sups[1:], primes + int(order), node, subs)
    elif primes:
        if function.derivative is None:
            raise Unsupported(f"the derivative of {function.name}", node.start, node.end, "write it as \\frac{\\partial}{\\partial x}")
        term = function.derivative(context, arguments, primes, node)
    else:
        known = context.grammar.known_functions
        labels = [sub for sub in subs if isinstance(sub, Word) or (isinstance(sub, Numeral) and f"{function.name} {sub.key}" in known)]
        if labels:
            with_axis = known.get(f"{function.name} {labels[0].key}")
            if with_axis is None:
                raise Unsupported(f"the label {labels[0].key} of {function.name}", labels[0].start, labels[0].end)
            function, subs = with_axis, tuple(sub for sub in subs if sub not in labels)
        term = function.apply(context, arguments, node)
    if sups and not all(map(is_transpose, sups)):
        raise Unsupported(f"a power of the function {function.name}", node.start, node.end, f"write ({function.name}(x))^2")
    return with_scripts(context, term, subs, sups, 0, node)


# gradients ----------------------------------------------------------------------------------------------------------
Argument = tuple[Term, tuple[Node, ...], int]


def _gradient(context: Context, node: Gradient, factors: tuple[Node, ...], signs: tuple[str, ...], position: int) -> tuple[Term, int]:
    """\\nabla_x f, and with a declared loss the abbreviations \\nabla_x and \\nabla x. A transpose behind a scalar f is of the gradient."""
    if position + 1 >= len(factors) or signs[position] != "":
        return loss_gradient(context, node, node.variable), position + 1
    function, transposes, end = _gradient_argument(context, factors, signs, position + 1)
    if node.variable is None:
        if function.shape == SCALAR:
            raise Unsupported("a gradient without its variable", node.start, node.end, "write \\nabla_x f")
        if context.scope.loss is None:
            raise Unsupported("a gradient without its function", node.start, node.end, "say which function is meant: loss L")
        return differentiate(context, context.term(context.scope.loss), function, node), end
    if function.shape != SCALAR and context.scope.loss is not None and context.readings.choose(*LOSS_BEFORE_TENSOR) == LOSS_BEFORE_TENSOR[1]:
        return loss_gradient(context, node, node.variable), position + 1
    variable = context.term(node.variable)
    if not depends_on(function, variable):
        function, transposes, end = _with_coefficients(context, (function, transposes, end), variable, factors, signs, node)
    simple = context.scope.find(factors[position + 1]) is not None  # \\nabla_x L x^\\top is the gradient of L, times x^\\top
    if function.shape != SCALAR or (not simple and not transposes):
        longer = _whole_behind(context, (function, transposes, end), variable, factors, signs, node)
        if longer is None and function.shape != SCALAR:
            longer = _scalar_behind(context, function, factors, signs, end, node)
        if longer is not None:
            topic, whole, first = GRADIENT_OF_PRODUCT
            # a gradient behind it is the next factor of the chain rule
            chained = any(isinstance(factor, Gradient) for factor in factors[end : longer[1]])
            if is_bracket(factors[position + 1]):
                options = (BRACKETS, WHOLE) if chained else (WHOLE, BRACKETS)
                is_whole = context.readings.reach(reach_before(context, node, factors[position + 1]), *options) == WHOLE
            else:
                is_whole = context.readings.choose(topic, *((first, whole) if chained else (whole, first))) == whole
            if is_whole:
                function, end = longer
    return with_scripts(context, differentiate(context, function, variable, node), (), transposes, 0, node), end


def _gradient_argument(context: Context, factors: tuple[Node, ...], signs: tuple[str, ...], position: int) -> Argument:
    """The operand at a position without the transposes on its last factor, those transposes, and the position behind it."""
    last = position
    group = list(factors)
    if function_of(context, group[last]) is not None or (
        last + 1 < len(group) and signs[last] == "" and is_dependence(context, group[last], group[last + 1])
    ):
        last += 1
    transposes: tuple[Node, ...] = ()
    if last < len(group):
        group[last], transposes = _without_transposes(group[last])
    function, end = _operand(context, tuple(group), signs, position)
    if transposes and function.shape != SCALAR:
        function, end = _operand(context, factors, signs, position)
        return function, (), end
    return function, transposes, end


def _with_coefficients(context: Context, first: Argument, variable: Term, factors: tuple[Node, ...], signs: tuple[str, ...], node: Node) -> Argument:
    """The factors up to the first one that depends on the variable, of \\nabla_x \\frac12 f; the first one alone where none does."""
    product, transposes, end = first
    while end < len(factors) and signs[end - 1] in ("", "\\cdot"):
        sign = signs[end - 1]
        behind, transposes, end = _gradient_argument(context, factors, signs, end)
        product = times(context, product, sign, behind, node)
        if depends_on(behind, variable):
            if transposes and product.shape != SCALAR:
                raise Unsupported("a transpose behind the function of a gradient", node.start, node.end, "write \\nabla_x (f)^\\top with brackets")
            context.readings.say("a gradient is of the factors behind it, up to the first one that depends on its variable")
            return product, transposes, end
    return first


def _whole_behind(
    context: Context, first: Argument, variable: Term, factors: tuple[Node, ...], signs: tuple[str, ...], node: Node
) -> tuple[Term, int] | None:
    """All factors behind the first one, where their product is a scalar and they depend on the variable; None where they are no such product."""
    function, _, end = first
    operands = [("", function)]
    depends = function.shape != SCALAR
    while end < len(factors):
        if signs[end - 1] not in ("", "\\cdot") or any(isinstance(part, Gradient) for part in walk(factors[end])):
            return None
        sign = signs[end - 1]
        behind, end = _operand(context, factors, signs, end)
        depends = depends or depends_on(behind, variable)
        operands.append((sign, behind))
    if len(operands) < 2 or not depends:
        return None
    try:
        product = multiplied(context, operands, node)
    except IllTyped:
        return None
    return (product, end) if product.shape == SCALAR else None


def _scalar_behind(context: Context, first: Term, factors: tuple[Node, ...], signs: tuple[str, ...], end: int, node: Node) -> tuple[Term, int] | None:
    """The shortest product with the factors behind it that is a scalar, x^\\top W x of \\nabla_x x^\\top W x; None where there is none."""
    operands = [("", first)]
    while end < len(factors) and signs[end - 1] in ("", "\\cdot"):
        sign = signs[end - 1]
        behind, end = _operand(context, factors, signs, end)
        operands.append((sign, behind))
        try:
            product = multiplied(context, operands, node)
        except IllTyped:
            return None
        if product.shape == SCALAR:
            return product, end
    return None


def _check_scripts(context: Context, node: Scripted, behind: Node | None) -> None:
    """\\nabla_x^\\top of the declared loss is understood; \\nabla_x^2 and \\nabla_x^\\top L are not."""
    loss = context.scope.loss
    if not all(map(is_transpose, node.sups)) or node.primes or (behind is not None and (loss is None or split(behind)[0].key == split(loss)[0].key)):
        raise Unsupported(
            "a superscript on ∇",
            node.start,
            node.end,
            "write (\\nabla_x f)^\\top, and second derivatives as \\frac{\\partial^2 f}{\\partial x_i \\partial x_j}",
        )


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
