"""Derivatives: ∂f/∂x and df/dx, as fractions, as operators, ∂_x, of second order."""

from __future__ import annotations

from dataclasses import replace

from derivcheck.algebra.dims import Dim
from derivcheck.language.layout import derivative_shape
from derivcheck.language.operators import apply
from derivcheck.language.shapes import flat
from derivcheck.language.terms import Term
from derivcheck.notes.context import Context, slot_dim
from derivcheck.notes.derivative import Differential
from derivcheck.notes.grammar import OPENING, Parser
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.products import product_term
from derivcheck.notes.reach import BRACKETS, TURNED, derived, is_turned, reach_of, without_turning
from derivcheck.notes.scope import Tensor
from derivcheck.notes.syntax import Bracketed, Node, Numeral, Product, Scripted, juxtaposed
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported

MOST_DERIVATIVES = 4


def differential_fraction(parser: Parser, token: Token) -> Node | None:
    """\\frac{\\partial f}{\\partial x}, \\frac{d}{dx}; None where the fraction is not of two differentials."""
    top = _group(parser, parser.position)
    if top is None or not _begins(parser, top[0]):
        return None
    bottom = _group(parser, top[1] + 1)
    if bottom is None or not _begins(parser, bottom[0]) or bottom[0] + 1 >= bottom[1]:
        return None
    parser.next()
    _differential(parser)
    order = _order(parser)
    function = None if parser.peek().kind == "close" else parser.expression()
    parser.expect("close", "}")
    parser.expect("open", "{")
    variables = _variables(parser)
    closing = parser.expect("close", "}")
    if order > 1 and len(variables) == 1:
        variables = [_without_power(variables[0], order)] * order
    if len(variables) != order or order > MOST_DERIVATIVES:
        raise Unsupported(f"a derivative of order {order} by {len(variables)} variables", token.start, closing.end)
    return _derivative(parser, token, closing.end, function, variables)


def _group(parser: Parser, position: int) -> tuple[int, int] | None:
    """The first position inside the group that begins here, and that of its closing brace."""
    tokens = parser.tokens
    if position >= len(tokens) or tokens[position].kind != "open":
        return None
    level = 0
    for place in range(position, len(tokens)):
        level += {"open": 1, "close": -1}.get(tokens[place].kind, 0)
        if level == 0:
            return position + 1, place
    return None


def _begins(parser: Parser, position: int) -> bool:
    texts = [token.text for token in parser.tokens[position : position + 4]]
    if texts and len(texts[0]) > 1 and texts[0][0] == "d" and texts[0] in parser.words:
        return True
    return texts[:1] in (["\\partial"], ["d"]) or texts == ["\\mathrm", "{", "d", "}"]


def _differential(parser: Parser) -> None:
    """The d or ∂ that comes next; of a declared name such as dz, which stands here for the differential of z, the first letter."""
    token = parser.peek()
    if len(token.text) > 1 and token.text[0] == "d" and token.text in parser.words:
        parser.tokens[parser.position] = Token("letter", token.text[1:], token.start + 1, token.end)
        return
    if parser.next().text == "\\mathrm":
        parser.position += 3


def _order(parser: Parser) -> int:
    if parser.peek().kind != "sup":
        return 1
    parser.next()
    token = parser.peek()
    written = parser.argument()
    if not isinstance(written, Numeral) or not written.text.isdigit() or int(written.text) < 1:
        raise Unsupported(f"the order {written.key} of a derivative", token.start, token.end)
    return int(written.text)


def _variables(parser: Parser) -> list[Node]:
    variables: list[Node] = []
    while parser.peek().kind != "close":
        if not _begins(parser, parser.position):
            raise parser.unexpected(parser.peek(), "∂ and a variable")
        _differential(parser)
        bracket = parser.accept("(")
        variables.append(_with_dependence(parser, parser.factor()))
        if bracket is not None and parser.accept(")") is None:
            raise Unsupported(
                "a derivative by a formula", bracket.start, parser.peek().end, "its variable is one symbol: name the formula in a line before, u = …"
            )
        parser.skip_spaces()
    return variables


def _with_dependence(parser: Parser, variable: Node) -> Node:
    """The variable with the bracket behind it that says on what it depends: \\partial q_m(z)."""
    if parser.peek().text != "(":
        return variable
    return juxtaposed((variable, parser.factor()))


def _without_power(variable: Node, order: int) -> Node:
    """x of ∂x²."""
    if not isinstance(variable, Scripted) or not variable.sups or variable.sups[-1].key != str(order):
        raise Unsupported(f"a derivative of order {order} by {variable.key}", variable.start, variable.end, f"write \\partial x^{order}")
    kept = variable.sups[:-1]
    return replace(variable, sups=kept) if kept or variable.subs else variable.core


def _derivative(parser: Parser, token: Token, end: int, function: Node | None, variables: list[Node]) -> Node:
    """The derivative of the function, or of what stands behind the operator: a bracket, else the rest of the product."""
    if function is not None:
        return Differential(token.start, end, function, tuple(variables))
    parser.skip_spaces()
    parser.accept("\\cdot")
    parser.skip_spaces()
    of_brackets = parser.peek().text in OPENING
    function = parser.factor() if of_brackets else parser.product()
    return Differential(token.start, function.end, function, tuple(variables), of_brackets)


def partial(parser: Parser, token: Token) -> Node:
    """\\partial f / \\partial x in one line, and \\partial_x f."""
    if parser.peek().kind == "sub":
        parser.next()
        variables = parser.script()
        return _derivative(parser, token, token.end, None, variables)
    factors = [parser.factor()]
    while not (parser.peek().text == "/" or parser.peek().kind == "end"):
        if len(factors) > 3:
            break
        factors.append(parser.factor())
    if parser.accept("/") is None or not _begins(parser, parser.position):
        raise Unsupported("∂ outside a derivative", token.start, token.end, "write \\frac{\\partial f}{\\partial x}")
    _differential(parser)
    variable = parser.factor()
    return Differential(token.start, variable.end, juxtaposed(tuple(factors)), (variable,))


def meaning(context: Context, node: Differential) -> Term:
    if node.of_brackets and is_turned(node.function):
        topic = reach_of(context, node)
        if context.readings.reach(topic, BRACKETS, TURNED) == TURNED:
            return apply("transpose", derived(context, node, context.term(without_turning(node.function))))
    function = node.function
    return derived(context, node, context.term(function) if isinstance(function, Product) else product_term(context, function))


def bracket_slot(context: Context, node: Scripted, key: str) -> Dim | None:
    """The slot of a subscript of a bracketed derivative of two declared symbols: (∂z/∂W)_{t,(r,j)}."""
    core = node.core.body if isinstance(node.core, Bracketed) else node.core
    if not isinstance(core, Differential) or len(core.variables) != 1:
        return None
    function, variable = (_declared_term(context, part) for part in (core.function, core.variables[0]))
    if function is None or variable is None:
        return None
    return slot_dim(flat(derivative_shape(function.shape, variable.shape, context.scope.derivation.layout)), node.subs, key)


def _declared_term(context: Context, node: Node) -> Term | None:
    match = context.scope.find(node)
    whole = match is not None and isinstance(match.target, Tensor) and not (match.subs or match.sups)
    return match.target.term if whole and match is not None and isinstance(match.target, Tensor) else None


NOTATION = Notation(
    title="Derivatives",
    rule=(
        "\\frac{\\partial f}{\\partial x} and \\frac{df}{dx} are the same: the derivative of f as a function of x, in the layout of the note. "
        "An operator \\frac{d}{dx} reaches to the end of the product behind it. Where brackets stand behind it and further factors behind them, "
        "it has two readings: it is of the whole product if one of those factors depends on the variable or the brackets carry a transpose, "
        "else of the brackets, as it is before another derivative, in the product rule, and where square brackets show its end. What cannot "
        "be built in the first reading is read in the other. A line that is false, or does not fit, in the "
        "reading taken and is true in the other is undecided, and says so."
    ),
    examples=(
        Example(r"\frac{\partial s_i}{\partial z_j}", "∂s[i]/∂z[j]", ("z: n", "s = exp(z)")),
        Example(r"\frac{d s}{d z}", "∂s/∂z", ("layout numerator", "z: n", "s = exp(z)")),
        Example(r"\frac{\partial}{\partial z_j} \left[ s_i \right] s_k", "(∂s[i]/∂z[j]) s[k]", ("z: n", "s = exp(z)")),
        Example(r"\frac{d}{dx} (x^2) (e^x)", "∂(x² exp(x))/∂x", ("x: scalar",)),
        Example(r"\frac{\partial}{\partial x} (x^\top u) w", "(∂(xᵀ u)/∂x) w", ("layout numerator", "x, u, w: n")),
        Example(r"\frac{d}{dx} (x^2) \frac{d}{dx} (e^x)", "(∂(x²)/∂x) ∂exp(x)/∂x", ("x: scalar",)),
        Example(r"\frac{\partial}{\partial z_j} s_i s_k", "∂(s[i] s[k])/∂z[j]", ("z: n", "s = exp(z)")),
        Example(r"\left(\frac{\partial s}{\partial z}\right)_{ij}", "(∂s/∂z)[i,j]", ("layout numerator", "z: n", "s = exp(z)")),
        Example(r"\frac{\partial^2 s_i}{\partial z_j \partial z_k}", "∂(∂s[i]/∂z[k])/∂z[j]", ("z: n", "s = exp(z)")),
        Example(r"\frac{d^2 y}{dx^2}", "∂(∂y/∂x)/∂x", ("x: scalar", "y = exp(x)")),
        Example(r"\partial_{z_j} s_i", "∂s[i]/∂z[j]", ("z: n", "s = exp(z)")),
        Example(r"\partial s_i / \partial z_j", "∂s[i]/∂z[j]", ("z: n", "s = exp(z)")),
        Example(r"\frac{\partial s_i}{\partial z_j(x)}", "∂s[i]/∂z[j]", ("x: scalar", "u: n", "z = x u", "depends z on x", "s = exp(z)")),
        Example(r"\frac{\partial}{\partial z_k} \frac{\partial s_i}{\partial z_j}", "∂(∂s[i]/∂z[j])/∂z[k]", ("z: n", "s = exp(z)")),
    ),
    not_understood=(
        NotUnderstood(r"\partial x", "∂ outside a derivative", ("x: scalar",)),
        NotUnderstood(r"\frac{\partial^2 y}{\partial x}", "order 2", ("x: scalar", "y = exp(x)")),
        NotUnderstood(r"\frac{\partial}{\partial (x + y)} x", "a derivative by a formula", ("x, y: scalar",)),
        NotUnderstood(r"\frac{\partial}{\partial z}", "the formula ends", ("z: n",)),
        NotUnderstood(r"\frac{\partial s}{\partial z}", "the layout of this derivative is not stated", ("z: n", "s = exp(z)")),
    ),
    commands={"d/d": differential_fraction, "\\partial": partial},  # type: ignore[dict-item]
    meanings={Differential: meaning},
    slots=(bracket_slot,),
)
