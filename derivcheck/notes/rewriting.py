"""Declared spellings: read \\foo as \\bar, token by token."""

from __future__ import annotations

from collections.abc import Sequence as Many

from derivcheck.notes.scope import Rewrite
from derivcheck.notes.tokens import Token


def rewrite(tokens: Many[Token], rewrites: Many[Rewrite]) -> tuple[Many[Token], list[str]]:
    """The tokens with declared spellings read as others, and what was read so. What is put in stands where the spelling stood."""
    said: list[str] = []
    for rule in rewrites:
        found: list[Token] = []
        position, size = 0, len(rule.written)
        texts = [token.text for token in tokens]
        while position < len(tokens):
            if tuple(texts[position : position + size]) == rule.written:
                found += _put_in(tokens[position : position + size], rule.read)
                position += size
                if rule.text not in said:
                    said.append(rule.text)
            else:
                found.append(tokens[position])
                position += 1
        tokens = found
    return tokens, said


def _put_in(written: Many[Token], read: Many[Token]) -> list[Token]:
    """What is read in place of what is written: the tokens that both end with stay where they are."""
    same = 0
    while same < min(len(written), len(read)) - 1 and written[-1 - same].text == read[-1 - same].text:
        same += 1
    kept = written[len(written) - same :]
    replaced = written[: len(written) - same]
    return [*(Token(token.kind, token.text, replaced[0].start, replaced[-1].end) for token in read[: len(read) - same]), *kept]
