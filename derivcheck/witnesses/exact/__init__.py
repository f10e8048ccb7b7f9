"""Exact decisions about SymPy expressions of real symbols: normal forms, and values at rational points."""
