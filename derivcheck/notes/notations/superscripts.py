"""Scripts: transposes and inverses, powers, labels of names, double and shifted subscripts, slices."""

from __future__ import annotations

from derivcheck.notes.notations.record import Example, Notation, NotUnderstood

NOTATION = Notation(
    title="Subscripts and superscripts",
    rule=(
        "A script that belongs to a declared name is a label: W^{[1]}, x^{(2)}, a_L, n_{k+1}. Any other subscript is an index, an "
        "index plus or minus a number, or a number; : or \\cdot "
        "takes a row or a column. Any other superscript is a transpose (^T, ^\\top, ^{\\intercal}), an inverse (^{-1}), or a power. "
        "W^T_{ij} is an entry of the transpose. "
        "A prime is a transpose only where the note says `read ' as transpose`."
    ),
    examples=(
        Example(r"A^T B + A^\top B^{\intercal\intercal}", "Aᵀ B + Aᵀ (Bᵀ)ᵀ", ("A: n x k", "B: n x m")),
        Example(r"A^{-1} b + A^{-T} b", "A⁻¹ b + (A⁻¹)ᵀ b", ("A: n x n", "b: n")),
        Example(r"A^2 b + A^{-2} b", "A A b + A⁻¹ A⁻¹ b", ("A: n x n", "b: n")),
        Example(r"A' b", "Aᵀ b", ("A: n x n", "b: n", "read ' as transpose")),
        Example(r"W^T_{ij} + {W_{ij}}^2 + W_{ij}^{-1}", "(Wᵀ)[i,j] + W[i,j]² + (W⁻¹)[i,j]", ("W: n x n",)),
        Example(r"W^{[1]} x^{(2)} + W^{[1]T} b_L", "W^[1] x^(2) + W^[1]ᵀ b_L", ("W^{[1]}: n x n", "x^{(2)}, b_L: n")),
        Example(r"v^3 + u^{3}", "v^3 + u³", ("v^3, u: scalar",)),
        Example(r"W_{12} + W_{1,2} + W_{i,j}", "W[1,2] + W[1,2] + W[i,j]", ("W: n x m",)),
        Example(r"a_{L_j} + a_{L,j}", "a_L[j] + a_L[j]", ("a_L: n", "write a_{L_j} for a_{L,j}")),
        Example(r"x_{t-1} y_{t+1}", "x[t-1] y[t+1]", ("x, y: n", "index t = 1..n")),
        Example(r"W_{i,:} W_{\cdot,j} + W_{i*} W_{:j}", "W[i,:] W[:,j] + W[i,:] W[:,j]", ("W: n x n",)),
    ),
    not_understood=(
        NotUnderstood(r"x^a", "the superscript a", ("x: n",)),
        NotUnderstood(r"x^{(2)}", "the label (2)", ("x: n",)),
        NotUnderstood(r"x^2", "the power 2 of a term of shape n × 1", ("x: n",)),
        NotUnderstood(r"A'", "for a transpose declare: read ' as transpose", ("A: n x k",)),
        NotUnderstood(r"x_i_j", "a second subscript", ("x: n",)),
        NotUnderstood(r"x^T^2", "a second superscript", ("x: n",)),
        NotUnderstood(r"W_i", "one subscript on a matrix", ("W: n x m", "index i = 1..n")),
        NotUnderstood(r"x_{ij}", "2 subscripts on a term of shape n × 1", ("x: n",), "ill-typed"),
        NotUnderstood(r"x_{2t}", "the subscript 2t", ("x: n", "index t = 1..n")),
        NotUnderstood(r"x_{t^2}", "t^2 as a subscript", ("x: n", "index t = 1..n")),
        NotUnderstood(r"A^{-1}", "inverse", ("A: n x m",), "ill-typed"),
    ),
)
