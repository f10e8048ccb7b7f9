"""The gradient by the output units, in columns, once more: through every output, as a matrix product, and the quotient rule it rests on."""

from __future__ import annotations

from derivcheck import D, Derivation, Source, elementwise, log, one_hot, softmax, sum_over

BISWAS = "Biswas, Backpropagation"

d = Derivation("biswas-output-units", layout="like-variable", source=Source(BISWAS, "4.3.1"), title="The gradient through all output units")
x = d.scalar("x")
g, h = elementwise("g", x), elementwise("h", x)
d.claim("quotient rule", D(g / h, x), (D(g, x) * h - g * D(h, x)) / h**2, conditions=("h(x) ≠ 0",))

p = d.dim("p")
i, l, t = d.indices("i l t", p)
a = d.vector("a_L", p)
yhat = d.let("yhat", softmax(a), latex=r"\hat{y}")
loss = -log(yhat[l])
d.claim("entry of softmax, by the quotient rule", D(yhat[l], a[i]), yhat[l] * (one_hot(p, l)[i] - yhat[i]))
d.claim("through every output", D(loss, a[i]), sum_over(t, D(loss, yhat[t]) * D(yhat[t], a[i])))
d.claim("only the true class has a part", sum_over(t, D(loss, yhat[t]) * D(yhat[t], a[i])), D(loss, yhat[l]) * D(yhat[l], a[i]))
d.claim("as a matrix product", D(yhat, a).T @ D(loss, yhat), -(one_hot(p, l) - yhat))
