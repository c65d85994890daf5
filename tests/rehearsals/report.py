"""What a rehearsal found, as a table."""

from collections import Counter
from dataclasses import dataclass, field

SHOWN = 40


@dataclass
class Report:
    """Counts by act and by how it went, and every violation in words."""

    title: str
    acts: dict[str, Counter] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    facts: dict[str, int] = field(default_factory=Counter)

    def note(self, act: str, outcome: str) -> None:
        self.acts.setdefault(act, Counter())[outcome] += 1

    def violated(self, where: str, sentences) -> None:
        self.violations.extend(f"{where}: {sentence}" for sentence in sentences)

    def told(self) -> str:
        """Return the report as lines for a terminal."""
        width = max((len(act) for act in self.acts), default=0)
        lines = [self.title]
        for act, outcomes in sorted(self.acts.items()):
            told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
            lines.append(f"  {act:<{width}}  {outcomes.total():>6}  {told}")
        lines += [f"  {fact}: {count}" for fact, count in sorted(self.facts.items())]
        lines.append(f"  violations: {len(self.violations)}")
        lines += [f"    {violation}" for violation in self.violations[:SHOWN]]
        return "\n".join(lines)
