"""Reading: LaTeX and Markdown in, derivations out. Collects every error, stops at none."""
