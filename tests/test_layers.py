"""Families over layers, generic layers and recursions: ranges, names, and messages that name both places."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from derivcheck import D, Derivation, IllTyped, array, check, elementwise, hadamard, ones, relu, scalar_function, sigmoid, sum_over
from derivcheck.claims import Claim
from derivcheck.judge import judge
from derivcheck.layers import Layer, Layers, recursion
from derivcheck.witnesses.all_dimensions import Prover

PLACE = re.compile(r"test_layers\.py:\d+")


def derivation() -> Derivation:
    return Derivation("network", layout="like-variable")


def places(problem: pytest.ExceptionInfo[IllTyped]) -> set[str]:
    """The lines of this file that a message names."""
    return set(PLACE.findall(str(problem.value)))


# families -------------------------------------------------------------------------------------------------------------
def test_members_have_the_layer_as_their_subscript() -> None:
    d = derivation()
    layers = Layers(d, "L")
    n = layers.widths("n")
    W = layers.matrices("W", n, n.before, first=1)
    b = layers.vectors("b", n, first=1)
    k = layers.generic("k", first=1, last=-1)
    assert [str(W[layer].shape[0]) for layer in (1, k, k + 1, layers.last)] == ["n_1", "n_k", "n_(k+1)", "n_L"]
    assert [str(W[layer].shape[1]) for layer in (1, k, k + 1, layers.last)] == ["n_0", "n_(k-1)", "n_k", "n_(L-1)"]
    assert [b[layer].name for layer in (1, k, k + 1, layers.last)] == ["b_1", "b_k", "b_(k+1)", "b_L"]


def test_a_member_is_one_symbol() -> None:
    d = derivation()
    layers = Layers(d, "L")
    n = layers.widths("n")
    W = layers.matrices("W", n, n.before, first=1)
    k = layers.generic("k", first=1, last=-1)
    assert W[k] is W[k + 1 - 1]
    assert W[k] is W(k)
    assert W[k] is not W[k + 1]
    assert W[1] is W[layers.at(1)]
    assert n.before(k + 1) is n[k]


def test_a_network_of_known_depth_counts_its_layers() -> None:
    d = derivation()
    layers = Layers(d, 12)
    n = layers.widths("n")
    assert [str(n[layer]) for layer in (0, 9, 12, layers.last - 1)] == ["n_0", "n_9", "n_(12)", "n_(11)"]
    assert n[12] is n[layers.last]


def test_scalars_and_constant_widths() -> None:
    d = derivation()
    layers = Layers(d, "L")
    m = d.dim("m")
    n = layers.widths("n")
    assert layers.scalars("w", first=1)[layers.last].shape == ()
    assert [str(axis) for axis in layers.matrices("A", n, lambda layer: m)[1].shape] == ["n_1", "m"]


@pytest.mark.parametrize(
    ("depth", "position", "told"),
    [
        ("L", lambda layers, k: 0, "W[0]"),
        ("L", lambda layers, k: 2, "2 can be the layer after the last one"),
        ("L", lambda layers, k: k - 1, "k-1 can be layer 0"),
        ("L", lambda layers, k: k + 2, "k+2 can be the layer after the last one"),
        ("L", lambda layers, k: k + 3, "k+3 can be 2 layers after the last one"),
        ("L", lambda layers, k: layers.last + 1, "L+1 can be the layer after the last one"),
        ("L", lambda layers, k: layers.last - 1, "L-1 can be layer 0"),
        (3, lambda layers, k: 4, "has layers 1 to layer 3"),
        (3, lambda layers, k: 0, "has layers 1 to layer 3"),
        (3, lambda layers, k: k + 2, "k+2 can be the layer after the last one"),
    ],
)
def test_a_layer_out_of_range_is_refused_with_both_places(
    depth: int | str, position: Callable[[Layers, Layer], Layer | int], told: str
) -> None:
    layers = Layers(derivation(), depth)
    n = layers.widths("n")
    W = layers.matrices("W", n, n, first=1)
    k = layers.generic("k", first=1, last=-1)
    with pytest.raises(IllTyped, match="out of range") as problem:
        W[position(layers, k)]
    assert told in str(problem.value)
    assert len(places(problem)) == 2


def test_a_layer_out_of_range_makes_a_claim_ill_typed() -> None:
    d = derivation()
    layers = Layers(d, "L")
    n = layers.widths("n")
    W = layers.matrices("W", n, n.before, first=1)
    h = d.vector("h", n[0])
    (verdict,) = judge_of(d, lambda: W[0] @ h, lambda: W[1] @ h)
    assert verdict.word == "ill-typed"
    assert "W[0]" in verdict.reason
    assert len(set(PLACE.findall(verdict.reason))) == 2


def judge_of(d: Derivation, left: Any, right: Any) -> tuple[Any, ...]:
    d.claim("the claim", left, right)
    return judge(d)


def test_widths_that_do_not_chain_are_refused_with_both_places() -> None:
    d = derivation()
    layers = Layers(d, "L")
    n = layers.widths("n")
    k = layers.generic("k", first=1, last=-1)
    W = layers.matrices("W", n, n.before, first=1)
    first = W[k]
    after = W[k + 1]
    with pytest.raises(IllTyped, match=r"n_\(k-1\) is not n_\(k\+1\)") as problem:
        first @ after
    assert len(places(problem)) == 2


@pytest.mark.parametrize("depth", [0, -1])
def test_a_network_has_a_layer(depth: int) -> None:
    with pytest.raises(IllTyped, match="at least one layer") as problem:
        Layers(derivation(), depth)
    assert places(problem)


def test_a_generic_layer_ends_with_the_last_one() -> None:
    layers = Layers(derivation(), "L")
    with pytest.raises(IllTyped, match="ends 1 after the last one") as problem:
        layers.generic("k", first=1, last=1)
    assert len(places(problem)) == 2


def test_a_generic_layer_is_some_layer() -> None:
    layers = Layers(derivation(), 3)
    assert layers.generic("k", first=2, last=-1).lowest == 2
    with pytest.raises(IllTyped, match="there is none from 3 to 2") as problem:
        layers.generic("k", first=3, last=-1)
    assert len(places(problem)) == 2


@pytest.mark.parametrize(("depth", "symbol"), [("L", "L"), ("L", "2"), (3, "3")])
def test_a_generic_layer_has_a_name_of_its_own(depth: int | str, symbol: str) -> None:
    layers = Layers(derivation(), depth)
    with pytest.raises(IllTyped, match="it needs another name") as problem:
        layers.generic(symbol, first=1)
    assert len(places(problem)) == 2


def test_one_name_is_one_symbol_across_families() -> None:
    d = derivation()
    layers = Layers(d, "L")
    n = layers.widths("n")
    layers.vectors("b", n)[layers.last]
    with pytest.raises(IllTyped, match="b_L is declared twice") as problem:
        layers.vectors("b", n)[layers.last]
    assert len(places(problem)) == 2


# recursions -----------------------------------------------------------------------------------------------------------
class Network:
    """Generic layers h = g(W h + b): what a recursion over the pre-activations is stated with."""

    def __init__(self, depth: int | str = "L") -> None:
        self.d = d = derivation()
        self.layers = layers = Layers(d, depth)
        self.n = n = layers.widths("n")
        self.W = layers.matrices("W", n, n.before, first=1)
        self.a = layers.vectors("a", n, first=1)
        self.k = k = layers.generic("k", first=1, last=-1)
        self.h_k = d.let("h_k", elementwise("g", self.a[k]))
        self.a_next = d.let("a_(k+1)", self.W[k + 1] @ self.h_k)
        self.loss = d.let("Loss", scalar_function("M", self.a_next))
        self.slope = elementwise("g", self.a[k], order=1)
        self.last_loss = d.let("last Loss", scalar_function("M_L", elementwise("g", self.a[layers.last])))

    def base(self) -> Claim:
        last = self.a[self.layers.last]
        return self.d.claim("base", D(self.last_loss, last), D(self.last_loss, last) * 1)

    def step(self) -> Claim:
        return self.d.claim("step", D(self.loss, self.a[self.k]), hadamard(self.W[self.k + 1].T @ D(self.loss, self.a_next), self.slope))

    def refused(self, message: str, base: Claim | None, step: Claim, layer: Layer | None = None) -> set[str]:
        """The places that the refusal of a recursion names."""
        with pytest.raises(IllTyped, match=message) as problem:
            recursion("by sums", base=base, step=step, layer=layer or self.k)
        assert "by sums" in str(problem.value)
        return places(problem)


@pytest.mark.parametrize("depth", ["L", 5, 12])
def test_a_recursion_keeps_its_two_claims(depth: int | str) -> None:
    network = Network(depth)
    base, step = network.base(), network.step()
    joined = recursion("by sums", base=base, step=step, layer=network.k)
    assert (joined.name, joined.base, joined.step) == ("by sums", base, step)


def test_a_recursion_over_a_batch_of_constant_size() -> None:
    d = derivation()
    layers = Layers(d, "L")
    n = layers.widths("n")
    m = d.dim("m")
    W = layers.matrices("W", n, n.before, first=1)
    A = layers.matrices("A", n, lambda layer: m, first=1)
    k = layers.generic("k", first=1, last=-1)
    A_next = d.let("A_(k+1)", W[k + 1] @ relu(A[k]) + ones(n[k + 1]) @ ones(m).T)
    loss = d.let("Loss", scalar_function("M", A_next))
    last_loss = d.let("last Loss", scalar_function("M_L", A[layers.last]))
    base = d.claim("base", D(last_loss, A[layers.last]), D(last_loss, A[layers.last]) * 1)
    step = d.claim("step", D(loss, A[k]), D(loss, A[k]) * 0 + W[k + 1].T @ D(loss, A_next))
    with pytest.raises(IllTyped, match="does not use the gradient of the next layer"):
        recursion("batch", base=base, step=step, layer=k)
    step = d.claim("another step", D(loss, A[k]), W[k + 1].T @ D(loss, A_next))
    assert recursion("batch", base=base, step=step, layer=k).step is step


def test_a_recursion_needs_a_base() -> None:
    network = Network()
    assert len(network.refused("no base case", None, network.step())) == 2


@pytest.mark.parametrize("last", [0, -2])
def test_a_recursion_reaches_the_layer_before_the_last_one(last: int) -> None:
    network = Network()
    layer = network.layers.generic("j", first=1, last=last)
    assert len(network.refused("must hold up to the layer before the last one", network.base(), network.step(), layer)) == 3


def test_a_recursion_is_over_a_generic_layer() -> None:
    for depth, layer in ((5, lambda layers: layers.at(4)), (5, lambda layers: layers.last - 1), ("L", lambda layers: layers.last - 1)):
        network = Network(depth)
        assert network.refused("must be about a generic one", network.base(), network.step(), layer(network.layers))


def test_a_recursion_is_about_gradients_by_whole_symbols() -> None:
    network = Network()
    i = network.d.index("i", network.n[network.k])
    entry = network.d.claim("entry", D(network.loss, network.a[network.k][i]), D(network.loss, network.h_k[i]) * network.slope[i])
    no_derivative = network.d.claim("no derivative", network.a_next, network.W[network.k + 1] @ network.h_k)
    base = network.base()
    for step in (entry, no_derivative):
        assert len(network.refused("is not a derivative by a whole symbol", base, step)) == 2


def test_a_step_uses_the_gradient_of_the_next_layer() -> None:
    network = Network()
    same = network.d.claim("same layer", D(network.loss, network.a[network.k]), D(network.loss, network.a[network.k]) * 1)
    none = network.d.claim("no gradient", D(network.loss, network.a[network.k]), network.slope)
    base = network.base()
    for step in (same, none):
        assert len(network.refused("does not use the gradient of the next layer", base, step)) == 3


def test_a_step_uses_one_gradient() -> None:
    network = Network()
    by_both = hadamard(network.W[network.k + 1].T @ D(network.loss, network.a_next), network.slope) + 0 * D(network.loss, network.h_k)
    step = network.d.claim("two gradients", D(network.loss, network.a[network.k]), by_both)
    assert network.refused(r"uses the gradients by a_\(k\+1\) and h_k", network.base(), step)


@pytest.mark.parametrize(
    "rest",
    [
        lambda network, t: sum_over(t, network.a_next[t] ** 2),
        lambda network, t: 2 * scalar_function("M_2", network.a_next),
        lambda network, t: scalar_function("M_2", sigmoid(network.a_next)),
        lambda network, t: scalar_function("M_2", network.W[network.k + 1] @ network.h_k),
    ],
    ids=["a particular function", "a multiple", "a function of another one", "the same expression written out"],
)
def test_the_rest_of_the_network_is_a_generic_function_of_the_next_layer(rest: Callable[[Network, Any], Any]) -> None:
    network = Network()
    t = network.d.index("t", network.n[network.k + 1])
    loss = network.d.let("particular", rest(network, t))
    step = network.d.claim("step", D(loss, network.a[network.k]), hadamard(network.W[network.k + 1].T @ D(loss, network.a_next), network.slope))
    assert len(network.refused("must be a generic one", network.base(), step)) == 3


def test_a_recursion_is_about_one_quantity() -> None:
    network = Network()
    last = network.d.vector("h_L", network.n[network.layers.last])
    loss = network.d.let("Loss of h", scalar_function("M_h", last))
    base = network.d.claim("base of h", D(loss, last), D(loss, last) * 1)
    assert len(network.refused("is about one quantity, .* about h_L, .* about a_k and a_", base, network.step())) == 3


def test_a_step_through_another_quantity_of_the_same_layer_is_no_recursion() -> None:
    network = Network()
    loss = network.d.let("Loss of h", scalar_function("M_h", network.h_k))
    step = network.d.claim("within a layer", D(loss, network.a[network.k]), hadamard(D(loss, network.h_k), network.slope))
    assert network.refused("is about one quantity", network.base(), step)


@pytest.mark.parametrize("width", ["p", "n_(L-1)", "m_L"])
def test_the_widths_of_base_and_step_chain(width: str) -> None:
    network = Network()
    other = derivation()
    last = other.vector("a_L", other.dim(width))
    loss = other.let("Loss", scalar_function("M", last))
    base = other.claim("base", D(loss, last), D(loss, last) * 1)
    assert len(network.refused("widths do not chain", base, network.step())) == 3


# a deep network, generated -------------------------------------------------------------------------------------------
def deep_network(depth: int) -> Derivation:
    """σ(W h + b) at every layer under a quadratic loss: each gradient from that of the layer after it."""
    d = derivation()
    layers = Layers(d, depth)
    n = layers.widths("n")
    W = layers.matrices("W", n, n.before, first=1)
    b = layers.vectors("b", n, first=1)
    target = d.vector("y", n[depth])
    t = d.index("t", n[depth])
    h = [d.vector("x", n[0])]
    a = []
    for layer in range(1, depth + 1):
        a.append(d.let(f"a_{layer}", W[layer] @ h[-1] + b[layer]))
        h.append(d.let(f"h_{layer}", sigmoid(a[-1])))
    loss = d.let("Loss", sum_over(t, (h[-1][t] - target[t]) ** 2) / 2)
    d.claim(f"∇h_{depth}", D(loss, h[-1]), h[-1] - target)
    for layer in range(depth, 0, -1):
        r = d.index(f"r_{layer}", n[layer])
        if layer < depth:
            d.claim(f"∇h_{layer}", D(loss, h[layer]), W[layer + 1].T @ D(loss, a[layer]))
        d.claim(f"∇a_{layer}", D(loss, a[layer - 1]), array(D(loss, h[layer])[r] * h[layer][r] * (1 - h[layer][r]), r))
        d.claim(f"∇W_{layer}", D(loss, W[layer]), D(loss, a[layer - 1]) @ h[layer - 1].T)
        d.claim(f"∇b_{layer}", D(loss, b[layer]), D(loss, a[layer - 1]))
    return d


@pytest.mark.parametrize("depth", [8, 64])
def test_a_deep_network_is_proved_layer_by_layer(depth: int) -> None:
    d = deep_network(depth)
    prover = Prover(d)
    unproved = []
    for claim in d.claims:
        proof = prover.prove(claim)
        prover.remember(claim, proof)
        if proof.status != "agrees":
            unproved.append((claim.name, proof.stopped))
    assert unproved == []
    assert len(d.claims) == 4 * depth


def test_a_network_with_the_weights_of_the_wrong_layer_is_not_proved() -> None:
    d = derivation()
    layers = Layers(d, 3)
    n = d.dim("n")
    W = layers.matrices("W", lambda layer: n, lambda layer: n, first=1)
    h = [d.vector("x", n)]
    for layer in (1, 2, 3):
        h.append(d.let(f"h_{layer}", elementwise("g", W[layer] @ h[-1])))
    loss = d.let("Loss", scalar_function("M", h[-1]))
    slope = elementwise("g", W[2] @ h[1], order=1)
    right = d.claim("right", D(loss, h[1]), W[2].T @ hadamard(D(loss, h[2]), slope))
    wrong = d.claim("wrong", D(loss, h[1]), W[1].T @ hadamard(D(loss, h[2]), slope))
    prover = Prover(d)
    assert prover.prove(right).status == "agrees"
    assert prover.prove(wrong).status is None


def test_the_report_tells_whether_a_recursion_is_proved() -> None:
    network = Network()
    base, step = network.base(), network.step()
    joined = network.layers.recursion("by sums", base=base, step=step, layer=network.k)
    assert network.d.recursions == [joined]
    report = check(network.d)
    assert report.unproved_recursions == []
    assert report.as_expected


def test_a_recursion_with_a_wrong_step_is_not_as_expected() -> None:
    network = Network()
    wrong = 2 * hadamard(network.W[network.k + 1].T @ D(network.loss, network.a_next), network.slope)
    step = network.d.claim("step", D(network.loss, network.a[network.k]), wrong, expected="refuted")
    joined = network.layers.recursion("by sums", base=network.base(), step=step, layer=network.k)
    report = check(network.d)
    assert report.unexpected == []
    assert report.unproved_recursions == [joined]
    assert not report.as_expected
