"""`bin/bench` in short: every page of a tiny city is asked, and its tables find their place in the docs."""

import subprocess
import sys

from demo.paths import ROOT
from tests.benchmarks.pages.questions import QUESTIONS
from tests.benchmarks.pages.telling import BEGIN, END


def test_every_page_is_measured_and_told(tmp_path):
    docs = tmp_path / "docs.md"
    docs.write_text(f"before\n{BEGIN}\nthe last time\n{END}\nafter\n", "utf-8")
    command = [sys.executable, "-P", "-m", "tests.benchmarks.pages", "--tickets=30", "--rounds=1"]
    done = subprocess.run(
        [*command, f"--keep={tmp_path}", f"--docs={docs}"], cwd=ROOT, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    text = docs.read_text("utf-8")
    assert text.startswith(f"before\n{BEGIN}\n") and text.endswith(f"\n{END}\nafter\n")
    assert "the last time" not in text
    missing = [question.name for question in QUESTIONS if f"\n| {question.name} | " not in text]
    assert missing == [name for name in missing if f"{name}: not there" in done.stdout]
    assert len(missing) <= 1


def test_the_docs_have_a_place_for_the_tables():
    text = (ROOT / "docs" / "measurements.md").read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
