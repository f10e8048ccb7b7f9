r"""Terms as LaTeX: \frac{\partial s_{i}}{\partial z_{j}} = s_{i} \left(\delta_{i,j} - s_{j}\right).

The output is a formula without delimiters that any LaTeX with amsmath sets. A symbol prints as the `latex` it was declared with;
without one, a word is set in \mathit, a Greek letter's name as that letter, and what follows an underscore as a subscript.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.operators import apply
from derivcheck.language.operators.record import Operator
from derivcheck.language.printing.names import name_latex
from derivcheck.language.printing.notation import Level, Notation, Printed, print_term
from derivcheck.language.printing.text import counted, index_range
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
from derivcheck.language.terms import Apply, Leaf, Named, Term

_SIGNS = {"=": "=", "≠": r"\ne", "≤": r"\le", "<": "<"}


def latex(term: Term) -> str:
    """The term as LaTeX. Raises TypeError for an unknown node."""
    return print_term(term, LaTeX())


class LaTeX(Notation):
    """The notation of papers."""

    def spelt(self, term: Apply) -> Apply:
        """u v^\\top for the outer product of two columns."""
        if term.operator.name != "outer" or not all(map(_is_column, term.arguments)):
            return term
        left, right = term.arguments
        if isinstance(right, Apply) and right.operator.name == "transpose":
            return apply("matmul", left, right.arguments[0])
        return apply("matmul", left, apply("transpose", right))

    def brackets(self, body: str) -> str:
        return rf"\left({body}\right)"

    def symbol(self, term: Leaf | Named) -> str:
        return term.latex or name_latex(term.name)

    def dimension(self, dim: Dim) -> str:
        return " ".join(name_latex(str(factor)) for factor in dim.factors) or "1"

    def subscripted(self, tensor: str, slots: Sequence[Slot | None]) -> str:
        # TeX refuses a second subscript on one base
        base = f"{{{tensor}}}" if "_" in tensor else tensor
        return f"{base}_{{{','.join(':' if slot is None else _slot(slot) for slot in slots)}}}"

    def array(self, body: str, indices: Sequence[Index]) -> str:
        return rf"{self.brackets(body)}_{{{','.join(map(_slot, indices))}}}"

    def times(self, left: str, right: str) -> str:
        return rf"{left} \cdot {right}" if right[0].isdigit() else f"{left} {right}"

    def fraction(self, numerator: Printed, denominator: Printed) -> Printed:
        if numerator.parts is not None:
            # a fraction of a fraction is one fraction
            numerator, inner = numerator.parts
            denominator = self._product(inner, denominator)
        return Printed(rf"\frac{{{numerator.body}}}{{{denominator.signed}}}", Level.PREFIX, parts=(numerator, denominator))

    def _product(self, left: Printed, right: Printed) -> Printed:
        """The product of two denominators, a number first."""
        if right.body[0].isdigit() and not left.body[0].isdigit():
            left, right = right, left
        bodies = (self.brackets(part.signed) if part.negative or part.level < Level.PRODUCT else part.body for part in (left, right))
        return Printed(self.times(*bodies), Level.PRODUCT)

    def power(self, base: Printed, exponent: Fraction) -> str:
        if exponent == Fraction(1, 2):
            return rf"\sqrt{{{base.signed}}}"
        # TeX refuses a second superscript on one base, and W^{[1]2} would be misread
        bare = base.level == Level.ATOM and not base.negative and "^" not in base.body
        return f"{base.body if bare else self.brackets(base.signed)}^{{{exponent}}}"

    def summation(self, index: Index, lower: Slot | None, upper: Slot | None, body: str) -> str:
        if lower is None and upper is None:
            return rf"\sum_{{{_slot(index)}}} {body}"
        first, last = index_range(index)
        start = first if lower is None else _slot(counted(lower, index))
        end = last if upper is None else _slot(counted(upper, index))
        return rf"\sum_{{{_slot(index)}={start}}}^{{{end}}} {body}"

    def delta(self, left: Slot, right: Slot) -> str:
        return rf"\delta_{{{_slot(counted(left, right))},{_slot(counted(right, left))}}}"

    def index_relation(self, relation: IndexRelation) -> str:
        left, right = counted(relation.left, relation.right), counted(relation.right, relation.left)
        return f"{_slot(left)} {_SIGNS[relation.sign]} {_slot(right)}"

    def positive(self, term: str) -> str:
        return f"{term} > 0"

    def indicator(self, relation: str) -> str:
        return rf"\left[{relation}\right]"

    def cases(self, branches: Sequence[tuple[str, str]], otherwise: str) -> str:
        lines = [rf"{value} & \text{{if }} {relation}" for relation, value in branches]
        lines.append(rf"{otherwise} & \text{{otherwise}}")
        return r"\begin{cases} " + r" \\ ".join(lines) + r" \end{cases}"

    def derivative(self, function: str, variable: str) -> Printed:
        return Printed(rf"\frac{{\partial {function}}}{{\partial {variable}}}", Level.PREFIX)

    def application(self, operator: Operator, arguments: tuple[str, ...], parameters: tuple[object, ...]) -> str:
        return operator.latex(arguments, parameters)


def _is_column(term: Term) -> bool:
    return len(term.shape) == 2 and term.shape[1].is_one and not term.shape[0].is_one


def _slot(slot: Slot) -> str:
    if isinstance(slot, Shift):
        return f"{name_latex(slot.index.name)}{slot.offset:+d}"
    return name_latex(slot.name) if isinstance(slot, Index) else str(slot)
