"""Names as LaTeX: z, \\lambda, n_{0}, \\mathit{loss}; of functions \\phi, \\operatorname{act}."""

from __future__ import annotations

_GREEK = dict(
    zip(
        (
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho",
            "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon",
            "Phi", "Psi", "Omega", "ell",
        ),
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩℓ", strict=True,
    )
)  # fmt: skip
_COMMANDS = {name: rf"\{name}" for name in _GREEK} | {letter: rf"\{name}" for name, letter in _GREEK.items()}
_SPECIAL = {character: rf"\{character}" for character in "#$%&_{}"} | {"\\": r"\backslash ", "^": r"\hat{}", "~": r"\tilde{}"}


class FunctionName(str):
    """The name of a generic function, and how its author writes it in LaTeX: φ, written \\varphi. As a name it is its text and nothing else."""

    __slots__ = ("latex",)
    latex: str

    def __new__(cls, name: str, latex: str) -> FunctionName:
        made = super().__new__(cls, name)
        made.latex = latex
        return made

    def __reduce__(self) -> tuple[type[FunctionName], tuple[str, str]]:
        # a verdict that names the function is sent from one process to another
        return FunctionName, (str(self), self.latex)


def name_latex(name: str) -> str:
    """LaTeX of a name; what follows an underscore is a subscript, a word is set as one."""
    return _latex(name, "mathit")


def function_latex(name: str) -> str:
    """LaTeX of the name of a generic function: as its author writes it, a word upright."""
    written = getattr(name, "latex", "")
    return written if written and not _is_word(written) else _latex(name, "operatorname")


def _latex(name: str, command: str) -> str:
    stem, underscore, rest = name.partition("_")
    if underscore and stem and rest:
        subscript = ", ".join(name_latex(part) for part in rest.split("_") if part)
        return f"{_latex(stem, command)}_{{{subscript}}}"
    if name in _COMMANDS:
        return _COMMANDS[name]
    if len(name) == 1 or name.isdigit():
        return _SPECIAL.get(name, name)
    return rf"\{command}{{{''.join(_SPECIAL.get(character, character) for character in name)}}}"


def _is_word(written: str) -> bool:
    return len(written) > 1 and written.isalpha()
