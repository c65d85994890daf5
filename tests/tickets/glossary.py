"""The table "States and steps" of the glossary, written down once more from the page and not from the code.

R reporter, K IT contact, C campus manager on duty, H helpdesk, S specialist of the team, O coordinator, L teacher of
the school, T who took it, * who sees it in full.
"""

OPEN = "new in_progress waiting_reporter escalated waiting_external reopened"
NOT_MERGED = f"{OPEN} resolved closed withdrawn"
BOTH = "first second"

#: step: from which states, at which levels, who.
TABLE = {
    "accept": ("new reopened", "first", "CH"),
    "release": ("in_progress", "first", "T"),
    "assign": (OPEN, "first", "CHO"),
    "classify": (OPEN, BOTH, "CHS"),
    "comment": (NOT_MERGED, BOTH, "*"),
    "ask": (OPEN, BOTH, "CHS"),
    "ask-mediator": (OPEN, "second", "S"),
    "answer": ("waiting_reporter", BOTH, "RKH"),
    "wait": (OPEN, BOTH, "CS"),
    "resume": ("waiting_external", BOTH, "CS"),
    "escalate": (OPEN, "first", "CH"),
    "accept-escalation": ("escalated", "second", "S"),
    "transfer": (OPEN, "second", "S"),
    "return": (OPEN, "second", "S"),
    "confirm": ("resolved", BOTH, "R"),
    "reopen": ("resolved", BOTH, "RCH"),
    "close": (OPEN, BOTH, "CH"),
    "withdraw": (OPEN, "first", "R"),
    "merge": (OPEN, BOTH, "CHS"),
    "join": (OPEN, BOTH, "LK"),
    "leave": (OPEN, BOTH, "LK"),
}
RESOLVE = {"first": "CH", "second": "S"}
RESTRICT = {False: "RCH", True: "CH"}
#: Known faults are joined; confidential reports and one's own are not.
JOINED = ("join", "leave")


def lines(level, confidential=False):
    """Return the table for a ticket at this level, with the steps that depend on it."""
    return {**TABLE, "resolve": (OPEN, BOTH, RESOLVE[level]), "restrict": (OPEN, BOTH, RESTRICT[confidential])}


def is_theirs(step, relations, level, confidential=False, known_fault=True):
    """Whether the step is for somebody with these relations at all, whatever the state."""
    _states, _levels, who = lines(level, confidential)[step]
    if step in JOINED and (confidential or not known_fault or "R" in relations):
        return False
    return who == "*" or bool(set(who) & set(relations))


def is_possible(step, status, level):
    """Whether state and level allow the step."""
    states, levels, _who = lines(level)[step]
    return status in states.split() and level in levels.split()


def steps_of(relations, status, level, confidential=False, known_fault=True):
    """Return the steps the glossary gives to somebody with these relations, None for who does not see it."""
    if relations is None:
        return None
    return {
        step
        for step in lines(level)
        if is_possible(step, status, level) and is_theirs(step, relations, level, confidential, known_fault)
    }
