"""Which country, or crime, published text ties a group to: a table of phrases, read in its first sentences.

A nexus is what vendors say of a group, not a finding of ours. Text that names several, or none, gives none.
"""

from __future__ import annotations

import re

__all__ = ["CRIMINAL", "NEXUS", "nexus_of"]

CRIMINAL = "criminal"

NEXUS: tuple[tuple[str, str], ...] = (
    ("China", r"chin(?:a|ese)\b(?!-speaking)|people's liberation army|\bpla\b|\bmss\b"),
    ("Russia", r"russia(?:n)?\b(?!-speaking)|\bgru\b|\bfsb\b|\bsvr\b"),
    ("Iran", r"iran(?:ian)?\b|\birgc\b|\bmois\b"),
    ("North Korea", r"north korea(?:n)?\b|\bdprk\b|reconnaissance general bureau"),
    ("South Korea", r"south korea(?:n)?\b"),
    ("Vietnam", r"vietnam(?:ese)?\b"),
    ("Pakistan", r"pakistan(?:i)?\b"),
    ("India", r"india(?:n)?\b"),
    ("Lebanon", r"leban(?:on|ese)\b|hezbollah"),
    ("Palestine", r"palestin(?:e|ian)\b|gaza|hamas"),
    ("Turkey", r"turk(?:ey|ish)\b"),
    ("Belarus", r"belarus(?:ian)?\b"),
    ("United Arab Emirates", r"united arab emirates|\buae\b|emirati"),
    ("Israel", r"israel(?:i)?\b"),
    ("United States", r"united states|\bu\.s\.|\bnsa\b|american"),
    ("Brazil", r"brazil(?:ian)?\b"),
    ("Nigeria", r"nigeria(?:n)?\b"),
    ("Syria", r"syria(?:n)?\b"),
)
"""Name of a nexus -> how published English text writes it."""

BASED = (
    r"(?:{0})[- ](?:based|backed|aligned|linked|nexus|sponsored|state[- ]sponsored|state|government|origin|affiliated|"
    r"military|intelligence|ministry|cyber ?espionage|cyber|threat|apt|advanced|actor|group|nation|national|hackers?|"
    r"entity|espionage)"
)
BODY = (
    r"(?:{0})(?:'s|’s)? (?:\([a-z]+\) )?"
    r"(?:ministry|state|general staff|federal|foreign intelligence|revolutionary|military)"
)
FROM = (
    r"(?:based in|operat\w+ (?:from|out of|in)|origin\w* (?:from|in)|located in|from|attribut\w+ to|associated with|"
    r"linked to|tied to|links? to|ties to|affiliated with|sponsored by|on behalf of|aligned with|interests? of|part of|"
    r"backed by|works? for|nexus (?:to|with)|behalf of|originat\w+ (?:from|in))"
    r"(?: (?:the|a|an|government|of|state|entities|operators|within|individuals|actors|working|group|interests?|"
    r"intelligence|islamic republic|people[’']s republic|\w+ province))*[ '’]*(?:{0})"
)
IS = r"^(?:[^.]{{0,60}})\bis an? (?:(?!that |who |which )[\w-]+,? ){{0,5}}(?:{0})"
TIED = (BASED, BODY, FROM, IS)
"""How text ties a group to a country, {0}."""

CRIME = re.compile(
    r"financially[- ]motivated|cyber ?crim\w+|crimin\w+|ransomware|financial gain|monetary gain|for profit|"
    r"point[- ]of[- ]sale|payment card|banking trojan|carding|extort\w+"
)
TIES = tuple((name, re.compile("|".join(tie.format(words) for tie in TIED))) for name, words in NEXUS)
STATE = re.compile(r"state|government|militar|intelligence|ministry|espionage")
SENTENCES = 4


def nexus_of(description: str) -> str:
    """Return the nexus that a group's published description says: a country of `NEXUS`, `CRIMINAL`, or "".

    The country that is tied to it in the earliest of its first sentences; of several in one sentence, the first.
    Crime where no country is named, or where the sentence tells of criminals who are based in one and of no state.
    """
    text = re.sub(r"\(citation:[^)]*\)|\[([^\]]*)\]\([^)]*\)", r"\1", description.lower())
    sentences = re.split(r"(?<=[a-z)][.!?]) +|\n+", text)[:SENTENCES]
    for sentence in sentences:
        found = [(hit.start(), name) for name, tie in TIES if (hit := tie.search(sentence))]
        if found:
            return CRIMINAL if CRIME.search(sentence) and not STATE.search(sentence) else min(found)[1]
    return CRIMINAL if CRIME.search(" ".join(sentences)) else ""
