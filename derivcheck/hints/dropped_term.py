"""A term of a sum that was forgotten, or one too many: half of the product rule."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site
from derivcheck.language.printing.text import text
from derivcheck.language.shapes import same_shape
from derivcheck.language.terms import Add, D, Number, Scale, Term
from derivcheck.language.walks import same_expression


def repairs(site: Site) -> Iterator[Build]:
    """a + b instead of a for a term b of the line; a instead of a + b."""
    node = site.node
    if isinstance(node, Add):
        for position in range(len(node.terms)):
            kept = (*node.terms[:position], *node.terms[position + 1 :])
            yield partial(_sum, kept)
    if not site.is_whole and len(site.path) > 3:
        return
    for other in site.factors:
        if same_shape(other.shape, node.shape) and not same_expression(other, node):
            yield partial(Add, (node, other))
            yield partial(_difference, node, other)
    if not node.shape and not isinstance(node, Number):
        for value in (1, -1):
            yield partial(Add, (node, Number(Fraction(value))))
            yield partial(_difference, Number(Fraction(value)), node)
    if len(node.shape) == 2 and node.shape[0] == node.shape[1]:
        yield lambda: Add((node, node.T))
        if isinstance(node, Scale) and isinstance(node.factor, Number) and node.factor.value == 2:
            yield lambda: Add((node.body, node.body.T))


def _sum(terms: tuple[Term, ...]) -> Term:
    return terms[0] if len(terms) == 1 else Add(terms)


def _difference(left: Term, right: Term) -> Term:
    return left - right


def changed_term(before: Term, after: Term) -> str:
    """The term that is missing, or too much."""
    one, other = (term.terms if isinstance(term, Add) else (term,) for term in (before, after))
    for fewer, more, said in ((one, other, "is missing"), (other, one, "is too much")):
        added = [term for term in more if not any(same_expression(term, kept) for kept in fewer)]
        if len(fewer) + 1 == len(more) and len(added) == 1:
            return f"{text(added[0])} {said}"
    return ""


def example() -> Derivation:
    d = Derivation("dropped-term", layout="like-variable")
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    f = d.let("f", x.T @ A @ x)
    d.claim("wrong", D(f, x), A @ x)
    d.claim("right", D(f, x), (A + A.T) @ x)
    return d


HINT = Hint(
    name="dropped term",
    why="every part that depends on the variable has its term, as every factor has in the product rule, and there is no other term",
    order=75,
    repairs=repairs,
    example=example,
    detail=changed_term,
)
