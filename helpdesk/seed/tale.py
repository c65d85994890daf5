"""How a report of the demo is told.

Times are minutes of service time before the moment of seeding; a service day has 510 of them. A step is a method of
`play.Course` with what it needs.
"""

from dataclasses import dataclass, field

DROSTE, HANGENEY = "162863", "129690"
BACH, HELLWEG, MAX_BORN, STEINBRINK = "129616", "130011", "162887", "129963"
DAY = 510
ANYBODY = ""  # a teacher of the school


@dataclass(frozen=True)
class Tale:
    """One report: where, by whom, in which words, and when it was made; then the steps it took."""

    school: str
    reporter: str
    words: str
    ago: float
    steps: tuple[tuple, ...] = ()
    room: str | None = None
    facts: dict = field(default_factory=dict)
    by: str = ""
    picture: str = ""
    merged_into: str = ""  # the first words of the report it ends in
    caller: str = ""  # somebody without an account who called the helpdesk; then there is no reporter


def step(ago: float, name: str, *words) -> tuple:
    return ago, name, words


STILL = {"urgency": "blocked"}
CAN_WAIT = {"urgency": "can_wait"}
