"""The tables of a measurement, and their place in the docs."""

import os
import platform
from datetime import date
from statistics import median

from .measuring import Measured, Measurement

BEGIN, END = "<!-- bin/bench: begin -->", "<!-- bin/bench: end -->"


def told(found: list[Measurement], *, rounds: int) -> str:
    """Return what was measured as Markdown: a table for each city, and how the largest compares with the smallest."""
    load = os.getloadavg()[0]
    lines = [
        f"{date.today():%d %B %Y}, {rounds} rounds after a warm-up, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores under a load of {load:.0f}.".lstrip("0"),
    ]
    for measurement in found:
        lines += ["", *_city(measurement)]
    by_size = sorted(found, key=lambda measurement: measurement.tickets)
    if len(found) > 1:
        lines += ["", *_growth(by_size[0], by_size[-1])]
    return "\n".join(lines)


def written_into(text: str, tables: str) -> str:
    """Return the page with the tables between its two marks, in place of those before. Raises without marks."""
    before, mark, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"the page lacks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{tables}\n{END}{after}"


def _city(measurement: Measurement) -> list[str]:
    lines = [
        f"**{measurement.tickets:,} reports**{_resident(measurement)}",
        "",
        "| page | kB | statements | page p50 / p95 ms | bare p50 / p95 ms | × bare: medians | minima | processor "
        "| aim | × empty | peak kB, page / bare |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    return lines + [_row(row) for row in measurement.pages.values()]


def _row(row: Measured) -> str:
    cells = (
        row.question.name,
        f"{row.size / 1000:.1f}",
        f"{row.statements}",
        f"{_ms(row.page.p50)} / {_ms(row.page.p95)}",
        f"{_ms(row.bare.p50)} / {_ms(row.bare.p95)}",
        f"{row.page.p50 / row.bare.p50:.2f}",
        f"{row.page.least / row.bare.least:.2f}",
        f"{median(row.page.busy) / median(row.bare.busy):.2f}",
        "" if row.question.aim is None else f"{row.question.aim:g}",
        f"{row.page.p50 / row.empty.p50:.1f}",
        f"{row.peak / 1000:.0f} / {row.bare_peak / 1000:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def _growth(small: Measurement, large: Measurement) -> list[str]:
    lines = [
        f"From {small.tickets:,} to {large.tickets:,} reports, asked in turn:",
        "",
        "| page | p50 ms | growth of medians | of minima | statements |",
        "|---|---|---|---|---|",
    ]
    for name, few in small.pages.items():
        many = large.pages[name]
        growth = f"{many.page.p50 / few.page.p50:.2f} | {many.page.least / few.page.least:.2f}"
        statements = f"{few.statements} → {many.statements}"
        lines.append(f"| {name} | {_ms(few.page.p50)} → {_ms(many.page.p50)} | {growth} | {statements} |")
    return lines


def _resident(measurement: Measurement) -> str:
    before, after = measurement.resident
    if before is None or after is None:
        return ""
    return f"; the worker was {before / 1e6:.0f} MB before the first page and {after / 1e6:.0f} MB after the last"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
