"""vec(ABC) = (Cᵀ ⊗ A) vec(B), and the weight gradient of a layer that it leads to, in numerator layout."""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, identity, kron, scalar_function, sum_over, trace, unvec, vec

VOROS = "Voros, ECE 542 HW2a"
COMMON_SLIP = Source("a common slip")

d = Derivation(
    "vec-of-a-product",
    layout="numerator",
    source=Source(VOROS, "3"),
    title="vec of a product and the weight gradient of a layer",
)
n, m, p, q = (d.dim(name) for name in "nmpq")
A = d.matrix("A", n, p)
B = d.matrix("B", p, q)
C = d.matrix("C", q, m)
G = d.matrix("G", n, m)

# vec(ABC) -----------------------------------------------------------------------------------------------------------
d.claim("vec(ABC)", vec(A @ B @ C), kron(C.T, A) @ vec(B))
d.claim("vec(AB), left factor", vec(A @ B), kron(identity(q), A) @ vec(B))
d.claim("vec(AB), right factor", vec(A @ B), kron(B.T, identity(n)) @ vec(A))
d.claim("vec⁻¹ undoes vec", unvec(vec(B), rows=p, columns=q), B)

# a bilinear layer: the gradient of ⟨G, ABC⟩, of which G is the gradient by ABC ----------------------------------------
d.claim("bilinear layer", D(trace(G.T @ A @ B @ C), B, layout="like-variable"), A.T @ G @ C.T, backprop="bilinear-weight-gradient")
d.claim("bilinear layer, vectorised", vec(A.T @ G @ C.T), kron(C.T, A).T @ vec(G))

# a layer a = W h + b, with W = vec⁻¹(w) -------------------------------------------------------------------------------
h = d.vector("h", m)
b = d.vector("b", n)
w = d.vector("w", m * n)
W = d.let("W", unvec(w, rows=n, columns=m))
a = d.let("a", W @ h + b)
L = d.let("L", scalar_function("L_y", a))
i, k = d.indices("i k", n)
j = d.index("j", m)

d.claim("w = vec(W)", vec(W), w)
d.claim("W h", W @ h, kron(h.T, identity(n)) @ vec(W))
d.claim("the bias does not depend on w", D(b, w), 0 * kron(h.T, identity(n)))
d.claim("da/dw", D(a, w), kron(h.T, identity(n)))
d.claim("da/dW, entries", D(a[k], W[i, j]), identity(n)[i, k] * h[j])
d.claim("gradient by w", D(L, w), D(L, a) @ kron(h.T, identity(n)))
d.claim("gradient by w, transposed", D(L, w).T, kron(h, identity(n)) @ D(L, a).T)
d.claim("a column is its own vec", vec(D(L, a).T), D(L, a).T)
d.chain(
    "gradient by W",
    D(L, W),
    unvec(D(L, w).T, rows=n, columns=m).T,
    unvec(kron(h, identity(n)) @ D(L, a).T, rows=n, columns=m).T,
    unvec(kron(h, identity(n)) @ vec(D(L, a).T), rows=n, columns=m).T,
    unvec(vec(D(L, a).T @ h.T), rows=n, columns=m).T,
    (D(L, a).T @ h.T).T,
    h @ D(L, a),
)
d.claim("gradient by W, entries", D(L, W[i, j]), D(L, a[i]) * h[j])
d.claim("gradient by W, as a contraction", D(L, W[i, j]), sum_over(k, D(L, a[k]) * D(a[k], W[i, j])))


def vec_at_2_3_2_2() -> tuple[Any, Any]:
    """Both sides of vec(ABC) for a 2 × 3, a 3 × 2 and a 2 × 2 matrix."""
    from sympy import Matrix, kronecker_product, symbols  # SymPy is slow to import

    def matrix(name: str, rows: int, columns: int) -> Any:
        return Matrix(rows, columns, symbols(f"{name}:{rows * columns}"))

    left, middle, right = matrix("a", 2, 3), matrix("b", 3, 2), matrix("c", 2, 2)
    return (left * middle * right).vec(), kronecker_product(right.T, left) * middle.vec()


def layer_at_2_3() -> tuple[Any, Any]:
    """The Jacobian of W h by vec(W) for a 2 × 3 matrix W, and hᵀ ⊗ I beside it."""
    from sympy import Matrix, eye, kronecker_product, symbols  # SymPy is slow to import

    weights = Matrix(2, 3, symbols("w:6"))
    inputs = Matrix(symbols("h:3"))
    return (weights * inputs).jacobian(weights.vec()), kronecker_product(inputs.T, eye(2))


d.explicit("explicit matrices", build=vec_at_2_3_2_2, dims={"n": 2, "p": 3, "q": 2, "m": 2})
d.explicit("explicit matrices, W h", build=layer_at_2_3, dims={"n": 2, "m": 3})

# errata -------------------------------------------------------------------------------------------------------------
d.erratum(
    "gradient by W, first line",
    printed=(lambda: D(L, W), lambda: unvec(D(L, w), rows=n, columns=m)),
    corrected=(D(L, W), unvec(D(L, w).T, rows=n, columns=m).T),
    expected="ill-typed",
    note="vec⁻¹ takes a column and gives an n × m matrix, but this gradient is a row and the one by W is m × n",
)
d.erratum(
    "gradient by W, outer transpose lost",
    printed=(lambda: D(L, W), lambda: unvec(kron(h, identity(n)) @ vec(D(L, a).T), rows=n, columns=m)),
    corrected=(D(L, W), unvec(kron(h, identity(n)) @ vec(D(L, a).T), rows=n, columns=m).T),
    expected="ill-typed",
    note="the line before has the outer transpose",
)
d.erratum(
    "gradient by W, last step",
    printed=(lambda: unvec(vec(D(L, a).T @ h.T), rows=n, columns=m), lambda: (D(L, a).T @ h.T).T),
    corrected=(unvec(vec(D(L, a).T @ h.T), rows=n, columns=m).T, (D(L, a).T @ h.T).T),
    expected="ill-typed",
    note="vec⁻¹ undoes vec, it does not transpose",
)
S = d.matrix("S", n, n)
T = d.matrix("T", n, n)
U = d.matrix("U", n, n)
d.erratum(
    "Kronecker factors swapped",
    printed=(vec(S @ T @ U), kron(S, U.T) @ vec(T)),
    corrected=(vec(S @ T @ U), kron(U.T, S) @ vec(T)),
    note="right where vec stacks the rows; here it stacks the columns",
    source=COMMON_SLIP,
)
