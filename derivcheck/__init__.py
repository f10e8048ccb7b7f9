"""derivcheck verifies hand-written derivations of matrix calculus and backpropagation."""
