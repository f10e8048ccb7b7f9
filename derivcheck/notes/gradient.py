"""The node of ∇, whose function is the factor behind it: which one that is, the product decides."""

from __future__ import annotations

from dataclasses import dataclass

from derivcheck.notes.syntax import Node


@dataclass(frozen=True, slots=True)
class Gradient(Node):
    """\\nabla_x: the variable, None for a bare \\nabla."""

    variable: Node | None
