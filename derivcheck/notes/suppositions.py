"""What the text around a formula says of the conditions under which it is stated: "If $i = j$, then", "for $i \\neq j$." behind it.

A condition is certain where it begins a sentence and leads to the formula at once, or stands right behind the formula. Of any other mention
between the formula and the sentence before nothing is known: a line beside it is judged without it, and not refuted.
"""

from __future__ import annotations

import re

from derivcheck.notes.conditions import Conditions, as_introduced

_LEADS = re.compile(
    r"(?:^\s*|[.:;!?)]\s+|\n\s*\n\s*|(?:^|\n)\s*(?:[-*]|\d+[.)])\s+|\*\*|_)"
    r"(?:(?:now|and|then|so|next|finally|first|second|third|here)[,]?\s+)?"
    r"(?:(?:suppose|if|when|where|for|assume|let|consider|with|in|take)(?:\s+(?:that|all|any|every|the|case))*"
    r"|(?:(?:first|second|third|fourth|last|next|the|this|easy|main|other)\s+)*case(?:\s+\w+)?\s*:?\**)\s*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s*(?:cases?|entry|entries|units?)?\s*[,:.]?\s*(?:(?:then|so|hence|thus)\b,?\s*)?"
    r"(?:(?:we|one|you)\s+(?:have|has|get|gets|obtain|obtains|find|finds|see)(?:\s+that)?|it\s+(?:follows|holds|is)(?:\s+that)?"
    r"|(?:this|that|which)\s+(?:gives|is|becomes|reads|yields)|the\s+(?:[\w-]+\s+){1,4}(?:is|are|becomes|equals|reads))?\s*[,:]?\s*$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*,?\s*(?:and|,)?\s*$", re.IGNORECASE)
_BEHIND = re.compile(r"\s*[,;]?\s*\(?(?:for|if|when|whenever|where|with|provided(?:\s+that)?|unless|except(?:\s+\w+)?)\s+(?:(?:all|any|every)\s+)?$")
_ENDS = re.compile(r"[.!?](?:\s|$)|\n\s*\n")
_GENERAL = re.compile(
    r"(?:[.!?]\s+|^\s*|\n\s*\n\s*)(?:\w+\s+)?(?:in general|generally|always|in (?:any|every|each|both|all) cases?)\b", re.IGNORECASE
)
_OTHER_CASE = re.compile(
    r"(?:^|[.;,!?]|\band|\n)\s*(?:otherwise|else|(?:in|for) the other case)\s*[,:]?\s*"
    r"(?:(?:we|one|it)\s+(?:have|has|get|gets|obtain|obtains|is)(?:\s+that)?)?\s*[,:]?\s*$",
    re.IGNORECASE,
)
_OTHERWISE_BEHIND = re.compile(r"\s*[,;]?\s*(?:otherwise|in the other case)\s*[.;]")
_SENTENCE_GOES_ON = re.compile(r"[\s,)]*(?:and|respectively|holds|,)?[\s,]*")
_DOUBT = re.compile(r"\b(?:no|not|unless|except|whether|regardless|even|only|alike|never)\b", re.IGNORECASE)

_PROPERTIES = "symmetric|invertible|nonsingular|orthogonal|diagonal|positive definite|one-hot|binary|constant"
_PROPERTY_BEHIND = re.compile(rf"\s*,?\s*(?:is|be|are|being|to be)\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){{0,2}}?({_PROPERTIES})\b", re.IGNORECASE)
_PROPERTY_BEFORE = re.compile(rf"\b({_PROPERTIES})\s+(?:[\w-]+\s+){{0,2}}$", re.IGNORECASE)


def property_of_symbol(before: str, behind: str) -> str | None:
    """What the text says of a symbol that stands between these words: symmetric, of "let $A$ be a symmetric matrix"."""
    found = _PROPERTY_BEHIND.match(behind) or _PROPERTY_BEFORE.search(before)
    return found[1].lower() if found is not None else None


class Supposition:
    """What is supposed for the next formula that states something, and whether the text says so without doubt."""

    def __init__(self) -> None:
        self.now = Conditions()
        self.lingering = Conditions()
        """What was supposed before, and may hold still: it refutes nothing that would be true under it."""
        self._before = Conditions()
        self._open = False

    def mention(self, stated: Conditions, before: str, behind: str, written: str) -> None:
        """A condition in the text, between these words."""
        sentence = re.split(_ENDS, before)[-1]
        leads = _LEADS.search(before) is not None and _DOUBT.search(sentence) is None
        goes_on = self._open and _AND.match(before) is not None
        self._open = (leads or goes_on) and _AND.match(behind) is not None
        if (leads or goes_on) and (self._open or _GOES_ON.match(behind) is not None):
            self.now = self.now + stated if goes_on else stated
        else:
            self.now = Conditions(words=(*self.now.words, written))

    def restrict(self, written: str) -> None:
        """A part of a range, for which no claim can be made."""
        self.now = Conditions(self.now.relations, (*self.now.words, written))

    def for_formula(self, before: str) -> Conditions:
        """What is supposed of a formula behind these words."""
        if _GENERAL.search(before):
            self.now = self.lingering = Conditions()
        elif _OTHER_CASE.search(before):
            self.now = self.now.opposite() if self.now else self._before.opposite() if self._before else Conditions(words=("otherwise",))
        return self.now

    def end(self, behind: str, display: bool, stated_under: Conditions) -> None:
        """Behind a formula that states something: what was supposed ends with the display or with the sentence."""
        if stated_under:
            self._before = self.lingering = stated_under
        if display or _ENDS.search(behind):
            self.now, self._open = Conditions(), False
        elif self.now:
            self.now = Conditions(words=self.now.words or ("what is said before",))

    def pass_by(self) -> None:
        """A formula that states nothing stands between a condition and what may be stated under it."""
        if self.now.relations:
            self.now = Conditions(words=("what is said before",))
        self._open = False

    def otherwise_behind(self, behind: str) -> Conditions:
        """The opposite of the conditions before, where the words behind a formula begin with "otherwise"."""
        if _OTHERWISE_BEHIND.match(behind) is None:
            return Conditions()
        return self._before.opposite() if self._before else Conditions(words=("otherwise",))


def stands_behind(words: str) -> bool:
    """Whether what comes next, behind a formula and these words, may be a condition of that formula."""
    return _BEHIND.match(words) is not None


def behind_formula(words: str, found: Conditions, written: str, after: str) -> Conditions | None:
    """The conditions that stand right behind a formula, between these words; None where they belong to what follows.

    Where the sentence goes on behind them, it may take them back: nothing is certain then.
    """
    if not found or not stands_behind(words):
        return None
    if _SENTENCE_GOES_ON.fullmatch(re.split(r"[.!?;](?:\s|$)|\n\s*\n", after)[0]) is None:
        return Conditions(words=(written,))
    return as_introduced(found, words, written)
