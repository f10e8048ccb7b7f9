"""Statements -> claims: every = of a chain, first = last, stated shapes, definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from typing import NoReturn

from derivcheck.algebra.dims import ONE, Dim, IllTyped
from derivcheck.claims import Claim, Word
from derivcheck.language.places import Place, writing_at
from derivcheck.language.shapes import SCALAR, Shape, describe, same_shape, shape_of
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Indicator, Named, Number, Positive, Term, multiply
from derivcheck.language.walks import same_expression
from derivcheck.notes.conditions import Conditions
from derivcheck.notes.context import Context, Readings
from derivcheck.notes.declarations import dimension_of
from derivcheck.notes.definitions import define, is_new
from derivcheck.notes.implied_sums import Sides, free_indices, with_implied_sums
from derivcheck.notes.mending import mended
from derivcheck.notes.names import name_of, plain
from derivcheck.notes.notations import Grammar
from derivcheck.notes.scope import Scope, Tensor
from derivcheck.notes.statements import Member
from derivcheck.notes.syntax import Bracketed, Node, Numeral, Product, Relation, Scripted, Sequence, Symbol
from derivcheck.notes.trees import walk
from derivcheck.notes.unsupported import Unsupported


@dataclass(frozen=True, slots=True)
class Name:
    """What a claim is called, and what is expected of it."""

    text: str
    expected: Word = "proved"
    note: str = ""
    conditions: tuple[str, ...] | None = None


Terms = tuple[Term | IllTyped, Term | IllTyped]
"""The two sides of an equality, or what does not fit in them."""

LINGERS = "under the condition of a line before"
"""The reading of a line under the conditions of a line before it."""


@dataclass(slots=True)
class Claims:
    """Puts the statements of one note into its derivation."""

    scope: Scope
    grammar: Grammar
    place_of: Callable[[int], Place]
    text: str
    lingering: Conditions = field(default_factory=Conditions)

    def context(self, claim: Many[Node] = (), readings: Readings | None = None) -> Context:
        return Context(self.scope, self.grammar, self.place_of, readings or Readings(), claim=tuple(claim), text=self.text)

    # equalities -----------------------------------------------------------------------------------------------------
    def equality(self, left: Member, right: Member, chain: Many[Member], where: Conditions, name: Name, rewritten: Many[str]) -> None:
        """One = of a chain as a claim, whatever becomes of its sides."""
        written = f"{self.text[left.start : left.end]} {right.sign} {self.text[right.start : right.end]}"
        place = self.place_of(right.start if right.start != left.start else left.start)
        with writing_at(place):
            for member in (left, right):
                if isinstance(member.written, Unsupported):
                    self._unread(member.written, name, written)
                    return
            if right.sign != "=":
                self._unread(Unsupported(f"the sign {right.sign}", right.start, right.end, "only equalities are judged"), name, written)
                return
            self._claim(left, right, chain, where, name, written, rewritten)

    def _claim(self, left: Member, right: Member, chain: Many[Member], where: Conditions, name: Name, written: str, rewritten: Many[str]) -> None:
        nodes = _nodes(chain)
        try:
            sides, readings = self._read(left, right, chain)
            relations, guard, only_where = self._where(where, nodes, sides)
            plain_sides = sides
            sides = _guarded(sides, guard)
        except Unsupported as problem:
            self._unread(problem, name, written)
            return
        others, meant = self._other_readings(left, right, chain, readings, plain_sides, (relations, guard), name)
        if self.lingering.relations and not where:
            others += self._under_what_was_supposed(nodes, plain_sides, name)
            meant += [(LINGERS, "without a condition")]
        said = [*readings.said, *(f"{topic} {readings.taken(topic)}" for topic in readings.met), *rewritten]
        self.scope.derivation.claim(
            name.text, _side(sides[0]), _side(sides[1]), where=relations, expected=name.expected, conditions=name.conditions, assumptions=None,
            guard=guard, only_where=only_where, note=name.note, written=written, written_right=self.text[right.start : right.end],
            readings=tuple(dict.fromkeys(said)), other_readings=others, as_well=meant,
            candidates=self._candidates(left, right, chain, sides, relations, name),
        )  # fmt: skip

    def _read(self, left: Member, right: Member, chain: Many[Member]) -> tuple[Terms, Readings]:
        """The sides as they are read. Where one of them cannot be built, the first reading of how far operators reach is taken in which they fit.

        Where both can be built and their shapes differ, the line does not fit: a reading chosen by the other side would prove a forgotten
        product rule.
        """
        readings = Readings()
        sides: Terms | None = None
        try:
            sides = self._sides(left, right, chain, readings)
        except Unsupported:
            if not readings.reaching:
                raise
        if sides is None or any(isinstance(side, IllTyped) for side in sides):
            for chosen in readings.others():
                if not chosen.keys() <= readings.reaching.keys():
                    continue
                otherwise = Readings(chosen)
                try:
                    found = self._sides(left, right, chain, otherwise)
                except Unsupported:
                    # then it is said of the line as it is read
                    continue
                if _fit(found):
                    return found, otherwise
        # where the line is not understood as it is read, that is raised once more
        return sides or self._sides(left, right, chain, readings), readings

    def _sides(self, left: Member, right: Member, chain: Many[Member], readings: Readings) -> Terms:
        """The terms of both sides, or what does not fit in them. Raises Unsupported."""
        context = self.context(_nodes(chain), readings)
        found: list[Term | IllTyped] = []
        free = self._free(context, chain)
        for member in (left, right):
            if not isinstance(member.written, Node):
                raise member.written
            try:
                node = member.written
                if free is not None:
                    node = with_implied_sums(context, node, free)
                found.append(context.term(node))
            except IllTyped as problem:
                found.append(problem)
        self._check_entries(found, (left, right))
        return self._with_zero(found, (left, right), readings)

    def _check_entries(self, sides: list[Term | IllTyped], members: tuple[Member, Member]) -> None:
        """Raises Unsupported for W = (w_{ij}), where the bracket stands for the tensor of the entries."""
        for one, other, member in ((sides[0], sides[1], members[0]), (sides[1], sides[0], members[1])):
            if (
                isinstance(one, Term)
                and isinstance(other, Term)
                and isinstance(member.written, Bracketed)
                and one.shape == SCALAR
                and other.shape != SCALAR
                and one.free - other.free
            ):
                names = ",".join(sorted(map(str, one.free - other.free)))
                raise Unsupported(
                    "an entry in brackets for a tensor", member.start, member.end, f"write the indices of the tensor behind it: (…)_{{{names}}}"
                )

    def _with_zero(self, sides: list[Term | IllTyped], members: tuple[Member, Member], readings: Readings) -> Terms:
        """A lone 0 beside a tensor is the zero tensor of that shape."""
        left, right = sides
        for zero, other, member in ((left, right, members[0]), (right, left, members[1])):
            if (
                isinstance(zero, Term)
                and isinstance(other, Term)
                and isinstance(member.written, Numeral)
                and member.written.text == "0"
                and other.shape != SCALAR
            ):
                readings.say(f"0 is the zero tensor of shape {describe(other.shape)}")
                nothing = multiply(Number(Fraction(0)), other)
                return (nothing, other) if zero is left else (other, nothing)
        return left, right

    def _free(self, context: Context, chain: Many[Member]) -> frozenset[str] | None:
        """Under implied sums, the indices that are not summed; None where every sum is written."""
        if "einstein" not in self.scope.readings:
            return None
        nodes = _nodes(chain)
        return free_indices(context, Sides(nodes, isinstance(chain[0].written, Node), len(nodes) == len(chain)))

    def _other_readings(
        self, left: Member, right: Member, chain: Many[Member], readings: Readings, sides: Terms,
        given: tuple[tuple[IndexRelation, ...], Term | None], name: Name,
    ) -> tuple[list[tuple[str, Claim]], list[tuple[str, str]]]:  # fmt: skip
        """The claims that the line makes in the readings that were not taken, where they differ; and of those that are meant as well as the one
        that was taken, what they are and what that one is."""
        relations, guard = given
        found: list[tuple[str, Claim]] = []
        meant: list[tuple[str, str]] = []
        for changed in readings.others():
            try:
                other = self._sides(left, right, chain, Readings({**readings.chosen, **changed}))
            except Unsupported:
                # a reading that is not understood is no other reading
                continue
            if all(_same(one, two) for one, two in zip(sides, other, strict=True)):
                continue
            is_reach = changed.keys() <= readings.reaching.keys()
            if is_reach and _fit(sides) and not _fit(other):
                continue
            said = _where_read(changed)
            one, two = _guarded(other, guard)
            found.append((said, replace(self.scope.derivation.alternative(name.text, _side(one), _side(two), relations), guard=guard)))
            if is_reach:
                meant.append((said, _where_read({topic: readings.taken(topic) for topic in changed})))
        return found, meant

    def _under_what_was_supposed(
        self, nodes: list[Node], sides: Terms, name: Name
    ) -> list[tuple[str, Claim]]:
        """The claim under the conditions of the line before, which the text does not take back."""
        relations, guard, only_where = self._where(Conditions(self.lingering.relations), nodes, sides)
        if only_where or not (relations or guard is not None):
            return []
        left, right = _guarded(sides, guard)
        other = self.scope.derivation.alternative(name.text, _side(left), _side(right), relations)
        return [(LINGERS, replace(other, guard=guard))]

    def _candidates(
        self,
        left: Member,
        right: Member,
        chain: Many[Member],
        sides: Terms,
        relations: tuple[IndexRelation, ...],
        name: Name,
    ) -> list[Claim]:
        """What could have been meant where the right side does not fit together: the claims of its nearest neighbours."""
        found: list[Claim] = []
        if not isinstance(sides[1], IllTyped) or isinstance(sides[0], IllTyped) or not isinstance(right.written, Node):
            return found
        for mistake, node in mended(self.context(_nodes(chain)), right.written):
            try:
                other = self._sides(left, replace(right, written=node), chain, Readings())
            except Unsupported:
                # such a neighbour cannot have been meant
                continue
            if _fit(other):
                found.append(replace(self.scope.derivation.alternative(name.text, _side(other[0]), _side(other[1]), relations), note=mistake))
        return found

    def _where(
        self, where: Conditions, nodes: list[Node], sides: Terms
    ) -> tuple[tuple[IndexRelation, ...], Term | None, tuple[str, ...]]:
        """The conditions on indices that occur free in the claim, those on the signs of terms as one guard, and the others as they are written."""
        context = self.context([*nodes, *where.relations])
        free = frozenset().union(*(side.free for side in sides if isinstance(side, Term)))
        relations, guards, others = [], [], list(where.words)
        mentioned = {part.key for node in nodes for part in walk(node)}
        for key, said in self.scope.said.items():
            if key in mentioned:
                others.append(f"{plain(key)} is {said} (which can be declared: assume {plain(key)} is {said})")
        for node in where.relations:
            try:
                restricted = _guard(context.sign(node))
                relation = context.relation(node) if restricted is None else None
            except Unsupported:
                restricted = relation = None
            if isinstance(relation, IndexRelation) and relation.free <= free:
                relations.append(relation)
            elif restricted is not None and restricted.free <= free:
                guards.append(restricted)
            else:
                others.append(self.text[node.start : node.end])
        return tuple(relations), reduce(multiply, guards) if guards else None, tuple(others)

    def _unread(self, problem: Unsupported, name: Name, written: str) -> None:
        self.scope.derivation.unread(
            name.text, str(problem), place=self.place_of(problem.start), written=written, expected=name.expected, note=name.note
        )

    # definitions ----------------------------------------------------------------------------------------------------
    def is_definition(self, left: Member, chain: Many[Member]) -> bool:
        nodes = _nodes(chain)
        return isinstance(left.written, Node) and is_new(self.context(nodes[1:]), left.written)

    def definition(self, left: Member, right: Member, name: Name, where: Conditions) -> None:
        """A new symbol gets its meaning; where the right side is not understood it gets none, and that is said."""
        written = f"{self.text[left.start : left.end]} = {self.text[right.start : right.end]}"
        with writing_at(self.place_of(left.start)):
            try:
                if isinstance(right.written, Unsupported):
                    raise right.written
                if not isinstance(left.written, Node):
                    raise left.written
                if where:
                    raise Unsupported("a definition that holds under a condition only", left.start, left.end, "write it with \\begin{cases}")
                context = self.context((left.written, right.written))
                body = right.written
                free = self._free(context, [left, right])
                if free is not None:
                    body = with_implied_sums(context, body, free)
                defined = define(context, left.written, body, self.text[left.start : left.end])
                self.scope.derivation.enter(name.text, defined, written=written, note=name.note)
            except Unsupported as problem:
                self._unread(problem, name, written)
            except IllTyped as problem:
                self.scope.derivation.claim(
                    name.text, _raising(problem), _raising(problem), expected=name.expected, note=name.note, written=written, conditions=None, assumptions=None  # noqa: E501
                )  # fmt: skip

    def gives_second_meaning(self, left: Member, right: Member) -> bool:
        """Whether a symbol that has a meaning is said to be something else than that."""
        if not isinstance(left.written, Symbol) or not isinstance(right.written, Node):
            return False
        match = self.scope.find(left.written)
        if match is None or not isinstance(match.target, Tensor):
            return False
        term = match.target.term
        try:
            return not isinstance(term, Named) or not same_expression(term.definition, self.context((right.written,)).term(right.written))
        except (Unsupported, IllTyped):
            return True

    def second_meaning(self, left: Member, right: Member, name: Name) -> None:
        """A symbol that has a meaning is given another one: from here on it has none."""
        written = f"{self.text[left.start : left.end]} = {self.text[right.start : right.end]}"
        said = f"another meaning for {self.text[left.start : left.end]}, which has one already"
        problem = Unsupported(said, left.start, left.end, "give what is new a name of its own")
        with writing_at(self.place_of(left.start)):
            self._unread(problem, name, written)
        if isinstance(left.written, Node):
            self.scope.ambiguous.add(left.written.key)

    # shapes ---------------------------------------------------------------------------------------------------------
    def shape(self, member: Member, space: Node, name: Name, end: int) -> None:
        """x ∈ R^{n × m}: a new symbol is declared by it, of anything else it is a claim."""
        written = f"{self.text[member.start : end]}"
        with writing_at(self.place_of(member.start)):
            try:
                if isinstance(member.written, Unsupported):
                    raise member.written
                shape = space_shape(space, self.scope)
                if is_new(self.context(), member.written):
                    symbol = name_of(member.written)
                    if symbol is None:
                        raise Unsupported(f"the shape of {plain(member.written.key)}", member.start, member.end)
                    self.scope.symbol(symbol, shape, self.text[member.start : member.end])
                    self.scope.derivation.enter(name.text, written, written=written, note=name.note)
                    return
                readings = Readings()
                context = self.context((member.written,), readings)
                try:
                    side: Callable[[], Term] | Term = context.term(member.written)
                except IllTyped as problem:
                    side = _raising(problem)
                self.scope.derivation.shape_claim(
                    name.text, side, shape, expected=name.expected, note=name.note, written=written, conditions=name.conditions, assumptions=None,
                    readings=tuple(readings.said),
                )  # fmt: skip
            except Unsupported as problem:
                self._unread(problem, name, written)


def _nodes(chain: Many[Member]) -> list[Node]:
    """The members that are understood as formulas."""
    return [member.written for member in chain if isinstance(member.written, Node)]


def _raising(problem: IllTyped) -> Callable[[], NoReturn]:
    def build() -> NoReturn:
        raise problem

    return build


def _guard(sign: tuple[str, Term] | None) -> Term | None:
    """1 where a term has the sign, 0 elsewhere. None for a term that is no scalar."""
    if sign is None or sign[1].shape != SCALAR:
        return None
    word, term = sign
    above, below = Indicator(Positive(term)), Indicator(Positive(-term))
    return {">": above, "<": below, "≤": 1 - above, "≥": 1 - below, "≠": above + below}[word]


def _guarded(sides: Terms, guard: Term | None) -> Terms:
    """Both sides where the guard is 1, and 0 elsewhere."""
    left, right = sides
    if guard is None:
        return left, right
    return multiply(guard, left) if isinstance(left, Term) else left, multiply(guard, right) if isinstance(right, Term) else right


def _side(side: Term | IllTyped) -> Term | Callable[[], NoReturn]:
    return _raising(side) if isinstance(side, IllTyped) else side


def _fit(sides: Terms) -> bool:
    left, right = sides
    return isinstance(left, Term) and isinstance(right, Term) and same_shape(left.shape, right.shape)


def _where_read(chosen: Mapping[str, str]) -> str:
    return "where " + " and ".join(f"{topic} {option}" for topic, option in chosen.items())


def _same(one: Term | IllTyped, other: Term | IllTyped) -> bool:
    if isinstance(one, IllTyped) or isinstance(other, IllTyped):
        return isinstance(one, IllTyped) and isinstance(other, IllTyped)
    return same_expression(one, other)


def is_space(node: Node | Unsupported) -> bool:
    """Whether a node is R, R^n or R^{n × m}."""
    core = node.core if isinstance(node, Scripted) else node
    return isinstance(core, Symbol) and core.name in ("\\mathbb{R}", "\\R") and not (isinstance(node, Scripted) and node.subs)


def space_shape(node: Node, scope: Scope) -> Shape:
    """The shape of R^n (a column), R^{1×n}, R^{n×m}, R."""
    if not isinstance(node, Scripted):
        return ()
    sups = node.sups
    if len(sups) == 1 and isinstance(sups[0], Product) and set(sups[0].signs) == {"\\times"}:
        dims = [dimension_of(axis, scope) for axis in _axes(sups[0])]
        # a tensor has no axes of length 1
        return shape_of(*dims) if len(dims) <= 2 else shape_of(*(dim for dim in dims if not dim.is_one))
    dim: Dim = ONE
    for sup in sups:
        dim = dim * dimension_of(_bare(sup), scope)
    return shape_of(dim, ONE)


def _axes(node: Product) -> list[Node]:
    """The axes of K × (n × m), one by one."""
    found: list[Node] = []
    for factor in node.factors:
        inner = _bare(factor)
        found += _axes(inner) if isinstance(inner, Product) and set(inner.signs) == {"\\times"} else [inner]
    return found


def _bare(node: Node) -> Node:
    return node.body if isinstance(node, Bracketed) and not isinstance(node.body, (Sequence, Relation)) else node
