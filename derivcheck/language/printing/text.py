"""Terms as plain Unicode text: ∂s[i]/∂z[j] = s[i] (δ[i,j] - s[j]).

An entry is z[i], a column W[:,j], a sum Σ_i x[i] or Σ_{i=1…m} x[i], a tensor given by its entries (a[i] b[j])_{i,j}.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.operators.record import Operator
from derivcheck.language.printing.notation import Level, Notation, Printed, print_term
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
from derivcheck.language.terms import Leaf, Named, Term

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def text(term: Term) -> str:
    """The term as plain text. Raises TypeError for an unknown node."""
    return print_term(term, PlainText())


def relation_text(relation: IndexRelation) -> str:
    """A relation of two subscripts: i ≠ j."""
    return PlainText().index_relation(relation)


class PlainText(Notation):
    """The notation of reports and messages."""

    def brackets(self, body: str) -> str:
        return f"({body})"

    def symbol(self, term: Leaf | Named) -> str:
        return term.name

    def dimension(self, dim: Dim) -> str:
        return str(dim)

    def subscripted(self, tensor: str, slots: Sequence[Slot | None]) -> str:
        return f"{tensor}[{','.join(':' if slot is None else str(slot) for slot in slots)}]"

    def array(self, body: str, indices: Sequence[Index]) -> str:
        names = ",".join(map(str, indices))
        return f"({body})_{names if len(names) == 1 else f'{{{names}}}'}"

    def times(self, left: str, right: str) -> str:
        return f"{left} · {right}" if right[0].isdigit() else f"{left} {right}"

    def fraction(self, numerator: Printed, denominator: Printed) -> Printed:
        top = numerator.body if numerator.level >= Level.PRODUCT else self.brackets(numerator.body)
        bottom = self.brackets(denominator.signed) if denominator.negative or denominator.level < Level.PREFIX else denominator.body
        return Printed(f"{top}/{bottom}", Level.OPEN)

    def power(self, base: Printed, exponent: Fraction) -> str:
        body = self.brackets(base.signed) if base.negative or base.level < Level.ATOM else base.body
        return body + (str(exponent).translate(_SUPERSCRIPTS) if exponent.denominator == 1 else f"^({exponent})")

    def summation(self, index: Index, lower: Slot | None, upper: Slot | None, body: str) -> str:
        if lower is None and upper is None:
            return f"Σ_{index} {body}" if len(str(index)) == 1 else f"Σ_{{{index}}} {body}"
        first, last = index_range(index)
        start = first if lower is None else counted(lower, index)
        end = last if upper is None else counted(upper, index)
        return f"Σ_{{{index}={start}…{end}}} {body}"

    def delta(self, left: Slot, right: Slot) -> str:
        return f"δ[{counted(left, right)},{counted(right, left)}]"

    def index_relation(self, relation: IndexRelation) -> str:
        return f"{counted(relation.left, relation.right)} {relation.sign} {counted(relation.right, relation.left)}"

    def positive(self, term: str) -> str:
        return f"{term} > 0"

    def indicator(self, relation: str) -> str:
        return f"[{relation}]"

    def cases(self, branches: Sequence[tuple[str, str]], otherwise: str) -> str:
        return f"{{{'; '.join(f'{value} if {relation}' for relation, value in branches)}; {otherwise} otherwise}}"

    def derivative(self, function: str, variable: str) -> Printed:
        return Printed(f"∂{function}/∂{variable}", Level.OPEN)

    def application(self, operator: Operator, arguments: tuple[str, ...], parameters: tuple[object, ...]) -> str:
        return operator.text(arguments, parameters)


def counted(slot: Slot, beside: Slot) -> Slot:
    """A subscript as it is written beside an index: a number counts from where that index does."""
    index = beside.index if isinstance(beside, Shift) else beside
    return slot + index.base - 1 if isinstance(slot, int) and isinstance(index, Index) else slot


def index_range(index: Index) -> tuple[str, str]:
    """The first and the last value of an index as it is written: 1 and K, or 0 and K-1."""
    last = index.dim.value
    if index.base == 1:
        return "1", str(index.dim)
    return "0", f"{index.dim}-1" if last is None else str(last - 1)
