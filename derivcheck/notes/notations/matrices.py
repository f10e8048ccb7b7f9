"""Matrices and columns that are written out, entry by entry or with dots."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, describe, flat, is_vector
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Array, Cases, Entry, Term
from derivcheck.notes.context import Context
from derivcheck.notes.dotted import Run, fresh_key, run
from derivcheck.notes.entrywise import fresh_indices
from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood, Stated
from derivcheck.notes.syntax import Dots, Node
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported

ENVIRONMENTS = ("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "psmallmatrix", "bsmallmatrix", "array")
MOST_ENTRIES = 400


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """Rows of cells; None is an empty cell."""

    rows: tuple[tuple[Node | None, ...], ...]

    @property
    def key(self) -> str:
        return "\\\\".join("&".join("" if cell is None else cell.key for cell in row) for row in self.rows)


# parsing ------------------------------------------------------------------------------------------------------------
def begin(parser: Parser, token: Token) -> Node:
    """\\begin{name}: the environment of that name."""
    name = parser.raw_argument().strip()
    parse = parser.grammar.environments.get(name)
    if parse is None:
        known = ", ".join(sorted(parser.grammar.environments))
        raise Unsupported(
            f"the environment {name} inside a formula", token.start, parser.peek(-1).end, f"inside a formula these are understood: {known}"
        )
    return parse(parser, Token("command", name, token.start, token.end))


def matrix(parser: Parser, token: Token) -> Node:
    if token.text == "array":
        parser.raw_argument()
    rows = table(parser, token)
    return Matrix(token.start, parser.peek(-1).end, tuple(tuple(cell(parser, inside) for inside in row) for row in rows))


def table(parser: Parser, token: Token) -> list[list[list[Token]]]:
    """The tokens of the cells of the rows of an environment, up to its \\end, which is read."""
    rows: list[list[list[Token]]] = [[[]]]
    level = 0
    while True:
        inner = parser.next()
        if inner.kind == "end":
            raise Unsupported(f"\\begin{{{token.text}}} is not closed", token.start, token.end)
        if level == 0 and inner.text == "\\end":
            name = parser.raw_argument().strip()
            if name != token.text:
                raise Unsupported(f"\\begin{{{token.text}}} is closed by \\end{{{name}}}", inner.start, parser.peek(-1).end)
            break
        level += 1 if inner.kind == "open" or inner.text == "\\begin" else -1 if inner.kind == "close" or inner.text == "\\end" else 0
        if level == 0 and inner.kind == "newline":
            rows.append([[]])
        elif level == 0 and inner.kind == "align":
            rows[-1].append([])
        elif inner.text != "\\hline":
            rows[-1][-1].append(inner)
    if rows[-1] == [[]]:
        rows.pop()
    if not rows or sum(map(len, rows)) > MOST_ENTRIES:
        raise Unsupported(f"a table of {sum(map(len, rows))} cells", token.start, parser.peek(-1).end, f"it has 1 to {MOST_ENTRIES} cells")
    return rows


def cell(parser: Parser, tokens: Many[Token]) -> Node | None:
    """The formula of one cell; None where it is empty."""
    if not tokens:
        return None
    inner = Parser(tokens, parser.text, parser.grammar, parser.words)
    inner.depth = parser.depth + 1
    node = inner.expression()
    inner.skip_spaces()
    if not inner.finished:
        raise inner.unexpected(inner.peek(), "the end of the cell")
    return node


# meaning ------------------------------------------------------------------------------------------------------------
def meaning(context: Context, node: Matrix) -> Term:
    """One cell is that cell; else the tensor of the cells, where dots stand for the cells between."""
    if len(node.rows) == 1 and len(node.rows[0]) == 1 and node.rows[0][0] is not None and not isinstance(node.rows[0][0], Dots):
        return context.term(node.rows[0][0])
    rows = [row for row in node.rows if not _only_dots(row)]
    gap_below = next((position for position, row in enumerate(node.rows) if _only_dots(row)), None)
    width = max((len(row) for row in rows), default=0)
    if not rows or any(len(row) != width for row in rows):
        lengths = ", ".join(str(len(row)) for row in node.rows)
        raise Unsupported(f"rows of different lengths ({lengths})", node.start, node.end, "every row has as many cells as the others")
    kept = [column for column in range(width) if not all(row[column] is None or isinstance(row[column], Dots) for row in rows)]
    gap_beside = next((column for column in range(width) if column not in kept), None)
    cells = [[_written(row[column], node) for column in kept] for row in rows]
    across = None if gap_beside is None else _runs(context, cells, gap_beside, node)
    lines = cells if across is None else [[each.entry] for each in across]
    binding = {} if across is None else {across[0].key: across[0].index}
    with context.binding(binding):
        down = None if gap_below is None else _runs(context, [list(column) for column in zip(*lines, strict=True)], gap_below, node)
        if down is not None:
            lines = [[each.entry for each in down]]
        with context.binding({} if down is None else {down[0].key: down[0].index}):
            terms = [[context.term(entry) for entry in line] for line in lines]
    return _tensor(context, terms, None if down is None else down[0], None if across is None else across[0], node)


def _runs(context: Context, lines: list[list[Node]], gap: int, node: Matrix) -> list[Run]:
    """Every line as a generic entry, over one range."""
    key = fresh_key(context)
    found = [run(context, line, gap, key, node) for line in lines]
    if any(each.index != found[0].index for each in found):
        raise Unsupported("lines whose dots say different things", node.start, node.end, "every line runs over the same range")
    return found


def _only_dots(row: tuple[Node | None, ...]) -> bool:
    return all(cell is None or isinstance(cell, Dots) for cell in row)


def _written(cell: Node | None, node: Matrix) -> Node:
    if cell is None or isinstance(cell, Dots):
        where = node if cell is None else cell
        raise Unsupported("a matrix with a gap", where.start, where.end, "write every entry, or whole rows and columns of dots")
    return cell


def _tensor(context: Context, terms: list[list[Term]], down: Run | None, across: Run | None, node: Matrix) -> Term:
    """The tensor of the entries: its rows and columns are those of the dots, else as many as are written."""
    if any(term.shape != SCALAR for line in terms for term in line):
        return _stacked(context, terms, down, across, node)
    written = tuple(Dim.of(count) for count in (len(terms), len(terms[0])))
    everything = [term for line in terms for term in line]
    missing = [place for place, found in enumerate((down, across)) if found is None and not written[place].is_one]
    fresh = dict(zip(missing, fresh_indices(context, tuple(written[place] for place in missing), *everything), strict=True))
    row_index, column_index = (fresh.get(place) if found is None else found.index for place, found in enumerate((down, across)))
    lines = [_chosen(line, column_index if across is None else None) for line in terms]
    body = _chosen(lines, row_index if down is None else None)
    if row_index is None and column_index is not None:
        return apply("transpose", Array((column_index,), body))
    indices = tuple(index for index in (row_index, column_index) if index is not None)
    return Array(indices, body)


def _chosen(terms: Many[Term], index: Index | None) -> Term:
    """The term that belongs to the value of an index: the first one to 1."""
    if len(terms) == 1 or index is None:
        return terms[0]
    branches = tuple((IndexRelation(index, "=", position), term) for position, term in enumerate(terms[:-1], 1))
    return Cases(branches, terms[-1])


def _stacked(context: Context, terms: list[list[Term]], down: Run | None, across: Run | None, node: Matrix) -> Term:
    """A column of rows, or a row of columns, one for each value of a running index: the matrix of them."""
    one = terms[0][0]
    index = down.index if down is not None else across.index if across is not None else None
    if len(terms) != 1 or len(terms[0]) != 1 or index is None or (down is not None and across is not None):
        raise Unsupported("a matrix of blocks", node.start, node.end, "its entries are scalars; write the blocks as equations of their own")
    if not is_vector(one.shape) or one.shape[0].is_one != (down is not None):
        stacked = "rows below one another" if down is not None else "columns beside one another"
        raise IllTyped(f"a matrix of {stacked}, but these are {describe(one.shape)} (written at {one.place})")
    (inner,) = fresh_indices(context, flat(one.shape), one)
    return Array((index, inner) if down is not None else (inner, index), Entry(one, (inner,)))


NOTATION = Notation(
    title="Matrices and columns written out",
    rule=(
        "All entries written: a tensor of that size. With dots the entries that are written must be equal but for one subscript that "
        "runs 1, 2, …, n (or 0, 1, …, n-1), in each direction; "
        "its end is the dimension over which that subscript really runs. Anything else is not guessed at. One cell alone is just brackets."
    ),
    examples=(
        Example(r"\begin{bmatrix} x_1 \\ x_2 \\ \vdots \\ x_n \end{bmatrix}", "(x[i])_i", ("x: n",)),
        Example(r"\begin{pmatrix} x_0 & \cdots & x_{n-1} \end{pmatrix}", "(x[i])_iᵀ", ("x: n", "count-from 0")),
        Example(
            r"\begin{bmatrix} W_{11} & \cdots & W_{1m} \\ \vdots & \ddots & \vdots \\ W_{n1} & \cdots & W_{nm} \end{bmatrix}",
            "(W[j,i])_{j,i}",
            ("W: n x m",),
        ),
        Example(r"\begin{pmatrix} x_1 \\ x_2 + 1 \end{pmatrix}", "({x[1] if i' = 1; x[2] + 1 otherwise})_{i'}", ("x: 2",)),
        Example(
            r"\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}", "({{1 if j' = 1; 2 otherwise} if i' = 1; {3 if j' = 1; 4 otherwise} otherwise})_{i',j'}"
        ),
        Example(r"\begin{pmatrix} x - y \end{pmatrix}", "x - y", ("x, y: n",)),
        Example(r"\begin{bmatrix} x^\top W_{:,1} \\ \vdots \\ x^\top W_{:,m} \end{bmatrix}", "(xᵀ W[:,i])_i", ("x: n", "W: n x m")),
        Example(r"\begin{bmatrix} W_{1,:} \\ \vdots \\ W_{n,:} \end{bmatrix}", "(W[i,:][i'])_{i,i'}", ("W: n x m",)),
        Example(
            r"\begin{bmatrix} \mathbb{1}_{k=1} \\ \mathbb{1}_{k=2} \\ \vdots \\ \mathbb{1}_{k=n} \end{bmatrix}", "([k = i])_i", ("index k = 1..n",)
        ),
    ),
    not_understood=(
        NotUnderstood(r"\begin{bmatrix} x_1 \\ x_3 \\ \vdots \\ x_n \end{bmatrix}", "1, 3, n is not 1, 2, …, n", ("x: n",)),
        NotUnderstood(r"\begin{bmatrix} x_1 \\ x_2^2 \\ \vdots \\ x_n^n \end{bmatrix}", "a pattern of dots that is not recognised", ("x: n",)),
        NotUnderstood(r"\begin{bmatrix} x_1 \\ \vdots \\ x_q \end{bmatrix}", "q is not declared; declare it: dimension q", ("x: n",)),
        NotUnderstood(
            r"\begin{bmatrix} x_1 \\ \vdots \\ x_m \end{bmatrix}", "index i ranges over m, but this slot", ("x: n", "dimension m"), "ill-typed"
        ),
        NotUnderstood(r"\begin{bmatrix} x_1 & x_2 \\ x_3 \end{bmatrix}", "rows of different lengths (2, 1)", ("x: 3",)),
        NotUnderstood(r"\begin{bmatrix} A & B \end{bmatrix}", "a matrix of blocks", ("A, B: n x n",)),
        NotUnderstood(r"\begin{bmatrix} x_1 \\ x_2 \end{pmatrix}", "is closed by", ("x: 2",)),
        NotUnderstood(r"\begin{tabular} x_1 \end{tabular}", "the environment tabular inside a formula", ("x: 2",)),
        NotUnderstood(r"\begin{bmatrix} 1 \\ \vdots \\ 1 \end{bmatrix}", "a pattern of dots that is not recognised"),
        NotUnderstood(r"\begin{array}{cc} 1 & 2", "\\begin{array} is not closed"),
    ),
    statements=(
        Stated(
            r"\nabla_x L = \begin{bmatrix} \frac{\partial L}{\partial x_1} \\ \vdots \\ \frac{\partial L}{\partial x_n} \end{bmatrix}",
            ("∂L/∂x = (∂L/∂x[i])_i",),
            ("layout like-variable", "x: n", "function f of x", "L = f(x)"),
        ),
    ),
    commands={"\\begin": begin},
    environments=dict.fromkeys(ENVIRONMENTS, matrix),
    meanings={Matrix: meaning},
)
